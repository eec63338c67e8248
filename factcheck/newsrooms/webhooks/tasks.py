"""Celery tasks of webhooks: deliver what is due, delete old deliveries."""

from celery import shared_task

from factcheck.newsrooms.webhooks import outbox
from factcheck.newsrooms.webhooks.deliver import deliver_due
from sources.tick_guard import TickGuard

_sending = TickGuard()


@shared_task
def deliver() -> int:
    """Send the webhook messages that are due; returns the number received."""
    with _sending.tick() as may_continue:
        return deliver_due(may_continue=may_continue) if may_continue() else 0


@shared_task
def delete_old_deliveries() -> int:
    """Delete finished webhook deliveries past their retention; returns the number deleted."""
    return outbox.delete_old()
