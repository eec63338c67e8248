"""A record is known again by its page, words, period and place; what it says, not when, decides what becomes of it.

In each case the first record is imported, then the others, each by an import of its own.
"""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.imports import conflicts
from claims.imports.formats.records import as_json, from_json
from claims.json_object import Json
from claims.models import Article, Claim, ImportConflict, ImportedRecord, Publication, Speaker
from claims.permissions import Refused
from claims.publication.amended import amended
from claims.roles import GROUPS, Role
from tests import factories
from tests.claims.imports.test_import_reviews import read
from tests.claims.imports.test_importer import published, take
from tests.claims.sample_claimreviews import claim_review, rated

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
UNCHANGED, UPDATED, NEW, TO_AN_EDITOR = "unchanged", "updated", "new", "to an editor"
DATED = {"dateModified": "2024-05-01"}


def outcome(folder: Path, thing: Json, *, named: str = "test") -> str:
    run = take(folder, thing, named=named)
    told = {NEW: run.created, UPDATED: run.updated, UNCHANGED: run.unchanged, TO_AN_EDITOR: run.contradictory}
    (name,) = [name for name, count in told.items() if count] or ["refused"]
    return name


def said_by(name: str, **others: Any) -> Json:
    return {"@type": "Claim", "author": {"@type": "Person", "name": name}, **others}


def with_item(**changes: Any) -> Json:
    return {"itemReviewed": claim_review()["itemReviewed"] | changes}


SERIES: list[tuple[list[Json], list[str]]] = [
    # the same again, whatever its dates
    ([{}, {}], [NEW, UNCHANGED]),
    ([{}, DATED, {}], [NEW, UNCHANGED, UNCHANGED]),
    ([DATED, {"dateModified": "2025-01-01"}], [NEW, UNCHANGED]),
    ([{}, {"datePublished": "2024-04-04"}], [NEW, UNCHANGED]),
    ([{}, {"datePublished": None}], [NEW, UNCHANGED]),
    ([{}, with_item(datePublished="2023-12-01")], [NEW, UNCHANGED]),
    # another address of the page, other spellings of the words, of the language, of the place
    ([{}, {"url": "http://m.checkers.example/2024/1/?utm_source=x&fbclid=y#top"}], [NEW, UNCHANGED]),
    ([{}, {"url": "https://checkers-example.cdn.ampproject.org/c/s/checkers.example/2024/1"}], [NEW, UNCHANGED]),
    ([{}, {"claimReviewed": " “1  Bridges NEED repair.” "}], [NEW, UNCHANGED]),
    ([{}, {"inLanguage": "English"}], [NEW, UNCHANGED]),
    ([{}, {"inLanguage": None}], [NEW, UNCHANGED]),
    ([with_item(spatialCoverage="Weirside"), with_item(spatialCoverage={"name": "weirside "})], [NEW, UNCHANGED]),
    ([{}, with_item(appearance={"@type": "Article", "url": "http://www.paper.example/1/"})], [NEW, UNCHANGED]),
    # what a record leaves out it does not take back
    ([{}, {"headline": None}], [NEW, UNCHANGED]),
    ([{"description": "So it is."}, {}], [NEW, UNCHANGED]),
    ([{}, {"itemReviewed": said_by("A. Minister")}], [NEW, UNCHANGED]),
    ([{}, {"itemReviewed": None}], [NEW, UNCHANGED]),
    ([{}, {"reviewRating": rated("Mostly false")}], [NEW, UNCHANGED]),
    ([{"description": "So it is."}, DATED], [NEW, UNCHANGED]),
    ([DATED | {"description": "So it is."}, {"dateModified": "2024-06-01"}], [NEW, UPDATED]),
    # and what it adds is no contradiction
    ([DATED, {"description": "So it is."}], [NEW, UPDATED]),
    ([{"headline": None}, {}], [NEW, UPDATED]),
    ([{"itemReviewed": said_by("A. Minister")}, {}], [NEW, UPDATED]),
    ([{"inLanguage": None}, {}], [NEW, UPDATED]),
    # another claim
    ([{}, {"claimReviewed": "2 bridges need repair."}], [NEW, NEW]),
    ([{}, with_item(temporalCoverage="2023")], [NEW, NEW]),
    ([with_item(temporalCoverage="2022"), with_item(temporalCoverage="2023")], [NEW, NEW]),
    ([with_item(temporalCoverage="2023"), with_item(temporalCoverage="2023-01-01/2023-12-31")], [NEW, UNCHANGED]),
    ([with_item(spatialCoverage="Weirside"), with_item(spatialCoverage="Ford")], [NEW, NEW]),
    ([{}, {"url": "https://checkers.example/2024/1?page=2"}], [NEW, NEW]),
    # the publisher's later word
    ([{}, {"reviewRating": rated("True")}], [NEW, UPDATED]),
    ([{}, DATED | {"reviewRating": rated("True")}], [NEW, UPDATED]),
    ([{}, DATED, {"dateModified": "2024-06-01", "reviewRating": rated("True")}], [NEW, UNCHANGED, UPDATED]),
    ([DATED, {"reviewRating": rated("True"), "correction": "It was wrong."}], [NEW, UPDATED]),
    ([{}, {"itemReviewed": said_by("B. Mayor")}], [NEW, UPDATED]),
    ([{}, {"inLanguage": "cy"}], [NEW, UPDATED]),
    ([{}, {"creativeWorkStatus": "Withdrawn"}], [NEW, UPDATED]),
    ([{"creativeWorkStatus": "Withdrawn"}, DATED], [NEW, UPDATED]),
    # an earlier word
    ([DATED, {"dateModified": "2024-04-01", "reviewRating": rated("True")}], [NEW, UNCHANGED]),
    # nobody knows which is the later one
    ([{}, DATED, {"reviewRating": rated("True")}], [NEW, UNCHANGED, TO_AN_EDITOR]),
    ([DATED, {"reviewRating": rated("True")}], [NEW, TO_AN_EDITOR]),
    ([DATED, DATED | {"reviewRating": rated("True")}], [NEW, TO_AN_EDITOR]),
    ([DATED, {"itemReviewed": said_by("B. Mayor")}], [NEW, TO_AN_EDITOR]),
    ([DATED, {"description": "No."}, {"description": "Yes."}], [NEW, UPDATED, TO_AN_EDITOR]),
    ([{"creativeWorkStatus": "Withdrawn"}, {}], [NEW, TO_AN_EDITOR]),
]  # fmt: skip


@pytest.mark.parametrize(("series", "expected"), SERIES)
def test_what_a_record_says_decides_what_becomes_of_it(tmp_path: Path, series: list[Json], expected: list[str]) -> None:
    things = [claim_review(**changes) for changes in series]
    assert [outcome(tmp_path, thing) for thing in things] == expected
    if expected[-1] in {NEW, UPDATED}:
        return
    log = Publication.objects.count()
    assert [outcome(tmp_path, things[-1]) for _ in range(2)] == [expected[-1]] * 2
    assert Publication.objects.count() == log


def test_the_record_keeps_its_own_address_and_words(tmp_path: Path) -> None:
    address = "http://www.checkers.example/2024/1/#top"
    take(tmp_path, claim_review(url=address, claimReviewed="“1  bridges need  repair.”"))
    take(tmp_path, claim_review())
    said = published()
    assert said["reviews"][0]["article"]["url"] == address
    assert said["text"] == "“1  bridges need  repair.”"
    assert ImportedRecord.objects.count() == Article.objects.count() == 1


def test_a_corrected_claimant_is_named_in_the_place_of_the_first(tmp_path: Path) -> None:
    take(tmp_path, claim_review())
    corrected = claim_review(
        dateModified="2024-07-01",
        correction="An earlier version named the wrong speaker.",
        **with_item(author={"@type": "Person", "name": "B. Mayor"}),
    )
    assert outcome(tmp_path, corrected) == UPDATED
    said = published()
    (statement,) = said["statements"]
    assert statement["speaker"]["name"] == "B. Mayor"
    assert statement["review"] == said["reviews"][0]["id"]
    assert said["event"] == "corrected"
    claim = Claim.objects.get()
    assert [link.statement.public_id for link in claim.appearances.all()] == [statement["id"]]
    assert [each.differences for each in amended(Claim.objects.all())] == [[]], "nothing waits to be published"
    assert outcome(tmp_path, corrected) == UNCHANGED
    assert Speaker.objects.count() == 2


def test_a_statement_that_the_desk_linked_stays_when_the_claimant_is_corrected(tmp_path: Path) -> None:
    take(tmp_path, claim_review())
    factories.linked(Claim.objects.get())
    take(tmp_path, claim_review(dateModified="2024-07-01", itemReviewed=said_by("B. Mayor")))
    claim = Claim.objects.get()
    assert {link.statement.speaker_as_written for link in claim.appearances.all()} >= {"B. Mayor"}
    assert claim.appearances.count() == 2


def test_the_note_says_what_changed(tmp_path: Path) -> None:
    take(tmp_path, claim_review(headline=None))
    take(tmp_path, claim_review())
    assert published()["reviews"][0]["public_note"] == "Its publisher now states the headline."
    take(tmp_path, claim_review(inLanguage="cy", itemReviewed=said_by("B. Mayor"), reviewRating=rated("True")))
    assert published()["reviews"][0]["public_note"] == (
        "Its publisher changed the rating from “Mostly false” to “True”, the language of the claim and by whom and "
        "where the claim was made."
    )
    assert published()["language"] == Claim.objects.get().language == "cy"


def test_a_change_without_a_date_gets_none(tmp_path: Path) -> None:
    take(tmp_path, claim_review())
    take(tmp_path, claim_review(reviewRating=rated("True")))
    (review,) = published()["reviews"]
    assert [entry.get("undated", False) for entry in review["history"]] == [False, True]
    assert review["display"].endswith("(published 5 March 2024). Updated.")
    assert "undated" not in review


# an editor decides


def reporter() -> User:
    user = User.objects.create_user("reporter", is_staff=True)
    user.groups.add(Group.objects.get(name=GROUPS[Role.REPORTER]))
    return user


def contradiction(folder: Path) -> ImportConflict:
    take(folder, claim_review(**DATED))
    assert outcome(folder, claim_review(reviewRating=rated("True"))) == TO_AN_EDITOR
    return ImportConflict.objects.get()


def test_an_editor_takes_what_came(tmp_path: Path) -> None:
    conflict = contradiction(tmp_path)
    assert conflicts.waiting() == 1
    editor = factories.editor()
    with CaptureQueriesContext(connection) as queries:
        conflicts.accept(conflict, actor=editor)
    locks = [each["sql"] for each in queries if "FOR UPDATE" in each["sql"]]
    assert 'FROM "claims_claim"' in locks[0], "as imports do, which else wait for it while it waits for them"
    said = published()
    assert (said["event"], said["reviews"][0]["rating"]["label"]) == ("updated", "True")
    assert said["reviews"][0]["history"][-1]["undated"]
    conflict.refresh_from_db()
    assert (conflict.state, conflict.decided_by, conflicts.waiting()) == ("accepted", editor, 0)
    with pytest.raises(Refused, match="already"):
        conflicts.keep(conflict, actor=editor)
    assert outcome(tmp_path, claim_review(reviewRating=rated("True"))) == UNCHANGED
    assert outcome(tmp_path, claim_review(**DATED)) == UNCHANGED, "the editor has decided between the two"


def test_an_editor_keeps_what_is_here_until_it_changes(tmp_path: Path) -> None:
    conflict = contradiction(tmp_path)
    log = Publication.objects.count()
    editor = factories.editor()
    decided_at = conflicts.keep(conflict, actor=editor).decided_at
    assert Publication.objects.count() == log
    assert outcome(tmp_path, claim_review(reviewRating=rated("True"))) == UNCHANGED
    assert outcome(tmp_path, claim_review(reviewRating=rated("Half"))) == TO_AN_EDITOR
    assert outcome(tmp_path, claim_review(reviewRating=rated("Odd"), dateModified="2024-06-01")) == UPDATED
    assert outcome(tmp_path, claim_review(reviewRating=rated("True"))) == TO_AN_EDITOR
    conflict.refresh_from_db()
    assert (conflict.state, conflict.decided_by, conflict.decided_at) == ("kept", editor, decided_at)
    again = ImportConflict.objects.get(digest=conflict.digest, state="waiting")
    assert again.pk != conflict.pk, "a new question is a new row"


UNDATED_PAIRS = [{}, {"datePublished": None}]


@pytest.mark.parametrize("dates", UNDATED_PAIRS)
def test_files_that_bear_no_later_date_do_not_flip_a_review(tmp_path: Path, dates: Json) -> None:
    false, true = (claim_review(**dates, reviewRating=rated(label)) for label in ("False", "True"))
    assert outcome(tmp_path, false, named="a") == NEW
    log = Publication.objects.count()
    for _ in range(2):
        assert outcome(tmp_path, true, named="b") == TO_AN_EDITOR
        assert outcome(tmp_path, false, named="a") == UNCHANGED
    assert Publication.objects.count() == log
    assert ImportConflict.objects.get().doubt == "other_source"


@pytest.mark.parametrize("dates", UNDATED_PAIRS)
def test_what_a_source_said_before_does_not_come_back_by_itself(tmp_path: Path, dates: Json) -> None:
    """In whatever record: with another headline or a date where there was none, and after a third word."""
    false, true, half = (claim_review(**dates, reviewRating=rated(label)) for label in ("False", "True", "Half"))
    assert [outcome(tmp_path, each) for each in (false, true, false)] == [NEW, UPDATED, TO_AN_EDITOR]
    assert ImportConflict.objects.get().doubt == "here_before"
    assert outcome(tmp_path, false | {"headline": "Another headline"}) == TO_AN_EDITOR
    assert outcome(tmp_path, false | {"dateModified": "2024-03-05"}) == TO_AN_EDITOR
    assert [outcome(tmp_path, each) for each in (half, true, false)] == [UPDATED, TO_AN_EDITOR, TO_AN_EDITOR]
    assert published()["reviews"][0]["rating"]["label"] == "Half"
    assert outcome(tmp_path, half | {"dateModified": "2024-05-01"}) == UNCHANGED
    assert outcome(tmp_path, false | {"dateModified": "2024-06-01"}) == UPDATED


def test_a_headline_or_a_speaker_that_was_here_before_does_not_come_back_by_itself(tmp_path: Path) -> None:
    for number, change in enumerate(({"headline": "Another headline"}, {"itemReviewed": said_by("B. Mayor")}), start=1):
        first = claim_review(number)
        assert [outcome(tmp_path, each) for each in (first, first | change, first)] == [NEW, UPDATED, TO_AN_EDITOR]


def test_one_batch_knows_what_was_here_before(tmp_path: Path) -> None:
    """Of the same source, where each is dated later but the last."""
    words = [(None, "False"), ("2024-05-01", "True"), ("2024-06-01", "Half"), (None, "True")]
    run = take(tmp_path, *(claim_review(dateModified=on, reviewRating=rated(label)) for on, label in words))
    assert (run.created, run.updated, run.contradictory) == (1, 2, 1)
    assert len(ImportedRecord.objects.get().earlier_digests or ()) == 2


@pytest.mark.parametrize("dates", UNDATED_PAIRS)
@pytest.mark.parametrize("verb", [conflicts.accept, conflicts.keep])
def test_a_decision_holds_for_both_records_from_whichever_file(tmp_path: Path, dates: Json, verb: Any) -> None:
    here, came, third = (claim_review(**dates, reviewRating=rated(label)) for label in ("True", "False", "Half"))
    assert [outcome(tmp_path, each, named=name) for each, name in ((here, "a"), (came, "b"))] == [NEW, TO_AN_EDITOR]
    conflict, editor = ImportConflict.objects.get(), factories.editor()
    conflict = verb(conflict, actor=editor)
    said = published()["reviews"][0]["rating"]["label"]
    for name in ("a", "b", "c"):
        assert [outcome(tmp_path, each, named=name) for each in (here, came)] == [UNCHANGED, UNCHANGED]
    assert published()["reviews"][0]["rating"]["label"] == said
    decided = (conflict.state, conflict.decided_by, conflict.decided_at)
    conflict.refresh_from_db()
    assert (conflict.state, conflict.decided_by, conflict.decided_at) == decided
    lost = here if verb is conflicts.accept else came
    assert outcome(tmp_path, third, named="c") == TO_AN_EDITOR
    assert outcome(tmp_path, lost | {"dateModified": "2024-05-01"}, named="c") == TO_AN_EDITOR, (
        "no earlier date to pass"
    )
    assert outcome(tmp_path, third | {"dateModified": "2024-06-01"}, named="c") == UPDATED
    assert outcome(tmp_path, lost | {"dateModified": "2024-07-01"}, named="c") == UPDATED


def test_a_decision_is_final_in_the_database(tmp_path: Path) -> None:
    conflict = conflicts.keep(contradiction(tmp_path), actor=factories.editor())
    conflict.state, conflict.decided_at, conflict.decided_by = "waiting", None, None
    with pytest.raises(IntegrityError, match="final"), transaction.atomic():
        conflict.save()


def test_a_record_that_is_here_by_now_is_not_taken(tmp_path: Path) -> None:
    conflict = contradiction(tmp_path)
    take(tmp_path, claim_review(reviewRating=rated("True"), dateModified="2024-06-01"))
    with pytest.raises(Refused, match="says what came by now"):
        conflicts.accept(conflict, actor=factories.editor())


@pytest.mark.parametrize("verb", [conflicts.accept, conflicts.keep])
def test_a_reporter_does_not_decide(tmp_path: Path, verb: Any) -> None:
    conflict = contradiction(tmp_path)
    with pytest.raises(Refused, match="role of an editor"):
        verb(conflict, actor=reporter())
    conflict.refresh_from_db()
    assert conflict.state == "waiting"


def test_a_claimant_who_is_nobody_in_particular_makes_no_other_digest() -> None:
    """An export leaves the name out, and so has the same digest when it comes back."""
    crowd, nobody, somebody = read(
        [
            claim_review(itemReviewed=said_by(name, appearance={"url": "https://paper.example/1"}) if name else item)
            for name, item in (
                ("Facebook users", None),
                ("", {"@type": "Claim", "appearance": {"url": "https://paper.example/1"}}),
                ("A. Minister", None),
            )
        ]
    )
    assert crowd.digest == nobody.digest != somebody.digest


def test_a_record_comes_back_from_json_as_it_was() -> None:
    note = {"@type": "CorrectionComment", "name": "Clarification", "text": "A word.", "datePublished": "2024-06-01"}
    rich = claim_review(
        dateModified="2024-06-01T10:00:00Z",
        correction=note,
        temporalCoverage="2024-02-03",
        description="A <b>finding</b>.",
        **with_item(temporalCoverage="2023", spatialCoverage="Weirside"),
    )
    for record in read([rich, claim_review(itemReviewed=None, datePublished=None)]):
        assert from_json(as_json(record)) == record
        assert from_json(as_json(record)).digest == record.digest
