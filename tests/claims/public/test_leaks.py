"""Nothing unpublished is on any readers' page, before and after draft, embargo, suspension, merge and withdrawal.

The routes come from the table of readers' routes, so a new one is walked from its first day; what is hidden comes from
the walk of the interface (tests/claims/api/test_leaks.py), with a mark in each field of the desk.
"""

from typing import Any

import pytest
from django.utils import timezone

from claims import embargo
from claims.models import Merge, Publication, PublicationTimer
from claims.reviews import merging, publish, suspension, workflow
from tests import factories
from tests.claims.api.test_leaks import Hidden, begin, marks_of, prepare, published_before, revise
from tests.claims.public.readers_walk import ID, addresses, routes, shows, walk

pytestmark = pytest.mark.django_db
ON_PAGES = (
    *("claim", "claim's text", "what was said", "speaker", "speaker's name", "document's title", "source's name"),
    *("summary", "body", "topic", "slug", "place", "title of the article", "described", "page's address"),
)
"""What publication shows to readers, of what it makes visible."""


def test_nothing_of_the_desk_is_on_a_page_for_readers(settings: Any) -> None:
    settings.ANONYMOUS_PER_MINUTE = 10**6
    published = published_before()
    known = addresses(marks_of(published).values(), sequences=range(1, 4))
    before = walk(known)
    assert shows(before, "412 bridges need repair."), "the control: what is published is there"

    hidden = prepare()
    marks = {**hidden.marks, **revise(published), **begin()}
    after = walk(known)
    assert {address for address in known if before[address] != after[address]} == set(), "something tells of a draft"
    everywhere = addresses(marks.values(), sequences=range(1, Publication.objects.count() + 5))
    assert len(everywhere) > 5 * len(routes())
    _shows_none(marks, everywhere)
    for address, content in walk(each for each in everywhere if ID.search(each) and "?" not in each).items():
        assert content.startswith((b"404", b"301", b"302")) or "/report" in address, (address, content[:80])

    approved = factories.approved(hidden.version)
    hidden.version.refresh_from_db()
    timer = PublicationTimer.objects.create(
        version=hidden.version, at=factories.later(3_600), approved_at=approved.approved_at, set_by=approved.author
    )
    embargo.publish_due()
    _shows_none(marks, everywhere)
    timer.state, timer.ended_at = "taken_back", timezone.now()
    timer.save()
    publish.publish(hidden.version, actor=hidden.version.approver)
    never = {what: mark for what, mark in marks.items() if what not in hidden.appears}
    shown = _shows_none(never, everywhere)
    for what in ON_PAGES:
        assert shows(shown, hidden.appears[what]), f"{what} is to be seen once it is published"
    assert shows(shown, "Half right")

    _suspended(hidden, never, everywhere)
    revision = published.review.versions.get(state="in_review")
    workflow.send_back(revision, actor=factories.editor(), reason="An aardvark rang.")
    _merged(never | {"reason": "aardvark"}, everywhere)
    _withdrawn(hidden, never, everywhere)


def _shows_none(marks: dict[str, str], asked: list[str]) -> dict[str, bytes]:
    answers = walk(asked)
    for what, mark in marks.items():
        assert shows(answers, mark) == [], what
    return answers


def _as_standing(answers: dict[str, bytes], verdict: str) -> list[str]:
    """The pages that show it, without those of what was published before: the entries of the log, before and after."""
    return [each for each in shows(answers, verdict) if "/proof" not in each and "/changes/" not in each]


def _suspended(hidden: Hidden, never: dict[str, str], asked: list[str]) -> None:
    review = hidden.version.review
    review.refresh_from_db()
    with factories.acting_as("editor"):
        suspension.suspend(review, actor=factories.editor(), reason="An aardvark rang.")
    answers = _shows_none(never | {"reason": "aardvark"}, asked)
    assert _as_standing(answers, "Half right") == [], "no verdict stands while it is under review"
    assert shows(answers, hidden.appears["claim's text"])


def _merged(never: dict[str, str], asked: list[str]) -> None:
    merge = Merge.objects.get(state="requested")
    shown = merging.reading("merge", merge.claim, merge.into, besides=merge).sha256
    merging.approve(merge, actor=factories.editor(), shown=shown)
    answers = _shows_none(never, asked)
    own = walk([f"/claims/{merge.claim.public_id}"])
    assert b"Right" not in next(iter(own.values())), "a claim that is part of another has no verdict of its own"
    assert answers


def _withdrawn(hidden: Hidden, never: dict[str, str], asked: list[str]) -> None:
    version = workflow.start_version(hidden.version.review, kind="withdrawal", actor=factories.editor())
    version.public_note = "It was never said."
    version.save()
    publish.publish(factories.approved(version), actor=factories.editor())
    answers = _shows_none(never, asked)
    assert shows(answers, "It was never said.")
    assert _as_standing(answers, "Half right") == [], "no verdict outlives its withdrawal"
