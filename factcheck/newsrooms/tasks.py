"""Celery task of newsrooms: delete expired rate limit buckets, stored answers and the key of clients' hashes."""

from celery import shared_task

from factcheck.newsrooms import client_hash, idempotency, rate_limits


@shared_task
def delete_expired() -> int:
    """Delete stored answers past their retention, full buckets and an old key of hashes; returns the number deleted."""
    return idempotency.delete_expired() + rate_limits.delete_full() + client_hash.delete_old_key()
