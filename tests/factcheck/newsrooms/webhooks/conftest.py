"""A newsroom, its receiver on loopback, and time that goes by when a test says so."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from factcheck.newsrooms.models import Newsroom, WebhookDelivery, WebhookEndpoint, WebhookProgress
from factcheck.newsrooms.webhooks import endpoints
from factcheck.newsrooms.webhooks.deliver import deliver_due
from tests.factcheck.webhook_receiver import Receiver, receiving

Made = tuple[WebhookEndpoint, str]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with receiving() as made:
        settings.FETCH_ALLOWED_LOOPBACK = made.address
        yield made


@pytest.fixture
def newsroom(db: None) -> Newsroom:
    return Newsroom.objects.create(name="Daily Paper")


@pytest.fixture
def endpoint(newsroom: Newsroom, receiver: Receiver) -> Made:
    """An endpoint at /hook, and its secret."""
    return endpoints.create(newsroom, url=receiver.url(), actor="a test")


@pytest.fixture
def deliver() -> Callable[[], int]:
    """Send what is due until nothing is."""
    return lambda: deliver_due(may_continue=lambda: True)


@pytest.fixture
def goes_by() -> Callable[[float], None]:
    """So many seconds go by: all that is written is that much longer ago."""

    def go(seconds: float) -> None:
        ago = timedelta(seconds=seconds)
        WebhookDelivery.objects.filter(state="pending").update(
            next_attempt_at=F("next_attempt_at") - ago, first_attempt_at=F("first_attempt_at") - ago
        )
        WebhookProgress.objects.update(
            rests_until=F("rests_until") - ago,
            leased_until=F("leased_until") - ago,
            failing_since=F("failing_since") - ago,
        )

    return go
