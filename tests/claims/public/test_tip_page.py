"""The private page of a tip: received or published, and nothing between; nothing on it tells what the desk works on."""

import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, Review, TipContact, TipGroup
from claims.reviews import merging, publish, rechecks, suspension, workflow
from claims.tips import groups, inbox
from claims.watch import sweep
from tests import factories

pytestmark = pytest.mark.django_db
FERRY = "The ferry to Lindholm stops running in October."


class Sent:
    """A tip, and its page in a browser that keeps nothing."""

    def __init__(self, text: str = FERRY, **options: Any) -> None:
        received = inbox.receive(actor="test", text=text, **options)
        self.tip, self.path = received.tip, f"/t/{received.token}"
        assert self.tip.group is not None
        self.group: TipGroup = self.tip.group

    def get(self, method: str = "get", **data: str) -> HttpResponse:
        client = Client()
        response: HttpResponse = getattr(client, method)(self.path, data)
        assert not client.cookies and not response.cookies
        return response

    @property
    def page(self) -> str:
        response = self.get()
        assert response.status_code == 200
        return response.content.decode()

    def statements(self) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            self.get()
        return [re.sub(r"[0-9a-f]{64}", "…", each["sql"]) for each in captured]


def headers_of(response: HttpResponse) -> str:
    return str(sorted(each for each in response.headers.items() if each[0] != "X-Request-ID"))


def linked(sent: Sent, claim: Claim) -> None:
    groups.link(sent.group, claim, actor=factories.editor())


def answered(claim: Claim | None = None) -> tuple[Sent, Review]:
    claim = claim or factories.claim("412 bridges need repair.")
    sent = Sent()
    linked(sent, claim)
    return sent, factories.published_review(claim)


def test_whatever_the_desk_does_the_page_is_that_of_a_new_tip_byte_for_byte() -> None:
    editor = factories.editor()
    new = Sent("Is the weir sound?")
    taken, aside, waits, drafted, embargoed, contact = (
        Sent(f"Question of {name}") for name in ("anna", "bert", "cleo", "dora", "emil", "fran")
    )
    groups.take(taken.tip, factories.statement().document, actor=editor)
    groups.set_aside(aside.group, actor=editor)
    linked(waits, factories.claim("Nobody has begun."))
    version = factories.draft(factories.claim("Somebody has begun."))
    linked(drafted, version.review.claim)
    approved = factories.approved(factories.draft(factories.claim("Two have agreed.")))
    linked(embargoed, approved.review.claim)
    TipContact.objects.create(tip=contact.tip, name="Fran", email="f@b.example", delete_after=contact.tip.received_at)
    many = [Sent("Is the weir sound?") for _ in range(3)]
    pages = {each.page for each in (new, taken, aside, waits, drafted, embargoed, contact, *many)}
    assert len(pages) == 1
    (page,) = pages
    assert "<h1>Received</h1>" in page and "Published" not in page
    assert "weir" not in page and "Fran" not in page, "whoever finds the address learns nothing of the sender"
    assert len({headers_of(each.get()) for each in (new, taken, aside, waits, drafted)}) == 1
    asked = [each.statements() for each in (new, taken, aside, waits, drafted, embargoed)]
    assert len({str(each) for each in asked}) == 1, "the same statements, so the same time"
    assert sum("claims_tip" in statement for statement in asked[0]) == 1


def test_a_published_review_is_shown_to_all_who_asked_now_and_later() -> None:
    sent, review = answered()
    later = Sent()
    for each in (sent, later):
        page = each.page
        assert "<h1>Published</h1>" in page and "412 bridges need repair." in page
        assert "Our desk rated this claim Right (as of 1 March 2026)." in page
        assert "First published on " in page
        assert "/api/v1/" not in page, "nobody can open it without a key"
    assert review.public_id not in sent.page


def test_a_link_set_after_publication_shows_the_review_at_once_and_taken_back_nothing() -> None:
    claim = factories.claim("412 bridges need repair.")
    factories.published_review(claim)
    sent = Sent()
    received = sent.page
    linked(sent, claim)
    assert "<h1>Published</h1>" in sent.page
    groups.unlink(sent.group, actor=factories.editor())
    assert sent.page == received


def test_the_address_of_the_data_is_there_if_everybody_may_read_it(settings: Any) -> None:
    settings.ANONYMOUS_READ = True
    sent, review = answered()
    assert f'href="/api/v1/claims/{review.claim.public_id}/"' in sent.page


def test_a_withdrawn_review_is_said_to_be_withdrawn() -> None:
    sent, review = answered()
    version = workflow.start_version(review, kind="withdrawal", actor=factories.editor(), public_note="It was wrong.")
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    assert "it was withdrawn later. Do not rely on it." in sent.page
    assert "Our desk withdrew its review of this claim on" in sent.page
    assert "rated this claim" not in sent.page


def test_a_suspended_review_shows_no_rating() -> None:
    sent, review = answered()
    suspension.suspend(review, actor=factories.editor(), reason="Doubt.")
    assert "Under review since" in sent.page
    assert "Right" not in sent.page


def test_a_broken_quote_is_told_once_an_editor_has_confirmed_it() -> None:
    page = factories.page()
    claim = factories.claim("412 bridges need repair.")
    sent = Sent()
    linked(sent, claim)
    review = factories.published_review(claim, of=page)
    before = sent.page
    factories.change(page, factories.PAGE_TEXT.replace("412", "312"))
    sweep.sweep()
    assert sent.page == before
    rechecks.confirm(review.rechecks.get(), actor=factories.editor())
    assert "It is being looked at again" in sent.page


def test_a_redacted_claim_says_that_its_words_are_gone() -> None:
    sent, review = answered()
    factories.redacted(review.claim)
    assert "its words have been removed since" in sent.page
    assert "412 bridges" not in sent.page


def test_a_merged_claim_is_followed() -> None:
    claim = factories.claim("Bridges: 412 are broken.")
    sent, _ = answered(claim)
    into = factories.published_review(factories.claim("412 bridges need repair.")).claim
    shown = merging.reading("merge", claim, into).sha256
    asked = merging.request(claim, into, actor=factories.editor(), reason="The same.", shown=shown)
    merging.approve(asked, actor=factories.editor(), shown=shown)
    assert "412 bridges need repair." in sent.page


def test_tokens_cannot_be_guessed_and_all_wrong_ones_look_alike() -> None:
    sent = Sent()
    token = sent.path.removeprefix("/t/")
    wrong = [
        *(token[:-1], token + "A", token[:-1] + ("A" if token[-1] != "A" else "B"), token.swapcase(), "x", "A" * 4_000),
        *(sent.tip.public_id, sent.tip.token_sha256, "%E2%80%AE", "é", "..", "null", "1"),
    ]
    answers = [Client().get(f"/t/{each}") for each in wrong]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({headers_of(answer) for answer in answers}) == 1
    assert Client().get("/t/").status_code == 404
    assert Client().post(f"/t/{token}x", {"delete-contact": "1"}).status_code == 404


def test_the_page_keeps_its_address_to_itself() -> None:
    sent, _ = answered()
    for response in (sent.get(), Client().get("/t/wrong"), sent.get("post")):
        headers = response.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]
        assert headers["X-Frame-Options"] == "DENY" and headers["X-Content-Type-Options"] == "nosniff"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src" not in policy and "unsafe" not in policy
        assert "Set-Cookie" not in headers
    page = sent.page
    assert "<script" not in page and not re.findall(r'(?:src|href)="(?:https?:)?//', page), "nothing of a third party"
    assert sent.path not in page
    assert sent.get("put").status_code == 405


def test_a_server_error_does_not_log_the_token(monkeypatch: Any, caplog: Any) -> None:
    sent = Sent()

    def broken(token: str) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("claims.public.tip_page.tip_page", broken)
    assert Client(raise_request_exception=False).get(sent.path).status_code == 500
    assert sent.path.removeprefix("/t/") not in caplog.text
    assert "Internal Server Error: /t/" in caplog.text, "and says that there was one"


def test_the_sender_has_contact_data_deleted_and_the_tip_stays() -> None:
    sent = Sent(name="A. Reader", email="a@b.example")
    without = Sent("Another question")
    assert sent.get("post").status_code == 200 and TipContact.objects.exists(), "the button alone does it"
    done = sent.get("post", **{"delete-contact": "1"})
    assert "We hold no name and no e-mail address with this tip." in done.content.decode()
    assert not TipContact.objects.exists()
    assert without.get("post", **{"delete-contact": "1"}).content == done.content, "and tells nothing of what was there"
    assert "<h1>Received</h1>" in sent.page


def test_text_of_others_is_shown_as_text() -> None:
    sent, _ = answered(factories.claim("<script>alert(1)</script> & “so”"))
    assert "<script>" not in sent.page and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “so”" in sent.page


def german(sent: Sent, settings: Any) -> str:
    settings.READERS_LANGUAGE = "de"
    return sent.page


def test_the_page_is_one_of_the_readers_pages_in_their_language(settings: Any) -> None:
    sent, review = answered()
    waiting = Sent("Is the weir sound?")
    claim = review.claim.public_id
    assert f'href="/claims/{claim}"' in sent.page and '<html lang="en"' in sent.page
    assert 'class="skip"' in waiting.page, "the frame of readers' pages"
    for page in (german(sent, settings), german(waiting, settings), Client().get("/t/wrong").content.decode()):
        assert '<html lang="de"' in page
        assert "Your tip" not in page and "Whoever has" not in page and "Nothing is" not in page
    assert "<h1>Veröffentlicht</h1>" in sent.page and "<h1>Eingegangen</h1>" in waiting.page
    assert "1. März 2026" in sent.page and "rated this claim" not in sent.page


def test_without_readers_pages_it_leads_to_none_and_keeps_their_language(settings: Any) -> None:
    sent, _ = answered()
    settings.READERS = False
    assert "/claims/" not in sent.page and "<nav" not in sent.page and "<h1>Published</h1>" in sent.page
    assert '<html lang="de"' in german(sent, settings)
    assert Client().get("/t/wrong").status_code == 404
