"""Saved pages at the desk: replayed without anything that acts, marked, compared; screens and lists of sources."""

import hashlib
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from claims.desk.evidence.live import live_url
from claims.desk.shell.verbs import seen_of
from claims.desk.sources.saved import touching
from claims.models import Evidence
from claims.roles import GROUPS, Role
from claims.visibility import restrict
from claims.watch import sweep
from sources.admin.difference import difference
from sources.extraction.full_text import EXTRACTOR
from sources.models import Blob, Page, Polling, Snapshot, Text
from sources.snapshots.default_store import store
from tests import factories

pytestmark = pytest.mark.django_db

QUOTE = factories.QUOTE


def client_of(user: Any) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def kept(page: Page, html: bytes, text: str, media_type: str = "text/html") -> Snapshot:
    """A snapshot whose bytes are in the store."""
    sha256 = store().put(html)
    blob, _ = Blob.objects.get_or_create(sha256=sha256, defaults={"size": len(html), "media_type": media_type})
    stored, _ = Text.objects.get_or_create(sha256=hashlib.sha256(text.encode()).hexdigest(), defaults={"text": text})
    taken = Snapshot.objects.create(
        page=page, taken_at=factories.later(0), status=200, blob=blob, text=stored, extractor=EXTRACTOR
    )
    Polling.objects.filter(page=page).update(latest_snapshot=taken)
    return taken


def test_the_frame_holds_the_marked_words_and_nothing_that_acts() -> None:
    page = factories.page()
    html = (
        "<html><body onload=x()><script>x()</script><p>Out now. The ministry counted <b>412</b> bridges in need of"
        " repair.</p><img src=//e.example/p></body></html>"
    )
    snapshot = kept(page, html.encode(), factories.PAGE_TEXT)
    version = factories.draft(of=page)
    quote = version.evidence.get()
    answer = client_of(version.author).get(reverse("desk:replay", args=[snapshot.pk]), {"quote": quote.pk})
    body = answer.content.decode()
    assert (
        '<mark id="quote">The ministry counted </mark><b><mark>412</mark></b><mark> bridges in need of repair.</mark>'
        in body
    )
    assert "<script" not in body and "onload" not in body and "e.example" not in body and "<img" not in body
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-") and policy.endswith("sandbox")
    assert "unsafe" not in policy and "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN" and answer["X-Content-Type-Options"] == "nosniff"


def test_what_is_no_page_and_what_is_missing_is_said_as_text() -> None:
    page = factories.page()
    client = client_of(factories.editor())
    missing = client.get(reverse("desk:replay", args=[page.snapshots.get().pk]))
    assert missing["Content-Type"].startswith("text/plain") and "is not in" in missing.content.decode()
    pdf = kept(page, b"%PDF-1.4 no more", "words", "application/pdf")
    assert "its text is below" in client.get(reverse("desk:replay", args=[pdf.pk])).content.decode()


def test_the_saved_page_has_a_sandboxed_frame_the_marked_text_and_the_live_link() -> None:
    version = factories.draft()
    quote = version.evidence.get()
    answer = client_of(version.author).get(reverse("desk:saved_page", args=[quote.snapshot_id]), {"quote": quote.pk})
    html = answer.content.decode()
    assert '<iframe class="replay" sandbox="" src="' in html
    assert f"<mark>{QUOTE}</mark>" in html
    assert "#:~:text=The%20ministry%20counted%20412" in html
    assert "frame-src 'self'" in answer["Content-Security-Policy"]


def test_a_quote_of_a_restricted_claim_is_not_marked_for_others() -> None:
    version = factories.draft()
    quote = version.evidence.get()
    chief = factories.editor()
    chief.groups.add(Group.objects.get(name="Chiefs"))
    restrict(version.review.claim, members=[version.author], actor=type(chief).objects.get(pk=chief.pk))
    address = reverse("desk:saved_page", args=[quote.snapshot_id])
    seen = client_of(version.author).get(address, {"quote": quote.pk}).content.decode()
    hidden = client_of(factories.editor()).get(address, {"quote": quote.pk}).content.decode()
    assert "<mark>" in seen and "<mark>" not in hidden
    assert (
        version.review.claim.text
        not in client_of(factories.editor()).get(reverse("desk:source_page", args=[quote.page_id])).content.decode()
    )


@pytest.mark.parametrize(
    ("url", "exact", "expected"),
    [
        ("https://a.example/x", "A - b, c & d", "https://a.example/x#:~:text=A%20%2D%20b%2C%20c%20%26%20d"),
        ("https://a.example/x#part", "words here", "https://a.example/x#part:~:text=words%20here"),
        (
            "https://a.example/",
            " ".join(map(str, range(100))),
            "https://a.example/#:~:text=0%201%202%203%204%205,94%2095%2096%2097%2098%2099",
        ),
        ("javascript:alert(1)", "words", ""),
    ],
)
def test_the_live_link_names_the_words(url: str, exact: str, expected: str) -> None:
    assert live_url(url, exact) == expected


def test_a_comparison_is_cut_to_what_stands_near_the_quote() -> None:
    far = "\n\n".join(f"Line {number} of the page." for number in range(200))
    before = f"{factories.PAGE_TEXT}\n\n{far}"
    after = before.replace("412", "398").replace("Line 150", "Row 150")
    pieces = difference(before, after)
    start = before.index(QUOTE)
    shown = touching(pieces, [("before", start, start + len(QUOTE))])
    changed = [piece.text for piece in shown if piece.kind in ("removed", "added")]
    assert changed == ["412", "398"]
    assert sum(len(piece.text) for piece in shown) < 1_500
    assert touching(difference(before, before), [])[0].kind == "skipped"


def test_two_saved_pages_are_compared_near_the_quote_or_whole() -> None:
    page = factories.page()
    version = factories.draft(of=page)
    factories.snapshot(page, factories.PAGE_TEXT.replace("412", "398").replace("Contact us.", "Write to us."))
    client = client_of(version.author)
    address = reverse("desk:compare_pages", args=[page.pk])
    html = client.get(address, {"quote": version.evidence.get().pk}).content.decode()
    assert "<del>412</del><ins>398</ins>" in html
    assert "<ins>Write to</ins>" in client.get(address, {"whole": "1"}).content.decode()
    first = page.snapshots.earliest("pk").pk
    assert "Both are the same saved page." in client.get(address, {"before": first, "after": first}).content.decode()
    assert client.get(address, {"before": "x" * 40, "after": "9" * 30, "quote": "-1"}).status_code == 200


def broken(page: Page) -> Evidence:
    review = factories.published_review(of=page)
    text = factories.PAGE_TEXT.replace("412", "398")
    for certainty in ("suspected", "confirmed"):
        factories.change(page, text, certainty=certainty)
        sweep.sweep()
    return review.versions.get().evidence.get()


def test_the_page_says_what_rests_on_it_and_how_it_was() -> None:
    page = factories.page()
    broken(page)
    html = client_of(factories.editor()).get(reverse("desk:source_page", args=[page.pk])).content.decode()
    assert "sentence changed (substance)" in html and "1 quote" in html and "text changed" in html
    assert html.count("text changed") == 1, "two looks at one change are one period"
    assert 'class="w-off"' in html


def test_changes_show_what_touched_a_quote_first_and_a_line_a_period() -> None:
    touched, other = factories.page(), factories.page()
    broken(touched)
    factories.change(other, "Other words now.")
    client = client_of(factories.editor())
    address = reverse("desk:changes")
    html = client.get(address).content.decode()
    assert touched.url in html and other.url not in html and html.count("text changed</span>") == 1
    everything = client.get(address, {"quotes": "all"}).content.decode()
    assert touched.url in everything and other.url in everything and "seen once" in everything
    assert client.get(address, {"format": "csv"}).status_code == 200


def test_blind_pages_come_with_most_on_them_first_and_are_counted() -> None:
    first, second, fine = factories.page(), factories.page(), factories.page()
    for page, weight in ((first, 1), (second, 7)):
        Polling.objects.filter(page=page).update(last_outcome="blocked", last_detail="HTTP 403", weight=weight)
    Polling.objects.filter(page=fine).update(last_outcome="ok")
    client = client_of(factories.editor())
    html = client.get(reverse("desk:blind_pages")).content.decode()
    assert html.index(second.url) < html.index(first.url) and fine.url not in html and "HTTP 403" in html
    assert '2<span class="vh"> cannot be read' in client.get(reverse("desk:sources")).content.decode()


@pytest.mark.parametrize("name", ["sources", "blind_pages", "changes", "feeds", "saved_pages", "copies"])
def test_every_list_opens_with_and_without_rows(name: str) -> None:
    client = client_of(factories.editor())
    assert client.get(reverse(f"desk:{name}")).status_code == 200
    factories.page()
    for query in (
        {},
        {"q": "agency"},
        {"format": "csv"},
        {"page": "2"},
        {"watched": "no", "reading": "no", "kind": "gone"},
    ):
        assert client.get(reverse(f"desk:{name}"), query).status_code == 200


def test_a_pasted_address_leads_to_its_page() -> None:
    page = factories.page()
    answer = client_of(factories.editor()).get(reverse("desk:sources"), {"q": page.url})
    assert answer["Location"] == reverse("desk:source_page", args=[page.pk])


def test_how_often_a_page_is_read_is_changed_at_its_screen() -> None:
    page = factories.page()
    client = client_of(factories.editor())
    address = reverse("desk:do", args=["page", page.pk, "rhythm"])
    client.post(address, {"minutes": "90", "seen": "0" * 64})
    page.refresh_from_db()
    assert page.pinned_interval is None, "somebody changed it since the form was filled"
    client.post(address, {"minutes": "90", "seen": seen_of(page)})
    page.refresh_from_db()
    assert page.pinned_interval is not None and page.pinned_interval.total_seconds() == 5_400
    client.post(address, {"minutes": "999999", "seen": seen_of(page)})
    page.refresh_from_db()
    assert page.pinned_interval.total_seconds() == 5_400, "nobody slows it beyond seven days"
    administrator = factories.editor()
    administrator.groups.set([Group.objects.get(name=GROUPS[Role.ADMINISTRATOR])])
    client_of(administrator).post(address, {"minutes": ""})
    client_of(administrator).post(reverse("desk:do", args=["page", page.pk, "watch"]))
    page.refresh_from_db()
    assert page.pinned_interval is not None and page.watch == Page.Watch.NOT_WATCHED
