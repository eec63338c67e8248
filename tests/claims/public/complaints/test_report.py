"""Reporting an error: what the form takes, what it asks for again, and the private page to which it leads."""

import re
from datetime import datetime, time, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import Client

from claims import notices
from claims.complaints import desk, receive
from claims.models import Complaint, ComplaintContact, Notice, Review
from claims.permissions import Refused
from claims.public import forms
from claims.public.complaints import private
from tests import factories
from tests.claims.public.test_site_pages import published

pytestmark = pytest.mark.django_db
TEXT = "The report says 312 bridges, not 412."
GIVEN = {"about": "fact", "reporter": "reader", "text": TEXT}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "QUICKEST", -1.0)


@pytest.fixture
def review() -> Review:
    return factories.published_review()


def asked(path: str, data: dict[str, str] | None = None, **headers: str) -> HttpResponse:
    client = Client()
    response: HttpResponse = client.get(path) if data is None else client.post(path, data, headers=headers)
    assert not client.cookies and not response.cookies
    return response


def mark_on(response: HttpResponse) -> str:
    found = re.search(r'name="mark" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


def send(path: str, headers: dict[str, str] | None = None, **changed: str) -> HttpResponse:
    return asked(path, {**GIVEN, "mark": mark_on(asked(path)), **changed}, **(headers or {}))


def form_of(review: Review) -> str:
    return f"/claims/{review.claim.public_id}/report"


def test_a_report_of_a_claim_leads_to_its_private_page(review: Review) -> None:
    response = send(form_of(review), email="a@b.example")
    assert response.status_code == 303 and response.headers["Cache-Control"] == "no-store"
    complaint = Complaint.objects.get()
    assert (complaint.claim, complaint.text, complaint.about) == (review.claim, TEXT, "fact")
    page = asked(response.headers["Location"])
    html = page.content.decode()
    assert complaint.number in html and "412 bridges need repair." in html
    assert TEXT not in html and "a@b.example" not in html
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"] and page.headers["Referrer-Policy"] == "no-referrer"
    token = response.headers["Location"].rpartition("/")[2]
    assert complaint.token_sha256 != token and not Complaint.objects.filter(token_sha256=token).exists()


def test_the_private_page_says_nothing_of_the_desk_until_the_answer(review: Review) -> None:
    path = send(form_of(review)).headers["Location"]
    before = asked(path).content
    desk.take_over(Complaint.objects.get(), actor=factories.editor("Somebody"))
    assert asked(path).content == before
    desk.answer(Complaint.objects.get(), outcome="upheld", words="You are <right>.", actor=factories.editor())
    html = asked(path).content.decode()
    assert "Upheld" in html and "You are &lt;right&gt;." in html and "Somebody" not in html


def test_the_private_page_says_that_an_answer_is_late(review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    path = send(form_of(review)).headers["Location"]
    due = Complaint.objects.get().due_on
    for day, is_late in ((due, False), (due + timedelta(days=1), True)):
        monkeypatch.setattr(private, "datetime", Mock(now=lambda zone, day=day: datetime.combine(day, time(12), zone)))
        assert ("That day is over: our answer is late" in asked(path).content.decode()) is is_late
    desk.answer(Complaint.objects.get(), outcome="upheld", words="Sorry.", actor=factories.editor())
    assert "That day is over" not in asked(path).content.decode()


def test_contact_data_can_be_deleted(review: Review) -> None:
    path = send(form_of(review), email="a@b.example").headers["Location"]
    assert "Delete my e-mail address" in asked(path).content.decode()
    html = asked(path, {"delete-contact": "1"}).content.decode()
    assert not ComplaintContact.objects.exists() and "Delete my e-mail address" not in html


@pytest.mark.parametrize(
    "wrong",
    [{"about": "x"}, {"reporter": ""}, {"text": "No."}, {"text": "a" * 5_001}, {"email": "no address"}],
)
def test_what_is_missing_is_asked_for_with_what_was_typed(review: Review, wrong: dict[str, str]) -> None:
    response = send(form_of(review), **wrong)
    html = response.content.decode()
    assert response.status_code == 422 and not Complaint.objects.exists()
    assert 'role="alert"' in html and 'class="tag off"' in html
    assert wrong.get("text", TEXT)[:100] in html


@pytest.mark.parametrize("quickest, sentence", [(3.0, "That was quick"), (-1.0, "could not tell")])
def test_a_program_is_asked_again_and_a_person_loses_nothing(
    review: Review, monkeypatch: pytest.MonkeyPatch, quickest: float, sentence: str
) -> None:
    monkeypatch.setattr(forms, "QUICKEST", quickest)
    response = send(form_of(review), **({"website": "https://spam.example"} if quickest < 0 else {}))
    html = response.content.decode()
    assert response.status_code == 422 and sentence in html and TEXT in html
    assert not Complaint.objects.exists()


def test_an_old_form_is_asked_for_again(review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "OLDEST", -1.0)
    response = send(form_of(review))
    assert response.status_code == 422 and TEXT in response.content.decode() and not Complaint.objects.exists()


@pytest.mark.parametrize(
    "mark",
    ["", "made up", signing.TimestampSigner(salt="another form").sign("x")],
    ids=["none", "made up", "of another form"],  # a signature in a name differs in each process
)
def test_a_mark_of_ours_is_needed(review: Review, mark: str) -> None:
    assert send(form_of(review), mark=mark).status_code == 422
    assert not Complaint.objects.exists()


def test_a_form_of_another_site_is_not_taken(review: Review) -> None:
    assert send(form_of(review), {"Sec-Fetch-Site": "cross-site"}).status_code == 422
    assert not Complaint.objects.exists()


def test_pressing_twice_sends_once(review: Review) -> None:
    mark = mark_on(asked(form_of(review)))
    first, second = (asked(form_of(review), {**GIVEN, "mark": mark}) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"], "the first page was never shown"
    assert Complaint.objects.count() == 1


def test_other_words_in_a_form_that_was_sent_are_kept(review: Review) -> None:
    mark = mark_on(asked(form_of(review)))
    asked(form_of(review), {**GIVEN, "mark": mark})
    second = asked(form_of(review), {**GIVEN, "mark": mark, "text": "And the year is wrong, too."})
    assert second.status_code == 409 and "And the year is wrong, too." in second.content.decode()
    assert "/complaints/" not in second.headers.get("Location", "") and mark_on(second) != mark
    assert Complaint.objects.count() == 1


def test_a_mark_opens_nothing_to_who_does_not_know_our_secret(review: Review, settings: Any) -> None:
    mark = mark_on(asked(form_of(review)))
    path = asked(form_of(review), {**GIVEN, "mark": mark}).headers["Location"]
    settings.SECRET_KEY = "another"
    assert receive._token_of(mark) != path.rpartition("/")[2]


@pytest.mark.parametrize("text", ["\u200b" * 12, " \u2060 " * 9, "\u3164" * 12])
def test_words_that_nobody_sees_are_none(review: Review, text: str) -> None:
    assert send(form_of(review), text=text).status_code == 422
    send(form_of(review))
    with pytest.raises(Refused):
        desk.answer(Complaint.objects.get(), outcome="upheld", words=text, actor=factories.editor())


def test_a_sentence_in_chinese_is_long_enough(review: Review) -> None:
    assert send(form_of(review), text="这不是我说的。").status_code == 303


def test_one_address_may_send_so_many_an_hour(review: Review, settings: Any) -> None:
    settings.COMPLAINTS_PER_HOUR = 2
    codes = [send(form_of(review)).status_code for _ in range(3)]
    assert codes == [303, 303, 429]
    assert Complaint.objects.count() == 2


def test_in_a_flood_it_keeps_what_was_typed_and_says_how_else_to_reach_the_desk(review: Review, settings: Any) -> None:
    notices._told.clear()
    settings.COMPLAINTS_PER_HOUR_OF_A_CLAIM = 1
    editor = factories.editor()
    assert send(form_of(review)).status_code == 303
    busy = send(form_of(review), text="It was <b>312</b>.")
    html = busy.content.decode()
    assert busy.status_code == 503 and busy.headers["Retry-After"] == "3600"
    assert "more than we can read just now" in html and "It was &lt;b&gt;312&lt;/b&gt;." in html
    assert "If it cannot wait" not in html, "nobody said how"
    published("Write to desk@checks.example.", "about")
    assert 'href="mailto:desk@checks.example"' in send(form_of(review)).content.decode()
    published("We sit in the old mill.", "about")
    html = send(form_of(review)).content.decode()
    assert "mailto:" not in html and '<a href="/about">Who we are</a></p></div>' in html
    assert Complaint.objects.count() == 1
    assert Notice.objects.filter(recipient=editor, what="claim_flood").count() == 1


def test_a_large_body_is_not_read(review: Review) -> None:
    assert send(form_of(review), text="a" * 70_000).status_code == 413
    assert not Complaint.objects.exists()


def test_a_subject_says_that_it_is_not_she(review: Review) -> None:
    statement = factories.linked(review.claim)
    factories.published_again(review.claim)
    html = asked(f"{form_of(review)}?about=not_me").content.decode()
    assert re.search(r'value="not_me" required checked', html)
    speaker = statement.speaker.public_id
    assert "A. Minister" in asked(f"/report?about=not_me&speaker={speaker}").content.decode()
    assert send("/report", about="not_me", reporter="concerned", speaker=speaker).status_code == 303
    complaint = Complaint.objects.get()
    assert (complaint.about, complaint.reporter, complaint.speaker) == ("not_me", "concerned", statement.speaker)


def test_the_form_names_who_is_meant_if_readers_know_her(review: Review) -> None:
    hidden = factories.linked(review.claim, speaker="Ann Lee").speaker
    path = f"/report?about=not_me&speaker={hidden.public_id}"
    assert "Ann Lee" not in asked(path).content.decode(), "no published body names her"
    factories.published_again(review.claim)
    html = asked(path).content.decode()
    assert "Ann Lee" in html and f"/speakers/{hidden.public_id}" in html and "About one check?" not in html
    again = send(path, text="", speaker=hidden.public_id)
    assert again.status_code == 422 and "Ann Lee" in again.content.decode()


def test_an_unknown_speaker_is_not_told_from_a_known_one(review: Review) -> None:
    hidden = factories.linked(factories.claim("A draft."), speaker="B. Secret").speaker.public_id
    assert "Secret" not in asked(f"/report?speaker={hidden}").content.decode()
    assert send("/report", speaker="spk_0000000000000000").status_code == 303
    assert send("/report", speaker="<script>").status_code == 303
    assert set(Complaint.objects.values_list("speaker", flat=True)) == {None}


@pytest.mark.parametrize("path", ["/claims/clm_0000000000000000/report", "/complaints/nothing", "/complaints/%00"])
def test_there_is_no_form_and_no_page_for_what_is_not_there(path: str) -> None:
    assert asked(path).status_code == 404


def test_there_is_no_form_for_a_claim_that_was_never_public() -> None:
    claim = factories.claim("A secret draft.")
    response = asked(f"/claims/{claim.public_id}/report")
    assert response.status_code == 404 and "secret" not in response.content.decode()


def test_control_and_reordering_characters_do_no_harm(review: Review) -> None:
    send(form_of(review), text="Look at this:\u202e\x00\x1b[31m 412\r\nand more.")
    complaint = Complaint.objects.get()
    assert complaint.text == "Look at this:\u202e[31m 412\nand more."
