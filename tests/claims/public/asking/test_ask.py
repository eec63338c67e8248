"""The form of readers' questions: what it answers, what it sends to the desk, and whom it takes for a person."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from claims import notices
from claims.models import Notice, Tip, TipContact, TipSender
from claims.public import forms
from factcheck.newsrooms import rate_limits
from tests import factories

pytestmark = pytest.mark.django_db
QUESTION = "Is it so that <b>412</b> bridges need repair?"


@pytest.fixture(autouse=True)
def fresh() -> None:
    rate_limits.reset()


def post(**fields: str):
    client = Client()
    response = client.post("/ask", fields)
    assert not client.cookies
    assert response.headers["Cache-Control"] == "no-store"
    return response


def mark() -> str:
    response = Client().get("/ask")
    assert response.headers["Cache-Control"] == "no-store"
    return re.findall(r'name="mark" value="([^"]+)"', response.content.decode())[0]


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = (timezone.now() + timedelta(seconds=seconds)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now)


def test_it_answers_at_once_and_stores_nothing() -> None:
    review = factories.published_review()
    shown = post(text="412 bridges need repair.", do="look").content.decode()
    assert "This has been checked" in shown and review.claim.public_id in shown and "Right" in shown
    assert "words alone" in shown, "the tests run without a matcher, and the page says so"
    nothing = post(text="The moon is made of cheese.", do="look").content.decode()
    assert "That says nothing about whether it is true." in nothing
    assert not Tip.objects.exists()


def test_a_question_reaches_the_desk_and_its_link_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = mark()
    later(monkeypatch, 60)
    again = post(text=QUESTION, url="radio.example/morning", mark=sent, do="look").content.decode()
    assert escape(QUESTION) in again and f'value="{sent}"' in again, "what was typed, and since when, is kept"
    response = post(text=QUESTION, url="radio.example/morning", mark=sent, do="send")
    [link] = re.findall(r"http://testserver(/t/[\w-]+)", response.content.decode())[:1]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    tip = Tip.objects.get()
    assert (tip.text, tip.url, tip.language) == (QUESTION, "https://radio.example/morning", "en")
    assert TipSender.objects.get().digest and not TipContact.objects.exists()
    assert "Your tip has arrived" in Client().get(link).content.decode()


@pytest.mark.parametrize(
    ("seconds", "fields", "said"),
    [
        (1, {}, "faster than anybody types"),
        (forms.OLDEST + 1, {}, "open for long"),
        (60, {forms.TRAP: "https://casino.example"}, "that a person sent this"),
        (60, {"mark": "made up"}, "that a person sent this"),
    ],
)
def test_what_no_person_sends_is_refused_with_its_text(
    monkeypatch: pytest.MonkeyPatch, seconds: float, fields: dict[str, str], said: str
) -> None:
    sent = mark()
    later(monkeypatch, seconds)
    response = post(**({"text": QUESTION, "mark": sent, "do": "send"} | fields))
    shown = response.content.decode()
    assert response.status_code == 400 and said in shown and escape(QUESTION) in shown
    assert not Tip.objects.exists()
    [new] = re.findall(r'name="mark" value="([^"]+)"', shown)
    later(monkeypatch, seconds + 60)
    assert post(text=QUESTION, mark=new, do="send").status_code == 200, "sent again it is taken"


def test_it_takes_so_many_from_one_address(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    settings.ANONYMOUS_TIPS_PER_HOUR = 2
    sent = mark()
    later(monkeypatch, 60)
    answers = [post(text=f"Is it so, number {each}?", mark=sent, do="send") for each in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert "number 2" in answers[2].content.decode() and Tip.objects.count() == 2


def test_in_a_flood_it_keeps_what_was_typed(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    notices._told.clear()
    settings.ANONYMOUS_TIPS_PER_HOUR_IN_ALL = 2
    editor = factories.editor()
    sent = mark()
    later(monkeypatch, 60)
    answers = [post(text=f"Is it so, number {each}?", mark=sent, do="send") for each in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 503, 503]
    assert "number 2" in answers[2].content.decode() and answers[2].headers["Retry-After"] == "3600"
    assert Tip.objects.count() == 2
    assert Notice.objects.filter(recipient=editor, what="tips_flood").count() == 1
    Tip.objects.update(received_at=timezone.now() - timedelta(minutes=61))
    assert post(text="Is it so now?", mark=sent, do="send").status_code == 200


def test_it_is_counted_against_the_limit_of_an_address(settings) -> None:
    settings.ANONYMOUS_PER_MINUTE = 2
    assert [post(text="Is it so?", do="look").status_code for _ in range(4)].count(429) == 2
    assert Client().get("/ask").status_code == 200, "the form itself is not"


def test_it_can_be_closed(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    settings.READERS_TIPS = False
    sent = mark()
    later(monkeypatch, 60)
    assert 'value="send"' not in post(text=QUESTION, do="look").content.decode()
    assert post(text=QUESTION, mark=sent, do="send").status_code == 403
    assert not Tip.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Say what you ask about"),
        ({"url": "javascript:alert(1)"}, "no address of a page"),
        ({"text": "abc \u202e fed"}, "reorder text"),
    ],
)
def test_what_cannot_be_read_is_said(fields: dict[str, str], said: str) -> None:
    response = post(do="look", **fields)
    assert response.status_code == 400 and said in response.content.decode()
