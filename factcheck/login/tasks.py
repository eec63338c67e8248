"""Celery task of logging in: delete sessions, counts and cache entries that are past their end."""

from celery import shared_task
from django.db.models.functions import Now

from factcheck.login import lockout
from factcheck.login.models import CacheEntry, Session


@shared_task
def delete_expired() -> int:
    """Returns the number of rows deleted."""
    sessions = Session.objects.filter(expire_date__lt=Now()).delete()[0]
    return sessions + lockout.delete_old() + CacheEntry.objects.filter(expires__lt=Now()).delete()[0]
