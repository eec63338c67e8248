"""Timers: published at their second by the database's clock, once, never before; refused aloud, alarmed before."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import random
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, OperationalError, connection, connections
from django.utils import timezone

from claims import embargo
from claims.models import Evidence, Notice, Publication, PublicationTimer, ReviewVersion
from claims.permissions import Refused
from claims.publication.words import leaving
from claims.reviews import publish, suspension, workflow
from claims.tasks import publish_by_timers
from claims.teamwork import timers
from sources.database import clock
from sources.database.audit import acting
from sources.models import Page
from tests import factories
from tests.claims.watch.test_kills import dies
from tests.conftest import LiveDatabase

HOUR = timedelta(hours=1)
POINTS = ("timer locked", "timer before commit")


def approved(of: Page | None = None) -> ReviewVersion:
    return factories.approved(factories.draft(of=of))


def timed(version: ReviewVersion, *, by: User | None = None, seconds: float = 60.0) -> PublicationTimer:
    return timers.set_timer(
        version, at=clock.now() + timedelta(seconds=seconds), actor=by or factories.editor("setter")
    )


def is_due(timer: PublicationTimer, ago: timedelta = timedelta(seconds=1)) -> None:
    with acting(timer.set_by, reason="test"):
        PublicationTimer.objects.filter(pk=timer.pk).update(at=clock.now() - ago)


def state(timer: PublicationTimer) -> tuple[str, str]:
    timer.refresh_from_db()
    return timer.state, timer.detail


def told(user: User | None) -> list[str]:
    return [each.said for each in Notice.objects.filter(recipient=user, kind="timer").order_by("pk")]


def published() -> int:
    return Publication.objects.filter(event="published").count()


# At its time


@pytest.mark.django_db
@pytest.mark.parametrize("ago", [timedelta(0), timedelta(days=3)])
def test_what_is_due_is_published_once_as_whoever_set_the_timer(ago: timedelta) -> None:
    version = approved()
    timer = timed(version)
    assert embargo.publish_due() == 0
    is_due(timer, ago)
    assert (embargo.run(), embargo.run()) == (1, 0)
    version.refresh_from_db()
    assert version.state == "published" and published() == 1 and state(timer) == ("published", "")
    event = ReviewVersion.pgh_event_model.objects.filter(pgh_obj=version.pk).latest("pgh_id")  # type: ignore[attr-defined]
    assert event.pgh_context["actor"] == "setter" and event.pgh_context["timer"] == timer.pk
    for person in (version.author, version.approver, timer.set_by):
        assert told(person) == ["Published by its timer: 412 bridges need repair."]


@pytest.mark.django_db
def test_a_look_costs_one_query_while_no_timer_is_set(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert embargo.run() == 0


@pytest.mark.django_db
def test_the_clock_of_the_host_counts_for_nothing() -> None:
    version = factories.draft()
    until = (clock.now() + HOUR).replace(microsecond=0)
    with acting(version.author, reason="edit"):
        version.embargo_until = until
        version.save()
    version = factories.approved(version)
    timer = timers.set_timer(version, at=until, actor=factories.editor())
    ahead, behind = timezone.now() + 2 * HOUR, timezone.now() - 2 * HOUR
    with mock.patch("django.utils.timezone.now", return_value=ahead):
        assert embargo.run() == 0
    with acting(timer.set_by, reason="test"):
        now = clock.now()
        PublicationTimer.objects.update(at=now)
    with (
        mock.patch("django.utils.timezone.now", return_value=behind),
        mock.patch.object(publish.clock, "now", lambda: until),
    ):
        assert embargo.publish_due() == 1


@pytest.fixture
def moved(live_database: LiveDatabase) -> Iterator[Callable[[timedelta], None]]:
    """Moves the clock of the database, for Django's connection."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE SCHEMA moved")
        cursor.execute(
            "CREATE FUNCTION moved.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS"
            " $$SELECT pg_catalog.clock_timestamp() + current_setting('moved.by')::interval$$"
        )
        cursor.execute("GRANT USAGE ON SCHEMA moved TO PUBLIC")

    def move(by: timedelta) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('moved.by', %s, false)", [f"{by.total_seconds()} seconds"])
            cursor.execute("SET search_path = moved, pg_catalog, public")

    yield move
    connection.close()


@pytest.mark.sql
def test_never_before_its_time_and_at_once_after_it(
    moved: Callable[[timedelta], None], django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The triggers of the log keep to the true clock, so here a version only counts as published.
    fired: list[int] = []
    monkeypatch.setattr(embargo, "publish", lambda version, *, actor, **_: fired.append(version.pk))
    with django_db_blocker.unblock():
        moved(timedelta(0))
        begun = clock.now()
        seconds = [90, 120, 3_600, 86_400, 8_000_000]
        made = []
        for each in seconds:
            at = begun + timedelta(seconds=each)
            made.append(timers.set_timer(approved(), at=at, actor=factories.editor()))
        for expected, each in enumerate(seconds):
            last = seconds[expected - 1] if expected else 0
            for before in (-34_560_000, 0, last, last + (each - last - 5) * random(), each - 5):  # seconds for us
                moved(timedelta(seconds=before) - (true_now() - begun))
                assert embargo.publish_due() == 0, f"{each} seconds, looked at {before}"
            moved(timedelta(seconds=each) - (true_now() - begun))
            assert embargo.publish_due() == 1 and fired[expected:] == [made[expected].version_id]
        for timer in made:
            timer.refresh_from_db()
            assert timer.state == "published" and timer.ended_at is not None and timer.ended_at >= timer.at


def true_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_catalog.clock_timestamp()")
        return cursor.fetchone()[0]


@pytest.mark.sql
def test_a_look_waits_for_the_second(live_database: LiveDatabase, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        version = approved()
        timer = timed(version, seconds=1.2)
        assert publish_by_timers() == 1
        late = ReviewVersion.objects.get(pk=version.pk).published_at - timer.at
        assert timedelta(0) <= late < timedelta(seconds=3)
        timed(approved(), by=factories.editor(), seconds=30)
        assert publish_by_timers() == 0, "it does not wait for what is far off"


# Once


@pytest.mark.sql
def test_two_workers_publish_once(live_database: LiveDatabase, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        made = [timed(approved(), by=factories.editor()) for _ in range(3)]
        for timer in made:
            is_due(timer)
        done, barrier = [], threading.Barrier(2)

        def work() -> None:
            try:
                barrier.wait()
                done.append(embargo.publish_due())
            finally:
                connections.close_all()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for each in workers:
            each.start()
        for each in workers:
            each.join()
        assert len(done) == 2 and sum(done) == 3 and published() == 3
        assert [state(timer)[0] for timer in made] == ["published"] * 3


@pytest.mark.sql
@pytest.mark.parametrize("at", [*POINTS, "timer committed"])
def test_a_worker_that_is_killed_publishes_once(
    at: str, live_database: LiveDatabase, settings: Any, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        timer = timed(approved())
        is_due(timer)
        dies(embargo.publish_due, settings, at)
        before = (published(), state(timer)[0])
        assert before == ((0, "waiting") if at in POINTS else (1, "published"))
        embargo.run()
        assert (published(), state(timer)[0]) == (1, "published")
        assert Notice.objects.filter(kind="timer", recipient=timer.set_by).count() == 1


# Refused


def lose_the_role(timer: PublicationTimer) -> None:
    timer.set_by.groups.clear()


def break_the_quote(timer: PublicationTimer) -> None:
    page = Evidence.objects.get(version=timer.version).page
    assert page is not None
    factories.change(page, factories.PAGE_TEXT.replace("412", "312"))


def leave(timer: PublicationTimer) -> None:
    timer.set_by.is_active = False
    timer.set_by.save()


REFUSALS = [
    (lose_the_role, "You may not publish"),
    (leave, "You may not publish"),
    (break_the_quote, "no longer stands on"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("spoil", "why"), REFUSALS)
def test_what_publish_refuses_is_told_and_never_tried_again(
    spoil: Callable[[PublicationTimer], None], why: str
) -> None:
    version = approved()
    timer = timed(version)
    spoil(timer)
    is_due(timer)
    assert embargo.run() == 0 and published() == 0
    ended, detail = state(timer)
    assert ended == "refused" and why in detail
    for person in (version.author, version.approver, timer.set_by if timer.set_by.is_active else version.author):
        (sentence,) = told(person)
        assert sentence.startswith("The timer did not publish, and will not try again: ") and why in sentence
    assert embargo.run() == 0 and len(told(version.author)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("error", [IntegrityError("not so\nCONTEXT: x"), ValueError("a fault of the program")])
def test_whatever_else_goes_wrong_is_told_as_well(error: Exception) -> None:
    version = approved()
    timer = timed(version)
    is_due(timer)
    with mock.patch.object(embargo, "publish", side_effect=error):
        assert embargo.publish_due() == 0
    ended, detail = state(timer)
    assert ended == "refused" and len(told(version.author)) == 1
    assert detail.startswith(("The database refused it: not so", "The program failed")) and "CONTEXT" not in detail


@pytest.mark.django_db
def test_a_deadlock_is_no_refusal() -> None:
    timer = timed(approved())
    is_due(timer)
    with mock.patch.object(embargo, "publish", side_effect=OperationalError("deadlock detected")):
        assert embargo.publish_due() == 0
    assert state(timer) == ("waiting", "")
    assert embargo.publish_due() == 1


def edit(version: ReviewVersion) -> None:
    with acting(version.author, reason="edit"):
        ReviewVersion.objects.filter(pk=version.pk).update(summary="Other words.")


def edit_the_evidence(version: ReviewVersion) -> None:
    with acting(version.author, reason="edit"):
        Evidence.objects.filter(version=version).update(note="Other words.")


def send_back(version: ReviewVersion) -> None:
    workflow.send_back(version, actor=version.author)


@pytest.mark.django_db
@pytest.mark.parametrize("void", [edit, edit_the_evidence, send_back])
@pytest.mark.parametrize("again", [False, True])
def test_what_voids_the_approval_ends_the_timer(void: Callable[[ReviewVersion], None], again: bool) -> None:
    version = approved()
    timer = timed(version)
    void(version)
    if again:  # another approval is another decision
        workflow.submit(version, actor=version.author)
        workflow.approve(version, actor=factories.editor(), shown=leaving(version).sha256)
        is_due(timer)
        assert embargo.publish_due() == 0
    else:
        assert embargo.run() == 0
    ended, detail = state(timer)
    assert ended == "refused" and detail.startswith("The approval on which it rested is void")
    assert len(told(timer.set_by)) == len(told(version.author)) == 1


@pytest.mark.django_db
def test_a_version_published_by_hand_needs_no_timer() -> None:
    version = approved()
    timer = timed(version)
    publish.publish(version, actor=timer.set_by)
    assert embargo.run() == 0 and published() == 1
    assert state(timer) == ("taken_back", "It was published by hand before.")
    assert told(timer.set_by) == []


@pytest.mark.django_db
def test_whoever_set_the_timer_of_a_discarded_version_is_told() -> None:
    version = approved()
    timer, actor = timed(version), factories.editor("ana")
    workflow.discard(version, actor=actor)
    assert told(timer.set_by) == [
        "ana discarded a version for which you had set a timer, so nothing goes out: 412 bridges need repair."
    ]
    assert embargo.run() == 0


# An hour before


@pytest.mark.django_db
@pytest.mark.parametrize(("spoil", "why"), REFUSALS)
def test_an_hour_before_people_are_told_once_of_what_could_not_go_out(
    spoil: Callable[[PublicationTimer], None], why: str
) -> None:
    version = approved()
    timer = timed(version, seconds=3_700)
    spoil(timer)
    assert embargo.warn() == 0, "more than an hour before"
    is_due(timer, -timedelta(seconds=3_500))
    assert (embargo.warn(), embargo.warn()) == (1, 0)
    (sentence,) = told(version.author)
    assert sentence.startswith("The timer cannot publish as things are") and why in sentence
    assert told(version.approver) == [sentence] and state(timer)[0] == "waiting"


@pytest.mark.django_db
def test_what_can_go_out_alarms_nobody_even_under_its_embargo() -> None:
    version = factories.draft()
    until = clock.now() + timedelta(minutes=30)
    with acting(version.author, reason="edit"):
        version.embargo_until = until
        version.save()
    timers.set_timer(factories.approved(version), at=until, actor=factories.editor())
    assert embargo.warn() == 0 and not Notice.objects.filter(kind="timer").exists()


@pytest.mark.django_db
def test_a_suspension_after_the_approval_alarms() -> None:
    review = factories.published_review()
    version = workflow.start_version(review, kind="update", actor=factories.editor(), public_note="More is known.")
    factories.approved(version)
    timer = timed(version, seconds=600)
    suspension.suspend(review, actor=factories.editor(), reason="Doubt.")
    assert embargo.warn() == 1
    is_due(timer)
    assert embargo.run() == 0 and "suspended after this version was approved" in state(timer)[1]


# Setting and taking back


def cannot(version: ReviewVersion, at: datetime, why: str, actor: User | None = None) -> None:
    with pytest.raises(Refused, match=why):
        timers.set_timer(version, at=at, actor=actor or factories.editor())


@pytest.mark.django_db
def test_a_timer_is_for_an_approved_version_a_time_to_come_and_one_at_once() -> None:
    version, soon = factories.draft(), clock.now() + HOUR
    cannot(version, soon, "publishes what is approved")
    until = clock.now() + 2 * HOUR
    with acting(version.author, reason="edit"):
        version.embargo_until = until
        version.save()
    version = factories.approved(version)
    cannot(version, clock.now() - timedelta(seconds=1), "time is over")
    cannot(version, clock.now() + timedelta(days=400), "a year at most")
    cannot(version, soon, "embargo ends at")
    cannot(version, until, "may not set a timer", User.objects.create_user("nobody", is_staff=True))
    timers.set_timer(version, at=until, actor=factories.editor())
    cannot(version, until, "already")


@pytest.mark.django_db
def test_colleagues_who_publish_take_a_timer_back_and_its_setter_is_told() -> None:
    version = approved()
    timer, ana = timed(version), factories.editor("ana")
    with pytest.raises(Refused, match="may not take"):
        timers.take_back(timer, actor=User.objects.create_user("nobody", is_staff=True))
    timers.take_back(timer, actor=ana)
    assert told(timer.set_by) == ["ana took back the timer that you had set: 412 bridges need repair."]
    with pytest.raises(Refused, match="has ended: taken back"):
        timers.take_back(timer, actor=ana)
    is_due(timer)
    assert embargo.run() == 0 and published() == 0
    timed(version, by=ana)
