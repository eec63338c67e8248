"""The timer that publishes an approved version when its embargo ends."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.review import ReviewVersion
from sources.database.audit import audited


@audited
class PublicationTimer(models.Model):
    """Publishes a version at a time, by the database's clock, as the person who set it.

    waiting ──> published | refused (never retried) | taken back
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        PUBLISHED = "published", "published"
        REFUSED = "refused", "refused"
        TAKEN_BACK = "taken_back", "taken back"

    version = models.ForeignKey(ReviewVersion, on_delete=models.CASCADE, related_name="timers")
    at = models.DateTimeField()
    approved_at = models.DateTimeField(
        help_text="Of the approval that it rests on; another approval needs another timer."
    )
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    detail = models.TextField(blank=True, help_text="Why it was refused.")
    warned_at = models.DateTimeField(null=True, help_text="When people were told that it can no longer go out.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=Q(state="waiting"), name="timer_one_waiting"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True) | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="timer_ended",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="timer_waiting", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.version} at {self.at}"
