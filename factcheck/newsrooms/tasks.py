"""Celery tasks of newsrooms: each calls one function."""

from celery import shared_task

from factcheck.newsrooms import idempotency, rate_limits


@shared_task
def forget_old() -> int:
    """Delete answers that are kept no longer and buckets that are full again. Returns how many."""
    return idempotency.forget_old() + rate_limits.forget_full()
