"""Models of feeds and sitemaps, the reader's state of each, and the pages that they list."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sources.database.audit import append_only, audited
from sources.database.public_ids import PublicIdField
from sources.models.page import Page, Source
from sources.models.snapshot import Snapshot


@audited
class Feed(models.Model):
    """A feed or sitemap of a source. Its URL is a page, which the poller polls like any other."""

    public_id = PublicIdField(prefix="fed", unique=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="feeds")
    page = models.OneToOneField(Page, on_delete=models.PROTECT, related_name="feed", editable=False)
    active = models.BooleanField(default=True, editable=False)
    since = models.DateTimeField(
        db_default=Now(), editable=False, help_text="Pages listed by this time count as known, not as new."
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.page)


class FeedReading(models.Model):
    """The reader's state of one feed: updated often, not audited, without editorial content.

    A feed is due for reading when `snapshot` is not its page's latest one. `first_read_at` is empty until a list was
    read; the items of that first list count as known, not as new.
    """

    class Kind(models.TextChoices):
        RSS = "rss", "RSS"
        ATOM = "atom", "Atom"
        JSON = "json", "JSON Feed"
        SITEMAP = "sitemap", "sitemap"
        SITEMAP_INDEX = "sitemap_index", "sitemap index"

    feed = models.OneToOneField(Feed, on_delete=models.PROTECT, primary_key=True, related_name="reading")
    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, related_name="+", help_text="The last one processed."
    )
    kind = models.CharField(max_length=15, choices=Kind, blank=True)
    first_read_at = models.DateTimeField(null=True)
    last_read_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True, help_text="Why the last snapshot could not be read as a feed.")

    def __str__(self) -> str:
        return f"reading of {self.feed_id}"


@append_only
class FeedItem(models.Model):
    """A page that a feed has listed; one row, however often the page is listed again."""

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="items")
    url = models.URLField(max_length=2000, help_text="The canonical URL.")
    title = models.CharField(max_length=500, blank=True)
    published = models.CharField(max_length=100, blank=True, help_text="The date as the feed writes it.")
    baseline = models.BooleanField(help_text="Listed when the feed was first read, so not new.")
    first_seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["feed"], name="feed_item_new", condition=Q(baseline=False))]
        constraints = [models.UniqueConstraint(fields=["feed", "url"], name="feed_item_once")]

    def __str__(self) -> str:
        return self.title or self.url
