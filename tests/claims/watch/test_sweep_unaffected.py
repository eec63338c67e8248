"""Noise is swept in bulk, with the same results; every change that may break a quote is left to `sweep_affected`."""

import pytest

from claims.models import Evidence, EvidenceCheck, Publication, Recheck, Sweep
from claims.watch import sweep
from claims.watch.sweep_unaffected import sweep_unaffected
from sources.models import Change, Page
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

NOISE = factories.PAGE_TEXT + "\n\n14 visitors online."


@pytest.fixture
def page() -> Page:
    factories.published_review()
    return Page.objects.latest("pk")


def results() -> list[str]:
    return list(EvidenceCheck.objects.filter(reason="change").order_by("pk").values_list("result", flat=True))


def test_noise_is_swept_with_a_check_of_each_quote(page: Page) -> None:
    factories.change(page, NOISE)
    assert sweep_unaffected(100) == 1
    assert results() == ["intact"]
    check = EvidenceCheck.objects.latest("pk")
    assert check.snapshot == Change.objects.get().after
    assert factories.QUOTE in check.surroundings
    assert Sweep.objects.get().checks == 1
    assert not Recheck.objects.exists()
    assert Publication.objects.count() == 1


def test_both_sweeps_give_the_same_result(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.change(page, NOISE)
    assert sweep_unaffected(100) == 1
    bulk = EvidenceCheck.objects.latest("pk")
    factories.change(page, NOISE.replace("14", "15"))
    monkeypatch.setattr(sweep, "sweep_unaffected", lambda limit: 0)
    assert sweep.sweep() == 1
    full = EvidenceCheck.objects.latest("pk")
    assert full.pk != bulk.pk
    same = ("result", "found", "diff", "kinds", "recheck", "reason")
    assert [getattr(bulk, name) for name in same] == [getattr(full, name) for name in same]
    assert bulk.surroundings.replace("14", "15") == full.surroundings


@pytest.mark.parametrize(
    "text",
    [
        factories.PAGE_TEXT.replace("412", "389"),
        factories.PAGE_TEXT.replace(factories.QUOTE, ""),
        factories.PAGE_TEXT.replace("The ministry", "No one says the ministry"),
        f"Correction: we wrote that {factories.QUOTE}\n\nThe yearly report is out.",
        f"{factories.PAGE_TEXT}\n\nCorrection: an earlier version was wrong.",
        f"{factories.PAGE_TEXT}\n\nA reader wrote: {factories.QUOTE}",
    ],
)
def test_a_change_that_may_break_a_quote_is_left_to_sweep_affected(page: Page, text: str) -> None:
    factories.change(page, text)
    assert sweep_unaffected(100) == 0
    assert not Sweep.objects.exists()
    assert sweep.sweep() == 1


def test_a_broken_quote_is_left_to_sweep_affected(page: Page) -> None:
    factories.change(page, factories.PAGE_TEXT.replace("412", "389"))
    assert sweep.sweep() == 1
    factories.change(page, factories.PAGE_TEXT)
    assert sweep_unaffected(100) == 0
    assert sweep.sweep() == 1
    assert results() == ["altered", "intact"]


def test_a_page_unreadable_once_and_back_again_appends_no_event(page: Page) -> None:
    factories.change(page, None, kind="blocked")
    assert sweep_unaffected(100) == 1
    factories.change(page, factories.PAGE_TEXT, kind="back")
    assert sweep_unaffected(100) == 1
    assert results() == ["unverifiable", "intact"]
    assert Publication.objects.count() == 1


def test_a_page_confirmed_unreadable_appends_an_event(page: Page) -> None:
    factories.change(page, None, kind="blocked")
    assert sweep_unaffected(100) == 1
    factories.change(page, None, kind="blocked", certainty="confirmed")
    assert sweep_unaffected(100) == 0
    assert sweep.sweep() == 1
    factories.change(page, factories.PAGE_TEXT, kind="back")
    assert sweep_unaffected(100) == 0
    assert sweep.sweep() == 1
    assert list(Publication.objects.order_by("pk").values_list("event", flat=True)) == [
        "published",
        "watch_lost",
        "watch_resumed",
    ]


def test_nothing_is_swept_in_bulk_while_a_recheck_is_open(page: Page) -> None:
    review = Evidence.objects.get().version.review
    Recheck.objects.create(review=review, raised_at=factories.later(0))
    factories.change(page, NOISE)
    assert sweep_unaffected(100) == 0


def test_two_changes_of_a_page_are_swept_in_order(page: Page) -> None:
    factories.change(page, NOISE)
    factories.change(page, factories.PAGE_TEXT.replace("412", "389"))
    assert sweep_unaffected(100) == 0
    assert sweep.sweep() == 2
    assert results() == ["intact", "altered"]


def test_noise_and_an_edit_elsewhere_are_told_apart(page: Page) -> None:
    factories.change(page, NOISE)
    factories.published_review(of=factories.page())
    other = Page.objects.latest("pk")
    factories.change(other, factories.PAGE_TEXT.replace("412", "389"))
    assert sweep.sweep() == 2
    assert sorted(results()) == ["altered", "intact"]
    assert Recheck.objects.get().review.versions.get().evidence.get().page == other


def test_a_page_nobody_cites_is_swept_without_a_check() -> None:
    page = factories.page()
    factories.change(page, NOISE)
    assert sweep_unaffected(100) == 1
    assert Sweep.objects.get().checks == 0
