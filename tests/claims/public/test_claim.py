"""The page of a claim: what it shows, what it never shows, and how it is kept."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.encoding import iri_to_uri

from claims.models import Claim, Review, ReviewVersion
from claims.reviews import publish, rechecks, suspension, workflow
from claims.watch import sweep
from factcheck.readers.middleware import pages
from tests import factories
from tests.claims.complaints.changing import again

pytestmark = pytest.mark.django_db


def get(path: str, **headers: str):
    client = Client()
    response = client.get(path, headers=headers)
    assert not client.cookies and not response.cookies
    return response


def address(claim: Claim) -> str:
    return f"/claims/{claim.public_id}"


@pytest.fixture
def review() -> Review:
    made = factories.published_review()
    factories.linked(made.claim)
    factories.published_again(made.claim)
    return made


def test_it_shows_the_verdict_and_what_it_rests_on(review: Review) -> None:
    response = get(address(review.claim))
    html = response.content.decode()
    assert response.status_code == 200
    for words in ("412 bridges need repair.", "Right", "The report says so.", "We read the report.", factories.QUOTE):
        assert words in html
    assert len(html) < 60_000
    assert "<script" in html and html.count("<script") == html.count('<script type="application/ld+json"')
    assert "Set-Cookie" not in response.headers and "Cookie" not in response.headers.get("Vary", "")
    assert "script-src" not in response.headers["Content-Security-Policy"]


def test_it_asks_ten_things_whatever_it_rests_on(review: Review) -> None:
    get(address(review.claim))  # what a process learns once
    pages.clear()
    with CaptureQueriesContext(connection) as captured:
        get(address(review.claim))
    asked = [each["sql"] for each in captured.captured_queries if "SAVEPOINT" not in each["sql"]]
    assert len(asked) <= 11, "one of them puts back a limit, since a test is in a transaction"


def test_it_is_kept_while_nothing_changes(review: Review) -> None:
    first = get(address(review.claim))
    with CaptureQueriesContext(connection) as captured:
        again = get(address(review.claim), **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and len(captured) == 1
    with factories.acting_as("editor"):
        suspension.suspend(review, actor=factories.editor(), reason="Looking.")
    later = get(address(review.claim), **{"If-None-Match": first.headers["ETag"]})
    assert later.status_code == 200
    assert "Under review since" in later.content.decode()
    assert '<p class="big" dir="auto"' not in later.content.decode()


def read(claim: Claim) -> str:
    response = get(address(claim))
    assert response.status_code == 200
    return response.content.decode()


def says_the_verdict(html: str) -> bool:
    """Whether the rating is shown as one that stands, on the page, in its title, its description or its mark-up."""
    marked = '"reviewRating"' in html and '"creativeWorkStatus"' not in html
    title = html.split("<title>")[1].split("</title>")[0]
    return marked or "Right" in title or 'class="big" dir="auto"' in html or 'content="Right' in html


def withdrawn(review: Review) -> None:
    version = workflow.start_version(review, kind="withdrawal", actor=factories.editor(), public_note="It was wrong.")
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)


def test_what_was_never_published_answers_as_what_does_not_exist() -> None:
    hidden = factories.draft().review.claim
    one, other = get(address(hidden)), get("/claims/clm_0000000000000000")
    assert one.status_code == other.status_code == 404
    assert one.content == other.content and one.headers["Cache-Control"] == "no-store"


def test_a_standing_verdict_is_in_title_description_and_markup(review: Review) -> None:
    assert says_the_verdict(read(review.claim))


def test_no_verdict_stands_while_it_is_suspended(review: Review) -> None:
    suspension.suspend(review, actor=factories.editor(), reason="Looking.")
    html = read(review.claim)
    assert "Under review since" in html and not says_the_verdict(html)
    assert "The report says so." not in html and "We read the report." not in html


def test_no_verdict_stands_once_it_is_withdrawn(review: Review) -> None:
    withdrawn(review)
    html = read(review.claim)
    assert "Withdrawn on" in html and "It was wrong." in html and not says_the_verdict(html)
    assert "ld+json" not in html


def test_a_merged_claim_leads_to_the_one_that_it_is_part_of(review: Review) -> None:
    other = factories.published_review(factories.claim("There are 412 bridges to be repaired.")).claim
    factories.merged(review.claim, into=other)
    html = read(review.claim)
    assert f'href="/claims/{other.public_id}"' in html and not says_the_verdict(html)
    assert f'rel="canonical" href="http://testserver/claims/{other.public_id}"' in html


def test_removed_words_are_gone_from_every_page(review: Review) -> None:
    factories.redacted(review.claim)
    response = get(address(review.claim))
    assert response.status_code == 410 and b"412 bridges" not in response.content
    last = review.claim.publications.latest("sequence").sequence
    assert get(f"{address(review.claim)}/changes/{last}").status_code == 410


def test_readers_are_told_of_a_broken_quote_once_an_editor_has_confirmed_it(review: Review) -> None:
    page = review.latest_published().evidence.get().page
    before = read(review.claim)
    factories.change(page, "The yearly report is out. The ministry counted 430 bridges in need of repair.")
    sweep.sweep()
    raised = read(review.claim)
    assert raised == before, "nothing tells who edits a page that it was seen"
    rechecks.confirm(review.rechecks.get(), actor=factories.editor())
    html = read(review.claim)
    assert "We are looking at this again since" in html and "a similar one stood there" in html
    assert "430 bridges" in html


def test_a_correction_is_dated_and_shows_before_and_after(review: Review) -> None:
    version = workflow.start_version(
        review, kind="correction", actor=factories.editor(), public_note="We had misread the table."
    )
    version.correction_kind, version.summary = "substantive", "The table says so."
    with factories.acting(version.author, reason="write"):
        version.save()
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    html = read(review.claim)
    assert "Correction of a fact" in html and "We had misread the table." in html
    last = review.claim.publications.latest("sequence").sequence
    shown = get(f"{address(review.claim)}/changes/{last}").content.decode()
    assert "<del>report</del>" in shown and "<ins>table</ins>" in shown
    assert get(f"{address(review.claim)}/changes/{last + 1}").status_code == 404


def corrected(review: Review) -> str:
    """Correct the rating; the address of before and after."""
    last = again(review, "correction", correction_kind="rating", rating="Half right", public_note="We misread it.")
    return f"{address(review.claim)}/changes/{last.sequence}"


def test_while_it_is_suspended_no_earlier_verdict_is_shown_either(review: Review) -> None:
    path = corrected(review)
    for page in (address(review.claim), path):
        assert "<del" in get(page).content.decode() and "Half right" in get(page).content.decode()
    suspension.suspend(review, actor=factories.editor(), reason="Looking.")
    for page in (address(review.claim), path):
        html = get(page).content.decode()
        assert "no verdict is given meanwhile" in html and "We misread it." in html
        assert "<del" not in html and "Half right" not in html and ">Right<" not in html


def test_before_and_after_says_first_that_the_check_was_withdrawn(review: Review) -> None:
    path = corrected(review)
    assert "Since then:" not in get(path).content.decode()
    withdrawn(review)
    assert "Since then: <b>Withdrawn.</b>" in get(path).content.decode()


def test_before_and_after_is_gone_with_the_words(review: Review) -> None:
    path = corrected(review)
    factories.redacted(review.claim)
    response = get(path)
    assert response.status_code == 410 and b"Half right" not in response.content


def test_before_and_after_shows_who_is_said_to_have_said_it(review: Review) -> None:
    last = review.claim.publications.latest("sequence").sequence
    html = get(f"{address(review.claim)}/changes/{last}").content.decode()
    assert "Who said it, and where" in html and "<ins>A. Minister: " in html
    assert "No words that are shown here differ." not in html


def test_before_and_after_shows_what_is_not_a_quote(review: Review) -> None:
    version = workflow.start_version(
        review, kind="correction", correction_kind="substantive", actor=factories.editor(), public_note="Read on."
    )
    version.true_as_of = date(2026, 2, 1)
    with factories.acting(version.author, reason="write"):
        version.save()
        version.evidence.update(stance="refutes", note="Read the other table.")
    version = factories.approved(ReviewVersion.objects.get(pk=version.pk))
    publish.publish(version, actor=version.approver)
    last = review.claim.publications.latest("sequence").sequence
    html = get(f"{address(review.claim)}/changes/{last}").content.decode()
    assert "<del>March</del>" in html and "<ins>February</ins>" in html
    assert "<del>for</del>" in html and "<ins>against</ins>" in html and "<ins>Read the other table</ins>" in html


def test_a_withdrawn_finding_is_said_to_be_one(review: Review) -> None:
    said = "Written before it was withdrawn"
    assert said not in read(review.claim)
    withdrawn(review)
    html = read(review.claim)
    assert html.index(said) < html.index("The report says so.") and 'class="lead"' not in html


def test_the_site_keeps_its_name_when_the_newest_words_are_removed(review: Review) -> None:
    last = factories.published_review(factories.claim("There are 99 lamps.")).claim
    assert " · Our desk</title>" in get("/").content.decode()
    factories.redacted(last)
    assert " · Our desk</title>" in get("/").content.decode()


def test_hostile_words_are_words(settings) -> None:
    words = "<script>alert(1)</script><img src=x onerror=alert(2)> \u202egnp.exe 412 bridges need repair."
    claim = factories.published_review(factories.claim(words)).claim
    html = read(claim)
    assert "<script>alert" not in html and "<img" not in html and "\u202e" not in html


def test_a_near_claim_shows_no_verdict_while_it_is_looked_at_again(review: Review) -> None:
    other = factories.published_review(factories.claim("412 bridges need repair in the north."))
    assert "Our desk: Right" in near_of(review.claim)
    page = other.latest_published().evidence.get().page
    factories.change(page, "The yearly report is out. The ministry counted 430 bridges in need of repair.")
    sweep.sweep()
    for each in (other, review):
        for recheck in each.rechecks.all():
            rechecks.confirm(recheck, actor=factories.editor())
    assert "being looked at again" in near_of(review.claim)
    assert "Our desk: Right" not in near_of(review.claim)


def near_of(claim: Claim) -> str:
    _, found, near = read(claim).partition('id="near"')
    assert found
    return near.partition("</section>")[0]


def test_it_is_off_by_a_setting(review: Review, settings) -> None:
    settings.READERS = False
    assert get(address(review.claim)).status_code == 404


def test_on_a_domain_of_their_own_they_are_all_there_is(review: Review, settings) -> None:
    settings.READERS_DOMAIN = "checks.example"
    settings.ALLOWED_HOSTS = ["testserver", "checks.example"]
    there = Client(HTTP_HOST="checks.example")
    assert there.get(address(review.claim)).status_code == 200
    assert there.get("/admin/").status_code == 404 and there.get("/account/login/").status_code == 404
    led = Client().get(address(review.claim))
    assert led.status_code == 302 and led.headers["Location"] == f"http://checks.example{address(review.claim)}"


def test_a_page_is_kept_by_its_address_and_never_beyond_a_day(review: Review, monkeypatch) -> None:
    first = read(review.claim)
    with CaptureQueriesContext(connection) as kept:
        assert read(review.claim) == first
    assert len(kept) == 1
    monkeypatch.setattr("factcheck.readers.middleware.state", lambda: b"another day")
    with CaptureQueriesContext(connection) as made:
        read(review.claim)
    assert len(made) > 1


@pytest.fixture(autouse=True)
def _no_pages() -> None:
    pages.clear()


@pytest.mark.parametrize("path", ["/search/?q=1", "/corrections//", "/topics/\u00e9/"])
def test_a_slash_at_the_end_does_no_harm(path: str) -> None:
    response = get(path)
    assert response.status_code == 302
    assert response.headers["Location"] == iri_to_uri(path.replace("/?", "?").rstrip("/"))


def test_what_is_not_there_is_said_to_readers(review: Review) -> None:
    for path in (f"{address(review.claim)}/versions/1", "/complaints/", "/embed"):
        response = get(path)
        assert response.status_code == 404 and "Nothing is published at this address" in response.content.decode()
    assert get("/nothing/").status_code == 404 and "the desk" in get("/nothing/").content.decode()
    assert Client().put("/report").headers["Allow"] == "GET, HEAD, POST"
