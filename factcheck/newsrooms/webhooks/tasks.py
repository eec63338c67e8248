"""Celery tasks of webhooks: each calls one function."""

from celery import shared_task

from factcheck.newsrooms.webhooks import deliver as deliver_module
from factcheck.newsrooms.webhooks import outbox
from sources.tick_guard import TickGuard

_sending = TickGuard()


@shared_task
def deliver() -> int:
    """Send the webhooks that are due. Returns how many were received."""
    with _sending.tick() as go_on:
        return deliver_module.deliver(go_on=go_on) if go_on() else 0


@shared_task
def forget_deliveries() -> int:
    """Drop webhook deliveries that were done long ago. Returns how many."""
    return outbox.forget()
