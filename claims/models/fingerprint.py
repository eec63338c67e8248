"""The hash of each claim's words, by which an import finds claims that say the same."""

from django.db import models
from django.db.models import Q

from claims.models.claim import Claim


class ClaimFingerprint(models.Model):
    """The fingerprint of one claim (claims/imports/joining/same_claim.py).

    Triggers on `Claim` add a row for each claim that people make and empty it when they edit one; the next import
    computes what is missing. An import brings the fingerprints of its own claims.
    """

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, primary_key=True, related_name="fingerprint")
    fingerprint = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["fingerprint"], name="claim_fingerprint"),
            models.Index(fields=["claim"], name="claim_fingerprint_missing", condition=Q(fingerprint__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"fingerprint of {self.claim_id}"
