"""A batch writes the same rows as single imports: bodies byte for byte, index rows, audit and hash chain."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, connections, transaction

from claims.imports.formats import reading
from claims.imports.importer import Importer
from claims.models import (
    ClaimVersion,
    Organisation,
    Publication,
    PublicationBody,
    Rating,
    RatingScale,
    Review,
    ReviewVersion,
)
from claims.publication import append
from factcheck.embedded import database_roles
from tests import factories
from tests.claims.log_verifier import recomputed
from tests.claims.sample_claimreviews import claim_review, rated

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def take(folder: Path, *things: Any, fingerprint: str = "1", **options: Any) -> Any:
    entries = list(reading.entries(iter([orjson.dumps(list(things))]), form="json", now=NOW))
    importer = Importer(source="test", fingerprint=fingerprint, refused=folder / "refused.ndjson", **options)
    return importer.import_entries(lambda after: iter(entries[after:]))


SAMPLE = [
    claim_review(1),
    claim_review(2, itemReviewed=None),
    claim_review(3, headline="Ein “Titel” \\ mit\tallem 😀", reviewBody="Zeile\nZeile", description='"\\N'),
    claim_review(4, dateModified="2024-04-01T10:00:00Z", correction="We had misspelt a name."),
    claim_review(5, creativeWorkStatus="Withdrawn", license="https://creativecommons.org/licenses/by/4.0/"),
    claim_review(6, url="https://checkers.example/2024/1"),
    claim_review(7, reviewRating=rated("Quatsch"), temporalCoverage="2024-03-02", author={"name": "Faktum"}),
    claim_review(
        8,
        itemReviewed={
            "@type": "Claim",
            "author": [{"@type": "Organization", "name": "Party of Bridges"}, "B. Rider"],
            "temporalCoverage": "2023-01-01/2023-12-31",
            "spatialCoverage": {"name": "Weirside"},
            "appearance": [{"url": "https://paper.example/1"}, {"url": "https://paper.example/x", "headline": "X"}],
        },
    ),
    claim_review(9, reviewRating=rated("Mapped!")),
    claim_review(10, datePublished=None, headline=None),
    # the same words of the same speaker at the same place as the first: one document and statement
    claim_review(1, url="https://other.example/1", author={"name": "Other"}, inLanguage="en-GB"),
]


def test_a_batch_says_byte_for_byte_what_each_would_alone(tmp_path: Path) -> None:
    other = Organisation.objects.create(name="The Checkers")
    scale = RatingScale.objects.create(organisation=other, name="Scale")
    Rating.objects.create(scale=scale, label="mapped", value=1, verdict="false")
    Rating.objects.create(scale=scale, label="true", value=2, verdict="true")
    run = take(tmp_path, *SAMPLE)
    assert (run.created, run.refused, run.unchanged) == (len(SAMPLE), 0, 0)

    for publication in Publication.objects.select_related("claim", "review", "body"):
        alone = append.append(
            publication.claim, event=publication.event, audience=publication.audience, review=publication.review
        )
        batch, one = orjson.loads(bytes(publication.body.json)), orjson.loads(bytes(alone.body.json))
        place = {name: batch[name] for name in ("version", "sequence", "changed_at", "first_published_at")}
        assert bytes(publication.body.json) == orjson.dumps(one | place)
        salt, text = bytes(publication.body.salt), bytes(publication.body.json)
        assert publication.commitment == hashlib.sha256(salt + text).hexdigest()
        first, second = ClaimVersion.objects.filter(claim=publication.claim).order_by("sequence_from").values()
        for name in ("id", "publication_id", "sequence_from", "sequence_to", "changed_at"):
            del first[name], second[name]
        assert first == second
    mapped = PublicationBody.objects.get(publication__version=1, publication__claim__text="9 bridges need repair.")
    assert orjson.loads(bytes(mapped.json))["reviews"][0]["rating"] == {
        "label": "Mapped!", "value": 1, "worst": 1, "best": 2, "verdict": "false",
        "scale": {"id": scale.public_id, "name": "Scale"},
    }  # fmt: skip


def test_a_batch_is_audited_with_its_actor(tmp_path: Path) -> None:
    take(tmp_path, *SAMPLE, actor="importer-at-night")
    for name in ("Claim", "Document", "Statement", "Appearance", "Article", "Review", "ReviewVersion", "Speaker"):
        rows = apps.get_model("claims", name).objects.count()
        events = apps.get_model("claims", f"{name}Event").objects.filter(pgh_label="insert")
        assert events.count() == rows > 0, name
        assert set(events.values_list("pgh_context__actor", "pgh_context__reason")) == {("importer-at-night", "import")}


def test_the_chain_of_a_batch_continues_the_log(tmp_path: Path) -> None:
    factories.published_review()
    take(tmp_path, *SAMPLE)
    factories.published_review()
    rows = list(Publication.objects.order_by("sequence"))
    assert [row.sequence for row in rows] == list(range(1, len(SAMPLE) + 3))
    assert recomputed(rows) == [(row.line_sha256, row.hash) for row in rows]


@pytest.fixture
def temporary_tables(db: None) -> Iterator[None]:
    """Let the app make temporary tables, which it may not: here one holds the rows to try."""
    given = connections["owner"]
    name, app = connections["default"].settings_dict["NAME"], connections["default"].settings_dict["USER"]
    with psycopg.connect(**given.get_connection_params(), autocommit=True) as owner:
        owner.execute(f'GRANT TEMPORARY ON DATABASE "{name}" TO "{app}"')
        yield
        database_roles.forbid_creating(owner, app, name)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("hash = repeat('a', 64)", "does not continue the chain"),
        ("line_sha256 = repeat('a', 64)", "does not continue the chain"),
        ("commitment = repeat('a', 64)", "does not continue the chain"),
        ("event = 'withdrawn'", "does not continue the chain"),
        ("audience = 'newsrooms'", "does not continue the chain"),
        ("public_id = 'pub_0000000000000000'", "does not continue the chain"),
        ("review_id = NULL", "does not continue the chain"),
        ("version = 3", "does not continue the chain"),
        ("event = E'withdrawn\\n'", "publication_line"),
        ("public_id = 'pub_00000000000000'", "publication_line"),
        ("commitment = repeat('A', 64)", "publication_line"),
        ("sequence = sequence + 10", "does not follow"),
        ("sequence = -sequence", "does not follow"),
        ("at = at - interval '1 year'", "dated before"),
    ],
)
@pytest.mark.usefixtures("temporary_tables")
def test_a_batch_that_brings_wrong_hashes_is_refused(tmp_path: Path, change: str, sentence: str) -> None:
    """The same rows pass as they are (the control) and are refused with any one thing changed."""
    take(tmp_path, *SAMPLE[:3])
    column, _, value = change.partition(" = ")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE brought AS SELECT * FROM claims_publication")
        cursor.execute(
            "UPDATE brought SET sequence = sequence + 3, version = 2,"
            " public_id = 'pub_' || lpad(sequence::text, 16, '7')"
        )
        # the hashes of rows 4 to 6, computed as claims/publication/log_line.py says
        cursor.execute(
            """
            DO $$
            DECLARE r record;
                previous text := (SELECT hash FROM claims_publication ORDER BY sequence DESC LIMIT 1);
            BEGIN FOR r IN SELECT * FROM brought ORDER BY sequence LOOP
                UPDATE brought SET line_sha256 = encode(sha256(convert_to(concat_ws(E'\\n', 'factcheck-log/1',
                    sequence, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), event, audience,
                    brought.public_id, claim.public_id, review.public_id, version, commitment), 'UTF8')), 'hex')
                FROM claims_claim AS claim, claims_review AS review
                WHERE sequence = r.sequence AND claim.id = brought.claim_id AND review.id = brought.review_id;
                UPDATE brought
                SET hash = encode(sha256(decode(previous, 'hex') || decode(line_sha256, 'hex')), 'hex')
                WHERE sequence = r.sequence RETURNING hash INTO previous;
            END LOOP; END $$
            """
        )
        with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
            cursor.execute(f"UPDATE brought SET {column} = {value} WHERE sequence = 5")
            cursor.execute("INSERT INTO claims_publication SELECT * FROM brought ORDER BY sequence")
        cursor.execute("INSERT INTO claims_publication SELECT * FROM brought ORDER BY sequence")
    assert Publication.objects.count() == 6


def test_only_imported_reviews_go_without_two_persons(tmp_path: Path) -> None:
    own = factories.draft().review
    take(tmp_path, claim_review())
    imported = Review.objects.get(origin="imported")
    fields = {"number": 7, "state": "published", "published_at": NOW, "rating_as_given": "True", "kind": "original"}
    ReviewVersion.objects.create(review=imported, **fields)
    with pytest.raises(IntegrityError, match="only an imported review"), transaction.atomic():
        ReviewVersion.objects.create(review=own, **fields)
    with pytest.raises(IntegrityError, match="review_approval_complete"), transaction.atomic():
        ReviewVersion.objects.create(review=own, author=factories.editor(), **fields)
    with pytest.raises(IntegrityError, match="review_author_given"), transaction.atomic():
        ReviewVersion.objects.create(review=imported, number=8, state="draft")
    draft = own.open_version()
    with pytest.raises(IntegrityError, match="only an imported review"), transaction.atomic():
        ReviewVersion.objects.filter(pk=draft.pk).update(author=None)
