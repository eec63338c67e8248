"""Health of a webhook endpoint: last success, failures since, pending messages, response times."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Max, QuerySet
from django.utils import timezone

from claims.models import Publication
from factcheck.newsrooms.models import OF_TEST, WebhookDelivery, WebhookEndpoint

_P95_SAMPLE = 200  # latest deliveries

State = WebhookDelivery.State


@dataclass(frozen=True)
class Health:
    status: str
    """active, failing, resting (failing, and paused for a while) or disabled."""
    cursor: int
    behind: int
    """Publications in the log after the cursor."""
    pending: int
    given_up: int
    failures: int
    failing_since: datetime | None
    rests_until: datetime | None
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_detail: str
    p95_milliseconds: int | None
    """Of the latest 200 successful deliveries."""


def health(endpoint: WebhookEndpoint) -> Health:
    """The endpoint's health. Five queries, bounded by the retention of its deliveries."""
    progress = endpoint.progress
    deliveries = WebhookDelivery.objects.filter(endpoint=endpoint)
    head = Publication.objects.aggregate(head=Max("sequence"))["head"] or 0
    resting = progress.rests_until is not None and progress.rests_until > timezone.now()
    if not endpoint.is_active:
        status = "disabled"
    else:
        status = "resting" if resting else "failing" if progress.failures else "active"
    return Health(
        status=status,
        cursor=progress.cursor,
        behind=max(head - progress.cursor, 0),
        pending=deliveries.filter(state=State.PENDING).count(),
        given_up=deliveries.filter(~OF_TEST, state=State.FAILED).count(),
        failures=progress.failures,
        failing_since=progress.failing_since,
        rests_until=progress.rests_until if resting else None,
        last_success_at=progress.last_success_at,
        last_failure_at=progress.last_failure_at,
        last_detail=progress.last_detail,
        p95_milliseconds=_p95(endpoint),
    )


def disabled_automatically() -> QuerySet[WebhookEndpoint]:
    """Endpoints that were disabled because they were gone or kept failing."""
    by = WebhookEndpoint.DisabledBy
    reasons = [by.GONE, by.FAILING, by.KEY]
    return WebhookEndpoint.objects.filter(disabled_by__in=reasons, deleted_at__isnull=True)


def _p95(endpoint: WebhookEndpoint) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT percentile_disc(0.95) WITHIN GROUP (ORDER BY milliseconds) FROM (
                SELECT milliseconds FROM newsrooms_webhookdelivery
                WHERE endpoint_id = %s AND state = 'delivered' ORDER BY created_at DESC LIMIT %s
            ) AS latest
            """,
            [endpoint.pk, _P95_SAMPLE],
        )
        (found,) = cursor.fetchone()
    return None if found is None else int(found)
