"""Noise is swept in bulk, and answers as the close look does; whatever touches a quote is looked at closely."""

import pytest

from claims.models import Evidence, EvidenceCheck, Publication, Recheck, Sweep
from claims.reviews import evidence
from claims.watch import sweep
from claims.watch.sweep_unaffected import sweep_quiet
from sources.models import Change, Page
from tests import factories

pytestmark = pytest.mark.django_db

NOISE = factories.PAGE_TEXT + "\n\n14 visitors online."


@pytest.fixture
def page() -> Page:
    factories.published_review()
    return Page.objects.latest("pk")


def results() -> list[str]:
    return list(EvidenceCheck.objects.filter(reason="change").order_by("pk").values_list("result", flat=True))


def test_noise_is_swept_with_an_answer_for_each_quote(page: Page) -> None:
    factories.change(page, NOISE)
    assert sweep_quiet(100) == 1
    assert results() == ["intact"]
    check = EvidenceCheck.objects.latest("pk")
    assert check.snapshot == Change.objects.get().after
    assert factories.QUOTE in check.surroundings
    assert Sweep.objects.get().checks == 1
    assert not Recheck.objects.exists()
    assert Publication.objects.count() == 1


def test_both_ways_give_the_same_answer(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.change(page, NOISE)
    assert sweep_quiet(100) == 1
    quick = EvidenceCheck.objects.latest("pk")
    factories.change(page, NOISE.replace("14", "15"))
    monkeypatch.setattr(evidence, "sweep_quiet", lambda limit: 0)
    assert sweep.sweep() == 1
    close = EvidenceCheck.objects.latest("pk")
    assert close.pk != quick.pk
    same = ("result", "found", "diff", "kinds", "recheck", "reason")
    assert [getattr(quick, name) for name in same] == [getattr(close, name) for name in same]
    assert quick.surroundings.replace("14", "15") == close.surroundings


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
def test_whatever_may_touch_a_quote_is_left_to_the_close_look(page: Page, text: str) -> None:
    factories.change(page, text)
    assert sweep_quiet(100) == 0
    assert not Sweep.objects.exists()
    assert sweep.sweep() == 1


def test_a_quote_that_was_broken_is_looked_at_closely(page: Page) -> None:
    factories.change(page, factories.PAGE_TEXT.replace("412", "389"))
    assert sweep.sweep() == 1
    factories.change(page, factories.PAGE_TEXT)
    assert sweep_quiet(100) == 0
    assert sweep.sweep() == 1
    assert results() == ["altered", "intact"]


def test_a_page_out_of_sight_on_suspicion_and_back_again_tells_nobody(page: Page) -> None:
    factories.change(page, None, kind="blocked")
    assert sweep_quiet(100) == 1
    factories.change(page, factories.PAGE_TEXT, kind="back")
    assert sweep_quiet(100) == 1
    assert results() == ["unverifiable", "intact"]
    assert Publication.objects.count() == 1


def test_that_a_page_is_out_of_sight_is_told_once_it_is_confirmed(page: Page) -> None:
    factories.change(page, None, kind="blocked")
    assert sweep_quiet(100) == 1
    factories.change(page, None, kind="blocked", certainty="confirmed")
    assert sweep_quiet(100) == 0
    assert sweep.sweep() == 1
    factories.change(page, factories.PAGE_TEXT, kind="back")
    assert sweep_quiet(100) == 0
    assert sweep.sweep() == 1
    assert list(Publication.objects.order_by("pk").values_list("event", flat=True)) == [
        "published",
        "watch_lost",
        "watch_resumed",
    ]


def test_nothing_is_quiet_while_a_recheck_is_open(page: Page) -> None:
    review = Evidence.objects.get().version.review
    Recheck.objects.create(review=review, raised_at=factories.later(0))
    factories.change(page, NOISE)
    assert sweep_quiet(100) == 0


def test_a_page_that_changed_twice_is_looked_at_in_order(page: Page) -> None:
    factories.change(page, NOISE)
    factories.change(page, factories.PAGE_TEXT.replace("412", "389"))
    assert sweep_quiet(100) == 0
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
    assert sweep_quiet(100) == 1
    assert Sweep.objects.get().checks == 0
