"""What readers may know of the watch of a quote: one statement, and day for day what the desk's own rules let out."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Anchoring, Evidence, EvidenceCheck, Recheck, ReviewVersion
from claims.models.publication import Audience
from claims.reviews import workflow
from claims.reviews.evidence import add_evidence, attach_quote
from claims.watch.public_watch import PublicWatch, in_days, public_watch
from claims.watch.watch_line import BROKEN, MOST_CHECKS, STOOD, UNREAD, watch_lines
from sources.models import Page, Polling, Snapshot
from sources.pages import page_for
from tests import factories

pytestmark = pytest.mark.django_db

_numbers = count()
NOW = timezone.now().replace(hour=12, minute=0)
CONFIRMED = NOW - timedelta(days=20)


def by_rule(*rows: Evidence) -> dict[str, PublicWatch]:
    """The watch as the desk's line gives it to the public."""
    lines = watch_lines(rows, audience=Audience.PUBLIC)
    return {row.public_id: in_days(lines[row.pk]) for row in rows if row.pk in lines}


def in_one(*rows: Evidence) -> dict[str, PublicWatch]:
    with CaptureQueriesContext(connection) as asked:
        found = public_watch([row.public_id for row in rows])
    assert len(asked) == 1
    return found


def same(*rows: Evidence) -> dict[str, PublicWatch]:
    found = in_one(*rows)
    assert found == by_rule(*rows)
    return found


def read(page: Page, at: datetime) -> Snapshot:
    """The page has its text at this time."""
    taken: Snapshot = factories.snapshot(page, factories.PAGE_TEXT, at=at)
    return taken


def quote() -> Evidence:
    """A quote of a page that was read 40 days ago."""
    page = page_for(f"https://agency-{next(_numbers)}.example/watched")
    read(page, NOW - timedelta(days=40))
    row: Evidence = factories.draft(of=page).evidence.get()
    return row


def checked(row: Evidence, at: datetime, result: str = "intact", **fields: object) -> EvidenceCheck:
    given = {"reason": "change", "version": "1", "cause": "", "checked_at": at, **fields}
    snapshot = None if result == "unverifiable" else row.snapshot
    check: EvidenceCheck = EvidenceCheck.objects.create(evidence=row, snapshot=snapshot, result=result, **given)
    return check


def rechecks_of(row: Evidence) -> list[Recheck | None]:
    """One in each state, and none: two of them are of other reviews, since one review has one that is open."""
    person = factories.editor()
    found: list[Recheck | None] = [None]
    for state in Recheck.State:
        is_open = state in (Recheck.State.RAISED, Recheck.State.CONFIRMED)
        review = factories.draft().review if is_open else row.version.review
        decided = {} if is_open else {"resolved_at": NOW, "resolved_by": person}
        confirmed_at = None if state in (Recheck.State.RAISED, Recheck.State.DISMISSED) else CONFIRMED
        found.append(
            Recheck.objects.create(
                review=review, state=state, raised_at=CONFIRMED, confirmed_at=confirmed_at, cause="altered", **decided
            )
        )
    return found


def every_check(row: Evidence) -> Iterator[dict[str, object]]:
    """Each kind of finding, with and without what decides who may know of it."""
    findings = [
        {"result": "intact"},
        {"result": "moved"},
        {"result": "altered"},
        {"result": "altered", "version": ""},
        {"result": "gone", "cause": "gone"},
        {"result": "intact", "cause": "disowned"},
        {"result": "unverifiable"},
        {"result": "unverifiable", "certainty": "suspected"},
        {"result": "unverifiable", "certainty": "confirmed"},
        {"result": "unverifiable", "cause": "page_gone", "certainty": "confirmed"},
    ]
    reasons = [EvidenceCheck.Reason.CHANGE, EvidenceCheck.Reason.PUBLISHED, EvidenceCheck.Reason.KEPT]
    days = [-1, 0, 1]
    for finding, reason, recheck, after in product(findings, reasons, rechecks_of(row), days):
        yield {**finding, "reason": reason, "recheck": recheck, "checked_at": CONFIRMED + timedelta(days=after)}


def write(row: Evidence, check: dict[str, object]) -> None:
    """Write it, with the change under which it was made if one is meant."""
    certainty = check.pop("certainty", None)
    change = None
    if certainty is not None:
        assert row.page is not None
        change = factories.change(row.page, None, certainty=str(certainty), kind="gone")
    checked(row, NOW, **{"change": change, **check})  # type: ignore[arg-type]


def test_it_says_of_every_finding_what_the_rule_lets_out() -> None:
    row = quote()
    checks = list(every_check(row))
    random.Random(17).shuffle(checks)
    states: set[tuple[str, ...]] = set()
    for place, check in enumerate(checks):
        write(row, check)
        if place % 3 == 0 or place > len(checks) - 30:
            watch = same(row)[row.public_id]
            states.add(tuple(each.state for each in watch.periods[-2:]))
    assert len(checks) > MOST_CHECKS, "the oldest are left out"
    assert {state for pair in states for state in pair} == {STOOD, BROKEN, UNREAD}
