"""Letters to the publisher of a page that a review rests on, and what came back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.statement import user_field
from claims.models.watch.recheck import Recheck
from sources.database.audit import audited
from sources.models import Page


@audited
class SourceRequest(models.Model):
    """A letter to a source about an open re-check: drafted by the product, sent by an editor.

    draft ──> sent ──> answered (by words, or because the page was seen corrected) | closed without an answer
    """

    class Grade(models.TextChoices):
        NOTE = "note", "note"
        REQUEST = "request", "request"
        COMPLAINT = "complaint", "formal complaint"

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        SENT = "sent", "sent"
        ANSWERED = "answered", "answered"
        CLOSED = "closed", "closed without an answer"

    recheck = models.ForeignKey(Recheck, on_delete=models.PROTECT, related_name="source_requests")
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=10, choices=Grade)
    recipient = models.CharField(max_length=300, blank=True, help_text="Whom it goes to, and how.")
    text = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    sent_by = user_field()
    sent_at = models.DateTimeField(null=True)
    deadline = models.DateField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, help_text="When the desk was told that the deadline is over.")
    corrected_at = models.DateTimeField(null=True, help_text="When the watch saw the page corrected.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["page"], name="source_request_waiting", condition=Q(state="sent"))]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="source_request_text_given"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "sent"], ended_at__isnull=True)
                | Q(state__in=["answered", "closed"], ended_at__isnull=False),
                name="source_request_ended",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", sent_at__isnull=True, sent_by__isnull=True)
                | (~Q(state="draft") & Q(sent_at__isnull=False, sent_by__isnull=False)),
                name="source_request_sent_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_grade_display()} to {self.recipient or self.page}"


@audited
class SourceAnswer(models.Model):
    """What a source answered, as an editor recorded it."""

    request = models.ForeignKey(SourceRequest, on_delete=models.PROTECT, related_name="answers")
    received_on = models.DateField()
    text = models.TextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["received_on", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="source_answer_text_given")]

    def __str__(self) -> str:
        return self.text[:80]
