"""The page of corrections and the register: written by the logs, of our own reviews, without a verdict that fell."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from claims.complaints import desk
from claims.complaints.clock import due
from claims.complaints.receive import receive
from claims.models import Complaint, Organisation, Review, SitePublication
from claims.public.complaints import changes
from claims.public.complaints.register import register
from claims.publication.append import append
from claims.publication.site.log import append_to_site_log
from claims.reviews import suspension
from sources.database.audit import acting_as
from tests import factories
from tests.claims.complaints.changing import again, corrected

pytestmark = pytest.mark.django_db


@pytest.fixture
def review() -> Review:
    return factories.published_review()


def get(path: str = "/corrections", **headers: str) -> HttpResponse:
    client = Client()
    response: HttpResponse = client.get(path, headers=headers)
    assert not client.cookies and response.status_code in (200, 304)
    return response


def html(path: str = "/corrections") -> str:
    return get(path).content.decode()


def complained(review: Review | None, **options: str) -> Complaint:
    given = {"about": "fact", "reporter": "reader", "text": "Canary Quixote said so.", **options}
    return receive(**given, claim=review.claim.public_id if review else "").complaint


def test_a_correction_of_the_rating_is_listed_with_both_verdicts(review: Review) -> None:
    change = corrected(review, correction_kind="rating", rating="Half right")
    page = html()
    assert "Correction of the rating" in page
    assert '<del dir="auto">Right</del> <ins dir="auto">Half right</ins>' in page
    assert "The figure was of another year." in page and "412 bridges need repair." in page
    assert f"/claims/{review.claim.public_id}/changes/{change.sequence}" in page


def test_where_the_verdict_stays_the_page_says_so(review: Review) -> None:
    again(review, "clarification", public_note="It is of March.")
    page = html()
    assert "Clarification" in page and "The verdict stays" in page and "<del" not in page


@pytest.mark.parametrize("fallen", ["suspended", "withdrawn", "merged", "redacted"])
def test_no_verdict_stands_of_what_fell(review: Review, fallen: str) -> None:
    corrected(review, correction_kind="rating", rating="Half right", public_note="We were wrong.")
    if fallen == "suspended":
        suspension.suspend(review, actor=factories.editor(), reason="Doubt.")
    elif fallen == "withdrawn":
        again(review, "withdrawal", public_note="The claim was never made.")
    elif fallen == "merged":
        factories.merged(review.claim, into=factories.published_review(factories.claim("Another.")).claim)
    else:
        factories.redacted(review.claim)
    for page in (html(), get("/corrections.atom").content.decode()):
        assert "Half right" not in page and ">Right<" not in page
    assert ("412 bridges need repair." in html()) == (fallen != "redacted")
    assert ("We were wrong." in html()) == (fallen != "redacted")


def test_reviews_of_other_publishers_are_not_ours(review: Review) -> None:
    with acting_as("import"):
        other = Organisation.objects.create(name="Another desk")
        theirs = Review.objects.create(claim=review.claim, organisation=other, origin="imported")
        for event in ("corrected", "withdrawn"):
            append(review.claim, event=event, audience="public", review=theirs)
    assert "Nothing that we published was changed yet." in html()
    assert changes.figures(timezone.now().year).withdrawn == 0


def test_kind_and_year_are_in_the_address(review: Review) -> None:
    corrected(review)
    again(review, "update", public_note="Facts moved on.")
    year = timezone.now().year
    both = html(f"/corrections?year={year}")
    assert "Correction of a fact" in both and "Update: facts have moved on" in both
    assert "Correction of a fact" not in html("/corrections?kind=updated")
    assert "Facts moved on." not in html("/corrections?kind=corrected")
    for odd in ("?kind=nonsense&year=1&before=x&listed=-1", "?year=99999", "?before=0"):
        assert "Correction of a fact" in html(f"/corrections{odd}")


def test_older_changes_are_on_the_next_page(review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.public.complaints.corrections.SHOWN", 1)
    first = corrected(review)
    second = again(review, "update", public_note="Facts moved on.")
    assert "Correction of a fact" not in html() and f"before={second.sequence}" in html()
    older = html(f"/corrections?before={second.sequence}")
    assert f"/changes/{first.sequence}" in older and "Older" not in older


def test_the_year_in_figures(review: Review) -> None:
    complaint = complained(review)
    year = timezone.now().year
    assert changes.figures(year) == changes.Figures(year, 1, 0, 0, 0, None)
    corrected(review)
    change = corrected(review, correction_kind="rating", rating="Half right")
    desk.answer(complaint, outcome="upheld", words="Yes.", correction=change.sequence, actor=factories.editor())
    assert changes.figures(year) == changes.Figures(year, 1, 2, 1, 0, 0)
    again(review, "withdrawal", public_note="The claim was never made.")
    assert changes.figures(year) == changes.Figures(year, 1, 2, 1, 1, 0)
    assert changes.figures(year - 1) == changes.Figures(year - 1, 0, 0, 0, 0, None)
    assert f"after complaint {complaint.number}" in html()


def test_a_rating_that_changed_counts_whatever_the_correction_is_called(review: Review) -> None:
    corrected(review, correction_kind="substantive", rating="Half right")
    page = html()
    assert "Correction of a fact" in page and 'of them: rating changed</dt><dd class="num big">1</dd>' in page


def test_the_register_holds_no_word_and_no_name(review: Review) -> None:
    complaint = complained(review, email="quixote@b.example")
    desk.answer(complaint, outcome="not_upheld", words="Sancho answers.", actor=factories.editor("sancho"))
    page = html().lower()
    assert complaint.number in page and "not upheld" in page
    assert "quixote" not in page and "sancho" not in page


def test_a_complaint_is_in_the_register_at_once_and_a_kept_page_is_made_anew(review: Review) -> None:
    kept = get()
    number = complained(review).number
    later = get(**{"If-None-Match": kept.headers["ETag"]})
    assert later.status_code == 200 and number in later.content.decode()
    assert get(**{"If-None-Match": later.headers["ETag"]}).status_code == 304


def test_the_clock(review: Review) -> None:
    complained(review)
    [line] = register().lines
    first = Complaint.objects.get().received_on
    last = due(first)
    days = {day: register(today=first + timedelta(days=day)).lines[0] for day in range(15)}
    assert line.clock == "day 0 of 7" and not line.is_overdue
    assert days[(last - first).days].clock == "day 7 of 7"
    over = days[(last - first).days + 1]
    assert over.is_overdue and "overdue" in over.clock


@pytest.mark.parametrize(
    ("days", "sentence"),
    [(1, "after 1 working day"), (7, "after 7 working days"), (9, "answered late, after 9 working days")],
)
def test_an_answer_is_timed_and_late_ones_are_said_to_be_late(days: int, sentence: str) -> None:
    append_to_site_log("complaint_received", "2026-1", {"received_on": "2026-11-02", "due_on": "2026-11-11"})
    append_to_site_log("complaint_answered", "2026-1", {"outcome": "upheld", "working_days": days, "change": None})
    assert sentence in html()


def test_what_the_desk_calls_no_complaint_stays_listed_apart(review: Review) -> None:
    spam, real = complained(review), complained(review)
    desk.answer(spam, outcome="no_complaint", words="This is advertising.", actor=factories.editor())
    assert [line.number for line in register().lines] == [real.number]
    assert [line.number for line in register().none] == [spam.number]
    page = html()
    apart = page[page.index("1 more report was answered as no complaint") :]
    assert spam.number in apart and review.claim.public_id in apart and "advertising.<" not in page


def test_a_desk_cannot_take_a_complaint_off_the_register(review: Review) -> None:
    number = complained(review).number
    Complaint.objects.update(text="")
    for change in ("delete", "update"):
        rows = SitePublication.objects.filter(subject=number)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete() if change == "delete" else rows.update(subject="2020-1")
    assert number in html()


def test_the_register_has_pages(review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.public.complaints.register.SHOWN", 2)
    numbers = [complained(None).number for _ in range(3)]
    first = register()
    assert [line.number for line in first.lines] == numbers[:0:-1] and first.more
    assert [line.number for line in register(before=first.more).lines] == numbers[:1]
    assert "Older complaints" in html()


def test_the_feed_is_well_formed_and_leads_to_before_and_after(review: Review) -> None:
    change = corrected(review, public_note="<b>Wrong</b> & late\x0b.")
    response = get("/corrections.atom")
    feed = ElementTree.fromstring(response.content)
    space = {"a": "http://www.w3.org/2005/Atom"}
    [entry] = feed.findall("a:entry", space)
    link = entry.find("a:link", space)
    assert link is not None and link.get("href", "").endswith(f"/changes/{change.sequence}")
    assert "Correction of a fact" in (entry.findtext("a:title", "", space))
    assert entry.findtext("a:updated", "", space).partition("T")[2].startswith("00:00:00"), "days, never times"
    assert get("/corrections.atom", **{"If-None-Match": response.headers["ETag"]}).status_code == 304
