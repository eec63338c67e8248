"""Decide when a page is polled next, from its past changes, the price of a fetch, and the limits of its site.

    belief ──observe(elapsed, changed)──> belief ──interval(price, weight)──> wait ──next_due(floors)──> due

A poll shows only whether the page changed since the last one, at irregular intervals, so change times are
censored (Cho and Garcia-Molina, "Estimating frequency of change", 2003). Real pages also change in bursts with
months between them, which one rate per page cannot express. The model is a Markov-modulated Poisson process: a page
has one of six quiet rates and is either at rest (changing at that rate) or in a burst. `Belief` is the probability
of each of the twelve states; `observe` is its exact Bayes update in closed form. Pages of one site change together,
so a change of one makes a burst of the others more likely: `after_sibling_change`.

A change costs the time until a poll detects it. For a known rate, the best next poll is when the expected
undetected time since the last poll reaches the price of a fetch, which makes the poll rate proportional to the square
root of the change rate. The same rule is applied to the belief. All pages of an installation share one price;
`next_price` adjusts it to the budget.

Nothing here reads a clock, a setting or the database. Internally, time is in days and rates are per day.
"""

import math
import random
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

Belief = tuple[float, ...]

# Quiet rates from one change in a thousand days to one in three, evenly spaced on a log scale. Bursts have two changes
# a day, follow one change in ten, and last ten days. Halving or doubling any of these numbers affects the undetected
# time hardly more than another seed of the jitter does (docs/benchmarks.md).
_QUIET = tuple(0.001 * 300 ** (step / 5) for step in range(6))
_BURST = 2.0
_ENTER = tuple(0.1 * rate for rate in _QUIET)
_LEAVE = 0.1
# A change elsewhere on the site raises the probability of a burst as much as this many days do.
_SIBLING_DAYS = 10.0
# The belief decays over two years, because sites are rebuilt.
_FORGET = 1 / 730

# Before the first poll: quiet rates are equally likely, rest and burst as in the long run. States at rest come first.
PRIOR: Belief = tuple(_LEAVE / (enter + _LEAVE) / len(_QUIET) for enter in _ENTER) + tuple(
    enter / (enter + _LEAVE) / len(_QUIET) for enter in _ENTER
)

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(days=30)

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_LONGEST_ELAPSED = 3_650.0
_FIRST_RETRY = timedelta(minutes=30)
_LONGEST_BACKOFF = timedelta(days=1)
_LONGEST_FRESH = timedelta(hours=6)
_JITTER = 0.1


def after_poll(
    belief: Sequence[float],
    *,
    elapsed: timedelta | None,
    changed: bool,
    price: float,
    weight: float = 1,
    shortest: timedelta = SHORTEST,
    longest: timedelta = LONGEST,
) -> tuple[Belief, timedelta]:
    """Return the belief after a successful poll, and the time to wait until the next.

    `belief` is the result of the last call, or empty. `elapsed` is the time since the last successful poll, None if
    there was none; do not call this for failed polls, which carry no information. `weight` is the number of published
    reviews that rest on the page (less than one counts as one).
    """
    belief = tuple(belief) if len(belief) == len(PRIOR) else PRIOR
    if elapsed is not None:
        belief = observe(belief, elapsed, changed=changed)
    return belief, interval(belief, price=price, weight=weight, shortest=shortest, longest=longest)


def observe(belief: Belief, elapsed: timedelta, *, changed: bool) -> Belief:
    """Return the belief after a poll that found the page changed or unchanged, `elapsed` after the previous poll."""
    time = min(max(elapsed, _SECOND) / _DAY, _LONGEST_ELAPSED)
    half = len(_QUIET)
    rest: list[float] = []
    burst: list[float] = []
    for i, (quiet, enter) in enumerate(zip(_QUIET, _ENTER, strict=True)):
        at_rest, in_burst = belief[i], belief[half + i]
        # No change since: (at_rest, in_burst) · exp(((-(enter + quiet), enter), (leave, -(leave + burst))) · time)
        out, back = enter + quiet, _LEAVE + _BURST
        middle = -(out + back) / 2
        spread = math.sqrt((out - back) ** 2 / 4 + enter * _LEAVE)
        upper, lower = math.exp((middle + spread) * time), math.exp((middle - spread) * time)
        even, odd = (upper + lower) / 2, (upper - lower) / (2 * spread)
        still_rest = at_rest * (even - odd * (out + middle)) + in_burst * odd * _LEAVE
        still_burst = at_rest * odd * enter + in_burst * (even - odd * (back + middle))
        if changed:
            # The distribution regardless of changes, minus the part without a change.
            mass = at_rest + in_burst
            settled = mass * _LEAVE / (enter + _LEAVE)
            moved_rest = settled + (at_rest - settled) * math.exp(-(enter + _LEAVE) * time)
            still_rest, still_burst = moved_rest - still_rest, mass - moved_rest - still_burst
        rest.append(max(still_rest, 0.0))
        burst.append(max(still_burst, 0.0))
    total = math.fsum(rest) + math.fsum(burst)
    faded = -math.expm1(-_FORGET * time)
    return tuple((1 - faded) * share / total + faded * first for share, first in zip(rest + burst, PRIOR, strict=True))


def after_sibling_change(belief: Sequence[float]) -> Belief:
    """Return the belief about a page after another page of its site changed.

    The page is then due at its last successful poll plus the new `interval`, unless it was due sooner.
    """
    belief = tuple(belief) if len(belief) == len(PRIOR) else PRIOR
    half = len(_QUIET)
    shift = [belief[i] * min(_SIBLING_DAYS * enter, 0.5) for i, enter in enumerate(_ENTER)]
    return tuple(belief[i] - shift[i] for i in range(half)) + tuple(belief[half + i] + shift[i] for i in range(half))


def interval(
    belief: Belief,
    *,
    price: float,
    weight: float = 1,
    shortest: timedelta = SHORTEST,
    longest: timedelta = LONGEST,
) -> timedelta:
    """Return how long to wait until the expected undetected time, times `weight`, reaches the price of a fetch."""
    worth = price / max(weight, 1)
    least, most = shortest / _DAY, longest / _DAY
    if expected_unseen(belief, most) <= worth:
        return longest
    wait = min(max(math.sqrt(2 * worth / changes_per_day(belief)), least), most)
    # Exact at once for a constant rate; otherwise each step at least halves the error.
    for _ in range(12):
        better = min(max(wait * math.sqrt(worth / expected_unseen(belief, wait)), least), most)
        if abs(better - wait) < 0.01 * wait:
            break
        wait = better
    return timedelta(days=better)


def changes_per_day(belief: Sequence[float]) -> float:
    """Return the expected current rate of change, per day."""
    half = len(_QUIET)
    return math.fsum(belief[i] * rate + belief[half + i] * _BURST for i, rate in enumerate(_QUIET))


def expected_unseen(belief: Belief, wait: float) -> float:
    """Return the expected undetected time (days), summed over the changes within `wait` days after the last poll."""
    half = len(_QUIET)
    total = 0.0
    for i, (quiet, enter) in enumerate(zip(_QUIET, _ENTER, strict=True)):
        mass = belief[i] + belief[half + i]
        turnover = enter + _LEAVE
        now = belief[i] * quiet + belief[half + i] * _BURST
        later = mass * (_LEAVE * quiet + enter * _BURST) / turnover
        decay = turnover * wait
        total += later * wait * wait / 2 + (now - later) * (decay + math.expm1(-decay)) / (turnover * turnover)
    return total


def first_price(target: float) -> float:
    """Return the initial price for a budget of `target` fetches per page and day."""
    return 0.007 / target**2


def next_price(price: float, *, fetches: int, pages: int, target: float, elapsed: timedelta) -> float:
    """Return the price of a fetch (days of undetected time) from now on, `elapsed` after the last adjustment.

    `fetches` is the number of fetches of all `pages` in that time, `target` the budget per page and day. The
    logarithm of the price moves in proportion to the excess, so over- and underspending is compensated within weeks
    and the long-run average meets the target.
    """
    if not pages:
        return price
    step = (fetches / pages / target - elapsed / _DAY) * 2 / 7
    moved = price * math.exp(min(max(step, -1), 1))
    # If interval limits make the budget unreachable, the price must not diverge.
    return min(max(moved, first_price(target) / 10_000), first_price(target) * 10_000)


def next_due(
    now: datetime,
    interval: timedelta,
    *,
    pinned: timedelta | None = None,
    failures: int = 0,
    retry_after: timedelta | None = None,
    crawl_delay: timedelta | None = None,
    fresh_for: timedelta | None = None,
) -> datetime:
    """Return when to poll next: after `interval`, or after `pinned`, an editor's choice, which takes precedence.

    A page that could not be read is retried after half an hour (sooner if its interval is shorter, not before a
    pinned one), then at doubling intervals up to a day or its interval. ±10 % of jitter spreads pages that were added
    together.

    Lower limits: the server's Retry-After and robots.txt's Crawl-delay, each up to a day, and without `pinned` the
    freshness lifetime `fresh_for`, within which caches return the same copy, up to six hours, because some sites
    state a year for everything.
    """
    wait = interval if pinned is None else pinned
    if failures:
        first = min(wait, _FIRST_RETRY) if pinned is None else wait
        wait = min(first * 2 ** min(failures - 1, 30), max(wait, _LONGEST_BACKOFF))
    wait *= random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - spreads load, hides nothing
    if fresh_for is not None and pinned is None:
        wait = max(wait, min(fresh_for, _LONGEST_FRESH))
    for floor in (retry_after, crawl_delay):
        if floor is not None:
            wait = max(wait, min(floor, _LONGEST_BACKOFF))
    return now + wait


def host_rest(delay: float, elapsed: float, crawl_delay: float | None = None, *, failures: int = 0) -> float:
    """Return the seconds to wait before the next request to a host, after a fetch that took `elapsed` seconds.

    The maximum of the setting's `delay`, the host's Crawl-delay, five times `elapsed` if that exceeds a second, and,
    from the third of `failures` consecutive requests without a response on, ten seconds doubling up to a quarter of
    an hour. At most an hour.
    """
    slow = 5 * elapsed if elapsed > 1 else 0.0
    silent = min(10.0 * 2 ** min(failures - 3, 30), 900.0) if failures >= 3 else 0.0
    return min(max(delay, crawl_delay or 0.0, slow, silent), 3_600.0)


def fresh_for(cache_control: str, age: str = "") -> timedelta | None:
    """Return the remaining freshness lifetime in shared caches (RFC 9111: s-maxage or max-age, less Age).

    None if the headers do not state one, or forbid shared caching or reuse without validation.
    """
    directives: dict[str, str] = {}
    for directive in cache_control.lower().split(","):
        name, _, value = directive.partition("=")
        directives.setdefault(name.strip(), value.strip().strip('"'))
    if directives.keys() & {"no-cache", "no-store", "private"}:
        return None
    lifetime = directives.get("s-maxage", directives.get("max-age", ""))
    if not _SECONDS.fullmatch(lifetime):
        return None
    age_seconds = int(age.strip()) if _SECONDS.fullmatch(age.strip()) else 0
    return timedelta(seconds=max(int(lifetime) - age_seconds, 0))


# RFC 9111, 1.2.2: seconds are digits, and a value over 31 bits means "forever". Nine digits are 30 years.
_SECONDS = re.compile(r"[0-9]{1,9}")
