"""The name of our organisation, as readers were last told it."""

import orjson

from claims.models.publication import Audience, visible_to_sql
from claims.publication import body_parts
from sources.database.prepared_reads import PreparedStatement

_NEWEST = PreparedStatement(
    "readers_site_name",
    """
    SELECT facet.name, body.json
    FROM claims_organisation AS ours
    JOIN claims_facetcount AS facet
        ON facet.audience = 'public' AND facet.kind = 'organisation' AND facet.name = ours.public_id
    LEFT JOIN claims_publicationbody AS body ON body.publication_id = facet.newest
    WHERE ours.is_ours AND facet.bodies > 0
    ORDER BY facet.bodies DESC, facet.name LIMIT 1
    """,
)
_NEWEST_LEFT = PreparedStatement(
    "readers_site_name_left",
    f"""
    SELECT body.json
    FROM claims_claimversion AS version
    JOIN claims_publicationbody AS body ON body.publication_id = version.sequence_from
    WHERE version.sequence_to IS NULL AND {visible_to_sql(Audience.PUBLIC, table="version")}
        AND version.organisations @> ARRAY[$1::varchar]
    ORDER BY version.sequence_from DESC LIMIT 1
    """,  # noqa: S608 - no value is interpolated
)


def published_name() -> str:
    """The name of our organisation as published; empty as long as it published nothing.

    One query of each page, and another while the words that were published last are removed.
    """
    for name, json in _NEWEST.rows(binary=True):
        if name is None:
            continue
        if json is None:
            json = next((row[0] for row in _NEWEST_LEFT.rows(name, binary=True)), None)
        named = body_parts.organisations(orjson.loads(json)) if json is not None else []
        return next((str(each["name"]) for each in named if each["id"] == name.decode()), "")
    return ""
