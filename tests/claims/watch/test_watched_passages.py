"""A new version of the text extraction is no edit: quotes are read again from the bytes in which they stood."""

import hashlib
from pathlib import Path
from unittest import mock

import orjson
import pytest
from django.db import connection

from claims.desk.quotes import of_version, on_screen
from claims.desk.what_leaves import what_leaves
from claims.models import Anchoring, Evidence, EvidenceCheck, Publication, Recheck, Review
from claims.publication.quote_state import quote_states
from claims.reviews import publish, rechecks, workflow
from claims.reviews.evidence import attach_quote
from claims.watch import quote_check, sweep
from claims.watch.quote_check import check_quote
from claims.watch.register_passages import register_missing
from claims.watch.replay import replay
from claims.watch.watched_passages import sync_watched, watched_passages
from sources.extraction.full_text import EXTRACTOR, extract
from sources.models import Blob, Change, Page, Polling, Snapshot, Text
from sources.pages import page_for
from sources.passages import readings
from sources.quotes.look import RULES
from sources.snapshots.default_store import store
from tests import factories

pytestmark = pytest.mark.django_db

OLD = "full-0 test"
ARTICLE = (
    "<html lang='en'><body><h1>Bridges</h1><p>The yearly report of the agency is out today, after a long wait.</p>"
    "<p>{}</p><p>The next report is due in spring, when the budget is known.</p></body></html>"
)


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> None:
    settings.SNAPSHOT_STORE = str(tmp_path)  # type: ignore[attr-defined]


def observe(page: Page, html: str, *, old: str | None = None) -> Snapshot:
    """A snapshot of these bytes, with the text that is read now, or that an earlier version read of the sentence."""
    body = html.encode()
    store().put(body)
    blob, _ = Blob.objects.get_or_create(
        sha256=hashlib.sha256(body).hexdigest(), defaults={"size": len(body), "media_type": "text/html"}
    )
    words = extract(body, "text/html").text if old is None else extract(ARTICLE.format(old).encode(), "text/html").text
    text, _ = Text.objects.get_or_create(sha256=hashlib.sha256(words.encode()).hexdigest(), defaults={"text": words})
    taken = Snapshot.objects.create(
        page=page,
        taken_at=factories.later(0),
        blob=blob,
        text=text,
        language="en",
        extractor=EXTRACTOR if old is None else OLD,
    )
    Polling.objects.filter(page=page).update(latest_snapshot=taken)
    return taken


def published(sentence: str, old: str, quote: str) -> Evidence:
    """A published review that quotes what an earlier version read of the page."""
    page = page_for("https://agency.example/report")
    observe(page, ARTICLE.format(sentence), old=old)
    version = factories.draft(of=factories.page())
    attach_quote(version, url_or_page=page, exact=quote, stance="context", actor=version.author)
    version.evidence.exclude(page=page).delete()
    with mock.patch.dict(readings._current, {"full": OLD}):  # published by the earlier version
        approved = factories.approved(version)
        publish.publish(approved, actor=approved.approver)
    return Evidence.objects.watched().get(page=page)


def change(evidence: Evidence, html: str) -> EvidenceCheck:
    """The page now has these bytes, read by this version. Returns the check of the quote."""
    page = evidence.page
    assert page is not None
    before = Polling.objects.get(page=page).latest_snapshot
    after = observe(page, html)
    Change.objects.create(
        page=page,
        before=before,
        after=after,
        kind="text",
        certainty="suspected",
        outcome="ok",
        detected_at=factories.later(0),
    )
    assert sweep.sweep() == 1
    return evidence.checks.latest("pk")


READ_OTHERWISE = [
    pytest.param(
        "It counted 38<sup><a href='#fn1'>1</a></sup> bridges in need of repair.",
        "It counted 381 bridges in need of repair.",
        "It counted 38 bridges in need of repair.",
        id="a footnote's mark",
    ),
    pytest.param(
        "It counted <button>38</button> bridges in need of repair.",
        "It counted bridges in need of repair.",
        "It counted 38 bridges in need of repair.",
        id="a button's words",
    ),
]


@pytest.mark.parametrize(("html", "was", "now"), READ_OTHERWISE)
def test_words_that_are_read_otherwise_are_anchored_anew_and_raise_nothing(html: str, was: str, now: str) -> None:
    evidence = published(html, was, was)
    check = change(evidence, ARTICLE.format(html).replace("Bridges", "Bridges today"))
    assert check.result == "intact" and not check.broke and not Recheck.objects.exists()
    anchoring = Anchoring.objects.get()
    assert (anchoring.reason, anchoring.exact, anchoring.anchored_by, anchoring.recheck) == ("re_read", now, None, None)
    assert check.passage == anchoring.passage and check.passage.extractor == EXTRACTOR
    assert check.passage.snapshot == evidence.snapshot, "read from its own bytes"
    state = quote_states([evidence.pk], "newsrooms")[evidence.pk]
    assert state.state == "intact" and state.stands_as is None, "no editor has accepted other words"
    assert Polling.objects.get(page=evidence.page).passages == [check.passage.pk]
    altered = change(evidence, ARTICLE.format(html.replace("38", "31")))
    assert altered.cause == "altered" and Recheck.objects.get().cause == "altered", "what is edited then is found"


def test_no_screen_says_that_an_editor_accepted_what_a_new_version_reads() -> None:
    html, was, now = (str(each) for each in READ_OTHERWISE[0].values)
    evidence = published(html, was, was)
    change(evidence, ARTICLE.format(html).replace("Bridges", "Bridges today"))
    review = evidence.version.review
    version = workflow.start_version(review, kind="update", actor=factories.editor(), public_note="More is known.")
    copied = version.evidence.get(page=evidence.page)
    assert Anchoring.objects.get().exact == now and copied.exact == was
    sentences = of_version(version)[copied.pk].sentences
    assert any(f"Looked for as “{now}”, as this version reads the page." in said for said in sentences)
    assert not any("accepted" in said for said in sentences)
    submitted = workflow.submit(version, actor=version.author)
    assert not any("In place of the quote" in said for told in what_leaves(submitted).told for said in told.sentences)


def test_without_reading_it_again_the_same_page_would_raise() -> None:
    """The control."""
    html, was, _ = READ_OTHERWISE[0].values
    evidence = published(str(html), str(was), str(was))
    after = observe(evidence.page, ARTICLE.format(html))  # type: ignore[arg-type]
    passage = evidence.passage
    assert passage is not None
    assert passage.extractor == OLD and check_quote(passage, after, before=passage.snapshot).broke


@pytest.mark.sql
def test_bytes_are_read_once_and_while_no_lock_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    html, was, _ = (str(each) for each in READ_OTHERWISE[0].values)
    evidence = published(html, was, was)
    read: list[tuple[int, bool]] = []
    outside = len(connection.savepoint_ids)
    from_bytes = readings.from_bytes

    def noted(snapshot: Snapshot) -> readings.SnapshotReading:
        read.append((snapshot.pk, len(connection.savepoint_ids) > outside))
        return from_bytes(snapshot)

    monkeypatch.setattr(readings, "from_bytes", noted)
    check = change(evidence, ARTICLE.format(html).replace("Bridges", "Bridges today"))
    assert check.result == "intact"
    assert read == [(evidence.snapshot_id, False)]


def test_what_is_needed_anew_at_each_try_is_read_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page may change between two tries; the last one reads under the locks rather than never."""
    tried: list[int] = []
    monkeypatch.setattr(readings, "read", lambda snapshot: None)

    def act() -> str:
        tried.append(len(tried))
        readings.require([Snapshot(pk=len(tried), extractor=OLD)])
        return "done"

    assert readings.read_ahead(act) == "done" and len(tried) == 6


@pytest.mark.parametrize("beside", ["", " It counted 31 bridges in need of repair."])
def test_words_that_stood_in_struck_out_text_cannot_be_looked_for(beside: str) -> None:
    sentence = "It counted 38 bridges in need of repair."
    html = f"<span style='text-decoration: line-through'>{sentence}</span>{beside}"
    evidence = published(html, sentence + beside, sentence)
    check = change(evidence, ARTICLE.format(html).replace("Bridges", "Bridges today"))
    assert (check.result, check.reason, check.cause) == ("unverifiable", "unread", "")
    assert not Recheck.objects.exists() and not Anchoring.objects.exists()
    shown = on_screen([evidence])[evidence.pk]
    assert any("does not read these words where they stood" in said for said in shown.sentences)


def test_a_quote_of_an_earlier_version_gets_a_passage_of_its_own_snapshot(page: Page) -> None:
    version = factories.draft(of=page)
    version.evidence.update(passage=None)
    approved = factories.approved(version)
    publish.publish(approved, actor=approved.approver)
    evidence = Evidence.objects.watched().get()
    assert watched_passages([evidence])[evidence.pk].passage is None
    factories.change(page, factories.PAGE_TEXT + "\n\n14 visitors online.")
    assert sweep.sweep() == 1
    found = watched_passages([evidence])[evidence.pk]
    assert found.passage is not None and found.anchoring is not None and found.anchoring.reason == "registered"
    assert found.passage.snapshot == evidence.snapshot and found.passage.exact == factories.QUOTE
    assert evidence.checks.latest("pk").result == "intact"
    assert Polling.objects.get(page=page).passages == [found.passage.pk]


def test_quotes_of_pages_that_do_not_change_get_theirs_too(page: Page) -> None:
    version = factories.draft(of=page)
    version.evidence.update(passage=None)
    approved = factories.approved(version)
    publish.publish(approved, actor=approved.approver)
    assert (register_missing(), register_missing()) == (1, 0)
    (passage,) = Polling.objects.get(page=page).passages
    assert Anchoring.objects.get().passage_id == passage and not Recheck.objects.exists()


def test_quotes_with_nothing_to_register_do_not_hold_up_the_others() -> None:
    waiting, version = (factories.draft(of=factories.page()) for _ in range(2))
    for each in (waiting, version):
        each.evidence.update(passage=None)
    publish.publish(factories.approved(version), actor=factories.editor())
    assert register_missing() == 1
    for _ in range(2):  # a copy of a copy has no passage or anchoring of its own
        copy = workflow.start_version(
            version.review, kind="update", actor=factories.editor(), public_note="More is known."
        )
        publish.publish(factories.approved(copy), actor=factories.editor())
    publish.publish(factories.approved(waiting), actor=factories.editor())
    assert any(register_missing(limit=1) for _ in range(40))


@pytest.fixture
def page() -> Page:
    return factories.page()


@pytest.mark.sql
def test_what_is_watched_follows_what_is_published(page: Page) -> None:
    version = factories.draft(of=page)
    (own,) = version.evidence.all()
    assert Polling.objects.get(page=page).passages == [own.passage_id], "of drafts too: an editor may watch early"
    assert (own.passage.exact, own.passage.copies) == (factories.QUOTE, 1)
    text = own.passage.text.text
    assert text[own.passage.start : own.passage.end] == factories.QUOTE
    version.evidence.all().delete()
    sync_watched([page.pk])
    assert Polling.objects.get(page=page).passages == []


def test_a_copy_of_evidence_keeps_its_passage() -> None:
    review = factories.published_review()
    first = Evidence.objects.get()
    copy = workflow.start_version(review, kind="correction", actor=review.versions.get().author)
    assert copy.evidence.get().passage == first.passage is not None


def test_stored_bytes_give_the_same_answers_again(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "It counted 38 bridges in need of repair."
    page = page_for("https://agency.example/report")
    observe(page, ARTICLE.format(sentence))
    version = factories.draft(of=factories.page())
    attach_quote(version, url_or_page=page, exact=sentence, stance="context", actor=version.author)
    version.evidence.exclude(page=page).delete()
    approved = factories.approved(version)
    publish.publish(approved, actor=approved.approver)
    evidence = Evidence.objects.get(version=approved)
    for html in (
        ARTICLE.format(f"{sentence}</p><p>14 visitors are online."),
        ARTICLE.format(f"{sentence} [This is not correct.]"),
        ARTICLE.format(sentence.replace("38", "31")),
        ARTICLE.format("It counts no more."),
        ARTICLE.format(sentence),
    ):
        change(evidence, html)
    checks = EvidenceCheck.objects.all()
    assert replay(checks) == {f"{RULES} {EXTRACTOR}": {"same": 6}}
    looked = quote_check.look
    monkeypatch.setattr(quote_check, "look", lambda quote, now, before: looked(quote, before or now, before))
    assert replay(checks)[f"{RULES} {EXTRACTOR}"]["differs"] > 1, "the control: other rules under the same name"


# Causes.


@pytest.fixture
def review(page: Page) -> Review:
    return factories.published_review(of=page)


def raised() -> list[tuple[str, str]]:
    return list(Recheck.objects.order_by("pk").values_list("cause", "grade"))


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (factories.PAGE_TEXT.replace("412", "389"), ("altered", "substance")),
        (factories.PAGE_TEXT.replace("in need of", "needing"), ("altered", "wording")),
        (factories.PAGE_TEXT.replace("repair.", "repair. [This is not correct.]"), ("disowned", "")),
    ],
)
def test_a_recheck_has_the_cause_and_grade_of_its_quote(
    review: Review, page: Page, text: str, cause: tuple[str, str]
) -> None:
    factories.change(page, text)
    assert sweep.sweep() == 1
    assert raised() == [cause]
    check = EvidenceCheck.objects.latest("pk")
    assert (check.cause, check.version.split()[0], check.before) == (
        cause[0],
        RULES,
        Evidence.objects.get().snapshot,
    )
    (because,) = orjson.loads(Publication.objects.latest("pk").body.json)["verification"]["because"]
    assert because["cause"] == cause[0] and because.get("notice") == (check.notice or None)


def test_typography_alone_raises_nothing_and_is_said(review: Review, page: Page) -> None:
    factories.change(page, factories.PAGE_TEXT.replace("412 bridges", "412 Bridges"))
    assert sweep.sweep() == 1
    assert raised() == []
    evidence = Evidence.objects.get()
    check = evidence.checks.latest("pk")
    assert (check.result, check.grade, check.cause) == ("altered", "cosmetic", "")
    state = quote_states([evidence.pk], "newsrooms")[evidence.pk]
    assert (state.state, state.grade) == ("intact", "cosmetic") and "412 Bridges" in (state.now or "")


def test_a_notice_over_the_article_raises_after_a_second_look(review: Review, page: Page) -> None:
    text = f"Correction: an earlier version wrongly said that 412 bridges need repair.\n\n{factories.PAGE_TEXT}"
    factories.change(page, text)
    sweep.sweep()
    assert raised() == [] and EvidenceCheck.objects.latest("pk").cause == "disowned"
    factories.change(page, text, certainty="confirmed")
    sweep.sweep()
    assert raised() == [("disowned", "")]


def test_the_cause_of_a_recheck_only_gets_worse(review: Review, page: Page) -> None:
    factories.change(page, factories.PAGE_TEXT.replace("in need of", "needing"))
    sweep.sweep()
    factories.change(page, factories.PAGE_TEXT.replace("412", "389"))
    sweep.sweep()
    assert raised() == [("altered", "substance")]
    factories.change(page, factories.PAGE_TEXT.replace("in need of", "needing"))
    sweep.sweep()
    assert raised() == [("altered", "substance")]
    with pytest.raises(Exception, match="worst so far"):
        Recheck.objects.update(cause="gone", grade="")


@pytest.mark.parametrize(
    ("was", "later", "news"),
    [
        ("1,389 bridges", "1 389 bridges", False),
        ("repair.", "repair .", False),
        ("bridges in", "bridges, in", False),
        ("1,389 bridges", "1,398 bridges", True),
        ("bridges in", "bridges ✗ in", True),
    ],
)
def test_an_alteration_that_was_decided_on_is_no_news_in_other_typography(
    review: Review, page: Page, was: str, later: str, news: bool
) -> None:
    altered = factories.PAGE_TEXT.replace("412", "1,389")
    assert was in altered
    factories.change(page, altered)
    sweep.sweep()
    rechecks.dismiss(Recheck.objects.get(), actor=factories.editor(), note="A fault of the site.")
    factories.change(page, altered.replace(was, later))
    sweep.sweep()
    assert EvidenceCheck.objects.order_by("-pk")[0].result == "altered"
    assert Recheck.objects.count() == 1 + news


@pytest.mark.parametrize(
    ("later", "news"),
    [
        ("[Corrected on 5 March 2026: this is not correct.]", False),
        ("[Corrected on 4 March 2026: this figure is wrong.]", True),
    ],
)
def test_a_notice_that_was_decided_on_is_news_if_it_is_reworded_not_if_it_is_redated(
    review: Review, page: Page, later: str, news: bool
) -> None:
    def with_notice(words: str) -> str:
        return factories.PAGE_TEXT.replace("repair.", f"repair. {words}")

    factories.change(page, with_notice("[Corrected on 4 March 2026: this is not correct.]"))
    sweep.sweep()
    recheck = Recheck.objects.get()
    rechecks.dismiss(recheck, actor=factories.editor(), note="It speaks of another report.")
    factories.change(page, with_notice(later))
    sweep.sweep()
    assert Recheck.objects.count() == 1 + news
