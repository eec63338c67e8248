"""Counts of what many claims share: speakers, organisations, topics, rating scales and their steps, sources, pages.

One row for each audience and thing says how many current bodies name it and which of them is the newest, so that
lists read no bodies to count. Triggers on `ClaimVersion` maintain the counts once a statement, whoever writes and
however; the cost of a bulk import grows with the things in a batch, not with its rows.
"""

import pgtrigger
from django.db import models
from django.db.models import Q


class FacetCount(models.Model):
    """How many current bodies name one thing, for one audience. Rebuilt with `ClaimVersion`."""

    class Kind(models.TextChoices):
        SPEAKER = "speaker", "speaker"
        ORGANISATION = "organisation", "organisation"
        TOPIC = "topic", "topic"
        SCALE = "scale", "rating scale"
        STEP = "step", "step of a rating scale"
        SOURCE = "source", "source"
        PAGE = "page", "page of a source"

    audience = models.CharField(max_length=10)
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=80, db_collation="C", help_text="Public id, slug, or scale and value.")
    bodies = models.PositiveIntegerField(help_text="Number of current bodies that name it.")
    newest = models.BigIntegerField(
        null=True, help_text="Sequence of the latest of them; empty when that one no longer names it."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audience", "kind", "name"], name="facet_count_unique"),
            models.CheckConstraint(condition=Q(bodies__gte=0), name="facet_count_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} for {self.audience}"


# Each list of a version names a thing once, but a version can have several steps of one scale.
_COUNTED = """
    WITH version AS (
        SELECT told.audience, sequence_from, speakers, organisations, topics, rating_steps, sources, pages
        FROM {rows} AS row
        JOIN (VALUES ('newsrooms'), ('public')) AS told (audience) ON row.audience IN (told.audience, 'everyone')
        WHERE sequence_to IS NULL
    )
    SELECT audience, kind, name, count(*) AS bodies, max(sequence_from) AS newest
    FROM (
        SELECT audience, sequence_from, 'speaker' AS kind, unnest(speakers) AS name FROM version
        UNION ALL SELECT audience, sequence_from, 'organisation', unnest(organisations) FROM version
        UNION ALL SELECT audience, sequence_from, 'topic', unnest(topics) FROM version
        UNION ALL SELECT audience, sequence_from, 'step', unnest(rating_steps) FROM version
        UNION ALL SELECT audience, sequence_from, 'source', unnest(sources) FROM version
        UNION ALL SELECT audience, sequence_from, 'page', unnest(pages) FROM version
        UNION ALL SELECT audience, sequence_from, 'scale', name FROM (
            SELECT DISTINCT audience, sequence_from, split_part(unnest(rating_steps), ':', 1) AS name FROM version
        ) AS scale
    ) AS thing
    GROUP BY audience, kind, name
    ORDER BY audience, kind, name
"""
_TAKE_OFF = f"""
    UPDATE claims_facetcount AS facet
    SET bodies = facet.bodies - gone.bodies,
        newest = CASE WHEN facet.bodies > gone.bodies THEN nullif(facet.newest, gone.newest) END
    FROM ({_COUNTED.format(rows="old_rows")}) AS gone
    WHERE (facet.audience, facet.kind, facet.name) = (gone.audience, gone.kind, gone.name);
"""  # noqa: S608 - no value is put in
_PUT_ON = f"""
    INSERT INTO claims_facetcount (audience, kind, name, bodies, newest) {_COUNTED.format(rows="new_rows")}
    ON CONFLICT (audience, kind, name) DO UPDATE
    SET bodies = claims_facetcount.bodies + excluded.bodies,
        newest = greatest(claims_facetcount.newest, excluded.newest);
"""  # noqa: S608 - no value is put in
# Facets that differ from the current versions, with the right `bodies` and `newest`; null if no version has the thing.
WRONG = f"""
    SELECT audience, kind, name, counted.bodies, counted.newest
    FROM ({_COUNTED.format(rows="claims_claimversion")}) AS counted
    FULL JOIN claims_facetcount AS facet USING (audience, kind, name)
    WHERE COALESCE(facet.bodies, 0) <> COALESCE(counted.bodies, 0) OR facet.newest <> COALESCE(counted.newest, 0)
"""  # noqa: S608 - no value is put in
# Corrects them and returns how many there were.
RECOUNT = f"""
    WITH wrong AS MATERIALIZED ({WRONG}), removed AS (
        DELETE FROM claims_facetcount AS facet USING wrong
        WHERE (facet.audience, facet.kind, facet.name) = (wrong.audience, wrong.kind, wrong.name)
            AND wrong.bodies IS NULL
    ), written AS (
        INSERT INTO claims_facetcount (audience, kind, name, bodies, newest)
        SELECT * FROM wrong WHERE bodies IS NOT NULL
        ON CONFLICT (audience, kind, name) DO UPDATE SET bodies = excluded.bodies, newest = excluded.newest
    )
    SELECT count(*) FROM wrong
"""  # noqa: S608 - no value is put in


def _trigger(operation: pgtrigger.Operation, func: str, **rows: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"facet_counts_{str(operation).lower()}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**rows),  # type: ignore[no-untyped-call]
        func=f"{func} RETURN NULL;",
    )


# On the table of `ClaimVersion`, whose rows are counted.
TRIGGERS = [
    _trigger(pgtrigger.Insert, _PUT_ON, new="new_rows"),
    _trigger(pgtrigger.Update, _TAKE_OFF + _PUT_ON, old="old_rows", new="new_rows"),
    _trigger(pgtrigger.Delete, _TAKE_OFF, old="old_rows"),
]
