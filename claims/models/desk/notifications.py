"""Notices on their way out of the desk: by e-mail and to a chat."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from claims.models.notice import Notice
from sources.database.audit import audited


@audited
class ChatWebhook(models.Model):
    """A chat room that is told of notices. Its address is a secret: the audit has `shown_url` alone."""

    UNAUDITED = ("url", "last_sent_at", "last_error")

    class Shape(models.TextChoices):
        SLACK = "slack", _("Slack, Mattermost, Rocket.Chat")
        DISCORD = "discord", _("Discord")
        TEAMS = "teams", _("Microsoft Teams")

    name = models.CharField(max_length=100, unique=True)
    url = models.URLField(max_length=2000)
    shown_url = models.CharField(max_length=300, editable=False, help_text="The address without its secret end.")
    shape = models.CharField(max_length=10, choices=Shape, default=Shape.SLACK)
    kinds = models.JSONField(default=list, help_text="Kinds of notices that are sent; empty: all.")
    is_active = models.BooleanField(default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    last_sent_at = models.DateTimeField(null=True, editable=False)
    last_error = models.TextField(blank=True, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class NoticeDelivery(models.Model):
    """A notice on its way to a person by e-mail, or to a chat. Not audited: it is deleted some days after it ended.

    pending ──> sent | dropped (read meanwhile, muted, or about what the reader may not see) | failed (given up)

    A trigger of `Notice` writes it. `attempts` is raised before anything is sent, with `due_at` as the end of the
    lease, so that a worker that dies while it sends makes one message come twice at most.
    """

    class State(models.TextChoices):
        PENDING = "pending", "pending"
        SENT = "sent", "sent"
        DROPPED = "dropped", "not needed any more"
        FAILED = "failed", "failed"

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    chat = models.ForeignKey(
        ChatWebhook, on_delete=models.CASCADE, null=True, related_name="deliveries", help_text="Empty: by e-mail."
    )
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "chat"], name="notice_delivery_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(state="pending", ended_at__isnull=True) | (~Q(state="pending") & Q(ended_at__isnull=False)),
                name="notice_delivery_ended",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="notice_delivery_due", condition=Q(state="pending"))]

    def __str__(self) -> str:
        return f"{self.notice_id} to {self.chat_id or 'e-mail'}"
