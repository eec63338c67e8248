"""Find the published claims that new records say in the same words: those they join, and those that people decide on.

    imported claim, with reviews of other publishers alone ──> the record's review joins it
    claim of our desk, or one with a review of our own     ──> a claim of its own, and a proposal to merge them
    claim that was merged                                  ──> as for the claim that it was merged into
    claim of which words were redacted                     ──> nothing is published; an editor decides
    demonstration data                                     ──> none

A claim is found by its fingerprint, and taken only if its words, as they are published and as they are stored, are the
record's. docs/decisions/0007-importing.md says why this may be joined.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection

from claims.imports.formats.records import Record
from claims.imports.joining.same_claim import SameWords
from sources.database.bulk_rows import array_text

_MOST_UNKNOWN = 5_000  # claims whose fingerprints are computed in one statement
_FOUND = """
    WITH RECURSIVE met (claim_id, target_id) AS (
        SELECT claim_id, claim_id FROM claims_claimfingerprint WHERE fingerprint = ANY(%s::bigint[])
        UNION
        SELECT met.claim_id, claim.merged_into_id FROM met JOIN claims_claim AS claim ON claim.id = met.target_id
        WHERE claim.merged_into_id IS NOT NULL
    )
    SELECT target.id, CASE WHEN claim.id <> target.id THEN claim.public_id ELSE '' END AS part,
        claim.text, claim.language, claim.period_start, claim.period_end, claim.place,
        EXISTS (SELECT FROM claims_review WHERE claim_id = target.id AND origin = 'own') AS has_own,
        EXISTS (SELECT FROM claims_review WHERE claim_id = target.id AND origin = 'imported') AS has_imported,
        EXISTS (
            SELECT FROM claims_publication AS row WHERE row.claim_id IN (claim.id, target.id) AND NOT EXISTS (
                SELECT FROM claims_publicationbody WHERE publication_id = row.sequence
            )
        ) AS is_redacted
    FROM met
    JOIN claims_claim AS claim ON claim.id = met.claim_id
    JOIN claims_claim AS target ON target.id = met.target_id
    WHERE target.merged_into_id IS NULL AND NOT target.is_demo
    ORDER BY target.id
"""


class Meeting(NamedTuple):
    """The claim that says the same, and what follows from it. `part` is the one merged into it that does."""

    claim: int
    joins: bool
    is_redacted: bool
    part: str = ""


def words_of(record: Record) -> SameWords:
    """What has to be equal for the record to be of a claim."""
    start, end = record.period or (None, None)
    return SameWords.of(record.text, language=record.language, period_start=start, period_end=end, place=record.place)


def find(wanted: Iterable[SameWords]) -> dict[SameWords, Meeting]:
    """The claims that say the same; of several the first that may be joined, else the first of our own."""
    fingerprints = {each.fingerprint for each in wanted if each.identify}
    if not fingerprints:
        return {}
    found: dict[SameWords, Meeting] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, [array_text(fingerprints)])
        for claim, part, text, language, start, end, place, has_own, has_imported, is_redacted in cursor.fetchall():
            words = SameWords.of(text, language=language, period_start=start, period_end=end, place=place)
            met = Meeting(claim, has_imported and not has_own and not is_redacted, is_redacted, part)
            before = found.get(words)
            if before is None or (met.joins, met.is_redacted) > (before.joins, before.is_redacted):
                found[words] = met
    return found


def fill_fingerprints() -> int:
    """Compute the fingerprints that are missing: of claims that people made or edited since. Returns their number."""
    filled = 0
    while rows := _without_fingerprint():
        made = {
            claim: SameWords.of(text, language=language, period_start=start, period_end=end, place=place).fingerprint
            for claim, text, language, start, end, place in rows
        }
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE claims_claimfingerprint AS row SET fingerprint = new.fingerprint
                FROM unnest(%s::bigint[], %s::bigint[]) AS new (claim_id, fingerprint) WHERE row.claim_id = new.claim_id
                """,
                [array_text(made), array_text(made.values())],
            )
        filled += len(made)
    return filled


def _without_fingerprint() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT claim.id, text, language, period_start, period_end, place
            FROM claims_claimfingerprint JOIN claims_claim AS claim ON claim.id = claim_id
            WHERE fingerprint IS NULL LIMIT %s
            """,
            [_MOST_UNKNOWN],
        )
        return list(cursor.fetchall())
