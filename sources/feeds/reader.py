"""Add and remove feeds, and store the new items of each polled feed as FeedItem rows.

    page of the feed ──poll──> snapshot ──read_feeds──> FeedItem, baseline or new ──> claims proposes the new ones

A feed is due for reading when its page's latest snapshot is not the one processed last. Each feed is read in one
transaction that locks its FeedReading row, so that a crash loses no item and a second reader duplicates none.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Model
from django.db.models.functions import Now
from django.utils import timezone
from pghistory.models import Event

from sources.database.audit import acting
from sources.faults import point
from sources.feeds import parser
from sources.models import Feed, FeedItem, FeedReading, Page, Polling, Source
from sources.models.page import interval_fault
from sources.pages import page_for
from sources.polling import poller
from sources.snapshots import default_store
from sources.snapshots.store import SnapshotCorrupt, SnapshotMissing, StorageError

MAX_NEW = 500
"""Most items that one reading may find new. A list with more has been rebuilt, with other URLs for known pages."""
_BATCH = 1_000  # items per query
_SITEMAPS_NAMED = 5  # in the message about a sitemap index


class FeedRefused(ValueError):
    """The feed cannot be added or resumed. The message is a sentence that says what to do."""


def add_feed(url: str, *, actor: Any, source: Source | None = None, interval: timedelta | None = None) -> Feed:
    """Start, or resume, reading the feed or sitemap at `url`.

    This polls its page regularly, every `interval` if one is given, so the site sees regular visits. The items of the
    first reading count as known, not as new. Raises `FeedRefused`.
    """
    if fault := interval_fault(interval):
        raise FeedRefused(fault)
    with acting(actor, reason="added a feed"), transaction.atomic():
        try:
            page = page_for(url, source=source)
        except ValueError as error:
            raise FeedRefused(str(error)) from error
        # Serialises two editors who add the same feed.
        Polling.objects.select_for_update().get(page=page)
        feed = Feed.objects.filter(page=page).first()
        if feed is not None and feed.active:
            raise FeedRefused(f"This feed exists already, as {page.url}.")
        if feed is None:
            feed = Feed.objects.create(page=page, source=source or page.source)
            FeedReading.objects.create(feed=feed)
        else:
            feed.active, feed.source = True, source or feed.source
            feed.save(update_fields=["active", "source"])
            Feed.objects.filter(pk=feed.pk).update(since=Now())
            # Items listed in the meantime count as known.
            FeedReading.objects.filter(feed=feed).update(first_read_at=None, snapshot=None, problem="")
        if interval is not None:
            page.pinned_interval = interval
            page.save(update_fields=["pinned_interval"])
        poller.start_watching(page)
        poller.poll_now(page)
        feed.refresh_from_db()
        return feed


def remove_feed(feed: Feed, *, actor: Any) -> bool:
    """Stop reading the feed and keep its items. Returns whether polling of its page stopped too.

    A page that other rows refer to, such as evidence, is still polled.
    """
    with acting(actor, reason="stopped reading a feed"), transaction.atomic():
        # Publishing takes this lock too, before it starts watching the page.
        Polling.objects.select_for_update().get(page=feed.page_id)
        feed.active = False
        feed.save(update_fields=["active"])
        if _is_referenced(feed.page):
            return False
        poller.stop_watching(feed.page)
        return True


def read_feeds(limit: int = 200) -> int:
    """Read up to `limit` feeds whose latest snapshot was not processed yet.

    Returns the number of snapshots processed, unreadable ones included. Raises `StorageError`, after reading the other
    feeds, if the snapshot store does not respond.
    """
    due = (
        Feed.objects.filter(
            active=True,
            # With an older snapshot, items listed between it and the adding of the feed would count as new.
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
            failed = error  # the feed is read once the store responds
    if failed is not None:
        raise failed
    return read


@transaction.atomic
def _read(feed_id: int) -> bool:
    """Read one feed. Returns False if there is nothing to read or another reader has locked this feed."""
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
        return False  # read once the bytes are restored or the page has another snapshot
    now = timezone.now()
    reading.snapshot, reading.problem = snapshot, ""
    try:
        feed = parser.parse(body, snapshot.final_url or page.url, _charset(snapshot.content_type))
        reading.kind = feed.kind
        if feed.kind == FeedReading.Kind.SITEMAP_INDEX:
            reading.problem = _describe_index(feed)
        else:
            reading.problem = _store_new_items(reading, feed, now)
            reading.first_read_at = reading.first_read_at or now
            reading.last_read_at = now
    except parser.FeedUnreadable as error:
        reading.problem = str(error)
    point("feed items written")
    reading.save()
    point("feed before commit")
    return True


def _charset(content_type: str) -> str | None:
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", content_type, re.I)
    return found[1] if found else None


def _store_new_items(reading: FeedReading, feed: parser.Feed, now: datetime) -> str:
    """Store the items that the feed had not listed before. Returns a sentence for the editor, or an empty string."""
    unknown: list[parser.Item] = []
    for start in range(0, len(feed.items), _BATCH):
        batch = feed.items[start : start + _BATCH]
        known = set(
            FeedItem.objects.filter(feed=reading.feed_id, url__in=[item.url for item in batch]).values_list(
                "url", flat=True
            )
        )
        unknown += [item for item in batch if item.url not in known]
    first = reading.first_read_at is None
    rebuilt = not first and len(unknown) > MAX_NEW
    # Feeds list the newest item first; rows are stored in order of publication.
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
        batch_size=_BATCH,
    )
    if rebuilt:
        return (
            f"The feed listed {len(unknown):,} unknown pages at once, so the site has probably rebuilt it. "
            "They count as known, not as new. Check the site for new pages by hand."
        )
    return ""


def _describe_index(feed: parser.Feed) -> str:
    named = ", ".join(item.url for item in feed.items[:_SITEMAPS_NAMED])
    more = f" and {len(feed.items) - _SITEMAPS_NAMED:,} more" if len(feed.items) > _SITEMAPS_NAMED else ""
    return f"This is a sitemap index of: {named or 'none'}{more}. Add the sitemaps that you want instead."


def _is_referenced(page: Page) -> bool:
    """Whether a row of another app refers to the page."""
    return any(
        model._default_manager.filter(**{name: page}).exists()
        for model, name in _references()
        if model._meta.app_label != "sources" and not issubclass(model, Event)
    )


def _references() -> Iterator[tuple[type[Model], str]]:
    """Yield each model and field that refers to a page."""
    for relation in Page._meta.get_fields(include_hidden=True):
        if relation.auto_created and (relation.one_to_many or relation.one_to_one) and not relation.concrete:
            yield relation.related_model, relation.field.name  # type: ignore[union-attr, misc]
