"""Notices to people at the desk: what happened to their work, or to the rights of others, since they last looked."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sources.database.audit import audited


@audited
class Notice(models.Model):
    """A sentence on one person's home until that person has read it."""

    class Kind(models.TextChoices):
        APPROVAL_VOIDED = "approval_voided", "an approval was voided"
        SENT_BACK = "sent_back", "a version was sent back"
        SUGGESTION = "suggestion", "a change was suggested"
        QUESTION = "question", "a colleague asks"
        SUSPENSION = "suspension", "a review was suspended or resumed"
        MENTION = "mention", "a colleague mentions you"
        ASSIGNED = "assigned", "a claim was assigned to you"
        DUE = "due", "something is due"
        TIMER = "timer", "an embargo ended, or cannot"
        SOURCE = "source", "a source answered, or did not"

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind)
    sentence = models.TextField()
    path = models.CharField(max_length=500, blank=True, help_text="Address on this site of what the notice is about.")
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(sentence=""), name="notice_sentence_given"),
            # A path of this site alone: "//" would lead to another.
            models.CheckConstraint(condition=Q(path__regex=r"^(/([^/\\].*)?)?$"), name="notice_path_on_this_site"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], condition=Q(read_at__isnull=True), name="notice_unread")
        ]

    def __str__(self) -> str:
        return self.sentence
