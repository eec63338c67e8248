"""What editors read of a quote on the pages of its re-check and of its evidence, for each cause and afterwards."""

import re
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from claims.causes import Cause
from claims.models import Claim, ClaimVersion, EvidenceCheck, Recheck
from claims.reviews import rechecks
from claims.watch import sweep
from tests import factories

pytestmark = pytest.mark.django_db

TEXT, QUOTE = factories.PAGE_TEXT, factories.QUOTE
EDITS = {
    Cause.DISOWNED: (TEXT.replace(QUOTE, f"{QUOTE} This is incorrect."), "to take them back:", "This is incorrect."),
    Cause.REATTRIBUTED: (
        TEXT.replace(QUOTE, f"According to a leaflet of an angling club: {QUOTE}"),
        "to ascribe them to somebody else:",
        "According to a leaflet of an angling club:",
    ),
    Cause.REQUALIFIED: (
        TEXT.replace(QUOTE, f"The following is taken from a training scenario. {QUOTE}"),
        "to change what they say:",
        "training scenario",
    ),
}
PAGE_LABELS = {
    Cause.DISOWNED: "page disowns it",
    Cause.REATTRIBUTED: "given to somebody else",
    Cause.REQUALIFIED: "in another frame",
}


def seen(address: str) -> str:
    """What an editor reads at the desk, without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style).*?</\1>", "", source(address))).split())


def source(address: str) -> str:
    client = Client(HTTP_HOST="localhost")
    client.force_login(factories.editor())
    return client.get(address).content.decode()


def stored_body(claim: Claim) -> Any:
    """What newsrooms are told of the claim."""
    return orjson.loads(bytes(ClaimVersion.objects.current("newsrooms").get(claim=claim).publication.body.json))


def page_of(recheck: Recheck) -> str:
    return seen(reverse("admin:claims_recheck_change", args=[recheck.pk]) + "?table=1")


def raised(text: str) -> Recheck:
    """The re-check that an edit of the page to this text raises."""
    page = factories.page()
    factories.published_review(of=page)
    factories.change(page, text)
    sweep.sweep()
    factories.change(page, text, certainty="confirmed")
    sweep.sweep()
    return Recheck.objects.get(review__versions__evidence__page=page)


@pytest.mark.parametrize("cause", EDITS)
def test_words_that_stand_are_called_what_the_page_makes_of_them(cause: Cause) -> None:
    text, introduction, words = EDITS[cause]
    recheck = raised(text)
    assert recheck.cause == cause
    shown = page_of(recheck)
    assert f"The words still stand. Others on the page seem {introduction}" in shown
    assert words in shown and "Now in" in shown and "Then in" not in shown
    assert "the page no longer stands by it; the verdict stands without it" in shown
    assert "the page no longer has it" not in shown
    evidence = recheck.checks.latest("pk").evidence
    table = seen(reverse("admin:claims_evidence_change", args=[evidence.pk])).partition("Checks of this quote")[2]
    row = re.search(r"UTC\) Result Reason Words of the page ([-0-9: ]+)(.*?) the page changed", table)
    assert row and row[2] == PAGE_LABELS[cause], table
    assert f'desk-badge bad">{PAGE_LABELS[cause]}<' in source(reverse("admin:claims_evidencecheck_changelist"))


def test_typography_alone_is_no_bad_news() -> None:
    page = factories.page()
    factories.published_review(of=page)
    factories.change(page, TEXT.replace("The ministry", "The Ministry"))
    sweep.sweep()
    assert 'desk-badge good">stands; only the typography differs<' in source(
        reverse("admin:claims_evidencecheck_changelist")
    )


def test_what_was_found_is_past_once_the_words_are_back_or_nobody_can_look() -> None:
    recheck = raised(EDITS[Cause.DISOWNED][0])
    page = recheck.checks.latest("pk").evidence.page
    factories.change(page, None, kind="blocked", certainty="confirmed")
    sweep.sweep()
    shown = page_of(recheck)
    assert "at a later look: could not be read," in shown
    assert "Then in the snapshot" in shown and "Now in" not in shown
    factories.change(page, TEXT, kind="back", certainty="confirmed")
    sweep.sweep()
    shown = page_of(recheck)
    assert "at a later look: stands," in shown
    assert "The words still stood. Others on the page seemed to take them back:" in shown


def test_a_settled_recheck_says_nothing_of_now() -> None:
    recheck = raised(TEXT.replace("412", "389"))
    assert "Now in the snapshot" in page_of(recheck)
    rechecks.dismiss(recheck, actor=factories.editor(), note="A fault of the site.")
    assert "Then in the snapshot" in page_of(recheck) and "Now in" not in page_of(recheck)


def test_an_alteration_is_shown_with_its_grade_everywhere_and_the_surroundings_with_one_ellipsis() -> None:
    recheck = raised(TEXT.replace("412", "389") + "\n\nA line below. " * 40)
    evidence = recheck.checks.latest("pk").evidence
    for address, words in (
        (reverse("admin:index"), "figure changed substance"),
        (reverse("admin:claims_evidence_change", args=[evidence.pk]), "figure changed (substance)"),
        (reverse("admin:claims_recheck_changelist") + "?table=1", "sentence changed (substance)"),
        (reverse("admin:claims_recheck_change", args=[recheck.pk]) + "?table=1", "figure changed (substance)"),
    ):
        assert words in seen(address), address
    assert "… …" not in page_of(recheck) and "…" in page_of(recheck).partition("Surroundings")[2]


def test_of_words_that_stand_elsewhere_nobody_is_told_that_they_are_not_on_the_page() -> None:
    edited = TEXT.replace(QUOTE, QUOTE.replace("412", "389")) + f"\n\n{QUOTE}"
    recheck = raised(edited)
    (check,) = recheck.checks.broken()[:1]
    assert QUOTE in edited and check.result == "altered"
    claim = stored_body(recheck.review.claim)
    (because,) = claim["verification"]["because"]
    (review,) = claim["reviews"]
    for said in (because["wording"], review["display"], page_of(recheck)):
        assert "in its place on" in said or "Last seen in its place" in said
        assert "no longer found this sentence on the page" not in said
    assert "The quoted words stand elsewhere on the page." in page_of(recheck)
    rechecks.dismiss(recheck, actor=factories.editor(), note="It still says so elsewhere.")
    (kept,) = stored_body(recheck.review.claim)["reviews"][0]["evidence"]
    assert kept["wording"].startswith("These words no longer stand in their place on the page as they did.")


def test_the_claim_says_why_it_needs_a_recheck_and_the_evidence_marks_the_quote() -> None:
    recheck = raised(TEXT.replace("412", "389"))
    evidence = recheck.checks.latest("pk").evidence
    claim = source(reverse("admin:claims_claim_change", args=[recheck.review.claim_id]) + "?table=1")
    assert "<td>sentence changed (substance)</td>" in claim
    assert f"<mark>{QUOTE}</mark>" in source(reverse("admin:claims_evidence_change", args=[evidence.pk]))


def test_of_words_that_are_gone_editors_read_whether_they_stand_elsewhere() -> None:
    gone = TEXT.replace(f"{QUOTE} ", "")
    shown = page_of(raised(gone))
    assert "No similar sentence was found in its place." in shown and "elsewhere on the page" not in shown
    page = factories.page()
    factories.published_review(factories.claim("It was 412."), of=page, exact="The ministry counted 412")
    factories.change(page, TEXT.replace("412", "412 thousand"))
    sweep.sweep()
    shown = page_of(Recheck.objects.latest("pk"))
    assert "elsewhere on the page" not in shown, "it stands in the new sentence alone"


def test_a_teaser_of_words_that_are_gone_is_named() -> None:
    teaser = TEXT.replace(f"{QUOTE} ", "").replace("Contact us.", f"Most read\n\n{QUOTE}\n\nContact us.")
    recheck = raised(teaser)
    assert recheck.cause == Cause.GONE
    assert "The quoted words stand elsewhere on the page." in page_of(recheck)


def test_a_quote_found_elsewhere_is_said_to_be_until_it_returns() -> None:
    """Later looks compare with the page as it was then, and find it intact."""
    old = [f"Paragraph {number} tells of the roads of the {number}th district and their state." for number in range(6)]
    page = factories.page(text="\n\n".join([*old[:2], QUOTE, *old[2:]]))
    review = factories.published_review(of=page)
    address = reverse("admin:claims_reviewversion_change", args=[review.versions.get().pk]) + "?table=1"
    said = "Found at another place on its page on"
    assert said not in seen(address)
    moved = [*old[:5], QUOTE, old[5]]
    for texts in (moved, [*moved, "Visitors today: 14."]):
        factories.change(page, "\n\n".join(texts))
        sweep.sweep()
        assert said in seen(address)
    assert EvidenceCheck.objects.latest("pk").result == "intact" and not Recheck.objects.exists()
    factories.change(page, "\n\n".join([*old[:2], QUOTE, *old[2:], "Visitors today: 15."]))
    sweep.sweep()
    assert said not in seen(address)
