"""When a page is polled next: what it has shown so far, what a fetch is worth, and what its site asks.

    belief ──observe(elapsed, changed)──> belief ──interval(price, weight)──> wait ──next_due(floors)──> due

A poll tells only whether the page changed since the last one, at irregular intervals, so change times are
censored (Cho and Garcia-Molina, "Estimating frequency of change", 2003). Real pages moreover change in
bursts and then rest for months, which one rate per page cannot say. So a page is taken to have one of six
quiet rates, and to be at rest (changing at that rate) or in a burst: a Markov-modulated Poisson process.
`Belief` is the probability of each of the twelve; `observe` is its exact Bayes update in closed form.
Pages of one site change together, so a change of one makes a burst of the others likelier: `heard`.

Every change counts for as long as it stays unseen. With a price on a fetch, the best time for the next one
at a known rate is when the unseen time expected to have gathered since the last reaches the price, which
polls in proportion to the square root of the rate. The same rule is used with what is believed of the rate.
One price holds for all pages of an instance; `next_price` moves it until they together keep to the budget.

Nothing here reads a clock, a setting or the database. Inside, time is in days and rates are per day.
"""

import math
import random
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

Belief = tuple[float, ...]

# Quiet rates from one change in a thousand days to one in three, evenly spaced on a log scale. Bursts bring
# two changes a day, come once in ten changes, last ten days. Nothing hangs on these numbers: half or twice of
# each changes what stays unseen by hardly more than another seed of the jitter does (docs/benchmarks.md).
_QUIET = tuple(0.001 * 300 ** (step / 5) for step in range(6))
_BURST = 2.0
_ENTER = tuple(0.1 * rate for rate in _QUIET)
_LEAVE = 0.1
# A change elsewhere on the site makes a burst as likely as this many days' waiting does.
_HEARD = 10.0
# What is known of a page fades over two years: sites are rebuilt.
_FORGET = 1 / 730

# Before anything was seen: every quiet rate alike, and at rest or in a burst as in the long run. At rest first.
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
    """What is believed of a page after a poll that could read it, and how long to wait for the next.

    `belief` is what the last call gave, or empty. `elapsed` is the time since the last poll that could read
    the page, None if there was none; polls that could not look say nothing and must not be passed on.
    `weight` is how many published reviews rest on the page (less than one counts as one).
    """
    known = tuple(belief) if len(belief) == len(PRIOR) else PRIOR
    if elapsed is not None:
        known = observe(known, elapsed, changed=changed)
    return known, interval(known, price=price, weight=weight, shortest=shortest, longest=longest)


def observe(belief: Belief, elapsed: timedelta, *, changed: bool) -> Belief:
    """The belief after a poll `elapsed` after the one before, which found the page changed or as it was."""
    time = min(max(elapsed, _SECOND) / _DAY, _LONGEST_ELAPSED)
    half = len(_QUIET)
    rest: list[float] = []
    burst: list[float] = []
    for i, (quiet, enter) in enumerate(zip(_QUIET, _ENTER, strict=True)):
        at_rest, in_burst = belief[i], belief[half + i]
        # No change until now: (at_rest, in_burst) · exp(((-(enter + quiet), enter), (leave, -(leave + burst))) · time)
        out, back = enter + quiet, _LEAVE + _BURST
        middle = -(out + back) / 2
        spread = math.sqrt((out - back) ** 2 / 4 + enter * _LEAVE)
        upper, lower = math.exp((middle + spread) * time), math.exp((middle - spread) * time)
        even, odd = (upper + lower) / 2, (upper - lower) / (2 * spread)
        still_rest = at_rest * (even - odd * (out + middle)) + in_burst * odd * _LEAVE
        still_burst = at_rest * odd * enter + in_burst * (even - odd * (back + middle))
        if changed:
            # Wherever the page went, less the part of it that saw no change.
            mass = at_rest + in_burst
            settled = mass * _LEAVE / (enter + _LEAVE)
            moved_rest = settled + (at_rest - settled) * math.exp(-(enter + _LEAVE) * time)
            still_rest, still_burst = moved_rest - still_rest, mass - moved_rest - still_burst
        rest.append(max(still_rest, 0.0))
        burst.append(max(still_burst, 0.0))
    total = math.fsum(rest) + math.fsum(burst)
    faded = -math.expm1(-_FORGET * time)
    return tuple((1 - faded) * share / total + faded * first for share, first in zip(rest + burst, PRIOR, strict=True))


def heard(belief: Sequence[float]) -> Belief:
    """The belief about a page when another page of its site was found changed.

    The page is then due at its last successful poll plus the new `interval`, if that is sooner than it was.
    """
    known = tuple(belief) if len(belief) == len(PRIOR) else PRIOR
    half = len(_QUIET)
    woken = [known[i] * min(_HEARD * enter, 0.5) for i, enter in enumerate(_ENTER)]
    return tuple(known[i] - woken[i] for i in range(half)) + tuple(known[half + i] + woken[i] for i in range(half))


def interval(
    belief: Belief,
    *,
    price: float,
    weight: float = 1,
    shortest: timedelta = SHORTEST,
    longest: timedelta = LONGEST,
) -> timedelta:
    """How long to wait until the unseen time expected to gather, times `weight`, is worth a fetch."""
    worth = price / max(weight, 1)
    least, most = shortest / _DAY, longest / _DAY
    if expected_unseen(belief, most) <= worth:
        return longest
    wait = min(max(math.sqrt(2 * worth / changes_per_day(belief)), least), most)
    # Exact at once for a steady rate; the error at least halves with every step for one that rises or falls.
    for _ in range(12):
        better = min(max(wait * math.sqrt(worth / expected_unseen(belief, wait)), least), most)
        if abs(better - wait) < 0.01 * wait:
            break
        wait = better
    return timedelta(days=better)


def changes_per_day(belief: Sequence[float]) -> float:
    """The rate at which the page is believed to change now."""
    half = len(_QUIET)
    return math.fsum(belief[i] * rate + belief[half + i] * _BURST for i, rate in enumerate(_QUIET))


def expected_unseen(belief: Belief, wait: float) -> float:
    """The sum, over the changes expected in `wait` days from the last poll, of how long each stays unseen (days)."""
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
    """The price to start from when `target` fetches per page and day may be spent."""
    return 0.007 / target**2


def next_price(price: float, *, fetches: int, pages: int, target: float, elapsed: timedelta) -> float:
    """The price of a fetch (days of unseen time) for the time to come, `elapsed` after it was last set.

    `fetches` is how many were made of the `pages` in that time; `target` how many a page may have a day. The
    logarithm of the price moves by the excess, so that whatever was spent too much or too little is made up
    for, within weeks, and fetches come to the target in the long run whatever the pages do.
    """
    if not pages:
        return price
    step = (fetches / pages / target - elapsed / _DAY) * 2 / 7
    moved = price * math.exp(min(max(step, -1), 1))
    # A budget that floors and ceilings leave no way to spend must not run the price off to nowhere.
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
    """When to poll next: after `interval`, or after `pinned`, which an editor has set and which wins.

    A page that could not be read is tried again after half an hour (sooner if its interval is shorter, not
    before a pinned one), then after twice that, up to a day or its interval; never not at all.
    ±10 % of jitter keeps pages that were added together from being polled together for ever.

    Floors, in full: the server's Retry-After up to a day, and robots.txt's Crawl-delay up to a day. A copy
    that a cache holds `fresh_for` a while cannot have changed: a floor too, up to six hours, as some sites
    say a year of everything; an editor's pin goes before it.
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
    """Seconds for which a host is left alone after a fetch that took `elapsed` seconds.

    The setting's `delay`, the host's own Crawl-delay, and five times what it took if that was over a second,
    so that a slow host is asked less. After `failures` attempts in a row that it did not answer, from the third
    on ten seconds and twice that each time, up to a quarter of an hour. Never over an hour.
    """
    slow = 5 * elapsed if elapsed > 1 else 0.0
    silent = min(10.0 * 2 ** min(failures - 3, 30), 900.0) if failures >= 3 else 0.0
    return min(max(delay, crawl_delay or 0.0, slow, silent), 3_600.0)


def fresh_for(cache_control: str, age: str = "") -> timedelta | None:
    """How much longer shared caches may give out the copy just received (RFC 9111: s-maxage or max-age, less Age).

    None if the headers do not say, or say that the copy must not be kept or used unasked.
    """
    found: dict[str, str] = {}
    for directive in cache_control.lower().split(","):
        name, _, value = directive.partition("=")
        found.setdefault(name.strip(), value.strip().strip('"'))
    if found.keys() & {"no-cache", "no-store", "private"}:
        return None
    lifetime = found.get("s-maxage", found.get("max-age", ""))
    if not _SECONDS.fullmatch(lifetime):
        return None
    used = int(age.strip()) if _SECONDS.fullmatch(age.strip()) else 0
    return timedelta(seconds=max(int(lifetime) - used, 0))


# RFC 9111, 1.2.2: seconds are digits; more than fit into 31 bits mean "for ever". Nine digits are 30 years.
_SECONDS = re.compile(r"[0-9]{1,9}")
