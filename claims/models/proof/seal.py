"""Seals of the tables that only grow."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sources.database.audit import append_only


@append_only
class Seal(models.Model):
    """That the rows of a log table up to an id were these: claims/proof/seals.py computes `mac` with a secret key."""

    table = models.CharField(max_length=63)
    after = models.BigIntegerField(null=True, help_text="The last id of the seal before; null for the first.")
    until = models.BigIntegerField(help_text="The last id that is covered; none below it can still be written.")
    rows = models.BigIntegerField()
    columns = ArrayField(models.CharField(max_length=63), help_text="What is covered of each row, in this order.")
    at = models.DateTimeField()
    key = models.CharField(max_length=16, help_text="Which secret key: the first digits of its sha256.")
    previous = models.CharField(max_length=64, help_text="`mac` of the table's seal before; 64 zeros for the first.")
    mac = models.CharField(max_length=64)

    class Meta:
        verbose_name = "seal"
        constraints = [models.UniqueConstraint(fields=["table", "previous"], name="seal_follows_one")]
        indexes = [models.Index(fields=["table", "-id"], name="seal_newest")]

    def __str__(self) -> str:
        return f"{self.table} until {self.until}"
