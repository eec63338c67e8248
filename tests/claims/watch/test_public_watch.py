"""What readers may know of the watch of a quote: one statement, and day for day what the desk's own rules let out."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Anchoring, Evidence, EvidenceCheck, Recheck
from claims.models.publication import Audience
from claims.reviews.evidence import add_evidence
from claims.watch.public_watch import PublicWatch, in_days, public_watch
from claims.watch.watch_line import BROKEN, MOST_CHECKS, STOOD, UNREAD, watch_lines
from sources.database.audit import acting
from sources.models import Page, Passage, Polling, Snapshot
from sources.pages import page_for
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

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


def test_a_copy_has_the_watch_of_what_it_was_copied_from_as_long_as_it_quotes_the_same() -> None:
    row = quote()
    checked(row, NOW - timedelta(days=9), "gone", cause="gone", recheck=rechecks_of(row)[-1])
    checked(row, NOW - timedelta(days=3), "unverifiable")
    version = row.version
    copy, others = _copies(row)
    found = same(row, copy, others)
    assert [each.state for each in found[copy.public_id].periods] == [STOOD, BROKEN, UNREAD]
    assert found[copy.public_id] == found[row.public_id]
    assert [each.state for each in found[others.public_id].periods] == [STOOD]
    assert version.evidence.count() == 3


def _copies(row: Evidence) -> tuple[Evidence, Evidence]:
    """A copy of the quote, and one whose words were changed."""
    same_words = {name: getattr(row, name) for name in ("version", "kind", "stance", "page", "snapshot", "passage")}
    with acting(row.version.author, reason="write"):
        copy = Evidence.objects.create(**same_words, exact=row.exact, copied_from=row)
        other = Evidence.objects.create(**same_words, exact=row.exact[:-3], copied_from=row)
    return copy, other


def test_it_was_last_seen_where_its_newest_anchoring_is() -> None:
    row = quote()
    page, passage = row.page, row.passage
    assert page is not None and passage is not None
    assert same(row)[row.public_id].seen_on is None, "the snapshot says not when it was asked for"
    other = Passage.objects.create(
        **{name: getattr(passage, name) for name in ("page", "snapshot", "text", "start", "end", "extractor")},
        exact="412 bridges",
    )
    seen = [NOW - timedelta(days=5), NOW - timedelta(days=2)]
    Polling.objects.filter(page=page).update(passages=[passage.pk, other.pk], seen_at=seen)
    watch = same(row)[row.public_id]
    assert (watch.seen_on, watch.periods[-1].end) == (seen[0].date(), seen[0].date())
    fields = {"evidence": row, "reason": "registered", "snapshot": row.snapshot, "exact": "412 bridges"}
    Anchoring.objects.create(**fields, passage=other)
    assert same(row)[row.public_id].seen_on == seen[1].date()
    Polling.objects.filter(page=page).update(seen_at=[seen[0], timezone.now() + timedelta(days=1)])
    assert same(row)[row.public_id].seen_on is None, "a time that the clock of the database has not reached"
    Polling.objects.filter(page=page).update(passages=[], seen_at=[])
    assert same(row)[row.public_id].seen_on is None
    Polling.objects.filter(page=page).update(passages=[passage.pk, other.pk], seen_at=seen)
    Anchoring.objects.create(**fields, passage=passage)
    assert same(row)[row.public_id].seen_on == seen[0].date(), "the newest one counts"


def test_the_time_of_the_request_counts_where_no_look_is_later() -> None:
    page = page_for("https://agency.example/requested")
    read(page, NOW - timedelta(days=30))
    taken = Snapshot.objects.create(
        **{name: getattr(Snapshot.objects.get(page=page), name) for name in ("page", "blob", "text", "extractor")},
        taken_at=NOW - timedelta(days=29),
        requested_at=(NOW - timedelta(days=29)).replace(hour=23, minute=59),
        status=200,
    )
    Polling.objects.filter(page=page).update(latest_snapshot=taken)
    row = factories.draft(of=page).evidence.get()
    assert row.snapshot == taken
    assert same(row)[row.public_id].seen_on == (NOW - timedelta(days=29)).date()


def test_what_has_no_page_and_what_is_not_there_is_left_out() -> None:
    author = factories.editor()
    version = factories.draft(author=author)
    add_evidence(
        version, kind="interview", actor=author, stance="context", who="A", how="letter", happened_at=timezone.now()
    )
    interview = version.evidence.get(kind="interview")
    assert list(in_one(interview, version.evidence.get(kind="page_quote"))) == [
        version.evidence.get(kind="page_quote").public_id
    ]
    assert public_watch(["evd_none", 'evd_"},{\\', ""]) == {}
    assert public_watch([]) == {}


def test_days_are_those_of_utc_whatever_the_clock_of_the_connection_says() -> None:
    row = quote()
    checked(row, datetime(2026, 11, 20, 23, 30, tzinfo=UTC), "unverifiable")
    before = same(row)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone TO 'Pacific/Kiritimati'")
        assert in_one(row) == before
