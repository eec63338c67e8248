"""The verdict in the titles of the feeds for people, their filters, and a bulk import as one entry."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import orjson
import pytest

from claims.imports.formats import reading
from claims.imports.importer import Importer
from claims.models import Organisation, Publication, Recheck, Review, ReviewVersion
from claims.models.publication import Audience
from claims.publication import append, log_reader
from claims.publication.words import leaving
from claims.reviews import publish, rechecks, suspension, workflow
from claims.watch import sweep
from factcheck.newsrooms.feed_tokens import create_feed_token
from factcheck.newsrooms.keys import create_key
from sources.database.audit import acting
from sources.models import Page
from tests import factories
from tests.api_client import ask, problem
from tests.claims.api.streams.test_atom_and_jsonfeed import faults_of_atom, faults_of_json_feed
from tests.claims.sample_claimreviews import claim_review, rated

pytestmark = pytest.mark.django_db
ATOM, JSON = "/api/v1/feed/atom", "/api/v1/feed/json"
TIME = datetime(2026, 6, 1, tzinfo=UTC)
CLAIM = "412 bridges need repair."


@pytest.fixture
def key() -> str:
    return create_key("Daily Paper")


@pytest.fixture
def token(key: str) -> str:
    return create_feed_token("Daily Paper", "A reader")


def titles(key: str | None, query: str = "") -> list[str]:
    answers = [ask(f"{path}{query}", key) for path in (ATOM, JSON)]
    assert [answer.status_code for answer in answers] == [200, 200], answers[0].content
    assert faults_of_json_feed(answers[1].content) == []
    if "token=" not in query:
        assert faults_of_atom(answers[0].content) == []
    read = feedparser.parse(answers[0].content)
    assert not read.bozo
    found = [item["title"] for item in orjson.loads(answers[1].content)["items"]]
    assert [entry.title for entry in read.entries] == found
    return found


def texts(key: str | None, query: str = "") -> str:
    return ask(f"{ATOM}{query}", key).content.decode()


def next_version(review: Review, kind: str, rating: str = "Right", **fields: str) -> None:
    author, approver = factories.editor(), factories.editor()
    version = workflow.start_version(review, kind=kind, actor=author, public_note="We say why.", **fields)
    version.rating = version.rating.scale.ratings.get(label=rating)
    with acting(author, reason="edited"):
        version.save()
    workflow.submit(version, actor=author)
    version = ReviewVersion.objects.get(pk=version.pk)
    workflow.approve(version, actor=approver, shown=leaving(version).sha256)
    publish.publish(version, actor=approver)


def test_a_verdict_that_was_corrected_is_said_as_it_is_now(key: str) -> None:
    review = factories.published_review(factories.claim(CLAIM))
    assert titles(key) == [f"Checked (Our desk: Right): {CLAIM}"]
    next_version(review, "correction", rating="Wrong", correction_kind="rating")
    assert titles(key) == [f"Corrected (Our desk: Wrong): {CLAIM}", f"Checked (changed since): {CLAIM}"]
    assert texts(key).count("rated this claim Right") == 0


def test_a_withdrawn_verdict_stands_in_no_title_and_no_text(key: str, token: str) -> None:
    review = factories.published_review(factories.claim(CLAIM))
    next_version(review, "withdrawal")
    for who, query in ((key, ""), (None, f"?token={token}")):
        assert titles(who, query) == [f"Withdrawn: {CLAIM}", f"Checked (withdrawn): {CLAIM}"]
        shown = texts(who, query)
        assert "Right" not in shown and "The report says so" not in shown and "withdrew its review" in shown


def test_a_suspended_verdict_stands_in_no_title_and_no_text(key: str, token: str) -> None:
    review = factories.published_review(factories.claim(CLAIM))
    suspension.suspend(review, actor=factories.editor(), reason="A doubt.")
    for who, query in ((key, ""), (None, f"?token={token}")):
        assert titles(who, query) == [f"Under review: {CLAIM}", f"Checked (under review): {CLAIM}"]
        shown = texts(who, query)
        assert "Right" not in shown and "The report says so" not in shown and "A doubt" not in shown


def test_a_recheck_takes_the_verdict_from_titles_once_the_reader_may_know(key: str, token: str) -> None:
    factories.published_review(factories.claim(CLAIM))
    factories.change(Page.objects.get(), factories.PAGE_TEXT.replace("412", "389"))
    sweep.sweep()
    public = f"?token={token}"
    assert titles(key) == [f"A source changed: {CLAIM}", f"Checked (a source changed): {CLAIM}"]
    assert titles(None, public) == [f"Checked (Our desk: Right): {CLAIM}"]
    rechecks.confirm(Recheck.objects.get(), actor=factories.editor())
    assert titles(None, public) == [f"To be checked again: {CLAIM}", f"Checked (to be checked again): {CLAIM}"]
    assert "The report says so" not in texts(None, public)
    rechecks.reconfirm(Recheck.objects.get(), actor=factories.editor(), note="The figure is of last year.")
    assert titles(None, public)[0] == f"The finding stands (Our desk: Right): {CLAIM}"


def test_a_review_whose_claim_was_redacted_has_no_verdict(key: str) -> None:
    review = factories.published_review(factories.claim(CLAIM))
    factories.redacted(review.claim)
    assert titles(key) == ["Taken away", f"Checked (no longer published): {CLAIM}"]
    assert "Right" not in texts(key)


# Filters.


def test_filters_by_organisation_origin_and_language(key: str, tmp_path: Path) -> None:
    own = factories.published_review(factories.claim("Lakes are deep."))
    british = factories.published_review(factories.claim("Lifts are slow.", language="en-GB"))
    german = factories.published_review(factories.claim("Berge sind hoch.", language="de"))
    imported(tmp_path, claim_review(1))
    theirs = Organisation.objects.get(is_ours=False)
    assert len(titles(key)) == 4
    assert len(titles(key, "?origin=own")) == 3
    (other,) = titles(key, "?origin=imported")
    assert titles(key, f"?organisation={theirs.public_id}") == [other]
    assert len(titles(key, f"?organisation={own.organisation.public_id}")) == 3
    assert titles(key, f"?organisation={own.organisation.public_id}&origin=imported") == []
    lifts, lakes = f"{british.claim.text}", f"{own.claim.text}"
    found = titles(key, "?language=en&origin=own")
    assert [title.rpartition(": ")[2] for title in found] == [lifts, lakes]
    assert [title.rpartition(": ")[2] for title in titles(key, "?language=EN-gb")] == [lifts]
    assert [title.rpartition(": ")[2] for title in titles(key, "?language=de")] == [german.claim.text]
    for query in ("?language=0", "?language=.*", "?organisation=x", "?origin=theirs", "?language=e%00"):
        assert problem(ask(f"{ATOM}{query}", key))["status"] == 400
    assert titles(key, "?language=fr") == titles(key, "?language=e") == []
    assert len(titles(key, "?language=fr,de,en-GB")) == 2
    assert titles(key, "?language=*") == titles(key)


# Bulk imports.


def imported(folder: Path, *records: Any) -> None:
    entries = list(reading.entries(iter([orjson.dumps(list(records))]), form="json", now=TIME))
    name = str(len(list(folder.iterdir())))
    importer = Importer(source=name, fingerprint=name, refused=folder / f"{name}.ndjson")
    importer.import_entries(lambda after: iter(entries[after:]))
    (folder / name).touch()


def test_a_bulk_import_is_one_entry_that_stays_one_while_it_goes_on(key: str, tmp_path: Path) -> None:
    factories.published_review(factories.claim(CLAIM))
    imported(tmp_path, *(claim_review(number) for number in range(1, 4)))
    assert len(titles(key)) == 4, "a few stand one by one, with their verdicts"
    imported(tmp_path, *(claim_review(number) for number in range(4, 40)))
    publisher = Organisation.objects.get(is_ours=False).name
    assert titles(key) == [f"39 reviews imported from {publisher}", f"Checked (Our desk: Right): {CLAIM}"]
    (first, _) = feedparser.parse(ask(ATOM, key).content).entries
    imported(tmp_path, claim_review(40), claim_review(41, author={"@type": "Organization", "name": "Faktum"}))
    (second, _) = feedparser.parse(ask(ATOM, key).content).entries
    assert first.id == second.id and first.id.startswith("urn:factcheck:imports:")
    assert second.title.startswith("41 reviews imported from ") and "Faktum" in second.title
    assert titles(key, "?origin=own") == [f"Checked (Our desk: Right): {CLAIM}"]
    assert titles(key, "?event=corrected,withdrawn") == []
    assert titles(key, "?origin=imported") == [second.title]


def test_our_own_checks_are_found_behind_an_import_of_any_size(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.published_review(factories.claim(CLAIM))
    imported(tmp_path, *(claim_review(number) for number in range(1, 40)))
    monkeypatch.setattr(log_reader, "WINDOW", 20)
    publisher = Organisation.objects.get(is_ours=False).name
    assert titles(key) == [
        f"More than 20 reviews imported from {publisher}",
        f"Checked (Our desk: Right): {CLAIM}",
    ]
    assert titles(key, "?origin=own&event=published") == [f"Checked (Our desk: Right): {CLAIM}"]


def test_publishers_are_named_as_they_were_published(key: str, tmp_path: Path) -> None:
    imported(tmp_path, *(claim_review(number) for number in range(1, 20)))
    name = Organisation.objects.get().name
    Organisation.objects.update(name="A name that nobody approved")
    assert titles(key) == [f"19 reviews imported from {name}"]


def test_what_the_public_may_not_see_is_in_no_count(token: str, tmp_path: Path) -> None:
    imported(tmp_path, *(claim_review(number) for number in range(1, 20)))
    review = Review.objects.first()
    for _ in range(3):
        append.append(review.claim, event=Publication.Event.PUBLISHED, audience=Audience.NEWSROOMS, review=review)
    (title,) = titles(None, f"?token={token}")
    assert title.startswith("19 reviews")


def test_a_long_rating_is_cut_in_a_title(key: str, tmp_path: Path) -> None:
    imported(tmp_path, claim_review(1, reviewRating=rated("No. " * 60)))
    (title,) = titles(key)
    assert len(title) < 200 and "…)" in title
