"""Models of API clients: newsrooms, keys, feed tokens, limits, stored answers, webhooks. No other app imports them."""

from datetime import datetime
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from claims.models import DraftEvent, Publication
from sources.database.audit import audited
from sources.database.public_ids import PublicIdField


def default_rate() -> int:
    """Default rate limit of a new newsroom, in requests a minute."""
    return int(settings.REQUESTS_PER_MINUTE)


class RateField(models.PositiveIntegerField):  # type: ignore[type-arg]
    """A rate limit. Migrations see a plain field without the default, because they import no live code."""

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, _, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        return name, "django.db.models.PositiveIntegerField", args, kwargs


@audited
class Newsroom(models.Model):
    """An organisation that uses the API."""

    public_id = PublicIdField(prefix="nws", unique=True)
    name = models.CharField(max_length=200, unique=True)
    requests_per_minute = RateField(
        default=default_rate,
        validators=[MinValueValidator(1)],
        help_text="Rate limit, shared by all its keys.",
    )
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="newsroom_name_given")]

    def __str__(self) -> str:
        return self.name


class Scope(models.TextChoices):
    READ = "read", "read"
    WRITE = "write", "write drafts"
    TIPS = "tips", "send tips"
    TEST = "test", "break the demo"


@audited
class ApiKey(models.Model):
    """A key `fc_<prefix>_<secret>`. Only the secret's sha256 is stored: 256 random bits need no slow hash.

    A newsroom may have two live keys, so that it can rotate its key without a gap.
    """

    newsroom = models.ForeignKey(Newsroom, on_delete=models.PROTECT, related_name="keys")
    prefix = models.CharField(max_length=12, unique=True, editable=False, db_collation="C")
    secret_sha256 = models.CharField(max_length=64, editable=False, db_collation="C")
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope), default=list)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["newsroom", "-created_at"]
        verbose_name = "API key"
        triggers = [
            # However it is revoked: whoever had the key may have had everything sent to an address of his own.
            pgtrigger.Trigger(
                name="suspend_webhooks",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__revoked_at__isnull=True, new__revoked_at__isnull=False),
                func="""
                    UPDATE newsrooms_webhookendpoint
                    SET is_active = false, disabled_by = 'key', disabled_at = clock_timestamp()
                    WHERE api_key_id = NEW.id AND is_active AND deleted_at IS NULL;
                    RETURN NULL;
                """,
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(scopes__contained_by=Scope.values), name="api_key_scopes"),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("created_at")),
                name="api_key_expiry",
            ),
        ]

    def __str__(self) -> str:
        return f"fc_{self.prefix}_…"

    def keys_of_drafts(self) -> list[str]:
        """Prefixes of the keys whose drafts this key may read and change.

        A draft belongs to the key that sent it; the newsroom's other live key cannot see it. When a key is revoked or
        expires, the newsroom's live keys inherit its drafts, so that rotation loses nothing.
        """
        dead = Q(revoked_at__isnull=False) | Q(expires_at__lte=Now())
        others = ApiKey.objects.filter(dead, newsroom=self.newsroom_id).order_by("pk")
        return [self.prefix, *others.values_list("prefix", flat=True)]

    @property
    def last_used_at(self) -> datetime | None:
        """To the minute; None if it was never used."""
        return self.use.last_used_at if hasattr(self, "use") else None


class KeyUse(models.Model):
    """The last use of a key, to the minute. Not a column of `ApiKey`, whose every change writes an audit row."""

    api_key = models.OneToOneField(ApiKey, on_delete=models.CASCADE, primary_key=True, related_name="use")
    last_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.api_key_id} at {self.last_used_at}"


@audited
class FeedToken(models.Model):
    """A token `fct_<prefix>_<secret>` that opens the feeds for people, and nothing else, to a feed reader.

    It stands in the address, because feed readers cannot send headers; so it is no key, shows what the public may read
    and no more, and can be revoked alone. Only the secret's sha256 is stored.
    """

    newsroom = models.ForeignKey(Newsroom, on_delete=models.PROTECT, related_name="feed_tokens")
    prefix = models.CharField(max_length=12, unique=True, editable=False, db_collation="C")
    secret_sha256 = models.CharField(max_length=64, editable=False, db_collation="C")
    label = models.CharField(max_length=100, help_text="Who reads with it, and where: “Night desk, Feedly”.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["newsroom", "-created_at"]
        constraints = [models.CheckConstraint(condition=~Q(label=""), name="feed_token_label_given")]

    def __str__(self) -> str:
        return f"fct_{self.prefix}_…"

    @property
    def last_used_at(self) -> datetime | None:
        """To the minute; None if it was never used."""
        return self.use.last_used_at if hasattr(self, "use") else None


class FeedTokenUse(models.Model):
    """The last use of a feed token, to the minute. Not a column of `FeedToken`, whose every change is audited."""

    feed_token = models.OneToOneField(FeedToken, on_delete=models.CASCADE, primary_key=True, related_name="use")
    last_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.feed_token_id} at {self.last_used_at}"


class Bucket(models.Model):
    """A client's token bucket (see rate_limits.py), in an unlogged table, which a crash of the server empties."""

    name = models.CharField(max_length=100, primary_key=True, db_collation="C")
    full_at = models.DateTimeField()
    given = models.IntegerField()
    """Tokens that the last statement took."""

    def __str__(self) -> str:
        return self.name


class ClientHashKey(models.Model):
    """The key of the hashes of clients (see client_hash.py), in one row of an unlogged table. It lives for an hour."""

    key = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="client_hash_key_is_one_row")]

    def __str__(self) -> str:
        return f"made at {self.made_at}"


class StoredAnswer(models.Model):
    """The response to a write with an Idempotency-Key, committed in one transaction with its effect."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    idempotency_key = models.CharField(max_length=255, db_collation="C")
    request_sha256 = models.CharField(max_length=64, db_collation="C")
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField()
    body = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["api_key", "idempotency_key"], name="stored_answer_once")]
        indexes = [models.Index(fields=["created_at"], name="stored_answer_age")]

    def __str__(self) -> str:
        return f"{self.idempotency_key} of {self.api_key_id}"


DRAFT_EVENTS = {"draft_sent_back": DraftEvent.Kind.SENT_BACK, "draft_published": DraftEvent.Kind.PUBLISHED}
"""The events of a newsroom's own drafts, by the names that filters have for them."""

EVENTS = [
    *Publication.Event.choices,
    ("draft_sent_back", "a draft of its own was sent back"),
    ("draft_published", "a draft of its own was published"),
]


class EndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def of(self, newsroom: Newsroom) -> Self:
        """The newsroom's endpoints, without deleted ones."""
        return self.filter(newsroom=newsroom, deleted_at__isnull=True)


@audited
class WebhookEndpoint(models.Model):
    """A URL to which a newsroom has publications sent, and the filters that select them.

    All filters must match; within a filter any word matches, and an empty filter matches everything.
    """

    class DisabledBy(models.TextChoices):
        """Who or what disabled it. Only the desk can enable what the desk disabled."""

        NEWSROOM = "newsroom", "the newsroom"
        DESK = "desk", "the desk"
        GONE = "gone", "the response 410 Gone"
        FAILING = "failing", "too many failures"
        KEY = "key", "its key, which was revoked"

    public_id = PublicIdField(prefix="whk", unique=True)
    newsroom = models.ForeignKey(Newsroom, on_delete=models.PROTECT, related_name="webhook_endpoints")
    api_key = models.ForeignKey(
        ApiKey,
        on_delete=models.PROTECT,
        related_name="webhook_endpoints",
        null=True,
        editable=False,
        help_text="The key that created or last changed it; none if the desk did. Its revocation suspends the webhook.",
    )
    url = models.URLField(max_length=2000)
    event_filter = ArrayField(
        models.CharField(max_length=20, choices=EVENTS),
        default=list,
        blank=True,
        help_text="Empty: all events.",
    )
    claims = ArrayField(models.CharField(max_length=24), default=list, blank=True, help_text="clm_…; empty: all.")
    speakers = ArrayField(models.CharField(max_length=24), default=list, blank=True, help_text="spk_…; empty: all.")
    topics = ArrayField(models.CharField(max_length=80), default=list, blank=True, help_text="Slugs; empty: all.")
    hosts = ArrayField(
        models.CharField(max_length=253), default=list, blank=True, help_text="Of quoted pages; empty: all."
    )
    is_active = models.BooleanField(default=True)
    disabled_by = models.CharField(max_length=10, choices=DisabledBy, blank=True, editable=False)
    disabled_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["newsroom", "url"]
        verbose_name = "webhook"
        constraints = [
            models.UniqueConstraint(
                fields=["newsroom", "url"], condition=Q(deleted_at__isnull=True), name="webhook_endpoint_one_of_url"
            ),
            models.CheckConstraint(
                condition=Q(is_active=True, disabled_by="", disabled_at__isnull=True)
                | (Q(is_active=False, disabled_at__isnull=False) & ~Q(disabled_by="")),
                name="webhook_endpoint_disabled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(is_active=False), name="webhook_endpoint_deleted_is_silent"
            ),
        ]

    def __str__(self) -> str:
        return self.url


@audited
class WebhookSecret(models.Model):
    """The salt from which a signing secret is derived with SECRET_KEY; without that key it is useless.

    The secret without an expiry is the current one. Others are valid until they expire, so that a newsroom can rotate.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="secrets")
    salt = models.CharField(max_length=64, editable=False, db_collation="C")
    secret_sha256 = models.CharField(max_length=64, editable=False, db_collation="C")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint"], condition=Q(expires_at__isnull=True), name="webhook_secret_one_current"
            )
        ]

    def __str__(self) -> str:
        return f"secret {self.pk} of {self.endpoint_id}"


class WebhookProgress(models.Model):
    """An endpoint's cursor in the log, its lease, and its recent successes and failures; changes at every delivery."""

    endpoint = models.OneToOneField(
        WebhookEndpoint, on_delete=models.PROTECT, primary_key=True, related_name="progress"
    )
    cursor = models.BigIntegerField(help_text="Sequence of the log up to which deliveries were created.")
    draft_cursor = models.BigIntegerField(
        default=0, db_default=0, help_text="Sequence of the events of drafts up to which deliveries were created."
    )
    lease_token = models.BigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=100, blank=True)
    rests_until = models.DateTimeField(null=True, help_text="After failures or a Retry-After.")
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    failing_since = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    last_failure_at = models.DateTimeField(null=True)
    last_detail = models.CharField(max_length=500, blank=True, help_text="The last failure, as a sentence.")

    def __str__(self) -> str:
        return f"{self.endpoint_id} up to {self.cursor}"


OF_TEST = Q(publication__isnull=True, draft_event__isnull=True)
"""Deliveries that tell of nothing that happened."""


class WebhookDelivery(models.Model):
    """One publication, or event of a draft (neither: a test), to be sent to one endpoint, and its result.

    `public_id` is the `webhook-id`, derived from endpoint and event, so that it is the same on every attempt.
    """

    class State(models.TextChoices):
        PENDING = "pending", "pending"
        DELIVERED = "delivered", "delivered"
        FAILED = "failed", "given up"

    public_id = PublicIdField(prefix="msg", unique=True)
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+", null=True)
    draft_event = models.ForeignKey(DraftEvent, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    first_attempt_at = models.DateTimeField(null=True)
    last_attempt_at = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_detail = models.CharField(max_length=500, blank=True)
    last_answer = models.CharField("last response", max_length=500, blank=True, help_text="Start of the response body.")
    milliseconds = models.PositiveIntegerField(null=True, help_text="Duration of the last attempt.")
    delivered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "webhook deliveries"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "publication"], name="webhook_delivery_once"),
            models.UniqueConstraint(fields=["endpoint", "draft_event"], name="webhook_delivery_draft_once"),
            models.CheckConstraint(
                condition=Q(publication__isnull=True) | Q(draft_event__isnull=True), name="webhook_delivery_of_one"
            ),
            models.CheckConstraint(
                condition=Q(state="pending", next_attempt_at__isnull=False)
                | (~Q(state="pending") & Q(next_attempt_at__isnull=True)),
                name="webhook_delivery_pending_is_due",
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_attempt_at"], name="webhook_delivery_due", condition=Q(state="pending")
            ),
            models.Index(fields=["endpoint", "-created_at", "-public_id"], name="webhook_delivery_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id or self.draft_event_id or 'test'} to {self.endpoint_id}"

    @property
    def is_test(self) -> bool:
        """Whether it tells of nothing that happened."""
        return self.publication_id is None and self.draft_event_id is None
