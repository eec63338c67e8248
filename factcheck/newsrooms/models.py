"""API clients: newsrooms, their keys, and where their webhooks go. Nothing imports this app."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from claims.models import Publication
from sources.identifiers import PublicIdField
from sources.ledger import audited


def usual_rate() -> int:
    """Requests a minute of a newsroom that is new."""
    return int(settings.REQUESTS_PER_MINUTE)


@audited
class Newsroom(models.Model):
    """An organisation that reads, writes or sends tips by API."""

    public_id = PublicIdField(prefix="nws", unique=True)
    name = models.CharField(max_length=200, unique=True)
    requests_per_minute = models.PositiveIntegerField(
        default=usual_rate,
        validators=[MinValueValidator(1)],
        help_text="With all of its keys together. As many may come at once; then one at a time as the minute goes on.",
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


@audited
class ApiKey(models.Model):
    """A key `fc_<prefix>_<secret>`. Only the secret's sha256 is kept: its 256 random bits need no slow hash.

    A newsroom may have two live keys at once, so that it can change over without a gap.
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
        constraints = [
            models.CheckConstraint(condition=Q(scopes__contained_by=Scope.values), name="api_key_scopes"),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("created_at")),
                name="api_key_expiry",
            ),
        ]

    def __str__(self) -> str:
        return f"fc_{self.prefix}_…"

    @property
    def last_used_at(self) -> datetime | None:
        """To a minute; None if it never opened anything."""
        return self.use.last_used_at if hasattr(self, "use") else None


class KeyUse(models.Model):
    """When a key last opened something, to a minute. Beside the key, whose table writes an audit row per change."""

    api_key = models.OneToOneField(ApiKey, on_delete=models.CASCADE, primary_key=True, related_name="use")
    last_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.api_key_id} at {self.last_used_at}"


class Bucket(models.Model):
    """How much of its limit a client has left: an unlogged table, which a crash of the server empties."""

    name = models.CharField(max_length=100, primary_key=True, db_collation="C")
    full_at = models.DateTimeField()
    given = models.IntegerField()
    """What the last statement was given."""

    def __str__(self) -> str:
        return self.name


class StoredAnswer(models.Model):
    """The answer to a write that came with an Idempotency-Key, written in one transaction with its effect."""

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


@audited
class WebhookEndpoint(models.Model):
    """Where a newsroom wants to be told of publications."""

    public_id = PublicIdField(prefix="whk", unique=True)
    newsroom = models.ForeignKey(Newsroom, on_delete=models.PROTECT, related_name="webhook_endpoints")
    url = models.URLField(max_length=2000)
    event_filter = ArrayField(
        models.CharField(max_length=20, choices=Publication.Event),
        default=list,
        blank=True,
        help_text="Empty: all events.",
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["newsroom", "url"]
        constraints = [models.UniqueConstraint(fields=["newsroom", "url"], name="webhook_endpoint_unique")]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One publication to be told to one endpoint, and how that went."""

    class State(models.TextChoices):
        PENDING = "pending", "pending"
        DELIVERED = "delivered", "delivered"
        FAILED = "failed", "given up"

    public_id = PublicIdField(prefix="msg", unique=True)
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "webhook deliveries"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "publication"], name="webhook_delivery_once"),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} to {self.endpoint_id}"
