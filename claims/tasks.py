"""Celery tasks of claims: each calls one function."""

from celery import shared_task

from claims import evidence, proposals


@shared_task
def sweep() -> int:
    """Sweep changes of pages into evidence checks. Returns how many changes were swept."""
    return evidence.sweep()


@shared_task
def propose() -> int:
    """Propose what is new in feeds to the desk. Returns how many items were looked at."""
    return proposals.propose()
