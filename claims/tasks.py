"""Celery tasks of claims: each calls one function."""

from celery import shared_task

from claims import evidence


@shared_task
def sweep() -> int:
    """Sweep changes of pages into evidence checks. Returns how many changes were swept."""
    return evidence.sweep()
