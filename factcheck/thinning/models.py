"""The record of what was thinned out."""

from django.db import models
from django.db.models.functions import Now

from sources.database.audit import audited, written_by_owner


@written_by_owner
@audited
class Thinning(models.Model):
    """One thinning: from when on it left everything, how far it has come, and how many rows it removed.

    Unfinished it is open: the next run resumes it. `claims.SealRevision` has the ids of the rows.
    """

    started_at = models.DateTimeField(db_default=Now())
    before = models.DateTimeField(help_text="What was written from this time on was left as it is.")
    finished_at = models.DateTimeField(null=True)
    reached_change = models.BigIntegerField(default=0)
    reached_snapshot = models.BigIntegerField(default=0)
    checks = models.PositiveBigIntegerField(default=0, help_text="Checks that found nothing.")
    changes = models.PositiveBigIntegerField(default=0, help_text="Changes that touched no quote.")
    snapshots = models.PositiveBigIntegerField(default=0)
    texts = models.PositiveBigIntegerField(default=0)
    files = models.PositiveBigIntegerField(default=0, help_text="Files of the snapshot store.")
    bytes = models.PositiveBigIntegerField(default=0, help_text="Of these files' contents, before compression.")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"thinning of {self.started_at:%Y-%m-%d %H:%M} UTC"
