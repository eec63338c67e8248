"""Tips from readers. Their contact data is stored apart and deleted after a set time."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.statement import Document
from sources.database.audit import audited
from sources.database.public_ids import PublicIdField


@audited
class Tip(models.Model):
    """A reader's tip. It is not a document until an editor makes it one."""

    class State(models.TextChoices):
        NEW = "new", "new"
        TAKEN = "taken", "taken up"
        SET_ASIDE = "set_aside", "set aside"

    public_id = PublicIdField(prefix="tip", unique=True)
    text = models.TextField()
    url = models.URLField(max_length=2000, blank=True)
    language = models.CharField(max_length=35, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="tips"
    )
    received_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="tip_text_given")]

    def __str__(self) -> str:
        return self.text[:80]


class TipContact(models.Model):
    """How to reach the person who sent a tip. Not audited: an audit row would outlive the deletion."""

    tip = models.OneToOneField(Tip, on_delete=models.CASCADE, primary_key=True, related_name="contact")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    delete_after = models.DateTimeField()

    def __str__(self) -> str:
        return self.name or self.email
