"""Celery task that starts a scheduled thinning."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from factcheck.thinning.models import Thinning
from sources.scheduled_command import ScheduledCommand

EVERY = timedelta(days=1)


def is_due() -> bool:
    """Whether this host may thin, is to, and the last thinning that ended began a day ago or more."""
    if not settings.THIN_AFTER or "owner" not in settings.DATABASES:
        return False
    return not Thinning.objects.filter(finished_at__isnull=False, started_at__gt=timezone.now() - EVERY).exists()


_thinning = ScheduledCommand(is_due)


@shared_task
def start_due() -> bool:
    """Start a thinning if one is due. Returns whether one was started."""
    return _thinning.start_due("thin")
