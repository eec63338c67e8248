"""The name of our organisation, as readers were last told it."""

import orjson

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
    WHERE ours.is_ours AND facet.bodies > 0 AND facet.newest IS NOT NULL
    ORDER BY facet.bodies DESC, facet.name LIMIT 1
    """,
)


def published_name() -> str:
    """The name of our organisation as published; empty as long as it published nothing. One query of each page."""
    for name, json in _NEWEST.rows(binary=True):
        if name is not None and json is not None:
            named = body_parts.organisations(orjson.loads(json))
            return next((str(each["name"]) for each in named if each["id"] == name.decode()), "")
    return ""
