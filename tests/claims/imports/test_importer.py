"""Repeated imports: new, changed, unchanged and refused records, and their published form."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.urls import reverse

from claims.formats import claimreview, google_factcheck
from claims.imports.formats import reading
from claims.imports.importer import Importer
from claims.json_object import Json
from claims.models import (
    Article,
    Claim,
    ClaimVersion,
    Import,
    ImportConflict,
    Organisation,
    Publication,
    PublicationBody,
    Rating,
    RatingScale,
    Review,
    ReviewVersion,
    Speaker,
    Statement,
)
from claims.permissions import Refused
from claims.reviews import publish, workflow
from sources.database.locks import Lock
from sources.models import Polling
from tests import factories
from tests.claims.formats import test_claimreview as bodies
from tests.claims.sample_claimreviews import claim_review, differences, rated

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
NOW = datetime.now(UTC)


def take(folder: Path, *things: Any, fingerprint: str = "", named: str = "test", **options: Any) -> Import:
    content = orjson.dumps(list(things))

    def entries(after: int) -> Iterator[Any]:
        return reading.entries(iter([content]), form="json", now=NOW, after=after)

    source = {"source": named, "fingerprint": fingerprint, "refused": folder / "refused.ndjson"}
    return Importer(**source, **options).import_entries(entries)


def counts(run: Import) -> tuple[int, int, int, int]:
    return run.created, run.updated, run.unchanged, run.refused


def refusals(folder: Path) -> list[Json]:
    return [orjson.loads(line) for line in (folder / "refused.ndjson").read_bytes().splitlines()]


def published(**wanted: Any) -> Json:
    """What newsrooms read of the one claim."""
    version = ClaimVersion.objects.current("public").get(**wanted)
    return orjson.loads(bytes(PublicationBody.objects.get(publication=version.publication_id).json))


def test_a_new_record_is_published_as_it_came_and_nothing_of_it_is_polled(tmp_path: Path) -> None:
    run = take(tmp_path, claim_review(412))
    assert counts(run) == (1, 0, 0, 0)
    said = published()
    (review,) = said["reviews"]
    assert review["origin"] == "imported"
    assert review["organisation"]["name"] == "The Checkers"
    assert review["article"]["url"] == "https://checkers.example/2024/412"
    assert review["rating"] == {
        "label": "Mostly false", "value": 1, "worst": 1, "best": 5, "verdict": None, "scale": None,
    }  # fmt: skip
    assert review["published_at"] == "2024-03-05T00:00:00.000000Z"
    assert said["statements"][0]["speaker"]["name"] == "A. Minister"
    assert said["statements"][0]["document"]["url"] == "https://paper.example/412"
    assert said["verification"]["status"] == "checked"
    assert (said["event"], said["version"]) == ("published", 1)
    statement = Statement.objects.select_related("document").get()
    assert statement.document.text[statement.start : statement.end] == statement.text
    version = ReviewVersion.objects.get()
    assert (version.author, version.approver, version.state) == (None, None, "published")
    assert not Polling.objects.exists()


def test_numbers_that_are_not_whole_stay_as_they_came(tmp_path: Path) -> None:
    rating = {"ratingValue": "2,5", "worstRating": 0, "bestRating": "5", "alternateName": "So so"}
    take(tmp_path, claim_review(reviewRating=rating))
    said = published()["reviews"][0]["rating"]
    assert (said["value"], said["worst"], said["best"]) == (2.5, 0, 5)


def test_importing_again_changes_nothing(tmp_path: Path) -> None:
    things = [claim_review(n) for n in range(1, 8)] + [claim_review(9, url=None)]
    assert counts(take(tmp_path, *things, batch=3)) == (7, 0, 0, 1)
    rows = Publication.objects.count()
    assert counts(take(tmp_path, *things, batch=3)) == (0, 0, 7, 1)
    assert Publication.objects.count() == rows == 7
    assert [line["record"] for line in refusals(tmp_path)] == [8]


def test_a_changed_rating_is_a_new_version_and_says_what_it_was(tmp_path: Path) -> None:
    take(tmp_path, claim_review())
    run = take(tmp_path, claim_review(reviewRating=rated("True"), description="We looked again."))
    assert counts(run) == (0, 1, 0, 0)
    said = published()
    (review,) = said["reviews"]
    assert (said["event"], said["version"], review["version"], review["kind"]) == ("updated", 2, 2, "update")
    assert review["rating"]["label"] == "True"
    assert review["public_note"] == "Its publisher changed the rating from “Mostly false” to “True” and the text."
    assert [entry["rating"] for entry in review["history"]] == ["Mostly false", "True"]
    assert counts(take(tmp_path, claim_review(reviewRating=rated("True"), description="We looked again."))) == (
        0,
        0,
        1,
        0,
    )


def test_a_dated_change_is_an_update_and_a_declared_correction_is_corrected(tmp_path: Path) -> None:
    take(tmp_path, claim_review())
    run = take(tmp_path, claim_review(dateModified="2024-05-01", description="We looked again."))
    assert counts(run) == (0, 1, 0, 0)
    assert published()["event"] == "updated"
    assert published()["reviews"][0]["published_at"] == "2024-05-01T00:00:00.000000Z"
    note = {
        "@type": "CorrectionComment",
        "name": "Correction of the rating",
        "text": "It was wrong.",
        "datePublished": "2024-06-01",
    }
    take(tmp_path, claim_review(dateModified="2024-06-01", correction=note, reviewRating=rated("True")))
    said = published()
    assert said["event"] == "corrected"
    assert said["reviews"][0]["correction_kind"] == "rating"
    assert said["reviews"][0]["public_note"] == "It was wrong."
    assert said["reviews"][0]["first_published_at"] == "2024-03-05T00:00:00.000000Z"


def test_a_withdrawn_review_is_withdrawn_here(tmp_path: Path) -> None:
    take(tmp_path, claim_review())
    take(tmp_path, claim_review(creativeWorkStatus="Withdrawn", dateModified="2024-06-01"))
    said = published()
    assert (said["event"], said["verification"]["status"]) == ("withdrawn", "withdrawn")
    assert said["reviews"][0]["withdrawn_at"] == "2024-06-01T00:00:00.000000Z"


def test_a_date_or_headline_that_nobody_gave_stays_absent(tmp_path: Path) -> None:
    """Also after a later version, whose body is made from rows that do not say so."""
    bare = {"datePublished": None, "headline": None, "itemReviewed": None}
    take(tmp_path, claim_review(**bare))
    for label in ("Mostly false", "True"):
        (review,) = published()["reviews"]
        assert (review["rating"]["label"], review["undated"], review["article"]["title"]) == (label, True, None)
        assert review["display"].startswith(f"The Checkers rated this claim {label}.")
        assert review["attribution"] == "The Checkers, https://checkers.example/2024/1"
        made = claimreview.claim_review(published(), review, base="https://desk.example")
        assert not {"headline", "datePublished"} & set(made)
        told = google_factcheck.claim(published(), base="https://desk.example")
        assert told is not None
        assert not {"title", "reviewDate"} & set(told["claimReview"][0])
        take(tmp_path, claim_review(**bare, reviewRating=rated("True"), dateModified="2024-06-01"))
    assert review["history"][0]["undated"]
    assert "undated" not in review["history"][1]
    assert made["dateModified"] == "2024-06-01T00:00:00.000000Z"


def test_a_correction_without_a_date_has_that_of_the_records_latest_change(tmp_path: Path) -> None:
    take(tmp_path, claim_review(correction={"text": "A name was wrong."}, dateModified="2024-06-01"))
    (review,) = published()["reviews"]
    assert "Corrected 1 June 2024" in review["display"] or "Corrected on 1 June 2024" in review["display"]
    assert [each.get("undated") for each in review["history"]] == [None, None]
    assert published()["verification"]["since"] == "2024-06-01T00:00:00.000000Z"
    made = claimreview.claim_review(published(), review, base="https://desk.example")
    assert made["dateModified"] == "2024-06-01T00:00:00.000000Z"


def test_one_date_dates_one_change(tmp_path: Path) -> None:
    take(
        tmp_path,
        claim_review(1, correction=["One.", "Two."], dateModified="2024-06-01"),
        claim_review(
            2, correction=[{"text": "One."}, {"text": "Two.", "datePublished": "2024-06-01"}], dateModified="2024-06-01"
        ),
        claim_review(3, correction="One.", creativeWorkStatus="Withdrawn", dateModified="2024-06-01"),
    )
    for number in (1, 2, 3):
        (review,) = published(claim__text=f"{number} bridges need repair.")["reviews"]
        assert [each.get("undated") for each in review["history"]] == [None, True, None], number


def test_a_correction_and_a_withdrawal_without_a_date_get_none(tmp_path: Path) -> None:
    take(tmp_path, claim_review(correction="A name was wrong."), claim_review(2, creativeWorkStatus="Withdrawn"))
    corrected, withdrawn = (published(claim__text=f"{number} bridges need repair.")["reviews"][0] for number in (1, 2))
    assert corrected["display"].endswith("(published 5 March 2024). Corrected.")
    assert withdrawn["display"] == "The Checkers withdrew its review of this claim."


def test_an_older_copy_changes_nothing_and_one_without_a_date_waits_for_an_editor(tmp_path: Path) -> None:
    take(tmp_path, claim_review(dateModified="2024-06-01"))
    assert counts(take(tmp_path, claim_review(dateModified="2024-05-01", reviewRating=rated("Old")))) == (0, 0, 1, 0)
    run = take(tmp_path, claim_review(reviewRating=rated("Undated")))
    assert (counts(run), run.contradictory) == ((0, 0, 0, 0), 1)
    conflict = ImportConflict.objects.get()
    assert (conflict.doubt, conflict.state, conflict.source) == ("undated", "waiting", "test")
    assert published()["reviews"][0]["rating"]["label"] == "Mostly false"


@pytest.mark.parametrize("batch", [1, 100])
def test_records_that_contradict_each_other_settle_in_one_run(tmp_path: Path, batch: int) -> None:
    """Whichever order, and however often: a source that says two things does not flip the review back and forth."""
    mirrored = claim_review(url="http://m.checkers.example/2024/1/?utm_source=x")
    things = [claim_review(), mirrored, claim_review(reviewRating=rated("True"))]
    run = take(tmp_path, *things, batch=batch)
    assert (counts(run), run.contradictory) == ((1, 0, 1, 0), 1)
    for _ in range(2):
        run = take(tmp_path, *things, batch=batch)
        assert (counts(run), run.contradictory) == ((0, 0, 2, 0), 1)
    assert ImportConflict.objects.get().doubt == "same_source"
    dated = [
        claim_review(dateModified="2024-04-01"),
        claim_review(dateModified="2024-05-01", reviewRating=rated("True")),
    ]
    assert counts(take(tmp_path, *dated, batch=batch)) == (0, 1, 1, 0)
    assert counts(take(tmp_path, *dated, batch=batch)) == (0, 0, 2, 0)
    assert published()["reviews"][0]["rating"]["label"] == "True"


def test_several_reviews_of_one_article_share_it(tmp_path: Path) -> None:
    take(tmp_path, claim_review(1), claim_review(2, url="https://checkers.example/2024/1"))
    assert Article.objects.count() == 1
    assert Claim.objects.count() == 2


def test_a_rating_counts_only_where_an_editor_has_said_as_what(tmp_path: Path) -> None:
    take(tmp_path, claim_review())
    assert published()["reviews"][0]["rating"]["verdict"] is None
    scale = RatingScale.objects.create(organisation=Organisation.objects.get(name="The Checkers"), name="Theirs")
    Rating.objects.create(scale=scale, label="Mostly  False", value=2, verdict="false")
    elsewhere = RatingScale.objects.create(organisation=factories.organisation("Others"), name="Others")
    Rating.objects.create(scale=elsewhere, label="Odd", value=1, verdict="true")
    assert counts(take(tmp_path, claim_review(), claim_review(2, reviewRating=rated("Odd")))) == (1, 1, 0, 0)
    said = published(claim__text="1 bridges need repair.")
    assert said["event"] == "clarified"
    assert (said["reviews"][0]["rating"]["label"], said["reviews"][0]["rating"]["verdict"]) == ("Mostly false", "false")
    assert published(claim__text="2 bridges need repair.")["reviews"][0]["rating"]["verdict"] is None
    assert counts(take(tmp_path, claim_review())) == (0, 0, 1, 0)


def test_a_rating_is_found_in_whatever_typography(tmp_path: Path) -> None:
    theirs = RatingScale.objects.create(organisation=Organisation.objects.create(name="The Checkers"), name="Theirs")
    for value, label in enumerate(("Yanlış", "Verdadero, pero…", "C’est faux"), start=1):
        Rating.objects.create(scale=theirs, label=label, value=value, verdict="false")
    given = ("YANLIŞ", "verdadero, pero...", "C'est faux.", "C'est faux ?")
    take(tmp_path, *(claim_review(number, reviewRating=rated(label)) for number, label in enumerate(given, start=1)))
    verdicts = [
        published(claim__text=f"{n} bridges need repair.")["reviews"][0]["rating"]["verdict"] for n in range(1, 5)
    ]
    assert verdicts == ["false", "false", "false", None]


def test_our_own_reviews_are_not_imported(tmp_path: Path) -> None:
    ours = factories.organisation()
    Article.objects.create(organisation=ours, url="https://desk.example/1", title="Ours")
    run = take(
        tmp_path,
        claim_review(author={"name": ours.name}),
        claim_review(2, url="https://desk.example/1"),
        claim_review(3),
    )
    assert counts(run) == (1, 0, 0, 2)
    assert "of this desk" in refusals(tmp_path)[0]["reason"]


@pytest.mark.parametrize("name", ["OUR DESK", "our  desk.", "Our\u200b desk", "Ｏur desk", "Our\u00addesk", "Our-Desk"])
def test_a_publisher_named_as_our_desk_is_not_imported(tmp_path: Path, name: str) -> None:
    factories.organisation("Our desk")
    assert counts(take(tmp_path, claim_review(author={"name": name}))) == (0, 0, 0, 1)
    assert "of this desk" in refusals(tmp_path)[0]["reason"]


def test_speakers_are_found_by_name_alias_or_wikidata_and_namesakes_are_left_open(tmp_path: Path) -> None:
    known = Speaker.objects.create(name="Ada Minister", aliases=["A. Minister"], wikidata_id="Q7")
    for _ in range(2):
        Speaker.objects.create(name="J. Smith")

    def said_by(number: int, **author: str) -> Json:
        return claim_review(number, itemReviewed={"@type": "Claim", "author": {"@type": "Person", **author}})

    take(
        tmp_path,
        said_by(1, name="A. Minister"),
        said_by(2, name="Adah M.", sameAs="https://www.wikidata.org/wiki/Q7"),
        said_by(3, name="J. Smith"),
        said_by(4, name="New One", sameAs="https://www.wikidata.org/entity/Q8"),
        said_by(5, name="New One"),
    )
    speakers = [Statement.objects.get(claims__text=f"{n} bridges need repair.").speaker for n in range(1, 6)]
    assert speakers[:3] == [known, known, None]
    assert speakers[3] == Speaker.objects.get(wikidata_id="Q8")
    assert speakers[4] == Speaker.objects.get(name="New One", wikidata_id=""), "nobody gave this one an id"
    assert Statement.objects.get(claims__text="3 bridges need repair.").speaker_as_written == "J. Smith"


def test_the_same_words_of_two_speakers_are_two_statements(tmp_path: Path) -> None:
    things = [
        claim_review(1, url=f"https://x.example/{who}", itemReviewed={"@type": "Claim", "author": {"name": who}})
        for who in ("A", "B", "B")
    ]
    take(tmp_path, *things)
    assert sorted(Statement.objects.values_list("speaker__name", flat=True)) == ["A", "B"]


def test_the_desk_refuses_to_edit_what_was_imported(tmp_path: Path) -> None:
    take(tmp_path, claim_review())
    review, editor = Review.objects.get(), factories.editor()
    version = review.latest_published()
    assert version is not None
    for verb in (
        lambda: workflow.start_version(review, kind="correction", actor=editor),
        lambda: workflow.submit(version, actor=editor),
        lambda: workflow.send_back(version, actor=editor),
        lambda: workflow.approve(version, actor=editor, shown=""),
        lambda: workflow.discard(version, actor=editor),
        lambda: publish.publish(version, actor=editor),
    ):
        with pytest.raises(Refused, match="read-only"):
            verb()


def test_the_desk_shows_an_imported_version(tmp_path: Path, client: Any) -> None:
    take(tmp_path, claim_review())
    client.force_login(User.objects.create_superuser("root", password="x"))
    version = ReviewVersion.objects.get()
    for address in (
        f"reviewversion/{version.pk}/change/",
        f"review/{version.review_id}/change/",
        "reviewversion/",
        "review/",
    ):
        answer = client.get(reverse("admin:index") + f"claims/{address}")
        assert answer.status_code == 200
        assert "written by None" not in answer.content.decode()


def test_going_on_after_a_break_reads_nothing_twice(tmp_path: Path) -> None:
    things = [claim_review(n, url=None if n in {3, 9} else f"https://checkers.example/{n}") for n in range(1, 13)]

    class Broken(Exception):
        pass

    def breaking(after: int) -> Iterator[Any]:
        for number, entry in enumerate(reading.entries(iter([orjson.dumps(things)]), form="json", now=NOW)):
            if number == 7:
                raise Broken
            yield entry

    importer = Importer(source="test", fingerprint="f", refused=tmp_path / "refused.ndjson", batch=2)
    with pytest.raises(Broken):
        importer.import_entries(breaking)
    assert importer.run.position == 6
    with (tmp_path / "refused.ndjson").open("ab") as file:
        file.write(b'{"record": 9, "reason": "written, but its batch')  # as a crash in the next batch leaves it
    said: list[str] = []
    run = take(tmp_path, *things, fingerprint="f", batch=2, report=said.append)
    assert run.pk == importer.run.pk
    assert counts(run) == (10, 0, 0, 2)
    assert [line["record"] for line in refusals(tmp_path)] == [3, 9]
    assert "Resuming after record 6" in said[0]
    assert Claim.objects.count() == 10


def test_what_came_before_a_break_still_counts_after_it(tmp_path: Path) -> None:
    """A record that contradicts one which an earlier run took waits for an editor, as in one go."""
    things = [claim_review(1), claim_review(2), claim_review(3), claim_review(1, reviewRating=rated("True"))]
    take(tmp_path, claim_review(1), fingerprint="other")

    class Broken(Exception):
        pass

    def breaking(after: int) -> Iterator[Any]:
        yield from list(reading.entries(iter([orjson.dumps(things)]), form="json", now=NOW))[:2]
        raise Broken

    importer = Importer(source="test", fingerprint="f", refused=tmp_path / "refused.ndjson", batch=2)
    with pytest.raises(Broken):
        importer.import_entries(breaking)
    assert counts(importer.run) == (1, 0, 1, 0)
    run = take(tmp_path, *things, fingerprint="f", batch=2)
    assert (counts(run), run.contradictory) == ((2, 0, 1, 0), 1)


def test_another_import_at_the_same_time_is_refused(tmp_path: Path) -> None:
    with another_session_holding(Lock.IMPORT), pytest.raises(Refused, match="Another import is running"):
        take(tmp_path, claim_review())
    assert not Import.objects.exists()


def test_a_dump_that_is_written_refuses_no_import(tmp_path: Path) -> None:
    with another_session_holding(Lock.DUMP):
        assert counts(take(tmp_path, claim_review())) == (1, 0, 0, 0)


@contextmanager
def another_session_holding(lock: Lock) -> Iterator[None]:
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [int(lock)])
        yield
    other.close()


# export → import → export


def exported() -> list[Json]:
    """Every ClaimReview of what the public may read, by address."""
    rows = ClaimVersion.objects.current("public").select_related("publication__body")
    made = []
    for row in rows:
        body = orjson.loads(bytes(row.publication.body.json))
        made += [claimreview.claim_review(body, review, base="https://desk.example") for review in body["reviews"]]
    return sorted(made, key=lambda review: review["url"])


def test_what_we_publish_comes_back_and_goes_out_again_unchanged(tmp_path: Path) -> None:
    with transaction.atomic():
        ours = factories.organisation()
        ours.site = "https://desk.example"
        ours.licence = "https://creativecommons.org/licenses/by/4.0/"
        ours.save()
        claim = factories.claim("412 bridges “need” repair <now> & then.\nAll of them.", language="en-GB")
        claim.period_start, claim.place = date(2026, 1, 1), "Weirside"
        claim.save()
        factories.linked(claim)
        first = factories.published_review(claim)
        first.article = Article.objects.create(
            organisation=ours, url="https://desk.example/bridges?id=7#top", title="Do 412 bridges need repair?"
        )
        first.save()
        for kind, sort in (("update", ""), ("correction", "rating"), ("clarification", "")):
            version = workflow.start_version(
                first, kind=kind, actor=factories.editor(), correction_kind=sort, public_note=f"A {kind}.\nTwo lines."
            )
            factories.approved(version)
            publish.publish(version, actor=factories.editor())
        withdrawn = factories.published_review(factories.claim("Other."))
        version = workflow.start_version(
            withdrawn, kind="withdrawal", actor=factories.editor(), public_note="Never said."
        )
        publish.publish(factories.approved(version), actor=factories.editor())
        went_out = exported()
        assert len(went_out) == 2
        transaction.set_rollback(True)
    assert not Claim.objects.exists()
    run = take(tmp_path, {"@type": "DataFeed", "dataFeedElement": [{"item": [each]} for each in went_out]})
    assert counts(run) == (2, 0, 0, 0)
    assert differences(exported(), went_out) == []


TOLD = [
    bodies.review(),
    bodies.review(article=None),
    bodies.review(rating={"label": "Half", "value": 0, "worst": -1, "best": 1, "verdict": "mixed"}),
    bodies.review(rating={"label": "As it came.", "value": None, "worst": None, "best": None, "verdict": None}),
    bodies.review(summary="", body="", true_as_of=None, licence=None),
    bodies.review(
        published_at="2026-03-03T10:00:00.000000Z",
        history=[
            bodies.version(),
            bodies.version(2, "correction", correction_kind="typo", public_note="A name."),
            bodies.version(3, "update", public_note="New figures."),
        ],
    ),
]
OF = [
    bodies.claim(),
    bodies.claim(statements=[], period=None, place=None),
    bodies.claim(period={"start": None, "end": "2026-02-01"}),
    bodies.claim(
        statements=[
            bodies.statement(),
            bodies.statement(
                quoted=False,
                speaker=bodies.speaker(kind="organisation", name="Bridge Union", wikidata_id=None, role="A union"),
                document=bodies.document(kind="speech", url=None, title=None, publisher=None, published_on=None),
            ),
            bodies.statement(speaker=None, document=bodies.document(kind="post", published_on="2026-02-01")),
        ]
    ),
]  # fmt: skip


@pytest.mark.parametrize("claim", OF)
@pytest.mark.parametrize("review", TOLD)
def test_every_shape_of_a_claim_review_goes_out_as_it_came(tmp_path: Path, claim: Json, review: Json) -> None:
    given = claimreview.claim_review(claim, review, base="https://other.example")
    assert counts(take(tmp_path, given)) == (1, 0, 0, 0)
    assert differences(exported(), [given]) == []
    by_api = {**claim, "merged_into": None, "reviews": [review]}
    pieces = iter([orjson.dumps([by_api])])
    (record,) = reading.entries(pieces, form="json", now=NOW, url="https://other.example/api/v1/feed/")
    assert record == next(reading.entries(iter([orjson.dumps(given)]), form="json", now=NOW))
