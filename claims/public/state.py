"""The state that readers' pages are made from: a page stays true as long as none of it changes.

    the last row of the publication log · the last row of the site's own log · the epoch of the index · the day

Pages give days and never times, so that one made this morning is still true tonight. `state` is read before a page is
made: what is committed meanwhile makes the page older than its key, never newer.
"""

from datetime import UTC, datetime

from sources.database.prepared_reads import PreparedStatement

_STATE = PreparedStatement(
    "readers_state",
    """
    SELECT (SELECT hash FROM claims_publication ORDER BY sequence DESC LIMIT 1),
        (SELECT hash FROM claims_sitepublication ORDER BY sequence DESC LIMIT 1),
        (SELECT epoch FROM claims_indexstate)
    """,
)


def state() -> bytes:
    """The state as bytes to compare. One query."""
    [row] = _STATE.rows()
    return b" ".join(part or b"-" for part in (*row, datetime.now(UTC).date().isoformat().encode()))
