"""What the index of the log has of claims for the site's own pages, by prepared statements: each reader asks for it."""

from claims.models.publication import Audience, visible_to_sql
from claims.models.verification import Verification
from sources.database.prepared_reads import PreparedStatement

_IS_CURRENT = f"version.sequence_to IS NULL AND {visible_to_sql(Audience.PUBLIC, table='version')}"
_ONE = PreparedStatement(
    "site_claim",
    f"""
    SELECT version.sequence_from::text, body.json
    FROM claims_claimversion AS version
    LEFT JOIN claims_publicationbody AS body ON body.publication_id = version.publication_id
    WHERE version.claim_public_id = $1 AND {_IS_CURRENT}
    """,  # noqa: S608 - no value is interpolated
)
# By the index of claims: grouped, all claims would be sorted. Without `OFFSET 0` the newest change of each part would
# be looked for among those of all.
_PARTS = PreparedStatement(
    "site_parts",
    f"""
    SELECT part, changed.last FROM (
        SELECT min(claim_id) / $1::bigint AS first, max(claim_id) / $1::bigint AS last
        FROM claims_claimversion AS version WHERE {_IS_CURRENT}
    ) AS ends CROSS JOIN generate_series(ends.first, ends.last) AS part CROSS JOIN LATERAL (
        SELECT to_char(max(changed_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS last FROM (
            SELECT changed_at FROM claims_claimversion AS version
            WHERE claim_id >= part * $1::bigint AND claim_id < (part + 1) * $1::bigint AND {_IS_CURRENT}
                AND verification <> '{Verification.MERGED.value}'
            OFFSET 0
        ) AS version
    ) AS changed
    WHERE changed.last IS NOT NULL ORDER BY part
    """,  # noqa: S608 - no value is interpolated
)


def current_body(claim: str) -> tuple[int, bytes | None] | None:
    """Sequence and JSON of the claim with this public id as the public may see it now; without JSON if it was redacted.

    None if nothing of it was ever public. One query.
    """
    if "\x00" in claim:  # where text ends for libpq
        return None
    for sequence, json in _ONE.rows(claim.encode("utf-8", "replace"), binary=True):
        return int(sequence or 0), json
    return None


def days_of_parts(size: int) -> list[tuple[int, str]]:
    """Of claims whose keys divided by `size` are equal: that number, and the day of their last change. One query.

    Claims that are part of others are left out.
    """
    return [(int(part or 0), (last or b"").decode()) for part, last in _PARTS.rows(str(size).encode())]
