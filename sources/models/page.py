"""Models of publishers, their web pages, and the poller's state of each page and host."""

from datetime import timedelta
from urllib.parse import urlsplit

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sources.database.audit import audited
from sources.database.public_ids import PublicIdField
from sources.outcome import Outcome

SHORTEST = timedelta(seconds=1)
LONGEST_INTERVAL = timedelta(days=7)
LONGEST_CONFIRMATION = timedelta(days=1)
"""Newsrooms are told that a page is watched: no editor makes that mean once in a hundred years."""


UNREAD = ~Q(last_outcome__in=["", *sorted(each.value for each in Outcome.readable())])
"""The polling states of pages that the last poll could not read."""


def interval_fault(interval: timedelta | None) -> str:
    """Return why pages cannot be polled at this interval, as a sentence for the editor; empty if they can."""
    if interval is None or SHORTEST <= interval <= LONGEST_INTERVAL:
        return ""
    if interval < SHORTEST:
        return "Enter an interval of at least one second (hh:mm:ss)."
    return (
        f"Enter an interval of at most {LONGEST_INTERVAL.days} days: newsrooms are told that the page is watched, "
        "and published verdicts rest on it."
    )


def confirmation_fault(wait: timedelta | None) -> str:
    """Return why missing text cannot be confirmed after this time, as a sentence; empty if it can."""
    if wait is None or SHORTEST <= wait <= LONGEST_CONFIRMATION:
        return ""
    return "Enter a time from one second to one day (hh:mm:ss): text that is missing for longer counts as gone."


@audited
class Source(models.Model):
    """A publisher of pages: a ministry, a statistics office, a news site."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", "government"
        STATISTICS = "statistics", "statistics office"
        COURT = "court", "court or parliament"
        ACADEMIC = "academic", "research"
        NEWS = "news", "news"
        COMPANY = "company", "company"
        ORGANISATION = "organisation", "organisation"
        SOCIAL = "social", "social network"
        OTHER = "other", "other"

    public_id = PublicIdField(prefix="src", unique=True)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OTHER)
    homepage = models.URLField(max_length=2000, blank=True)
    language = models.CharField(max_length=35, blank=True, help_text="BCP 47, for example en or pt-BR.")
    notes = models.TextField(blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="source_name_given"),
            models.UniqueConstraint(fields=["name", "homepage"], name="source_unique"),
        ]

    def __str__(self) -> str:
        return self.name


@audited
class Page(models.Model):
    """One web page of a source. `url` is the canonical URL that is polled, `given_url` the one an editor typed."""

    class Watch(models.TextChoices):
        NOT_WATCHED = "not_watched", "not watched"
        WATCHED = "watched", "watched"

    public_id = PublicIdField(prefix="pag", unique=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="pages")
    url = models.URLField(max_length=2000)
    given_url = models.URLField(max_length=2000, blank=True, editable=False)
    url_key = models.CharField(
        max_length=2000,
        blank=True,
        default="",
        editable=False,
        db_collation="C",
        help_text="What all addresses of the page share (sources/http/url_key.py); it is found by this.",
    )
    title = models.CharField(max_length=500, blank=True)
    watch = models.CharField(max_length=12, choices=Watch, default=Watch.NOT_WATCHED, editable=False)
    watched_since = models.DateTimeField(null=True, editable=False)
    pinned_interval = models.DurationField(
        null=True, blank=True, help_text="Fixed time between two polls, at most 7 days; overrides the schedule."
    )
    render = models.BooleanField(
        "read with a browser",
        default=False,
        help_text="Let a browser run the page's scripts before its text is read. Slow; only for pages that need it.",
    )
    confirm_after = models.DurationField(
        null=True,
        blank=True,
        help_text="How long text must be missing before it counts as gone, at most one day. "
        "Empty: the setting for all pages.",
    )
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["url"]
        indexes = [models.Index(fields=["url_key"], name="page_url_key")]
        constraints = [
            models.UniqueConstraint(fields=["url"], name="page_url_unique"),
            models.CheckConstraint(
                condition=Q(url__startswith="http://") | Q(url__startswith="https://"),
                name="page_url_is_http",
            ),
            models.CheckConstraint(
                condition=Q(watch="not_watched") | Q(watched_since__isnull=False), name="page_watched_since"
            ),
            models.CheckConstraint(
                condition=Q(pinned_interval__isnull=True)
                | Q(pinned_interval__gte=SHORTEST, pinned_interval__lte=LONGEST_INTERVAL),
                name="page_interval_from_a_second_to_a_week",
            ),
            models.CheckConstraint(
                condition=Q(confirm_after__isnull=True)
                | Q(confirm_after__gte=SHORTEST, confirm_after__lte=LONGEST_CONFIRMATION),
                name="page_confirmed_within_a_day",
            ),
        ]
        # A later address would turn the watch away from what published verdicts rest on.
        triggers = [
            pgtrigger.Trigger(
                name="url_is_final",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("url"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Q(old__url__df=pgtrigger.F("new__url")),
                func="RAISE EXCEPTION 'the address of a page never changes; add another page' "
                "USING ERRCODE = 'check_violation';",
            )
        ]

    def __str__(self) -> str:
        return self.title or self.url

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    def clean(self) -> None:
        faults = {
            "pinned_interval": interval_fault(self.pinned_interval),
            "confirm_after": confirmation_fault(self.confirm_after),
        }
        if found := {name: fault for name, fault in faults.items() if fault}:
            raise ValidationError(found)


class Polling(models.Model):
    """The poller's state of one page: updated often, not audited, without editorial content.

    A page is due when it is watched, `due_at` has passed and no lease is in force. Each lease increments
    `lease_token`, a fencing token: a result is written only if its token is still the row's.

    Three suspicions wait for a poll at least `confirm_after` later, each on its own. `suspected_since`: text that
    somebody watches differs from the last confirmed state. Polls that cannot read the page leave it as it is.
    `unread_since` and `gone_since`: the page cannot be read, or answers 404 or 410. A poll that reads it ends both.
    """

    page = models.OneToOneField(Page, on_delete=models.PROTECT, primary_key=True, related_name="polling")
    host = models.CharField(max_length=253, db_collation="C")
    due_at = models.DateTimeField(null=True, help_text="Empty while the page is not watched.")
    lease_token = models.BigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=100, blank=True)
    etag = models.CharField(max_length=1000, blank=True)
    last_modified = models.CharField(max_length=200, blank=True)
    last_outcome = models.CharField(max_length=20, choices=Outcome.choices(), blank=True)
    text_length = models.PositiveIntegerField(default=0, help_text="Characters of the last text read.")
    last_detail = models.CharField(max_length=500, blank=True)
    last_attempt_at = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="Failed attempts in a row.")
    fetches = models.PositiveBigIntegerField(default=0, help_text="Attempts so far.")
    belief = ArrayField(
        models.FloatField(), default=list, help_text="The schedule's belief about how often the page changes."
    )
    weight = models.PositiveIntegerField(default=0, help_text="Published reviews that rest on the page.")
    suspected_since = models.DateTimeField(null=True)
    unread_since = models.DateTimeField(null=True, help_text="The first failure since the page was last read.")
    gone_since = models.DateTimeField(null=True, help_text="The first 404 or 410 since the page was last read.")
    unread_confirmed = models.CharField(
        max_length=20, blank=True, help_text="The kind of failure since then that a later poll has confirmed."
    )
    latest_snapshot = models.ForeignKey(
        "Snapshot", on_delete=models.PROTECT, null=True, related_name="+", help_text="The last one taken."
    )
    confirmed_snapshot = models.ForeignKey(
        "Snapshot", on_delete=models.PROTECT, null=True, related_name="+", help_text="The last confirmed one."
    )
    passages = ArrayField(
        models.BigIntegerField(), default=list, help_text="Ids of the passages of the page that are watched now."
    )
    seen_at = ArrayField(
        models.DateTimeField(null=True),
        default=list,
        help_text="For each of `passages`: the database's time before the last request whose body held it.",
    )
    read_sha256 = models.CharField(
        max_length=64, blank=True, db_collation="C", help_text="sha256 of the bytes last read, kept or not."
    )
    read_since = models.DateTimeField(null=True, help_text="Before the request that first read these bytes.")
    last_read_at = models.DateTimeField(null=True, help_text="Before the last request whose whole body was read.")
    last_validated_at = models.DateTimeField(
        null=True, help_text="Before the last request that was answered by 304: the server says that nothing changed."
    )
    prose_sha256 = models.CharField(
        max_length=64, blank=True, db_collation="C", help_text="Of the lines of running text last read."
    )
    text_kept_at = models.DateTimeField(null=True, help_text="When a text was last kept.")
    quiet_polls = models.PositiveBigIntegerField(
        default=0, help_text="Polls that read other bytes and kept nothing, since nothing watched had changed."
    )

    class Meta:
        verbose_name_plural = "polling"
        indexes = [
            models.Index(fields=["due_at"], name="polling_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["host", "due_at"], name="polling_host_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["weight"], name="polling_unread", condition=UNREAD),
        ]

    def __str__(self) -> str:
        return f"polling of {self.page_id}"


class Host(models.Model):
    """One web host, from which the poller requests one page at a time: when it is ready, and whether it responds.

    `ready_at` is corrected soon if it is too late: functions that make a page due bring it forward, and an idle
    poller searches for overdue pages of hosts without a `ready_at` in the past.
    """

    name = models.CharField(max_length=253, primary_key=True, db_collation="C")
    ready_at = models.DateTimeField(null=True, help_text="When its next page may be leased. Empty: never.")
    rests_until = models.DateTimeField(null=True, help_text="None of its pages is requested before this time.")
    failures = models.PositiveIntegerField(default=0, help_text="Attempts in a row without a response.")
    validators_lied_at = models.DateTimeField(
        null=True,
        help_text="When other content was read under an unchanged ETag or Last-Modified; it is asked without since.",
    )

    class Meta:
        indexes = [models.Index(fields=["ready_at"], name="host_ready", condition=Q(ready_at__isnull=False))]

    def __str__(self) -> str:
        return self.name


class PollingPrice(models.Model):
    """The schedule's price of a fetch, in days of undetected change: one row, adjusted to keep to the fetch budget."""

    price = models.FloatField()
    set_at = models.DateTimeField(db_default=Now())
    fetches = models.PositiveBigIntegerField(default=0, help_text="Attempts of all pages by then.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="polling_price_is_one_row"),
            models.CheckConstraint(condition=Q(price__gt=0), name="polling_price_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.price:g} days a fetch"
