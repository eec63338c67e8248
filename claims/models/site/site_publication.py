"""The site's own append-only log: complaints received and answered, and the versions of its pages."""

import pgtrigger
from django.db import models
from django.db.models import Q

from claims.models.claim import Claim
from sources.database.audit import append_only
from sources.database.locks import Lock

_LOCK = f"PERFORM pg_advisory_xact_lock({Lock.SITE_LOG}); RETURN NULL;"
# Sequence, time, format and hash are the database's, whoever inserts.
_CHAIN = """
    SELECT sequence, at, hash INTO head FROM claims_sitepublication ORDER BY sequence DESC LIMIT 1;
    NEW.sequence := COALESCE(head.sequence, 0) + 1;
    NEW.at := greatest(head.at, clock_timestamp());
    NEW.format := 2;
    NEW.hash := encode(sha256(decode(COALESCE(head.hash, repeat('0', 64)), 'hex') || sha256(convert_to(concat_ws(E'\\n',
        'factcheck-site/2', NEW.sequence, to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD'),
        NEW.kind, NEW.subject,
        COALESCE((SELECT claim.public_id FROM claims_claim AS claim WHERE claim.id = NEW.claim_id), ''),
        encode(sha256(convert_to(NEW.body, 'UTF8')), 'hex')
    ), 'UTF8'))), 'hex');
    RETURN NEW;
"""


@append_only
class SitePublication(models.Model):
    """One outward event of the site that is none of a claim; anybody may read it.

    Of a complaint it holds days, the claim and the kind of answer, never a name or a word of anybody. `hash` is sha256
    over the 32 bytes of the hash before it (zeros for the first) and those of the sha256 of the row's line
    (claims/publication/site/line.py).
    """

    class Kind(models.TextChoices):
        COMPLAINT_RECEIVED = "complaint_received", "complaint received"
        COMPLAINT_ANSWERED = "complaint_answered", "complaint answered"
        PAGE_PUBLISHED = "page_published", "page published"

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=Kind)
    subject = models.CharField(max_length=40, help_text="The complaint's number, as in 2026-14, or the page's name.")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="+")
    body = models.TextField(help_text="JSON with sorted names.")
    format = models.PositiveSmallIntegerField(db_default=1, help_text="Of its line; 1 is that of before 0.8.0.")
    hash = models.CharField(max_length=64, db_collation="C")

    class Meta:
        verbose_name = "entry of the site's log"
        verbose_name_plural = "entries of the site's log"
        ordering = ["sequence"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["complaint_received", "complaint_answered", "page_published"]),
                name="site_publication_kind",
            ),
            models.CheckConstraint(condition=Q(subject__regex="^[a-z0-9-]+$"), name="site_publication_subject"),
        ]
        indexes = [models.Index(fields=["kind", "-sequence"], name="site_publication_kind")]
        triggers = [
            pgtrigger.Trigger(
                name="a_lock",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_LOCK,
            ),
            pgtrigger.Trigger(
                name="chain",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("head", "RECORD")],
                func=_CHAIN,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.get_kind_display()} {self.subject}"
