"""Attach by address: open a page, choose the sentence, the place among copies, one press; refusals lose nothing."""

import re
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from claims.desk.evidence import attach
from claims.desk.evidence.sentences import section, span_of
from claims.models import Evidence, ReviewVersion
from claims.reviews import workflow
from sources.models import Page
from sources.polling import poller
from tests import factories

pytestmark = pytest.mark.django_db

QUOTE = factories.QUOTE
TWICE = f"Bridges\n\nIn short: {QUOTE}\n\nThe yearly report is out. {QUOTE} The next report is due in spring."


def client_of(user: Any) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def looked(version: ReviewVersion, page: Page | str, rf: Any, **query: str) -> str:
    """The workbench with a page open."""
    request = rf.get("/admin/claims/1/", {"attach": page if isinstance(page, str) else str(page.pk), **query})
    request.user = version.author
    answer: Any = attach.screen(request, version)
    return str(answer.render().content.decode())


def values(html: str, words: str) -> list[str]:
    """The values of the boxes before these words."""
    return re.findall(rf'name="s" value="(\d+-\d+)"[^>]*>{re.escape(words)}', html)


def post(version: ReviewVersion, page: Page, **data: Any) -> Any:
    address = reverse("desk:attach_quote", args=[version.pk, page.pk])
    snapshot = page.snapshots.latest("pk").pk
    fields = {"snapshot": snapshot, "stance": "refutes", "visibility": "public", **data}
    return client_of(version.author).post(address, fields)


def test_a_sentence_is_attached_with_one_press(rf: Any) -> None:
    page, version = factories.page(), factories.draft()
    html = looked(version, page, rf)
    assert "What the site sees" in html and "The next report is due in spring." in html
    answer = post(version, page, s=values(html, QUOTE), note="Their own count.")
    assert answer.status_code == 302 and f"#evidence-{Evidence.objects.latest('pk').pk}" in answer["Location"]
    row = version.evidence.latest("pk")
    assert (row.exact, row.stance, row.note, row.page) == (QUOTE, "refutes", "Their own count.", page)


def test_the_first_and_the_last_of_several_make_one_quote(rf: Any) -> None:
    page, version = factories.page(), factories.draft()
    html = looked(version, page, rf)
    chosen = values(html, "The yearly report is out.") + values(html, "The next report is due in spring.")
    post(version, page, s=chosen)
    row = version.evidence.latest("pk")
    assert row.exact == f"The yearly report is out. {QUOTE} The next report is due in spring."


def test_the_place_of_the_chosen_sentence_tells_copies_apart(rf: Any) -> None:
    page, version = factories.page(text=TWICE), factories.draft()
    html = looked(version, page, rf)
    assert "copy 1" not in html, "one of them stands in a sentence with other words"
    post(version, page, s=values(html, QUOTE))
    assert version.evidence.latest("pk").prefix.endswith("The yearly report is out. ")
    post(version, page, s=values(html, f"In short: {QUOTE}"), exact=QUOTE)
    assert version.evidence.latest("pk").prefix.endswith("In short: ")


def test_equal_sentences_are_numbered(rf: Any) -> None:
    page, version = factories.page(text=f"{QUOTE}\n\nMore of it here.\n\n{QUOTE}"), factories.draft()
    html = looked(version, page, rf)
    assert "copy 1" in html and "copy 2" in html
    _first, second = values(html, QUOTE)
    post(version, page, s=[second])
    assert "More of it here." in version.evidence.latest("pk").prefix


def test_typed_words_that_stand_several_times_ask_which_and_lose_nothing() -> None:
    page, version = factories.page(text=TWICE), factories.draft()
    answer = post(version, page, exact=QUOTE, note="Keep me")
    html = answer.content.decode()
    assert answer.status_code == 200 and "Choose which of them to watch." in html
    assert "Keep me" in html and QUOTE in html and html.count('name="copy"') == 2
    post(version, page, exact=QUOTE, copy="1")
    assert version.evidence.latest("pk").prefix.endswith("In short: ")


def test_nothing_chosen_and_a_missing_description_are_said_with_what_was_typed() -> None:
    page, version = factories.page(), factories.draft()
    assert "Choose a sentence of the page first." in post(version, page, note="Keep me").content.decode()
    html = post(version, page, exact=QUOTE, visibility="described", note="Keep me").content.decode()
    assert "Say the public words for this source" in html and "Keep me" in html
    assert version.evidence.count() == 1


def test_looking_sends_nothing_and_opening_reads_once(rf: Any) -> None:
    version, page = factories.draft(), factories.page()
    with mock.patch.object(poller, "fetch_once") as fetch:
        looked(version, page, rf)
        html = looked(version, "https://nobody.example/never-read", rf)
        assert not fetch.called
        assert "opening the page sends one request" in html and "Upload a copy" in html
        opened = reverse("desk:open_page", args=[version.pk])
        answer = client_of(version.author).post(opened, {"url": page.url})
        assert not fetch.called and f"attach={page.pk}" in answer["Location"]
        client_of(version.author).post(opened, {"url": page.url, "refetch": "1"})
        assert fetch.call_count == 1


def test_a_page_that_cannot_be_read_says_why_and_leaves_no_page() -> None:
    version = factories.draft()
    with mock.patch.object(poller, "fetch_once", side_effect=poller.PageUnreadable("HTTP 403")):
        client = client_of(version.author)
        answer = client.post(reverse("desk:open_page", args=[version.pk]), {"url": "https://walled.example/a"})
    assert "attach=https" in answer["Location"]
    assert not Page.objects.filter(url="https://walled.example/a").exists()
    answer = client.post(reverse("desk:open_page", args=[version.pk]), {"url": "http://127.0.0.1:22/"})
    assert answer.status_code == 302 and not Page.objects.filter(url__contains="127.0.0.1").exists()


def test_the_button_that_contradicts_the_rating_says_so(rf: Any) -> None:
    html = looked(factories.draft(rating="Right"), factories.page(), rf)
    assert re.search(r"Attach: refutes<small>although the rating says otherwise", html)
    assert re.search(r'class="go">Attach: supports', html)


def test_words_are_found_on_a_long_page(rf: Any) -> None:
    text = "\n\n".join(f"Line {number} says that much." for number in range(4_000)) + f"\n\n{QUOTE}"
    page, version = factories.page(text=text), factories.draft()
    html = looked(version, page, rf)
    assert QUOTE not in html and "Next part of the page" in html and len(html) < 700_000
    assert QUOTE in looked(version, page, rf, find="412 bridges in need")
    assert "does not stand on it" in looked(version, page, rf, find="no such words")


def test_nobody_attaches_to_what_is_hidden_or_locked_or_not_theirs() -> None:
    page, version = factories.page(), factories.draft()
    reporter = factories.editor()
    reporter.groups.clear()
    address = reverse("desk:attach_quote", args=[version.pk, page.pk])
    assert client_of(reporter).post(address, {"s": "0-5"}).status_code == 403
    assert client_of(version.author).get(address).status_code == 405
    workflow.submit(version, actor=version.author)


@pytest.mark.parametrize("bad", ["x", "5", "9-3", "0-99999999", "-1-4", "1-2-3"])
def test_a_place_that_is_none_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=re.escape(bad[:3])):
        span_of([bad], 100)


def test_sections_cover_the_text_without_gaps() -> None:
    text = "\n".join(f"Sentence number {number} is here." for number in range(5_000))
    at, seen = 0, 0
    while True:
        part = section(text, at=at)
        seen += sum(len(group) for group in part.paragraphs)
        if part.after is None:
            break
        assert part.after > at
        at = part.after
    assert seen == 5_000
