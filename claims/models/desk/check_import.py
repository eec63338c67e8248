"""What came in from a list export of Meedan Check."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from claims.models.claim import Claim
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
    """An item of Check and what became of it; a file that comes twice makes nothing twice."""

    check_import = models.ForeignKey(CheckImport, on_delete=models.PROTECT, related_name="items")
    external_id = models.CharField(max_length=500, unique=True, help_text="Its address or number in Check.")
    status = models.CharField(max_length=100, blank=True, help_text="Its status as Check named it.")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["check_import", "id"]

    def __str__(self) -> str:
        return self.external_id
