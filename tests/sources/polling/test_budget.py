"""Adjusting the price of a fetch to the budget, concurrently and with wrong clocks."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.db.models import F
from django.utils import timezone

from sources.models import Polling, PollingPrice
from sources.polling import budget
from sources.polling.schedule import first_price
from tests import factories

pytestmark = pytest.mark.sql

TARGET = 4.0  # fetches a page and day


@pytest.fixture
def pages(settings: object) -> int:
    """Ten watched pages, and a price last adjusted a day ago."""
    settings.POLL_INTERVAL = 86_400 / TARGET  # type: ignore[attr-defined]
    for number in range(10):
        factories.page(f"https://agency.example/{number}")
    Polling.objects.update(due_at=factories.later(3_600), fetches=100)
    budget.adjust_price()
    a_day_later()
    return 10


def a_day_later() -> None:
    PollingPrice.objects.update(set_at=F("set_at") - timedelta(days=1))


def test_the_initial_price_follows_from_the_target(db: None, pages: int) -> None:
    assert budget.current_budget().price == first_price(TARGET)


@pytest.mark.parametrize(("fetches", "way"), [(0, -1), (4, 0), (8, 1)])
def test_the_price_moves_towards_the_budget(db: None, pages: int, fetches: int, way: int) -> None:
    Polling.objects.update(fetches=F("fetches") + fetches)
    before = budget.current_budget().price
    after = budget.adjust_price()
    assert (after > before * 1.01) - (after < before * 0.99) == way
    assert budget.current_budget().price == after
    # Those fetches are not counted again.
    assert budget.adjust_price() == after


def test_unwatched_pages_do_not_count_as_pages(db: None, pages: int) -> None:
    Polling.objects.update(fetches=F("fetches") + 8)
    Polling.objects.update(due_at=None)
    assert budget.adjust_price() == pytest.approx(first_price(TARGET))


def test_concurrent_calls_adjust_the_price_once(
    live_database: object, django_db_blocker: object, settings: object
) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        settings.POLL_INTERVAL = 86_400 / TARGET  # type: ignore[attr-defined]
        factories.page()
        Polling.objects.update(due_at=factories.later(3_600), fetches=1)
        budget.adjust_price()
        Polling.objects.update(fetches=9)
        a_day_later()
        expected = first_price(TARGET)
        found: list[float] = []
        together = threading.Barrier(4)

        def move() -> None:
            together.wait()
            found.append(budget.adjust_price())
            connections.close_all()

        threads = [threading.Thread(target=move) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(found)) == 1
        once = found[0]
        assert once > expected
        # The control: were it moved again, it would differ.
        a_day_later()
        assert budget.adjust_price() != once


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_wrong_clock_does_not_affect_the_price(
    db: None, pages: int, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    real = timezone.now
    budget.adjust_price()
    before = budget.current_budget().price
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=hours))
    Polling.objects.update(fetches=F("fetches") + 8)
    assert budget.adjust_price() == before, "it was set a moment ago"
