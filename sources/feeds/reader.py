"""Feeds of a source: an editor adds one, the poller polls its page, and what is new in it is written down here.

    page of the feed ──poll──> snapshot ──read_feeds──> FeedItem, baseline or new ──> claims proposes the new ones

Pulled, not pushed: a feed is read when its page's latest snapshot is not the one looked into last. One transaction
a feed under the lock of its reading, so that a crash loses nothing and a rerun or a second reader doubles nothing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import F, Model
from django.db.models.functions import Now
from django.utils import timezone
from pghistory.models import Event

from sources.faults import point
from sources.feeds import parser
from sources.models import Feed, FeedItem, FeedReading, Page, Polling, Source
from sources.pages import page_for
from sources.polling import poller
from sources.snapshots import default_store
from sources.snapshots.store import SnapshotCorrupt, SnapshotMissing, StorageError

MOST_NEW = 500
"""Pages that one reading may find new. A list with more has been rebuilt: other addresses of what was known."""
_STEP = 1_000  # items asked for or written together
_NAMED = 5  # sitemaps of an index that a sentence names


class FeedRefused(ValueError):
    """The feed cannot be added or taken up. The message is a sentence that says what to do."""


def add_feed(url: str, *, actor: Any, source: Source | None = None, interval: timedelta | None = None) -> Feed:
    """Read the feed or sitemap at `url` from now on, or take it up again.

    Its page is polled from now on, each `interval` if one is given: the site will see regular visits. What the feed
    lists at the first reading is known and not new. Raises `FeedRefused`.
    """
    with pghistory.context(actor=actor.username, reason="add feed"), transaction.atomic():
        try:
            page = page_for(url, source=source)
        except ValueError as error:
            raise FeedRefused(str(error)) from error
        # Two editors who add the same feed wait for each other here.
        Polling.objects.select_for_update().get(page=page)
        feed = Feed.objects.filter(page=page).first()
        if feed is not None and feed.active:
            raise FeedRefused(f"This feed is there already, as {page.url}.")
        if feed is None:
            feed = Feed.objects.create(page=page, source=source or page.source)
            FeedReading.objects.create(feed=feed)
        else:
            feed.active, feed.source = True, source or feed.source
            feed.save(update_fields=["active", "source"])
            Feed.objects.filter(pk=feed.pk).update(since=Now())
            # What came in the meantime is no news any more.
            FeedReading.objects.filter(feed=feed).update(first_read_at=None, snapshot=None, problem="")
        if interval is not None:
            page.pinned_interval = interval
            page.save(update_fields=["pinned_interval"])
        poller.start_watching(page)
        poller.poll_now(page)
        feed.refresh_from_db()
        return feed


def remove_feed(feed: Feed, *, actor: Any) -> bool:
    """Read the feed no more; what it has listed stays. Returns whether its page is polled no more either.

    A page that something else rests on, such as evidence, goes on being polled.
    """
    with pghistory.context(actor=actor.username, reason="remove feed"), transaction.atomic():
        # Publishing takes this lock too, before it has the page watched.
        Polling.objects.select_for_update().get(page=feed.page_id)
        feed.active = False
        feed.save(update_fields=["active"])
        if _rested_on(feed.page):
            return False
        poller.stop_watching(feed.page)
        return True


def read_feeds(limit: int = 200) -> int:
    """Look into the latest snapshots of feeds that were not looked into yet, up to `limit` of them.

    Returns how many feeds were read or found to be none. Raises `StorageError`, after all else is read, if the
    snapshot store does not answer.
    """
    due = (
        Feed.objects.filter(
            active=True,
            # An older snapshot would make news of all that was listed between it and the adding of the feed.
            page__polling__last_success_at__gte=F("since"),
            page__polling__latest_snapshot__isnull=False,
        )
        .exclude(reading__snapshot=F("page__polling__latest_snapshot"))
        .order_by("pk")
    )
    read, failed = 0, None
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        try:
            read += _read(pk)
        except StorageError as error:
            failed = error  # not the feed's fault: it is read once its bytes are there
    if failed is not None:
        raise failed
    return read


@transaction.atomic
def _read(feed_id: int) -> bool:
    """False if there is nothing to read, or another reader is at this feed."""
    reading = (
        FeedReading.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("feed__page__polling__latest_snapshot")
        .filter(feed=feed_id)
        .first()
    )
    if reading is None:
        return False
    page = reading.feed.page
    snapshot = page.polling.latest_snapshot
    if snapshot is None or snapshot.pk == reading.snapshot_id:
        return False
    try:
        body = default_store.store().get(snapshot.blob_id)
    except (SnapshotMissing, SnapshotCorrupt) as error:
        FeedReading.objects.filter(feed=feed_id).exclude(problem=str(error)).update(problem=str(error))
        return False  # read once the store has them again, or another snapshot is there
    now = timezone.now()
    reading.snapshot, reading.problem = snapshot, ""
    try:
        found = parser.parse(body, snapshot.final_url or page.url)
        reading.kind = found.kind
        if found.kind == FeedReading.Kind.SITEMAP_INDEX:
            reading.problem = _of_index(found)
        else:
            reading.problem = _take(reading, found, now)
            reading.first_read_at = reading.first_read_at or now
            reading.last_read_at = now
    except parser.FeedUnreadable as error:
        reading.problem = str(error)
    point("feed items written")
    reading.save()
    point("feed before commit")
    return True


def _take(reading: FeedReading, found: parser.Feed, now: datetime) -> str:
    """Write down what was not listed before. Returns what an editor should know of it, or nothing."""
    unknown: list[parser.Item] = []
    for start in range(0, len(found.items), _STEP):
        some = found.items[start : start + _STEP]
        known = set(
            FeedItem.objects.filter(feed=reading.feed_id, url__in=[item.url for item in some]).values_list(
                "url", flat=True
            )
        )
        unknown += [item for item in some if item.url not in known]
    first = reading.first_read_at is None
    rebuilt = not first and len(unknown) > MOST_NEW
    # Feeds list the newest first; written down in the order in which they came.
    FeedItem.objects.bulk_create(
        (
            FeedItem(
                feed=reading.feed,
                url=item.url,
                title=item.title,
                published=item.published,
                baseline=first or rebuilt,
                first_seen_at=now,
            )
            for item in reversed(unknown)
        ),
        batch_size=_STEP,
    )
    if rebuilt:
        return (
            f"{len(unknown):,} pages were listed at once that were not there before, which is a new list and no news: "
            "they count as known. Look through the site's new pages by hand."
        )
    return ""


def _of_index(found: parser.Feed) -> str:
    named = ", ".join(item.url for item in found.items[:_NAMED])
    more = f" and {len(found.items) - _NAMED:,} more" if len(found.items) > _NAMED else ""
    return f"This is an index of sitemaps: {named or 'none'}{more}. Add the ones that you want instead."


def _rested_on(page: Page) -> bool:
    """Whether a row outside of sources points to the page, whatever it is."""
    return any(
        model._default_manager.filter(**{name: page}).exists() for model, name in _pointing() if not _is_ours(model)
    )


def _pointing() -> Iterator[tuple[type[Model], str]]:
    for relation in Page._meta.get_fields(include_hidden=True):
        if relation.auto_created and (relation.one_to_many or relation.one_to_one) and not relation.concrete:
            yield relation.related_model, relation.field.name  # type: ignore[union-attr, misc]


def _is_ours(model: type[Model]) -> bool:
    return model._meta.app_label == "sources" or issubclass(model, Event)
