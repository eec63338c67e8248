"""Anchorings: the words of a page in which a quote stands now.

The quote that a verdict was made on never changes. When a page is edited and the verdict still stands, an editor
accepts other words of the page in its place. When a new extractor reads the page otherwise, the quote is anchored anew
in what it reads from the same bytes. The watch looks for the passage of the newest anchoring from then on.
"""

from collections.abc import Iterable, Sequence

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.evidence import Evidence
from claims.models.statement import user_field
from claims.models.watch.recheck import Recheck
from sources.database.audit import append_only
from sources.models import Passage, Snapshot


@append_only
class Anchoring(models.Model):
    """Words of one snapshot in which a quote stands, with what stands around them.

    Either an editor accepted them in the place of the quote, or a new extractor reads the same bytes in other words, or
    the quote was published by a version that kept no place of it.
    """

    class Reason(models.TextChoices):
        STILL_STANDS = "still_stands", "an editor accepted other words"
        RE_READ = "re_read", "a new extractor reads the page otherwise"
        REGISTERED = "registered", "the place of a quote from before places were kept"

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="anchorings")
    reason = models.CharField(max_length=12, choices=Reason, default=Reason.STILL_STANDS)
    recheck = models.ForeignKey(Recheck, on_delete=models.PROTECT, null=True, related_name="anchorings")
    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, null=True, related_name="+")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    exact = models.TextField()
    prefix = models.CharField(max_length=200, blank=True)
    suffix = models.CharField(max_length=200, blank=True)
    why = models.TextField(blank=True, help_text="Why the verdict still stands.")
    anchored_at = models.DateTimeField(db_default=Now())
    anchored_by = user_field(blank=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(exact="")
                & (Q(reason__in=["re_read", "registered"]) | (~Q(why="") & Q(recheck__isnull=False))),
                name="anchoring_complete",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["re_read", "registered"], passage__isnull=False) | Q(anchored_by__isnull=False),
                name="anchoring_by_a_person",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="of_its_page",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT FROM claims_evidence AS evidence
                        JOIN sources_snapshot AS snapshot ON snapshot.page_id = evidence.page_id
                        WHERE evidence.id = NEW.evidence_id AND snapshot.id = NEW.snapshot_id
                    ) THEN
                        RAISE EXCEPTION 'A quote can only be anchored on a snapshot of its own page.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"anchored in: {self.exact}"[:120]


# Each piece of evidence with those that it was copied from, as long as they quote the same words of the same page.
_NEWEST = """
    WITH RECURSIVE origin (evidence, ancestor, copied_from, page, exact) AS (
        SELECT id, id, copied_from_id, page_id, exact FROM claims_evidence WHERE id = ANY(%s)
        UNION ALL
        SELECT origin.evidence, earlier.id, earlier.copied_from_id, earlier.page_id, earlier.exact
        FROM origin JOIN claims_evidence AS earlier ON earlier.id = origin.copied_from
            AND earlier.page_id = origin.page AND earlier.exact = origin.exact
    )
    SELECT DISTINCT ON (origin.evidence) origin.evidence AS follower, anchoring.*
    FROM origin JOIN claims_anchoring AS anchoring ON anchoring.evidence_id = origin.ancestor
    WHERE anchoring.reason = ANY(%s)
    ORDER BY origin.evidence, anchoring.id DESC
"""


def newest_anchorings(evidence: Iterable[int]) -> dict[int, Anchoring]:
    """The newest anchoring of each piece of evidence (primary keys) that has one, its own or of what it copies.

    It says where the watch looks.
    """
    return _newest(evidence, Anchoring.Reason.values)


def accepted_anchorings(evidence: Iterable[int]) -> dict[int, Anchoring]:
    """The newest anchoring of each by an editor: what readers are given in place of the quote."""
    return _newest(evidence, [Anchoring.Reason.STILL_STANDS.value])


def _newest(evidence: Iterable[int], reasons: Sequence[str]) -> dict[int, Anchoring]:
    keys = sorted(set(evidence))
    if not keys:
        return {}
    rows = Anchoring.objects.raw(_NEWEST, [keys, list(reasons)])
    return {row.follower: row for row in rows}  # type: ignore[attr-defined]
