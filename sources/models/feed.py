"""Feeds and sitemaps: pages that list other pages, and what they have listed."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sources.database.audit import append_only, audited
from sources.database.public_ids import PublicIdField
from sources.models.page import Page, Source
from sources.models.snapshot import Snapshot


@audited
class Feed(models.Model):
    """A feed or sitemap of a source. Its address is a page, which the poller polls like any other."""

    public_id = PublicIdField(prefix="fed", unique=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="feeds")
    page = models.OneToOneField(Page, on_delete=models.PROTECT, related_name="feed", editable=False)
    active = models.BooleanField(default=True, editable=False)
    since = models.DateTimeField(
        db_default=Now(), editable=False, help_text="What is listed by then is known and not new."
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.page)


class FeedReading(models.Model):
    """The reader's own state of one feed: hot, unaudited, and nothing editorial in it.

    A feed is to be read when its page's latest snapshot is not `snapshot`. `first_read_at` is empty until a list
    could be read; whatever the first list holds is known from then on, and not new.
    """

    class Kind(models.TextChoices):
        RSS = "rss", "RSS"
        ATOM = "atom", "Atom"
        JSON = "json", "JSON Feed"
        SITEMAP = "sitemap", "sitemap"
        SITEMAP_INDEX = "sitemap_index", "index of sitemaps"

    feed = models.OneToOneField(Feed, on_delete=models.PROTECT, primary_key=True, related_name="reading")
    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, related_name="+", help_text="The last one looked into."
    )
    kind = models.CharField(max_length=15, choices=Kind, blank=True)
    first_read_at = models.DateTimeField(null=True)
    last_read_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True, help_text="Why the last snapshot could not be taken for a feed.")

    def __str__(self) -> str:
        return f"reading of {self.feed_id}"


@append_only
class FeedItem(models.Model):
    """A page that a feed has listed, once, however often it comes and goes."""

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="items")
    url = models.URLField(max_length=2000, help_text="In its canonical form.")
    title = models.CharField(max_length=500, blank=True)
    published = models.CharField(max_length=100, blank=True, help_text="As the feed writes it.")
    baseline = models.BooleanField(help_text="It was listed when the feed was first read, so it is not new.")
    first_seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["feed"], name="feed_item_new", condition=Q(baseline=False))]
        constraints = [models.UniqueConstraint(fields=["feed", "url"], name="feed_item_once")]

    def __str__(self) -> str:
        return self.title or self.url
