"""Complaints about what was published: received from anybody, answered by an editor within seven working days.

Complaint ──< SitePublication (by its number)   received and answered, for the public: days and outcome alone
   ├── ComplaintContact     an e-mail address; deleted some time after the answer
   ├── ComplaintSender      a hash of who sent it, and of the form it came by; deleted within the hour
   └── Claim, Speaker       what it is about; neither for a complaint about the site
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from claims.models.claim import Claim
from claims.models.publication import Publication
from claims.models.statement import Speaker
from sources.database.audit import audited

# A text may be taken out, by SQL alone; nothing else of what was received or answered changes.
_STAYS = """
    IF (OLD.number, OLD.received_on, OLD.due_on, OLD.about, OLD.reporter, OLD.token_sha256)
        IS DISTINCT FROM (NEW.number, NEW.received_on, NEW.due_on, NEW.about, NEW.reporter, NEW.token_sha256)
        OR OLD.claim_id IS DISTINCT FROM NEW.claim_id OR OLD.speaker_id IS DISTINCT FROM NEW.speaker_id
        OR (NEW.text <> OLD.text AND NEW.text <> '') THEN
        RAISE EXCEPTION 'what was received of complaint % stays as it is', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.outcome <> '' AND (
        (OLD.outcome, OLD.answer) IS DISTINCT FROM (NEW.outcome, NEW.answer)
        OR OLD.answered_at IS DISTINCT FROM NEW.answered_at OR OLD.answered_by_id IS DISTINCT FROM NEW.answered_by_id
        OR (OLD.correction_id IS NOT NULL AND OLD.correction_id IS DISTINCT FROM NEW.correction_id)
    ) THEN
        RAISE EXCEPTION 'complaint % was answered, and the answer stays as it is', OLD.number
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


@audited
class Complaint(models.Model):
    """What somebody reported as wrong. Its words stay at the desk; the register is made from the site's log."""

    class About(models.TextChoices):
        FACT = "fact", "a fact is wrong"
        NOT_ME = "not_me", "this is not me"
        SOURCE = "source", "a source is misread"
        OTHER = "other", "something else"

    class Reporter(models.TextChoices):
        READER = "reader", "a reader"
        CONCERNED = "concerned", "the person concerned"

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "upheld"
        IN_PART = "in_part", "upheld in part"
        NOT_UPHELD = "not_upheld", "not upheld"
        NO_COMPLAINT = "no_complaint", "no complaint about our work"

    UNAUDITED = ("token_sha256",)

    number = models.CharField(max_length=12, unique=True, help_text="Year and place within it, as in 2026-14.")
    received_on = models.DateField(help_text="The day of UTC.")
    due_on = models.DateField(help_text="The last of seven working days.")
    received_at = models.DateTimeField(db_default=Now(), editable=False)
    about = models.CharField(max_length=10, choices=About)
    reporter = models.CharField(max_length=10, choices=Reporter)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="complaints")
    speaker = models.ForeignKey(Speaker, on_delete=models.PROTECT, null=True, related_name="complaints")
    text = models.TextField()
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False, db_collation="C")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="complaints_owned"
    )
    reminded_at = models.DateTimeField(null=True, editable=False)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True, default="", db_default="")
    answer = models.TextField(
        blank=True, default="", db_default="", help_text="For who complained, on the private page."
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="complaints_answered"
    )
    answered_at = models.DateTimeField(null=True)
    correction = models.ForeignKey(
        Publication, on_delete=models.PROTECT, null=True, related_name="+", help_text="The change that followed."
    )

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", answer="", answered_by=None, answered_at=None, correction=None)
                | Q(~Q(outcome=""), answered_by__isnull=False, answered_at__isnull=False),
                name="complaint_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(correction=None) | Q(outcome__in=["upheld", "in_part"]),
                name="complaint_correction_of_upheld",
            ),
            models.CheckConstraint(condition=Q(due_on__gt=F("received_on")), name="complaint_due_after"),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(outcome=""), name="complaint_open")]
        triggers = [
            pgtrigger.Trigger(name="stays", when=pgtrigger.Before, operation=pgtrigger.Update, func=_STAYS),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.number


class ComplaintContact(models.Model):
    """How to reach who complained. Not audited: an audit row would outlive the deletion."""

    complaint = models.OneToOneField(Complaint, on_delete=models.CASCADE, primary_key=True, related_name="contact")
    email = models.EmailField()
    delete_after = models.DateTimeField()

    def __str__(self) -> str:
        return self.email


class ComplaintSender(models.Model):
    """Who sent a complaint, as a keyed hash whose key lives for less than an hour, as long as the row.

    `form_sha256` is that of the form's own mark, so that one form is sent once. Not audited, so that it is forgotten.
    """

    complaint = models.OneToOneField(Complaint, on_delete=models.CASCADE, primary_key=True, related_name="sender")
    digest = models.CharField(max_length=64, db_collation="C")
    form_sha256 = models.CharField(max_length=64, db_collation="C", unique=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["digest", "at"], name="complaint_sender_digest"),
            models.Index(fields=["at"], name="complaint_sender_at"),
        ]

    def __str__(self) -> str:
        return f"sender of {self.complaint_id}"
