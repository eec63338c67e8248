"""Celery tasks of claims: each calls one function."""

from celery import shared_task

from claims import archiving, evidence


@shared_task
def sweep() -> int:
    """Sweep changes of pages into evidence checks. Returns how many changes were swept."""
    return evidence.sweep()


@shared_task
def want_copies() -> int:
    """Want a copy at the archive of each page that published reviews quote. Returns how many are new."""
    return archiving.want_copies()
