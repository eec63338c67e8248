"""What came in from a list export of Meedan Check."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.review import Organisation, Rating, Review
from claims.models.statement import Document
from sources.database.audit import audited


@audited
class CheckImport(models.Model):
    """One file of a list export, and the report of what could not come in."""

    file_name = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64, db_collation="C")
    rows = models.PositiveIntegerField()
    report = models.JSONField(default=list, help_text="A line for all that could not come in: row, column, why.")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return self.file_name


@audited
class CheckItem(models.Model):
    """An item of Check and what became of it; a file that comes twice makes nothing twice.

    waiting ──> done: its claim, document and comments are here ──(a rating was chosen for its status)──> its draft
        └─────> refused, with the reason
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("taken over")
        REFUSED = "refused", _("not taken over")

    check_import = models.ForeignKey(CheckImport, on_delete=models.PROTECT, related_name="items")
    external_id = models.CharField(max_length=500, unique=True, help_text="Its address or number in Check.")
    row = models.PositiveIntegerField(help_text="Its row in the file, as a spreadsheet counts.")
    status = models.CharField(max_length=100, blank=True, help_text="Its status as Check named it.")
    words = models.JSONField(default=dict, help_text="What the file says of it, by meaning of the column.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    why = models.TextField(blank=True, help_text="Why it was not taken over.")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    draft_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who asked for a draft of a review; its author.",
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, null=True, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["check_import", "id"]
        indexes = [
            models.Index(fields=["id"], name="check_item_waiting", condition=Q(state="waiting")),
            models.Index(fields=["id"], name="check_item_draft", condition=Q(draft_by__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.external_id
