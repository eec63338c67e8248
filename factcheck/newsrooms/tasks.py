"""Celery task of newsrooms: delete expired rate limit buckets and stored answers."""

from celery import shared_task

from factcheck.newsrooms import idempotency, rate_limits


@shared_task
def delete_expired() -> int:
    """Delete stored answers past their retention and full buckets; returns the number deleted."""
    return idempotency.delete_expired() + rate_limits.delete_full()
