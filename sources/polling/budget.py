"""Adjust the price of a fetch, one number for all pages, so that their polls together keep to the fetch budget."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q, Sum

from sources.models import Polling, PollingPrice
from sources.polling.leases import database_time
from sources.polling.schedule import LONGEST, SHORTEST, first_price, next_price

_DAY = timedelta(days=1)
# The longest interval of a page, as a multiple of the average interval.
_MAX_SLOWDOWN = 24
_MIN_ELAPSED = timedelta(minutes=30)


@dataclass(frozen=True)
class Budget:
    """The parameters of `schedule.after_poll` that all pages share."""

    price: float
    interval: timedelta
    """The average time between two polls of a page."""
    shortest: timedelta
    longest: timedelta


def current_budget() -> Budget:
    """Return the current price of a fetch, and the interval limits from the settings."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT price FROM sources_pollingprice")
        row = cursor.fetchone()
    interval = timedelta(seconds=settings.POLL_INTERVAL)
    price = row[0] if row else first_price(_DAY / interval)
    return Budget(price, interval, min(SHORTEST, interval), min(max(_MAX_SLOWDOWN * interval, SHORTEST), LONGEST))


@transaction.atomic
def adjust_price() -> float:
    """Adjust the price by the fetches since the last adjustment, and return it. Concurrent calls adjust it once."""
    target = _DAY / timedelta(seconds=settings.POLL_INTERVAL)
    counted = Polling.objects.aggregate(
        fetches=Sum("fetches", default=0), watched=Count("pk", filter=Q(due_at__isnull=False))
    )
    first = {"price": first_price(target), "fetches": counted["fetches"]}
    PollingPrice.objects.bulk_create([PollingPrice(pk=1, **first)], ignore_conflicts=True)
    row = PollingPrice.objects.select_for_update().get(pk=1)
    now = database_time()
    if now - row.set_at < _MIN_ELAPSED:
        return row.price
    row.price = next_price(
        row.price,
        fetches=max(counted["fetches"] - row.fetches, 0),
        pages=counted["watched"],
        target=target,
        elapsed=now - row.set_at,
    )
    row.set_at, row.fetches = now, counted["fetches"]
    row.save()
    return row.price
