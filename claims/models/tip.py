"""Tips from readers, and the groups of those that ask the same. Contact data is stored apart and deleted after a time.

TipGroup ──< Tip ── TipContact      how to reach the sender; deleted after FACTCHECK_TIP_CONTACT_DAYS
   │          ├── TipFingerprint    finds tips that ask the same; made anew at any time
   │          └── TipSender         a hash of who sent it; deleted within the hour
   └── Claim                        whose published review answers it
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.claim import Claim
from claims.models.statement import Document
from sources.database.audit import audited
from sources.database.public_ids import PublicIdField


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79].rstrip()}…"


@audited
class TipGroup(models.Model):
    """Tips that ask the same. The desk decides on all of them at once.

    new ⇄ set aside
     └──> taken, with a document or a claim; answered once a review of the claim is published (never stored: whoever
          reads a tip's page asks the publication log)
    """

    class State(models.TextChoices):
        NEW = "new", "new"
        TAKEN = "taken", "taken up"
        SET_ASIDE = "set_aside", "set aside"

    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    claim = models.ForeignKey(
        Claim,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tip_groups",
        help_text="Everybody who asked sees its published review, now or once there is one.",
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = "question from readers"
        verbose_name_plural = "questions from readers"
        constraints = [
            models.CheckConstraint(
                condition=Q(claim__isnull=True) | Q(state="taken"), name="tip_group_with_claim_is_taken"
            ),
        ]

    def __str__(self) -> str:
        says = getattr(self, "first_says", None)  # of a list, which asks for all at once
        if says is None:
            first = self.tips.order_by("pk").first()
            says = str(first) if first is not None else f"group {self.pk}, without tips"
        return _shortened(str(says))


@audited
class Tip(models.Model):
    """A reader's tip: a text, a link, or both. It is not a document until an editor makes it one.

    Only the sha256 of the token in its private link is stored: 192 random bits need no slow hash.
    """

    class State(models.TextChoices):
        NEW = "new", "new"
        TAKEN = "taken", "taken up"
        SET_ASIDE = "set_aside", "set aside"

    public_id = PublicIdField(prefix="tip", unique=True)
    text = models.TextField(blank=True)
    url = models.URLField(max_length=2000, blank=True)
    language = models.CharField(max_length=35, blank=True)
    group = models.ForeignKey(TipGroup, on_delete=models.PROTECT, null=True, editable=False, related_name="tips")
    state = models.CharField(
        max_length=10,
        choices=State,
        default=State.NEW,
        help_text="Taken up: a document was made of this very tip. Its group has the state that counts.",
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="tips"
    )
    token_sha256 = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False, db_collation="C"
    )
    newsroom = models.CharField(
        max_length=200, blank=True, default="", db_default="", editable=False, help_text="Whose key sent it, by name."
    )
    counts = models.BooleanField(
        default=True,
        db_default=True,
        editable=False,
        help_text="Whether it adds to the demand: no, if its sender has asked this before.",
    )
    received_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(url=""),
                name="tip_says_something",
                violation_error_message="Write a text, give an address, or both.",
            ),
            models.UniqueConstraint(fields=["token_sha256"], condition=~Q(token_sha256=""), name="tip_token_once"),
        ]

    def __str__(self) -> str:
        return _shortened(self.text or self.url)


class TipContact(models.Model):
    """How to reach the person who sent a tip. Not audited: an audit row would outlive the deletion."""

    tip = models.OneToOneField(Tip, on_delete=models.CASCADE, primary_key=True, related_name="contact")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    delete_after = models.DateTimeField()

    def __str__(self) -> str:
        return self.name or self.email


class TipFingerprint(models.Model):
    """By what a tip finds others that ask the same (claims/tips/fingerprint.py). Never leaves the desk.

    A group has one for each of its texts and addresses. What a tip only brought along has none: else a tip that joined
    by its address could draw those who ask its text.
    """

    tip = models.OneToOneField(Tip, on_delete=models.CASCADE, primary_key=True, related_name="fingerprint")
    url_sha256 = models.CharField(max_length=64, blank=True, db_collation="C", help_text="Of the key of its address.")
    text_sha256 = models.CharField(max_length=64, blank=True, db_collation="C", help_text="Of the normalised text.")
    bands = ArrayField(models.BigIntegerField(), default=list, help_text="Similar texts have one in common.")
    rules = models.PositiveSmallIntegerField(help_text="The version of the rules by which it was made.")

    class Meta:
        indexes = [
            models.Index(fields=["url_sha256"], name="tip_fingerprint_url", condition=~Q(url_sha256="")),
            models.Index(fields=["text_sha256"], name="tip_fingerprint_text", condition=~Q(text_sha256="")),
            GinIndex(fields=["bands"], name="tip_fingerprint_bands"),
        ]

    def __str__(self) -> str:
        return f"fingerprint of {self.tip_id}"


class TipSender(models.Model):
    """Who sent a tip, as a keyed hash whose key lives for less than an hour, as long as the row.

    It limits how much one sender sends and counts her once. Not audited, so that it is forgotten.
    """

    tip = models.OneToOneField(Tip, on_delete=models.CASCADE, primary_key=True, related_name="sender")
    digest = models.CharField(max_length=64, db_collation="C")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["digest", "at"], name="tip_sender_digest"),
            models.Index(fields=["at"], name="tip_sender_at"),
        ]

    def __str__(self) -> str:
        return f"sender of {self.tip_id}"
