"""Today says what to do now, and counts the watched quotes so that the numbers add up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims import daily_counts
from claims.desk.today import watch
from claims.desk.today.watch import watch_state
from claims.models import (
    Assignment,
    DailyCount,
    Evidence,
    EvidenceCheck,
    PublicationTimer,
    Recheck,
    ReviewBy,
    Tip,
    TipGroup,
)
from claims.publication.quote_state import LastLook, in_last_look, with_last_look
from claims.reviews import rechecks, workflow
from claims.roles import GROUPS, Role
from claims.visibility import restrict
from claims.watch.sweep import sweep
from sources.database.audit import acting
from sources.models import Polling
from tests import factories
from tests.claims.desk.lists.test_base import texts_of
from tests.claims.desk.test_notices import at_desk

pytestmark = pytest.mark.django_db
TODAY = "/admin/"


def person(*roles: Role) -> User:
    user = factories.editor()
    user.groups.set(Group.objects.filter(name__in=[GROUPS[role] for role in roles]))
    return User.objects.get(pk=user.pk)


def shown(user: User) -> str:
    answer = at_desk(user).get(TODAY)
    assert answer.status_code == 200
    return str(answer.content.decode())


def broken(text: str = "The ministry counted 999 bridges in need of repair.") -> Recheck:
    """The re-check of a published review whose quote was altered."""
    review = factories.published_review()
    page = review.latest_published().evidence.get().page
    factories.change(page, factories.PAGE_TEXT.replace(factories.QUOTE, text), certainty="confirmed")
    sweep()
    return Recheck.objects.get(review=review)


def test_an_altered_quote_is_never_called_well() -> None:
    user = factories.editor()
    factories.published_review(factories.claim("Another claim."))
    recheck = broken()
    state = watch_state(user)
    assert (state.stands, state.no_longer, state.unread, state.all) == (1, 1, 0, 2)
    page = shown(user)
    assert "The 2 quotes that published verdicts rest on" in page
    assert "1 with an open re-check" in page
    assert reverse("desk:recheck", args=[recheck.pk]) in page
    assert "<del>412 </del>" in page and "<ins>999</ins>" in page


def test_each_number_leads_to_its_rows() -> None:
    user = factories.editor()
    factories.published_review(factories.claim("It stands."))
    broken()
    desk = at_desk(user)
    for state, expected in (("stands", 1), ("no_longer", 1), ("open", 1), ("once", 0), ("kept", 0), ("unread", 0)):
        page = desk.get(f"/admin/quotes/?state={state}").content.decode()
        assert len(texts_of(page)) == expected, state
    assert len(texts_of(desk.get("/admin/quotes/").content.decode())) == watch_state(user).all == 2


def test_every_watched_quote_is_in_one_state() -> None:
    review = factories.published_review()
    evidence = review.latest_published().evidence.get()
    user = factories.editor()
    check = EvidenceCheck.objects.filter(evidence=evidence).latest("pk")
    unread = EvidenceCheck.Result.UNVERIFIABLE
    EvidenceCheck.objects.create(evidence=evidence, result=unread, reason="change", version="1")
    assert watch_state(user).counts == {LastLook.UNREAD: 1}
    fields = {"evidence": evidence, "snapshot": check.snapshot, "result": "altered", "reason": "change", "version": "1"}
    EvidenceCheck.objects.create(**fields, cause="altered", grade="substance")
    assert watch_state(user).counts == {LastLook.ONCE: 1}
    assert "No re-check is open, although not every quote stands" in shown(user)


def test_quotes_of_restricted_claims_are_not_counted_for_others() -> None:
    review = factories.published_review()
    chief = person(Role.CHIEF)
    restrict(review.claim, members=[], actor=chief)
    assert watch_state(chief).all == 1
    assert watch_state(factories.editor()).all == 0


def test_what_a_list_starts_from_leaves_out_no_quote(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every list by last look has the rows that computing it for every quote gives, those never looked at included."""
    evidence = factories.published_review().latest_published().evidence.get()
    monkeypatch.setattr("claims.reviews.evidence.record_check", lambda *args, **kwargs: None)
    never = factories.published_review(factories.claim("Another claim.")).latest_published().evidence.get()
    assert not never.checks.exists()
    snapshot = EvidenceCheck.objects.filter(evidence=evidence).latest("pk").snapshot
    fields = {"evidence": evidence, "snapshot": snapshot, "reason": "change"}
    looks = (
        {"result": "altered", "cause": "altered", "grade": "substance", "version": "1"},
        {"result": "unverifiable", "version": "1"},
        {"result": "gone", "version": ""},
        {"result": "altered", "cause": "", "grade": "cosmetic", "version": "1"},
        {"result": "intact", "cause": "disowned", "stance": "disowned", "version": "1"},
        {"result": "intact", "version": "1"},
    )
    for look in looks:
        EvidenceCheck.objects.create(**fields, **look)
        computed = dict(with_last_look(Evidence.objects.watched()).values_list("pk", "last_look"))
        assert computed[never.pk] == LastLook.UNREAD
        for each in LastLook:
            listed = in_last_look(Evidence.objects.watched(), [each]).values_list("pk", flat=True)
            assert set(listed) == {key for key, found in computed.items() if found == each}, (look, each)


def test_a_slow_count_is_kept_until_something_changes(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(watch, "SLOW", -1.0)
    monkeypatch.setattr(watch, "_kept", {})
    monkeypatch.setattr(watch, "_numbers", {})
    review = factories.published_review()
    user = person(Role.CHIEF)
    assert watch_state(user).stands == 1
    with django_assert_num_queries(2):
        assert watch_state(user).stands == 1
    evidence = review.latest_published().evidence.get()
    EvidenceCheck.objects.create(evidence=evidence, result="unverifiable", reason="change", version="1")
    assert watch_state(user).unread == 1


def test_a_page_asks_once_for_what_is_hidden_from_a_person() -> None:
    restrict(factories.claim("A secret claim."), members=[], actor=person(Role.CHIEF))
    broken()
    client = at_desk(person(Role.EDITOR))
    client.get(TODAY)
    for path, most in ((TODAY, 60), ("/admin/claims/", 15), ("/admin/quotes/?state=unread", 16)):
        with CaptureQueriesContext(connection) as caught:
            client.get(path)
        asked = [each["sql"] for each in caught.captured_queries]
        assert len(asked) <= most, (path, len(asked))
        assert sum(sql.startswith('SELECT "claims_restriction"."claim_id"') for sql in asked) <= 1, path


def test_the_bar_shows_what_is_rare() -> None:
    state = watch.WatchState({LastLook.STANDS: 99_999, LastLook.OPEN: 1}, timezone.now())
    large, small = state.bar(1_000)
    assert small.width >= 10 and large.x == 0 and small.x + small.width == pytest.approx(1_000)


def test_what_waits_is_shown_to_whom_it_waits_for() -> None:
    author, other = factories.editor("Ada"), factories.editor("Ben")
    version = factories.draft(factories.claim("The night bus costs 9 million."), author=author)
    assert "Not submitted yet." in shown(author) and "night bus" not in shown(other).partition("Waiting for you")[2]
    workflow.submit(version, actor=author)
    assert "Written by Ada" in shown(other)
    assert "Written by Ada" not in shown(author)
    workflow.send_back(version, actor=other, reason="The 9 million is gross.")
    page = shown(author)
    assert "Sent back to you." in page and "The 9 million is gross." in page
    assert "Written by Ada" not in shown(other)


def test_reporters_are_not_asked_to_approve() -> None:
    author = factories.editor()
    version = factories.draft(factories.claim("The night bus costs 9 million."), author=author)
    workflow.submit(version, actor=author)
    assert "to approve" not in shown(person(Role.REPORTER))


def test_what_is_due_comes_in_order() -> None:
    user = factories.editor()
    now = timezone.now()
    late, later = factories.claim("Late work"), factories.claim("Later work")
    review = factories.published_review(factories.claim("Look again"))
    with acting(user, reason="test"):
        Assignment.objects.create(claim=later, assignee=user, due_at=now + timedelta(days=2), assigned_by=user)
        Assignment.objects.create(claim=late, assignee=user, due_at=now - timedelta(days=1), assigned_by=user)
        ReviewBy.objects.create(review=review, day=(now + timedelta(days=9)).date(), set_by=user)
        waiting = factories.draft(factories.claim("Goes out"), author=user)
        PublicationTimer.objects.create(version=waiting, at=now + timedelta(days=1), set_by=user, approved_at=now)
    part = shown(user).partition('id="h-next"')[2].partition("</section>")[0]
    places = [part.index(words) for words in ("Late work", "Goes out", "Later work", "Look again")]
    assert places == sorted(places) and part.count("overdue") == 1
    assert "Late work" not in shown(factories.editor()).partition('id="h-next"')[2].partition("</section>")[0]


def test_pages_that_verdicts_rest_on_and_nobody_can_read_are_named() -> None:
    review = factories.published_review()
    page = review.latest_published().evidence.get().page
    user = factories.editor()
    assert "could be read at the last poll" in shown(user)
    Polling.objects.filter(page=page).update(unread_since=timezone.now(), last_outcome="gone", weight=1)
    part = shown(user).partition('id="h-blind"')[2].partition("</section>")[0]
    assert str(page) in part and "1 published review rests on it." in part
    assert f'href="{reverse("desk:source_page", args=[page.pk])}"' in part
    other = factories.page("https://other.example/")
    Polling.objects.filter(page=other).update(unread_since=timezone.now(), last_outcome="gone", weight=0)
    link = part.partition('href="/admin/sources/blind/')[2].partition('"')[0]
    rows = at_desk(user).get(f"/admin/sources/blind/{link}").content.decode()
    assert str(page) in rows and "other.example" not in rows


def test_readers_questions_are_listed_by_demand() -> None:
    groups = [TipGroup.objects.create() for _number in range(2)]
    for group, text, times in ((groups[0], "Asked once?", 1), (groups[1], "Asked thrice?", 3)):
        for _number in range(times):
            Tip.objects.create(text=text, group=group)
    part = shown(factories.editor()).partition('id="h-in"')[2].partition("</section>")[0]
    assert part.index("Asked thrice?") < part.index("Asked once?") and "3 readers this week" in part


def test_an_administrator_without_an_editorial_role_gets_what_she_needs() -> None:
    page = shown(person(Role.ADMINISTRATOR))
    assert "Set up:" in page and "Backups" in page and "Proof that nothing was rewritten" in page
    assert 'id="h-watch"' not in page and "Waiting for you" not in page


def test_days_are_counted_from_the_logs_and_missed_days_are_filled() -> None:
    today = timezone.now().astimezone(UTC).date()
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    for back in (0, 3, 3):
        tip = Tip.objects.create(text="?")
        Tip.objects.filter(pk=tip.pk).update(received_at=noon - timedelta(days=back))
    DailyCount.objects.create(day=today - timedelta(days=5), kind="tips", count=9)  # the last run
    written = daily_counts.count()
    # Nothing was answered; how quotes stand is counted for today alone.
    assert written == 7 * (len(daily_counts.KINDS) - 1) + len(daily_counts.LEVELS)
    counts = dict(DailyCount.objects.filter(kind="tips").values_list("day", "count"))
    assert counts[today] == 1 and counts[today - timedelta(days=3)] == 2
    assert counts[today - timedelta(days=5)] == 0, "a day is counted anew from the log"
    assert counts[today - timedelta(days=1)] == 0
    before = list(DailyCount.objects.order_by("day", "kind").values_list("day", "kind", "count"))
    daily_counts.count()
    assert list(DailyCount.objects.order_by("day", "kind").values_list("day", "kind", "count")) == before


def test_quotes_changes_and_hours_to_an_answer_are_counted() -> None:
    recheck = broken()
    today = timezone.now().astimezone(UTC).date()
    Recheck.objects.filter(pk=recheck.pk).update(raised_at=timezone.now() - timedelta(hours=5, minutes=30))
    rechecks.dismiss(recheck, actor=factories.editor(), note="A typo of theirs.")
    daily_counts.count()
    counts = dict(DailyCount.objects.filter(day=today).values_list("kind", "count"))
    assert counts["answered_hours"] == 6 and counts["changes"] == 1
    state = watch.watch_state(factories.editor())
    told = (counts["quotes_stand"], counts["quotes_no_longer"], counts["quotes_unread"])
    assert told == (state.stands, state.no_longer, state.unread) and sum(told) == 1
    DailyCount.objects.filter(day=today - timedelta(days=1)).delete()
    DailyCount.objects.create(day=today - timedelta(days=1), kind="quotes_stand", count=7)
    daily_counts.count()
    assert DailyCount.objects.get(day=today - timedelta(days=1), kind="quotes_stand").count == 7, "nobody knows better"
    part = shown(factories.editor()).partition('id="h-fig"')[2].partition("</section>")[0]
    assert "6 on the last day, at most 6" in part


def test_charts_come_with_their_numbers_as_a_table() -> None:
    user = factories.editor()
    assert 'id="h-fig"' not in shown(user)
    today = timezone.now().astimezone(UTC).date()
    DailyCount.objects.create(day=today, kind="rechecks", count=4)
    DailyCount.objects.create(day=today - timedelta(days=1), kind="rechecks", count=0)
    part = shown(user).partition('id="h-fig"')[2].partition("</section>")[0]
    assert "4 in all, at most 4 a day" in part and "28 days are not counted yet." in part
    assert part.count("<tr>") == 31 and '<td class="num">4</td>' in part
    assert 'style="' not in part


def test_the_last_day_of_the_charts_is_the_bar_above_them() -> None:
    factories.published_review()
    DailyCount.objects.create(
        day=timezone.now().astimezone(UTC).date(), kind="quotes_stand", count=0
    )  # ten minutes ago
    part = shown(factories.editor()).partition('id="h-fig"')[2].partition("</section>")[0]
    assert 'Quotes that stand</b> <span class="mut sm num">1 on the last day, at most 1' in part


def test_hostile_words_are_words() -> None:
    author = factories.editor()
    factories.draft(factories.claim("<script>alert(1)</script>\u202e"), author=author)
    TipGroup.objects.create().tips.create(text="<img src=x onerror=alert(1)>")
    page = shown(author)
    assert "<script>alert" not in page and "<img src=x" not in page and "[RLO]" in page


def test_the_page_is_one_screen_with_one_heading() -> None:
    page = shown(factories.editor())
    assert page.count("<h1") == 1 and 'aria-current="page"' in page and 'style="' not in page
