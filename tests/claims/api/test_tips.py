"""Tips by API: they can be sent and never read, senders are counted and forgotten, contact data is deleted in time."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone

from claims import tasks
from claims.desk.tips.demand import with_demand
from claims.models import Document, Tip, TipContact, TipGroup, TipSender
from claims.publication import append
from claims.tips import inbox
from factcheck.newsrooms.keys import create_key
from tests import factories
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


def sent(key: str | None, body: Any, **headers: str) -> dict[str, Any]:
    response = drafts_api.send(TIPS, key, body, **headers)
    assert response.status_code == 201, response.content[:500]
    answer: dict[str, Any] = orjson.loads(response.content)
    return answer


def test_a_tip_goes_into_the_inbox_and_the_answer_is_a_receipt(key: str, settings: Any) -> None:
    settings.TIP_CONTACT_DAYS = 10
    response = drafts_api.send(TIPS, key, TIP)
    tip = Tip.objects.get()
    answer = orjson.loads(response.content)
    assert (response.status_code, answer["receipt"], answer["checked"]) == (201, tip.public_id, [])
    assert set(answer) == {"receipt", "link", "checked"}
    assert response.headers["Cache-Control"] == "no-store", "the link opens the tip's page"
    assert (tip.text, tip.url, tip.language, tip.newsroom) == (TIP["text"], TIP["url"], "en", "Daily Paper")
    assert tip.group is not None and tip.group.state == "new"
    assert (tip.contact.name, tip.contact.email) == ("A. Reader", "reader@example.org")
    assert timedelta(days=9.9) < tip.contact.delete_after - timezone.now() < timedelta(days=10.1)
    assert not Document.objects.exists()
    event = Tip.pgh_event_model.objects.get()
    assert event.pgh_context["actor"] == "Daily Paper, by API"
    assert "Reader" not in str(event.pgh_context) + event.text


def test_the_link_is_random_and_stored_as_a_hash_alone(key: str) -> None:
    links = [sent(key, {"text": f"Tip {number}"})["link"] for number in range(3)]
    tokens = {link.rpartition("/t/")[2] for link in links}
    assert len(tokens) == 3 and all(len(token) == 32 for token in tokens), "192 bits"
    columns = str(list(Tip.objects.values())) + str(list(Tip.pgh_event_model.objects.values()))
    assert not any(token in columns for token in tokens)
    assert {inbox.token_sha256(token) for token in tokens} == set(Tip.objects.values_list("token_sha256", flat=True))


def test_an_address_alone_is_a_tip_and_nothing_is_not(key: str) -> None:
    sent(key, {"url": "https://radio.example/morning"})
    assert (Tip.objects.get().text, Tip.objects.get().url) == ("", "https://radio.example/morning")
    for body in ({}, {"text": "", "url": ""}, {"language": "en"}):
        answer = problem(drafts_api.send(TIPS, key, body))
        assert "/text" in [error["pointer"] for error in answer["errors"]]


def test_a_retry_with_an_idempotency_key_is_the_same_tip_and_link(key: str) -> None:
    first = sent(key, TIP, Idempotency_Key="5b7c")
    again = drafts_api.send(TIPS, key, TIP, Idempotency_Key="5b7c")
    assert orjson.loads(again.content) == first
    assert again.headers["Cache-Control"] == "no-store"
    assert Tip.objects.count() == 1


def test_what_is_published_about_it_comes_with_the_receipt(key: str) -> None:
    review = factories.published_review(factories.claim("There are 97 herons at the weir."))
    (entry,) = sent(key, {"text": "There are 97 herons at the weir.", "language": "en"})["checked"]
    assert (entry["claim"]["id"], entry["tier"]) == (review.claim.public_id, "match")
    assert entry["reviews"][0]["display"] == "Our desk rated this claim Right (as of 1 March 2026)."
    draft = factories.draft(factories.claim("Otters were seen below Rosental."))
    assert sent(key, {"text": draft.review.claim.text})["checked"] == [], "nobody outside knows of it"
    assert sent(key, {"text": f"Is {draft.review.claim.public_id} right?"})["checked"] == []


def test_what_only_newsrooms_may_see_is_not_in_it(key: str) -> None:
    review = factories.published_review(factories.claim("There are 97 herons at the weir."))
    append.append(review.claim, event="recheck_raised", audience="newsrooms")
    (entry,) = sent(key, {"text": "There are 97 herons at the weir."})["checked"]
    assert entry["claim"]["verification"]["status"] == "checked"


def test_claims_that_appeared_at_the_address_are_possible(key: str) -> None:
    claim = factories.claim("There are 97 herons at the weir.")
    statement = factories.linked(claim)
    factories.published_review(claim)
    unpublished = factories.claim("There are 98 otters at the weir.")
    factories.linked(unpublished, text="“98 otters swim there,” she said.")
    address = statement.document.url + "?utm_source=x"
    (entry,) = sent(key, {"url": address})["checked"]
    assert (entry["claim"]["id"], entry["tier"], entry["why"][0]["code"]) == (claim.public_id, "possible", "same_page")
    hidden = unpublished.statements.get().document.url
    assert sent(key, {"url": hidden})["checked"] == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/admin/",
        "http://192.168.1.1/x",
        "http://[::1]/",
        "http://localhost/",
        "https://10.0.0.7/a",
    ],
)
def test_an_address_inside_the_house_is_noted_and_never_fetched(key: str, url: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("socket.getaddrinfo", None)  # whoever looks a host up fails
    sent(key, {"url": url})
    assert Tip.objects.get().url == url


def test_tips_cannot_be_read_by_anybody(key: str) -> None:
    answer = sent(key, TIP)
    receipt, token = answer["receipt"], answer["link"].rpartition("/t/")[2]
    everything = create_key("All", ["read", "write", "tips"])
    for opener in (key, everything):
        assert ask(TIPS, opener).status_code == 405
        for method in ("GET", "PATCH", "DELETE"):
            assert ask(f"{TIPS}{receipt}/", opener, method=method).status_code == 404
            assert ask(f"{TIPS}{token}/", opener, method=method).status_code == 404
    assert drafts_api.send(TIPS, create_key("Reader", ["read", "write"]), TIP).status_code == 403
    assert drafts_api.send(TIPS, None, TIP).status_code == 401


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"text": "", "url": ""}, "/text"),
        ({"text": "  ", "url": ""}, "/text"),
        ({"text": "a\u202eb"}, "/text"),
        ({"link": "https://x.example"}, "/link"),
        ({"url": "file:///etc/passwd"}, "/url"),
        ({"text": "a" * 10_001}, "/text"),
        ({"text": None, "url": None}, "/text"),
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


def test_a_body_of_ten_megabytes_is_refused_and_one_with_a_nul(key: str) -> None:
    assert drafts_api.send(TIPS, key, {"text": "a\x00b"}).status_code == 400
    assert drafts_api.send(TIPS, key, {"text": "a" * 10_000_000}).status_code == 413
    assert not Tip.objects.exists()


# readers without a key


def anonymous(body: Any, address: str = "192.0.2.7") -> HttpResponse:
    return ask(TIPS, None, "POST", data=orjson.dumps(body), content_type="application/json", REMOTE_ADDR=address)


def test_without_a_key_nobody_sends_tips_unless_the_desk_allows_it(settings: Any) -> None:
    assert anonymous(TIP).status_code == 401
    settings.ANONYMOUS_TIPS = True
    assert anonymous(TIP).status_code == 201
    assert Tip.objects.get().newsroom == ""
    assert Tip.pgh_event_model.objects.get().pgh_context["actor"] == "a reader, by API"
    assert ask(TIPS).status_code in (401, 405) and ask("/api/v1/claims/").status_code == 401, (
        "and reads nothing by that"
    )
    assert drafts_api.send("/api/v1/desk/claims/", None, {"text": "x"}).status_code == 401
    assert drafts_api.send(TIPS, "fc_abcdefgh_" + "x" * 44, TIP).status_code == 401


@pytest.mark.sql
def test_an_address_sends_so_many_an_hour_and_is_stored_nowhere(settings: Any, caplog: Any) -> None:
    settings.ANONYMOUS_TIPS, settings.ANONYMOUS_TIPS_PER_HOUR = True, 2
    six = "2001:db8:1:2::"
    answers = [anonymous({"text": f"Tip {number}"}, f"{six}{number}").status_code for number in range(4)]
    assert answers == [201, 201, 429, 429], "an IPv6 network of one household counts as one"
    refused = problem(anonymous({"text": "More"}, f"{six}9"))
    assert "At most 2 tips" in refused["detail"]
    assert anonymous({"text": "From elsewhere"}).status_code == 201
    assert everything_stored(exclude={"newsrooms_clienthashkey"}).isdisjoint({"192.0.2.7", "2001:db8:1:2"})
    assert "192.0.2.7" not in caplog.text
    TipSender.objects.update(at=timezone.now() - timedelta(minutes=61))
    assert tasks.forget_senders() == 3
    assert anonymous({"text": "Later"}, f"{six}1").status_code == 201


def test_readers_send_so_many_in_all_and_newsrooms_go_on(key: str, settings: Any) -> None:
    settings.ANONYMOUS_TIPS, settings.ANONYMOUS_TIPS_PER_HOUR_IN_ALL = True, 2
    codes = [anonymous({"text": f"Tip {number}"}, f"198.51.100.{number}").status_code for number in range(3)]
    assert codes == [201, 201, 429]
    refused = problem(anonymous({"text": "More"}, "198.51.100.9"))
    assert "than the desk takes" in refused["detail"]
    assert drafts_api.send(TIPS, key, {"text": "A newsroom's"}).status_code == 201


def everything_stored(exclude: set[str]) -> set[str]:
    """Which of the addresses stand in any column of any table, whole or in part."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        for (table,) in cursor.fetchall():
            if table in exclude:
                continue
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} AS t")
            text = cursor.fetchone()[0] or ""
            found |= {address for address in ("192.0.2.7", "2001:db8:1:2") if address in text}
    return found


def test_a_newsroom_has_a_limit_of_its_own(key: str, settings: Any) -> None:
    settings.TIPS_PER_HOUR = 2
    assert [drafts_api.send(TIPS, key, {"text": f"Tip {number}"}).status_code for number in range(3)] == [201, 201, 429]
    assert drafts_api.send(TIPS, create_key("Wire", ["tips"]), {"text": "Tip"}).status_code == 201


# demand


def demand() -> list[int]:
    return [group.asked for group in with_demand(TipGroup.objects.all()).order_by("pk")]


def test_one_sender_counts_once_for_a_question(settings: Any) -> None:
    settings.ANONYMOUS_TIPS, settings.ANONYMOUS_TIPS_PER_HOUR = True, 100
    for _ in range(5):
        anonymous({"text": "Is the bridge closed to lorries?"})
    anonymous({"text": "Is the bridge closed to lorries?"}, "198.51.100.1")
    assert (Tip.objects.count(), demand()) == (6, [2])


def test_a_newsroom_counts_once_for_each_reader_it_names(key: str) -> None:
    text = "Is the bridge closed to lorries?"
    for contact in (
        {},
        {},
        *({"email": "a@b.example"}, {"email": "A@B.example"}, {"email": "a+1@b.example"}, {"email": "a+2@b.example"}),
        *({"name": "Bo"}, {"name": "bo"}),
    ):
        sent(key, {"text": text, "contact": contact})
    assert (Tip.objects.count(), demand()) == (8, [3])
    sent(create_key("Wire", ["tips"]), {"text": text})
    assert demand() == [4]


def test_contact_data_is_forgotten_when_the_time_is_over_and_the_tip_stays() -> None:
    due = inbox.receive(text="Due", actor="test", name="A. Reader").tip
    kept = inbox.receive(text="Kept", actor="test", email="b@example.org").tip
    TipContact.objects.filter(tip=due).update(delete_after=timezone.now())
    assert tasks.delete_expired_contacts() == 1
    assert list(TipContact.objects.values_list("tip", flat=True)) == [kept.pk]
    assert Tip.objects.count() == 2
    assert tasks.delete_expired_contacts() == 0


def test_the_link_is_on_the_domain_of_readers_pages(key: str, settings: Any) -> None:
    assert sent(key, TIP)["link"].startswith("http://testserver/t/")
    settings.READERS_DOMAIN = "checks.example"
    assert sent(key, {**TIP, "text": "Another question."})["link"].startswith("http://checks.example/t/")
    settings.READERS = False
    assert sent(key, {**TIP, "text": "A third one."})["link"].startswith("http://testserver/t/")


def test_null_is_what_was_not_sent(key: str) -> None:
    assert sent(key, {"text": "Is it so?", "url": None, "language": None, "contact": None})["checked"] == []
    assert not TipContact.objects.exists()
    sent(key, {"text": "Is it?", "contact": {"name": None, "email": "reader@example.org"}})
    assert TipContact.objects.get().name == ""
