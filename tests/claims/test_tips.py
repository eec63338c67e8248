"""Tips by API: they can be sent and never read, and contact data is deleted in time."""

from datetime import timedelta

import orjson
import pytest
from django.utils import timezone

from claims import tasks, tips
from claims.models import Document, Tip, TipContact
from factcheck.newsrooms.keys import create_key
from tests.api_client import ask, problem
from tests.claims import drafts_api

pytestmark = pytest.mark.django_db
TIPS = "/api/v1/tips/"
TIP = {
    "text": "Is it 412 bridges?\nSo the radio said.",
    "url": "https://radio.example/",
    "language": "en",
    "contact": {"name": "A. Reader", "email": "reader@example.org"},
}


@pytest.fixture
def key() -> str:
    return create_key("Daily Paper", ["tips"])


def test_a_tip_goes_into_the_inbox_and_the_answer_is_a_receipt(key: str, settings) -> None:
    settings.TIP_CONTACT_DAYS = 10
    response = drafts_api.send(TIPS, key, TIP)
    tip = Tip.objects.get()
    assert (response.status_code, orjson.loads(response.content)) == (201, {"receipt": tip.public_id})
    assert (tip.text, tip.url, tip.language, tip.state) == (TIP["text"], TIP["url"], "en", "new")
    assert (tip.contact.name, tip.contact.email) == ("A. Reader", "reader@example.org")
    assert timedelta(days=9.9) < tip.contact.delete_after - timezone.now() < timedelta(days=10.1)
    assert not Document.objects.exists()
    event = Tip.pgh_event_model.objects.get()
    assert event.pgh_context["actor"] == "Daily Paper, by API"
    assert "Reader" not in str(event.pgh_context) + event.text


def test_tips_cannot_be_read_by_anybody(key: str) -> None:
    receipt = orjson.loads(drafts_api.send(TIPS, key, TIP).content)["receipt"]
    everything = create_key("All", ["read", "write", "tips"])
    for opener in (key, everything):
        assert ask(TIPS, opener).status_code == 405
        for method in ("GET", "PATCH", "DELETE"):
            assert ask(f"{TIPS}{receipt}/", opener, method=method).status_code == 404
    assert drafts_api.send(TIPS, create_key("Reader", ["read", "write"]), TIP).status_code == 403
    assert drafts_api.send(TIPS, None, TIP).status_code == 401


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"text": ""}, "/text"),
        ({"text": "  "}, "/text"),
        ({"text": "a" * 10_001}, "/text"),
        ({"text": None}, "/text"),
        ({"text": "a\x01b"}, "/text"),
        ({"url": "javascript:alert(1)"}, "/url"),
        ({"url": "https://x.example/" + "a" * 2_000}, "/url"),
        ({"language": "not a language"}, "/language"),
        ({"contact": {"email": "nowhere"}}, "/contact/email"),
        ({"contact": {"email": "a@b.example\nBcc: c@d.example"}}, "/contact/email"),
        ({"contact": {"name": "n" * 201}}, "/contact/name"),
        ({"contact": {"telephone": "1"}}, "/contact/telephone"),
        ({"contact": "A. Reader"}, "/contact"),
        ({"state": "taken"}, "/state"),
        ({"contact": {"delete_after": "2999-01-01"}}, "/contact/delete_after"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(key: str, change, pointer: str) -> None:
    answer = problem(drafts_api.send(TIPS, key, {**TIP, **change}))
    assert answer["type"].endswith(":invalid-body")
    assert pointer in [error["pointer"] for error in answer["errors"]]
    assert not Tip.objects.exists() and not TipContact.objects.exists()


def test_a_tip_without_contact_keeps_none(key: str) -> None:
    for contact in ({}, {"name": "", "email": ""}, None):
        body = {"text": "Look."} | ({} if contact is None else {"contact": contact})
        assert drafts_api.send(TIPS, key, body).status_code == 201
    assert (Tip.objects.count(), TipContact.objects.count()) == (3, 0)


def test_who_sent_it_is_forgotten_when_the_time_is_over_and_the_tip_stays() -> None:
    due = tips.receive(text="Due", actor="test", name="A. Reader")
    kept = tips.receive(text="Kept", actor="test", email="b@example.org")
    TipContact.objects.filter(tip=due).update(delete_after=timezone.now())
    assert tasks.delete_expired_contacts() == 1
    assert list(TipContact.objects.values_list("tip", flat=True)) == [kept.pk]
    assert Tip.objects.count() == 2
    assert tasks.delete_expired_contacts() == 0
