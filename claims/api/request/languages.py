"""Filter published claims by language ranges: basic filtering of RFC 4647, section 3.3.1."""

from collections.abc import Sequence

from django.db.models import CharField, Q
from django.db.models.expressions import RawSQL

from claims.models.publication import Audience, visible_to_sql

# The languages that current versions have: each is one look into the index on language, however many claims have it.
_SPOKEN = """
    {name} AS (
        (SELECT language FROM claims_claimversion AS each
         WHERE {visible} AND sequence_to IS NULL ORDER BY language LIMIT 1)
        UNION ALL
        SELECT (SELECT language FROM claims_claimversion AS each
                WHERE {visible} AND sequence_to IS NULL AND language > {name}.language ORDER BY language LIMIT 1)
        FROM {name} WHERE {name}.language IS NOT NULL
    )
"""
_MATCHING = """
    WITH RECURSIVE {newsrooms}, {public}
    SELECT language FROM (SELECT language FROM newsrooms UNION SELECT language FROM public) AS spoken
    WHERE lower(language) = ANY(string_to_array(%s, ',')) OR lower(language) LIKE ANY(string_to_array(%s, ','))
""".format(  # noqa: S608 - no value is put in
    **{each: _SPOKEN.format(name=each, visible=visible_to_sql(each, table="each")) for each in Audience.values}
)


def in_languages(ranges: Sequence[str], *, past: bool) -> Q:
    """The versions whose language one of the ranges, in lower case, matches: equal, or followed by a hyphen.

    `past` versions may be in languages that no claim has now.
    """
    if past:
        found = Q()
        for each in ranges:
            found |= Q(language__iexact=each) | Q(language__istartswith=f"{each}-")
        return found
    parameters = [",".join(ranges), ",".join(f"{each}-%" for each in ranges)]
    return Q(language__in=RawSQL(_MATCHING, parameters, output_field=CharField()))  # noqa: S611
