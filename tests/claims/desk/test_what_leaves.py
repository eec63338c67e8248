"""The page that is read before an approval: each word of people that leaves stands on it."""

import re
from datetime import date
from typing import Any

import pytest

from claims.desk.what_leaves import is_shown, label, what_leaves
from claims.models import Article, Claim, Evidence, Recheck, ReviewVersion, Speaker, Statement, Topic
from claims.publication import words
from claims.publication.description import FieldClass
from claims.publication.published_claim import paths_of
from claims.reviews import publish, rechecks, workflow
from claims.watch import sweep
from tests import factories


def path_in_words(path: str) -> str:
    """The path of a field of the published claim as `words.texts` writes it."""
    part = f"review.{path.removeprefix('reviews[].')}" if path.startswith("reviews[].") else f"claim.{path}"
    return re.sub(r"\[\]", "[id_1]", part)


def test_every_word_of_people_is_shown_and_no_other_field_is_taken_for_one() -> None:
    assert [path for path in paths_of(FieldClass.HUMAN) if not is_shown(path_in_words(path))] == []
    assert [path for path in paths_of(FieldClass.FIXED) if is_shown(path_in_words(path))] == []
    assert not is_shown("claim.statements[stm_1].figures[1].value"), "found by the program in the words beside it"
    assert is_shown("claim.a_field_that_nobody_has_described_yet")


@pytest.mark.django_db
def test_what_a_person_typed_anywhere_stands_on_the_page() -> None:
    claim = factories.claim(place="Weirside", period_start=date(1939, 9, 1), period_end=date(1945, 5, 8))
    claim.topics.add(Topic.objects.create(slug="all-liars", name="Internet"))
    factories.linked(claim)
    version = factories.draft(claim)
    version.review.article = Article.objects.create(
        organisation=version.review.organisation, url="https://desk.example/1", title="Do they?"
    )
    version.review.save()
    kinds: tuple[dict[str, Any], ...] = (
        {"kind": "file", "file_name": "a.pdf", "file_sha256": "deadbeef" * 8},
        {"kind": "dataset", "dataset": "Bridges", "release": "2026-02", "cell": "B2", "value": "412", "unit": "units"},
        {"kind": "interview", "who": "A clerk", "how": "by letter", "happened_at": "2026-01-01T00:00:00Z"},
        {"kind": "broadcast", "programme": "News", "timecode": "00:12:30"},
    )
    for each in kinds:
        Evidence.objects.create(version=version, stance="context", note=f"Note of a {each['kind']}.", **each)
    version = ReviewVersion.objects.get(pk=version.pk)
    page = what_leaves(version)
    shown = "\n".join(field.text for field in (*page.changed, *page.same))
    human = [text for path, text in words.texts(words.leaving(version).approved) if is_shown(path)]
    assert [text for text in human if text and text not in shown] == []
    for typed in ("1939-09-01", "1945-05-08", "all-liars", "deadbeef" * 8, "a.pdf", "B2", "A clerk", "00:12:30"):
        assert typed in shown, typed


@pytest.mark.django_db
def test_a_correction_shows_what_differs_from_what_is_published() -> None:
    review = factories.published_review()
    Claim.objects.filter(pk=review.claim_id).update(period_start="1939-09-01")
    version = workflow.start_version(review, kind="correction", actor=factories.editor(), public_note="It began then.")
    page = what_leaves(version)
    differing = {field.label for field in page.changed}
    assert {"First day it is about", "Public note"} <= differing
    assert "Summary" in {field.label for field in page.same}
    assert [told.audience for told in page.told] == ["Newsrooms", "Readers"]
    assert page.sha256 == words.leaving(version).sha256


@pytest.mark.django_db
def test_an_approval_by_the_page_is_of_what_it_showed() -> None:
    version = factories.draft()
    workflow.submit(version, actor=version.author)
    shown = what_leaves(version).sha256
    done = workflow.approve(version, actor=factories.editor(), shown=shown)
    assert publish.publish(done, actor=version.author).event == "published"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("claim.text", "Claim"),
        ("claim.topics[roads].name", "Topic"),
        ("claim.topics[roads].slug", "Topic: slug"),
        ("review.evidence[evd_1].quote.exact", "Evidence: quote"),
        ("review.evidence[evd_1].file.sha256", "Evidence: file, sha256"),
        ("review.evidence[evd_1].quote.prefix", "Evidence: words before the quote"),
        ("review.history[1].public_note", "Earlier version: public note"),
    ],
)
def test_fields_have_names_for_people(path: str, name: str) -> None:
    assert label(path) == name


@pytest.mark.django_db
def test_words_accepted_in_place_of_a_quote_are_shown_although_no_version_holds_them() -> None:
    review = factories.published_review()
    page = Evidence.objects.get(version__review=review).page
    assert page is not None
    reworded = "Of all bridges, 412 wait for repair, the ministry says."
    factories.change(page, factories.PAGE_TEXT.replace(factories.QUOTE, reworded))
    sweep.sweep()
    factories.change(page, factories.PAGE_TEXT.replace(factories.QUOTE, reworded), certainty="confirmed")
    sweep.sweep()
    recheck = Recheck.objects.get()
    evidence = Evidence.objects.get(version__review=review)
    rechecks.reconfirm(recheck, actor=factories.editor(), note="Reworded.", places={evidence.pk: reworded})
    version = workflow.start_version(review, kind="update", actor=factories.editor(), public_note="Still so.")
    told = what_leaves(version).told
    assert all(any(reworded in sentence for sentence in each.sentences) for each in told)


@pytest.mark.django_db
def test_evidence_that_stays_is_not_shown_as_new_and_a_turned_stance_is_marked() -> None:
    review = factories.published_review()
    version = workflow.start_version(review, kind="update", actor=factories.editor(), public_note="Still so.")
    page = what_leaves(version)
    assert [field.label for field in page.changed if field.label.startswith(("Evidence", "Earlier"))] == []
    version.evidence.update(stance="refutes")
    [turned] = [field for field in what_leaves(version).changed if field.label.startswith("Evidence")]
    assert {(piece.kind, piece.text) for piece in turned.pieces} == {("removed", "supports"), ("added", "refutes")}


@pytest.mark.django_db
def test_a_namesake_in_place_of_a_speaker_is_shown() -> None:
    claim = factories.claim()
    statement = factories.linked(claim)
    review = factories.published_review(claim)
    other = Speaker.objects.create(name=statement.speaker.name, kind="person")
    Statement.objects.filter(pk=statement.pk).update(speaker=other)
    version = workflow.start_version(review, kind="update", actor=factories.editor(), public_note="Still so.")
    assert any(field.text == other.public_id for field in what_leaves(version).changed)
