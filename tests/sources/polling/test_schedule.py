"""The schedule learns from polls, keeps to the budget, and respects sites and editors."""

import math
import random
import statistics
from datetime import UTC, datetime, timedelta

import pytest

from sources.polling import schedule
from sources.polling.schedule import LONGEST, PRIOR, SHORTEST, after_poll, changes_per_day, next_due, observe

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def watched(polls: list[tuple[timedelta, bool]]) -> schedule.Belief:
    belief = PRIOR
    for elapsed, changed in polls:
        belief = observe(belief, elapsed, changed=changed)
    return belief


def drawn(rate: float, *, days: int, gaps: tuple[float, ...], seed: int) -> schedule.Belief:
    """The belief after irregular polls of a page with a constant change rate per day."""
    chance = random.Random(seed)
    polls, spent = [], 0.0
    while spent < days:
        gap = chance.choice(gaps)
        polls.append((timedelta(days=gap), chance.random() < -math.expm1(-rate * gap)))
        spent += gap
    return watched(polls)


def wait_after(polls: list[tuple[timedelta, bool]], **given: float) -> timedelta:
    return schedule.interval(watched(polls), price=0.01, longest=timedelta(days=60), **given)


# Learning


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.25])
def test_constant_rates_are_learnt_from_irregular_polls(rate: float) -> None:
    believed = [changes_per_day(drawn(rate, days=500 + 20 * k, gaps=(0.1, 0.5, 1, 4), seed=k)) for k in range(25)]
    assert rate / 2 < statistics.median(believed) < rate * 2


def test_the_belief_is_always_a_probability_distribution() -> None:
    chance = random.Random(7)
    belief = PRIOR
    for _ in range(2_000):
        elapsed = timedelta(seconds=10 ** chance.uniform(-3, 9))
        belief = observe(belief, elapsed, changed=chance.random() < 0.5)
        assert all(0 <= share <= 1 for share in belief)
        assert math.fsum(belief) == pytest.approx(1)


@pytest.mark.parametrize("changed", [True, False])
@pytest.mark.parametrize("days", [0.01, 1, 12])
def test_the_update_equals_a_simulation_in_small_steps(days: float, changed: bool) -> None:
    """The closed form against brute force in 20,000 steps."""
    start = watched([(DAY, True), (DAY, False), (5 * DAY, False)])
    half, steps = len(PRIOR) // 2, 20_000
    step = days / steps
    expected = []
    for i in range(half):
        quiet = 0.001 * 300 ** (i / 5)
        unseen, seen = [start[i], start[half + i]], [0.0, 0.0]
        for _ in range(steps):
            for state in (unseen, seen):
                out, back = state[0] * 0.1 * quiet * step, state[1] * 0.1 * step
                state[0], state[1] = state[0] - out + back, state[1] + out - back
            for k, rate in enumerate((quiet, 2.0)):
                moved = unseen[k] * rate * step
                unseen[k], seen[k] = unseen[k] - moved, seen[k] + moved
        expected.append(seen if changed else unseen)
    total = sum(map(sum, expected))
    fading = 1 - math.exp(-days / 730)
    flat = [pair[0] for pair in expected] + [pair[1] for pair in expected]
    assert observe(start, timedelta(days=days), changed=changed) == pytest.approx(
        [(1 - fading) * share / total + fading * first for share, first in zip(flat, PRIOR, strict=True)], rel=0.002
    )


@pytest.mark.parametrize("changed", [True, False])
@pytest.mark.parametrize("elapsed", [timedelta.min, timedelta(0), timedelta.max])
def test_negative_and_huge_times_are_handled(elapsed: timedelta, changed: bool) -> None:
    belief = observe(PRIOR, elapsed, changed=changed)
    assert math.fsum(belief) == pytest.approx(1)
    assert changes_per_day(belief) > 0


def test_the_expected_undetected_time_equals_a_simulation() -> None:
    """Each change counts from its time to the poll."""
    for polls in ([], [(HOUR, True)] * 3, [(9 * DAY, False)] * 20):
        belief, days, steps = watched(polls), 6.0, 20_000
        half, step = len(PRIOR) // 2, 6.0 / 20_000
        total = 0.0
        for i in range(half):
            quiet = 0.001 * 300 ** (i / 5)
            rest, burst = belief[i], belief[half + i]
            for n in range(steps):
                total += (rest * quiet + burst * 2.0) * step * (days - n * step)
                out, back = rest * 0.1 * quiet * step, burst * 0.1 * step
                rest, burst = rest - out + back, burst + out - back
        assert schedule.expected_unseen(belief, days) == pytest.approx(total, rel=0.002)


def test_polls_speed_up_in_a_burst_and_slow_down_after_it() -> None:
    quiet = [(5 * DAY, False)] * 20
    before = wait_after(quiet)
    during = wait_after([*quiet, *[(HOUR * 6, True)] * 4])
    after = wait_after([*quiet, *[(HOUR * 6, True)] * 4, *[(5 * DAY, False)] * 10])
    assert during < before / 15
    assert after > during * 10


def test_a_change_elsewhere_on_the_site_speeds_up_polls_for_a_while() -> None:
    quiet = watched([(2 * DAY, False)] * 30)
    waits = [schedule.interval(belief, price=0.01) for belief in (quiet, schedule.after_sibling_change(quiet))]
    assert waits[1] < 0.8 * waits[0]
    calmed = observe(schedule.after_sibling_change(quiet), 7 * DAY, changed=False)
    assert schedule.interval(calmed, price=0.01) > 0.9 * waits[0]
    many = quiet
    for _ in range(1_000):
        many = schedule.after_sibling_change(many)
    assert math.fsum(many) == pytest.approx(1)
    assert all(0 <= share <= 1 for share in many)
    assert schedule.after_sibling_change([]) == schedule.after_sibling_change(PRIOR)


def test_old_evidence_fades() -> None:
    busy = [(DAY, True), (2 * DAY, False)] * 200
    assert wait_after([*busy, *[(30 * DAY, False)] * 24]) > 5 * wait_after(busy)


# Budget


def test_polls_grow_with_the_square_root_of_price_and_weight() -> None:
    belief = drawn(0.05, days=1500, gaps=(1, 2), seed=3)
    one, four = (schedule.interval(belief, price=0.001, weight=weight) for weight in (1, 4))
    assert one / four == pytest.approx(2, rel=0.15)
    assert schedule.interval(belief, price=0.00025) == four


def test_weight_below_one_counts_as_one() -> None:
    assert schedule.interval(PRIOR, price=0.01, weight=0) == schedule.interval(PRIOR, price=0.01)


def test_the_wait_ends_when_the_undetected_time_reaches_the_price() -> None:
    for polls in ([], [(DAY, True)] * 5, [(9 * DAY, False)] * 30, [(HOUR, True), (HOUR, False)]):
        belief = watched(polls)
        wait = schedule.interval(belief, price=0.02, longest=timedelta(days=100))
        assert schedule.expected_unseen(belief, wait / DAY) == pytest.approx(0.02, rel=0.04)


def test_intervals_stay_within_their_limits() -> None:
    for price in (1e-12, 1e-3, 1e9):
        for polls in ([], [(HOUR, True)] * 50, [(30 * DAY, False)] * 50):
            assert SHORTEST <= schedule.interval(watched(polls), price=price) <= LONGEST
    assert schedule.interval(PRIOR, price=1e-12) == SHORTEST
    assert schedule.interval(PRIOR, price=1e9) == LONGEST


def test_the_price_converges_to_the_budget() -> None:
    """A year of pages of all kinds, from a price wrong by a factor of a hundred."""
    chance = random.Random(5)
    rates = [chance.choice([0.001, 0.01, 0.1, 1.0]) for _ in range(30)]
    beliefs = [PRIOR] * len(rates)
    due, last = [0.0] * len(rates), [0.0] * len(rates)
    price, made = schedule.first_price(1) * 100, [0] * (365 * 4)
    for tick in range(365 * 4):
        now = tick / 4
        for i, rate in enumerate(rates):
            while due[i] <= now:
                gap = due[i] - last[i]
                changed = chance.random() < -math.expm1(-rate * gap)
                beliefs[i], wait = after_poll(
                    beliefs[i], elapsed=timedelta(days=gap) if gap else None, changed=changed, price=price
                )
                last[i] = due[i]
                due[i] += wait / DAY
                made[tick] += 1
        price = schedule.next_price(price, fetches=made[tick], pages=len(rates), target=1, elapsed=timedelta(hours=6))
    assert sum(made[-300 * 4 :]) / 300 / len(rates) == pytest.approx(1, rel=0.05)


def test_the_price_of_an_unreachable_budget_stays_within_limits() -> None:
    dear = cheap = schedule.first_price(2)
    for _ in range(10_000):
        dear = schedule.next_price(dear, fetches=300, pages=1, target=2, elapsed=DAY)
        cheap = schedule.next_price(cheap, fetches=0, pages=1, target=2, elapsed=DAY)
    assert 0 < cheap < schedule.first_price(2) < dear < math.inf
    assert schedule.next_price(dear, fetches=0, pages=0, target=2, elapsed=DAY) == dear


def test_a_page_never_polled_before_starts_from_the_prior() -> None:
    belief, wait = after_poll([], elapsed=None, changed=False, price=0.007)
    assert belief == PRIOR
    assert HOUR < wait < 3 * DAY
    assert after_poll([0.5, 0.5], elapsed=None, changed=False, price=0.007)[0] == PRIOR


def test_after_poll_updates_the_belief_before_the_interval() -> None:
    belief, wait = after_poll(PRIOR, elapsed=6 * HOUR, changed=True, price=0.007, weight=3)
    assert belief == observe(PRIOR, 6 * HOUR, changed=True)
    assert wait == schedule.interval(belief, price=0.007, weight=3)
    assert wait < after_poll(PRIOR, elapsed=6 * HOUR, changed=False, price=0.007, weight=3)[1]


# Limits of sites and editors


def seconds(due: datetime) -> float:
    return (due - NOW).total_seconds()


def test_jitter_is_ten_percent_each_way() -> None:
    waits = {seconds(next_due(NOW, HOUR)) for _ in range(500)}
    assert 3_240 <= min(waits) < 3_300
    assert 3_900 < max(waits) <= 3_960


def test_backoff_decays_to_a_day_and_never_ends() -> None:
    waits = [seconds(next_due(NOW, timedelta(minutes=10), failures=n)) for n in (1, 2, 3, 4, 1_000, 10**9)]
    for wait, minutes in zip(waits, (10, 20, 40, 80, 1_440, 1_440), strict=True):
        assert wait == pytest.approx(minutes * 60, rel=0.1001)


def test_a_page_polled_rarely_is_tried_again_soon_after_a_failure() -> None:
    assert seconds(next_due(NOW, 6 * DAY, failures=1)) <= 33 * 60
    assert seconds(next_due(NOW, 6 * DAY, failures=50)) >= 5.4 * 86_400


def test_a_pinned_interval_overrides_learning_and_caches() -> None:
    due = next_due(NOW, 6 * DAY, pinned=timedelta(seconds=30), fresh_for=DAY)
    assert 27 <= seconds(due) <= 33
    assert seconds(next_due(NOW, HOUR, pinned=2 * DAY, failures=1)) >= 1.8 * 86_400


@pytest.mark.parametrize("floor", ["retry_after", "crawl_delay"])
def test_limits_of_the_site_apply_even_to_a_pinned_page(floor: str) -> None:
    for asked, kept in ((2 * HOUR, 2 * HOUR), (900 * DAY, DAY)):
        due = next_due(NOW, timedelta(minutes=1), pinned=timedelta(minutes=1), **{floor: asked})
        assert due == NOW + kept


def test_the_freshness_lifetime_is_capped_at_six_hours() -> None:
    assert next_due(NOW, timedelta(minutes=5), fresh_for=HOUR) == NOW + HOUR
    assert next_due(NOW, timedelta(minutes=5), fresh_for=365 * DAY) == NOW + 6 * HOUR


@pytest.mark.parametrize(
    ("cache_control", "age", "left"),
    [
        ("max-age=600", "", 600),
        ("public, Max-Age=600", "200", 400),
        ("max-age=600, s-maxage=60", "", 60),
        ('max-age="600"', "", 600),
        ("max-age=60", "3600", 0),
        ("max-age=60", "soon", 60),
        ("", "", None),
        ("max-age=600, no-cache", "", None),
        ("private, max-age=600", "", None),
        ("no-store", "", None),
        ("max-age=-1", "", None),
        ("max-age=ten", "", None),
        ("max-age=" + "9" * 4_400, "", None),
        ("max-age=٣", "", None),
    ],
)
def test_the_freshness_lifetime_is_parsed_from_headers(cache_control: str, age: str, left: int | None) -> None:
    expected = None if left is None else timedelta(seconds=left)
    assert schedule.fresh_for(cache_control, age) == expected
