"""Which published claims were edited since: filled by triggers (claims/models/amendments/noted.py)."""

from django.db import models

from claims.models.claim import Claim


class UnpublishedEdit(models.Model):
    """A published claim of which something was edited: what is published may differ from the editors' tables.

    `kind` is empty until somebody compared the two; a claim that does not differ loses its row then.
    """

    class Kind(models.TextChoices):
        EDITS = "edits", "edits of published words"
        APPEARANCES = "appearances", "new appearances"

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, primary_key=True, related_name="unpublished_edit")
    changed_at = models.DateTimeField()
    kind = models.CharField(max_length=11, choices=Kind, blank=True)

    class Meta:
        ordering = ["changed_at", "claim"]

    def __str__(self) -> str:
        return f"{self.claim_id} since {self.changed_at}"
