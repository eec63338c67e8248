"""The card in a frame: what it says of each state, that anybody may frame it, and that it follows the verdict."""

import re
from pathlib import Path

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from claims.imports.formats import reading
from claims.imports.importer import Importer
from claims.models import Review
from claims.reviews import merging, publish, rechecks, suspension, workflow
from claims.watch import sweep
from tests import factories
from tests.claims.sample_claimreviews import claim_review, rated

pytestmark = pytest.mark.django_db


def card(id: str, **headers: str) -> HttpResponse:
    client = Client()
    response: HttpResponse = client.get(f"/embed/{id}", headers=headers)
    assert not client.cookies and not response.cookies
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "script-src" not in response.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in response.headers
    html = response.content.decode()
    assert "<script" not in html and "<form" not in html and " style=" not in html
    return response


def words(response: HttpResponse) -> str:
    text = re.sub(r"<[^>]*>", " ", response.content.decode().partition("<main")[2])
    return re.sub(r"\s+", " ", text)


@pytest.fixture
def review() -> Review:
    return factories.published_review()


def test_it_shows_the_verdict_that_stands_and_leads_out_of_the_frame(review: Review) -> None:
    response = card(review.claim.public_id)
    text = words(response)
    assert "412 bridges need repair." in text and "Right" in text and "The report says so." in text
    assert "as things stood on 1 March 2026" in text
    html = response.content.decode()
    link = re.findall(r'<a href="([^"]*)" target="_blank" rel="noopener"', html)
    assert link == [f"http://testserver/claims/{review.claim.public_id}"]
    assert len(re.findall("<a ", html)) == 1 and html.count("<h1") == 1


def test_it_says_whose_verdict_it_is_if_it_is_not_ours(review: Review, tmp_path: Path) -> None:
    assert "Verdict of" not in words(card(review.claim.public_id))
    record = orjson.dumps([claim_review(1, reviewRating=rated("Quite wrong"))])
    entries = list(reading.entries(iter([record]), form="json", now=timezone.now()))
    importer = Importer(source="1", fingerprint="1", refused=tmp_path / "1.ndjson")
    importer.import_entries(lambda after: iter(entries[after:]))
    theirs = Review.objects.get(origin="imported")
    name = theirs.organisation.name
    text = words(card(theirs.claim.public_id))
    assert "Our desk" in text and re.search(f"Verdict of {name} Quite wrong", text)
    page = Client().get(f"/claims/{theirs.claim.public_id}").content.decode()
    assert f'content="{name}: Quite wrong.' in page and "Checked by Our desk" not in page
    assert "Quite wrong" not in page.split("<title>")[1].split("</title>")[0], "beside our name it would be ours"


def test_it_follows_the_verdict_at_the_next_load(review: Review) -> None:
    id = review.claim.public_id
    first = card(id)
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert card(id, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    with factories.acting_as("editor"):
        suspension.suspend(review, actor=factories.editor(), reason="Looking.")
    later = card(id, **{"If-None-Match": first.headers["ETag"]})
    assert later.status_code == 200
    assert "Under review since" in words(later) and "Right" not in words(later)
    assert "The report says so." not in words(later)


def test_a_withdrawn_review_shows_no_verdict(review: Review) -> None:
    version = workflow.start_version(review, kind="withdrawal", actor=factories.editor(), public_note="It was wrong.")
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    html = card(review.claim.public_id).content.decode()
    assert "Withdrawn on" in html and "It was wrong." in html and "What happened" in html
    for gone in ("Right", "The report says so.", 'class="scale"', "as things stood"):
        assert gone not in html


def test_it_says_when_it_is_being_looked_at_again() -> None:
    page = factories.page()
    claim = factories.claim("412 bridges need repair.")
    review = factories.published_review(claim, of=page)
    factories.change(page, factories.PAGE_TEXT.replace("412", "312"))
    sweep.sweep()
    assert "looking at this again" not in words(card(claim.public_id)), "nobody has confirmed it yet"
    rechecks.confirm(review.rechecks.get(), actor=factories.editor())
    assert "We are looking at this again since" in words(card(claim.public_id))


def test_a_merged_claim_shows_the_card_of_the_whole() -> None:
    part = factories.published_review(factories.claim("Bridges: 412 are broken.")).claim
    whole = factories.published_review(factories.claim("412 bridges need repair.")).claim
    shown = merging.reading("merge", part, whole).sha256
    asked = merging.request(part, whole, actor=factories.editor(), reason="The same.", shown=shown)
    merging.approve(asked, actor=factories.editor(), shown=shown)
    html = card(part.public_id).content.decode()
    assert "was made one with this" in html and f"/claims/{whole.public_id}" in html
    assert "Bridges: 412" not in html
    assert html.count('class="verdict-word"') == 2, "both reviews, each with its organisation"
    assert "was made one with this" not in card(whole.public_id).content.decode()


def test_removed_words_and_an_unknown_address_say_so_in_a_frame_too(review: Review) -> None:
    factories.redacted(review.claim)
    gone = card(review.claim.public_id)
    assert gone.status_code == 410 and "Words removed" in words(gone) and "412" not in words(gone)
    unknown = card("clm_0000000000000000")
    assert unknown.status_code == 404 and "Nothing is published here" in words(unknown)
    assert unknown.headers["Cache-Control"] == gone.headers["Cache-Control"] == "no-store"


def test_text_of_others_stays_text() -> None:
    hostile = '"><script>alert(1)</script><iframe src=//x.example>'
    claim = factories.published_review(factories.claim(hostile)).claim
    html = card(claim.public_id).content.decode()
    assert "<iframe" not in html and "&lt;iframe" in html
    page = Client().get(f"/claims/{claim.public_id}").content.decode()
    assert "<iframe" not in page and "alert(1)</script>" not in page


def test_words_that_reorder_text_stand_written_out() -> None:
    claim = factories.published_review(factories.claim("\u202e412 bridges need repair.")).claim
    html = card(claim.public_id).content.decode()
    assert "\u202e" not in html and "[RLO]412 bridges" in html
