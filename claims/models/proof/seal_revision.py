"""Revisions of seals, after rows were thinned out."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from claims.models.proof.seal import Seal
from sources.database.audit import append_only, written_by_owner


@written_by_owner
@append_only
class SealRevision(models.Model):
    """That these rows left the span of a seal by a thinning, and what is left there: see claims/proof/revisions.py."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="revisions")
    thinning = models.BigIntegerField(help_text="Id of the thinning that removed them.")
    gone = ArrayField(models.BigIntegerField(), help_text="Ids of the rows that it removed, ascending.")
    rows = models.BigIntegerField(help_text="Rows that are left.")
    at = models.DateTimeField()
    key = models.CharField(max_length=16, help_text="Which secret key: the first digits of its sha256.")
    previous = models.CharField(max_length=64, help_text="`mac` of the revision before, or of the seal.")
    mac = models.CharField(max_length=64)

    class Meta:
        verbose_name = "revision of a seal"
        verbose_name_plural = "revisions of seals"
        constraints = [models.UniqueConstraint(fields=["seal", "previous"], name="seal_revision_follows_one")]

    def __str__(self) -> str:
        return f"{self.seal_id}: {len(self.gone)} rows removed"
