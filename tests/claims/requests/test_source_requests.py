"""Letters to sources: who may send them, what newsrooms hear, and what the watch does when the page is corrected."""

from datetime import timedelta

import orjson
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import ClaimVersion, Notice, Publication, Recheck, Review, SourceRequest
from claims.permissions import Refused
from claims.requests import source_requests
from claims.reviews import rechecks, workflow
from claims.reviews.evidence import attach_quote
from claims.watch import sweep
from sources.models import Page
from tests import factories

pytestmark = pytest.mark.django_db

ALTERED = factories.PAGE_TEXT.replace("412", "389")
LETTER = "Dear office, could you tell us about the xylographer's count?"
ANSWER = "We counted the zebrules twice."


def body(audience: str = "newsrooms") -> dict:
    return orjson.loads(bytes(ClaimVersion.objects.current(audience).get().publication.body.json))


def events() -> list[tuple[str, str]]:
    return list(Publication.objects.order_by("sequence").values_list("event", "audience"))[1:]


@pytest.fixture
def review() -> Review:
    return factories.published_review()


@pytest.fixture
def page(review: Review) -> Page:
    return Page.objects.get()


@pytest.fixture
def recheck(review: Review, page: Page) -> Recheck:
    factories.change(page, ALTERED)
    sweep.sweep()
    return Recheck.objects.get()


@pytest.fixture
def ada() -> User:
    return factories.editor("ada")


def sent(recheck: Recheck, actor: User, **fields: object) -> SourceRequest:
    values = {
        "page": Page.objects.order_by("pk").first(),
        "grade": "request",
        "text": LETTER,
        "recipient": "press@roads.example",
        "deadline": timezone.now().date() + timedelta(days=7),
    }
    return source_requests.send(recheck, actor=actor, **(values | fields))


def test_newsrooms_read_that_a_source_was_asked_with_its_dates_and_no_word(recheck: Recheck, ada: User) -> None:
    letter = sent(recheck, ada)
    assert (letter.state, letter.sent_by) == ("sent", ada)
    assert events()[-1] == ("source_asked", "newsrooms")
    [told] = body()["verification"]["source_requests"]
    assert told["recheck"] == recheck.public_id
    assert told["page"] == letter.page.public_id
    assert told["answer_by"] == letter.deadline.isoformat()
    assert told["answered_at"] is None and told["closed_at"] is None
    assert set(told) == {"recheck", "page", "asked_at", "answer_by", "answered_at", "closed_at"}
    assert body()["verification"]["seen_by_editor"] is True
    whole = orjson.dumps(body())
    assert b"xylographer" not in whole and b"press@roads" not in whole
    assert "source_requests" not in body("public")["verification"]
    recheck.refresh_from_db()
    assert recheck.is_open and recheck.seen_by == ada


def test_a_draft_tells_nobody(recheck: Recheck, ada: User) -> None:
    before = events()
    draft = source_requests.save(recheck, actor=ada, page=Page.objects.get(), grade="note", text=LETTER)
    assert draft.state == "draft" and events() == before
    letter = sent(recheck, ada, request=draft, grade="complaint")
    assert letter.pk == draft.pk and letter.grade == "complaint"
    with pytest.raises(Refused, match="out already"):
        source_requests.save(recheck, actor=ada, page=letter.page, grade="note", text="Other words.", request=letter)
    with pytest.raises(Refused, match="on record"):
        source_requests.discard(letter, actor=ada)


def test_a_draft_can_be_discarded(recheck: Recheck, ada: User) -> None:
    draft = source_requests.save(recheck, actor=ada, page=Page.objects.get(), grade="note", text=LETTER)
    source_requests.discard(draft, actor=ada)
    assert not SourceRequest.objects.exists()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"recipient": " "}, "to whom"),
        ({"text": " \n"}, "empty"),
        ({"grade": "threat"}, "grave"),
        ({"deadline": timezone.now().date() - timedelta(days=2)}, "over already"),
    ],
)
def test_what_is_missing_is_refused_and_changes_nothing(
    recheck: Recheck, ada: User, fields: dict[str, object], why: str
) -> None:
    before = events()
    with pytest.raises(Refused, match=why):
        sent(recheck, ada, **fields)
    assert not SourceRequest.objects.exists() and events() == before


def test_who_may_not_decide_may_not_ask(recheck: Recheck) -> None:
    with pytest.raises(Refused, match="administrator"):
        sent(recheck, User.objects.create_user("rita", is_staff=True))


def test_one_letter_waits_for_a_page_at_a_time(recheck: Recheck, ada: User) -> None:
    first = sent(recheck, ada)
    with pytest.raises(Refused, match="waits for its answer"):
        sent(recheck, ada)
    source_requests.close(first, actor=ada)
    assert events()[-1] == ("source_silent", "newsrooms")
    assert body()["verification"]["source_requests"][0]["closed_at"]
    sent(recheck, ada, grade="complaint")
    assert len(body()["verification"]["source_requests"]) == 2


def test_a_letter_is_refused_if_something_changed_meanwhile(recheck: Recheck, ada: User) -> None:
    seen = rechecks.shown(recheck)
    rechecks.confirm(recheck, actor=ada)
    with pytest.raises(Refused, match="changed while"):
        sent(recheck, ada, seen=seen)


def test_an_answer_ends_the_waiting_and_its_words_stay(recheck: Recheck, ada: User) -> None:
    letter = sent(recheck, ada)
    today = timezone.now().date()
    with pytest.raises(Refused, match="future"):
        source_requests.record_answer(letter, actor=ada, received_on=today + timedelta(days=2), text=ANSWER)
    with pytest.raises(Refused, match="older"):
        source_requests.record_answer(letter, actor=ada, received_on=today - timedelta(days=2), text=ANSWER)
    source_requests.record_answer(letter, actor=ada, received_on=today, text=ANSWER)
    assert events()[-1] == ("source_answered", "newsrooms")
    assert body()["verification"]["source_requests"][0]["answered_at"]
    assert b"zebrules" not in orjson.dumps(body())
    count = len(events())
    source_requests.record_answer(letter, actor=ada, received_on=today, text="And once more.")
    assert len(events()) == count, "a further answer is no news"
    assert letter.answers.count() == 2


def test_an_answer_after_the_settlement_is_recorded_and_tells_nobody(recheck: Recheck, ada: User) -> None:
    letter = sent(recheck, ada)
    rechecks.reconfirm(recheck, actor=ada, note="The figure is the later count.")
    assert "source_requests" not in body()["verification"]
    before = events()
    source_requests.record_answer(letter, actor=ada, received_on=timezone.now().date(), text=ANSWER)
    assert events() == before


def test_the_public_is_told_of_a_confirmed_recheck_without_the_letter(recheck: Recheck, ada: User) -> None:
    sent(recheck, ada)
    rechecks.confirm(recheck, actor=ada)
    assert events()[-2:] == [("recheck_confirmed", "public"), ("source_asked", "newsrooms")]
    assert "source_requests" not in body("public")["verification"]
    assert body("newsrooms")["verification"]["source_requests"]


def test_the_watch_marks_a_letter_answered_when_the_sentence_is_back(recheck: Recheck, page: Page, ada: User) -> None:
    letter = sent(recheck, ada)
    factories.change(page, factories.PAGE_TEXT)
    sweep.sweep()
    letter.refresh_from_db()
    assert letter.state == "answered" and letter.corrected_at is not None
    assert body()["verification"]["source_requests"][0]["answered_at"]
    notice = Notice.objects.get(kind="source")
    assert notice.recipient == ada and notice.path == f"/admin/rechecks/{recheck.pk}/"


def test_the_watch_marks_a_letter_answered_when_the_page_carries_a_notice(
    recheck: Recheck, page: Page, ada: User
) -> None:
    letter = sent(recheck, ada)
    factories.change(page, ALTERED + "\n\nCorrection: the figure was updated.")
    sweep.sweep()
    letter.refresh_from_db()
    assert letter.state == "answered"
    assert ("source_answered", "newsrooms") in events()


def test_another_change_of_the_page_is_no_answer(recheck: Recheck, page: Page, ada: User) -> None:
    letter = sent(recheck, ada)
    factories.change(page, ALTERED.replace("Contact us.", "Contact us. 1,204 readers online."))
    factories.change(page, None, kind="blocked", certainty="confirmed")
    sweep.sweep()
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_a_settled_recheck_whose_words_stand_is_no_correction(recheck: Recheck, page: Page, ada: User) -> None:
    letter = sent(recheck, ada)
    rechecks.reconfirm(recheck, actor=ada, note="The later count.")
    factories.change(page, ALTERED.replace("Contact us.", "Contact us. 1,204 readers online."))
    sweep.sweep()
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_the_sweep_asks_nothing_more_where_no_letter_waits(recheck: Recheck, page: Page) -> None:
    factories.change(page, ALTERED.replace("Contact us.", "Contact us. 1,204 readers online."))
    with CaptureQueriesContext(connection) as queries:
        sweep.sweep()
    assert not [query for query in queries if "FOR UPDATE" in query["sql"] and "sourcerequest" in query["sql"]]


def test_a_passed_deadline_is_told_once(recheck: Recheck, ada: User) -> None:
    letter = sent(recheck, ada, deadline=timezone.now().date())
    assert source_requests.remind() == 0
    SourceRequest.objects.filter(pk=letter.pk).update(deadline=timezone.now().date() - timedelta(days=1))
    assert source_requests.remind() == 1
    assert Notice.objects.get(kind="source").recipient == ada
    assert source_requests.remind() == 0


def test_a_page_that_only_described_evidence_names_is_not_named_to_newsrooms(
    recheck: Recheck, review: Review, ada: User
) -> None:
    other = factories.page("https://whistle.example/", "Leaks. More.")
    version = workflow.start_version(review, kind="update", actor=ada)
    attach_quote(
        version,
        url_or_page=other,
        exact="Leaks.",
        stance="context",
        actor=ada,
        visibility="described",
        description="someone",
    )
    before = events()
    sent(recheck, ada, page=other)
    assert b"whistle" not in orjson.dumps(body()) and other.public_id.encode() not in orjson.dumps(body())
    assert ("source_asked", "newsrooms") not in events()[len(before) :]
