"""What a fetch costs the schedule: one price for all pages, moved so that together they keep to the budget."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q, Sum

from sources.models import Polling, PollingPrice
from sources.polling.leases import database_time
from sources.polling.schedule import LONGEST, SHORTEST, first_price, next_price

_DAY = timedelta(days=1)
# A page is looked at this many times as seldom as the average at most, however quiet it is.
_SELDOM = 24
_LEAST_ELAPSED = timedelta(minutes=30)


@dataclass(frozen=True)
class Budget:
    """What `schedule.after_poll` must know of all pages together."""

    price: float
    interval: timedelta
    """Between two polls of a page, on the average over all."""
    shortest: timedelta
    longest: timedelta


def budget() -> Budget:
    """The price of a fetch now, and the bounds of intervals that settings give."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT price FROM sources_pollingprice")
        row = cursor.fetchone()
    interval = timedelta(seconds=settings.POLL_INTERVAL)
    price = row[0] if row else first_price(_DAY / interval)
    return Budget(price, interval, min(SHORTEST, interval), min(max(_SELDOM * interval, SHORTEST), LONGEST))


@transaction.atomic
def adjust_price() -> float:
    """Move the price by what was fetched since it was last set. Doing so twice, or at once, does it once."""
    target = _DAY / timedelta(seconds=settings.POLL_INTERVAL)
    counted = Polling.objects.aggregate(
        fetches=Sum("fetches", default=0), watched=Count("pk", filter=Q(due_at__isnull=False))
    )
    first = {"price": first_price(target), "fetches": counted["fetches"]}
    PollingPrice.objects.bulk_create([PollingPrice(pk=1, **first)], ignore_conflicts=True)
    row = PollingPrice.objects.select_for_update().get(pk=1)
    now = database_time()
    if now - row.set_at < _LEAST_ELAPSED:
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
