"""Measure how long real changes stay unseen under the polling schedule and under fixed intervals, at equal cost.

    python bench/schedule.py CHANGE_TIMES.csv [--budget 0.5 1 2] [--half even|odd] [--spread 0 12]

CHANGE_TIMES.csv has `page,event,at`: `start` (tracking began) and `change` (new content was there). Every
policy polls from each page's start to the last event of the file. A change stays unseen from its time to the
first poll after it, or to the end. Several changes between two polls each count, but the poller learns only that
something changed. Hours are summed over all changes. The policies:

factcheck  sources.polling.schedule, as the poller calls it: intervals from the results of its own polls, of the page
           and of others of its site (the page's name up to the first slash), jitter, and the price of a fetch, adjusted
           every six hours towards the budget. It starts without knowledge of any page. --alone: it ignores changes of
           other pages.
fixed      one interval for all pages, at exactly as many fetches; the best of 48 phases, each counted from a
           page's start or from a common clock. The phase is chosen in hindsight. `mean` is over the 48: the result
           of an interval when nobody knows the phase.
clock      a fetch every 1/budget days to the second, at the best time of day, chosen in hindsight; it makes
           some more fetches than factcheck (printed).
oracle     knows each page's true number of changes and polls as often as is best for a steady rate of it
           (in proportion to its square root); the mean over phases.

A second run moves each change back by up to 12 hours at random, never beyond the one before. Recorded times are the
recorder's own polls, at fixed hours of the day, and an interval that happens to follow close behind those profits from
the recorder's timetable, not from the page's.
--half takes half of the pages (by a hash of the name).
The last line is JSON: the budget nearest to one fetch a page a day as recorded, and in `budgets` all runs.
"""

import argparse
import csv
import hashlib
import heapq
import json
import math
import random
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sources.polling import schedule

DAY = 86_400.0
PHASES = [step / 24 for step in range(24)]
TICK = DAY / 4
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class History:
    """Start of tracking and changes of one page, in Unix seconds."""

    site: str
    start: float
    changes: list[float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, metavar="CHANGE_TIMES.csv")
    parser.add_argument("--budget", type=float, nargs="+", default=[0.5, 1.0, 2.0], help="fetches per page and day")
    parser.add_argument("--half", choices=["even", "odd"])
    parser.add_argument("--spread", type=float, nargs="+", default=[0.0, 12.0], metavar="HOURS")
    parser.add_argument("--alone", action="store_true", help="a page's schedule ignores changes of other pages")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random.seed(options.seed)
    results = [result for hours in options.spread for result in run(options, hours)]
    nearest = min(results, key=lambda result: (result["spread_hours"], abs(math.log(result["budget"]))))
    print(json.dumps({**nearest, "budgets": results}))


def run(options: argparse.Namespace, spread_hours: float) -> list[dict[str, float]]:
    pages, end = read(options.file, half=options.half, spread=spread_hours * 3600)
    page_days = sum(end - page.start for page in pages) / DAY
    changes = sum(len(page.changes) for page in pages)
    times = f"spread back over up to {spread_hours:g} hours" if spread_hours else "as recorded"
    print(f"{len(pages)} pages, {changes} changes, {page_days:.0f} page-days; times {times}")
    names = f"{'fixed':>8} {'mean':>8} {'clock':>8} {'oracle':>8} {'factcheck':>9}"
    print(f"{'budget':>6} {'fetches':>8} {names}  hours unseen")
    results = []
    for budget in options.budget:
        fetches, ours = run_ours(pages, end, budget, alone=options.alone)
        fixed, mean = run_fixed(pages, end, fetches)
        clock_fetches, clock = run_clock(pages, end, DAY / budget)
        oracle = run_oracle(pages, end, fetches)
        result = {
            "budget": budget,
            "spread_hours": spread_hours,
            "fetches": fetches,
            "fetches_per_page_day": round(fetches / page_days, 4),
            "fixed_hours": round(fixed),
            "fixed_mean_hours": round(mean),
            "fixed_clock_hours": round(clock),
            "fixed_clock_fetches": clock_fetches,
            "oracle_hours": round(oracle),
            "ours_hours": round(ours),
            "saved": round(1 - ours / fixed, 4),
            "saved_of_mean": round(1 - ours / mean, 4),
            "saved_of_clock": round(1 - ours / clock, 4),
            "oracle_saved": round(1 - oracle / fixed, 4),
            "oracle_saved_of_mean": round(1 - oracle / mean, 4),
        }
        print(
            f"{budget:>6g} {fetches:>8} {fixed:>8.0f} {mean:>8.0f} {clock:>8.0f} {oracle:>8.0f} {ours:>9.0f}  "
            f"saved against fixed {result['saved']:.1%} (oracle {result['oracle_saved']:.1%}), "
            f"mean {result['saved_of_mean']:.1%} (oracle {result['oracle_saved_of_mean']:.1%}), "
            f"clock {result['saved_of_clock']:.1%} ({clock_fetches} fetches)",
            flush=True,
        )
        results.append(result)
    return results


def read(path: Path, *, half: str | None, spread: float) -> tuple[list[History], float]:
    starts: dict[str, float] = {}
    changes: dict[str, list[float]] = defaultdict(list)
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            at = datetime.fromisoformat(row["at"]).timestamp()
            if row["event"] == "start":
                starts[row["page"]] = at
            else:
                changes[row["page"]].append(at)
    end = max(at for times in (starts.values(), *changes.values()) for at in times)
    pages = []
    for name, start in sorted(starts.items()):
        if half and hashlib.sha256(name.encode()).digest()[0] % 2 != (half == "odd"):
            continue
        recorded = sorted(at for at in changes[name] if at > start)
        before = [start, *recorded]
        pages.append(
            History(
                name.partition("/")[0],
                start,
                [at - random.random() * min(spread, at - before[i]) for i, at in enumerate(recorded)],
            )
        )
    return pages, end


def unseen(changes: list[float], polls: list[float], end: float) -> float:
    """Return the hours that the changes stay unseen."""
    seconds = 0.0
    for at in changes:
        i = bisect_left(polls, at)
        seconds += (polls[i] if i < len(polls) else end) - at
    return seconds / 3600


def run_ours(pages: list[History], end: float, budget: float, *, alone: bool = False) -> tuple[int, float]:
    """Return fetches and hours unseen of the product's own schedule, which learns only from its polls."""
    price = schedule.first_price(budget)
    polls: list[list[float]] = [[] for _ in pages]
    beliefs: list[schedule.Belief] = [schedule.PRIOR for _ in pages]
    last = [page.start for page in pages]
    reported = [0 for _ in pages]
    dues = [page.start for page in pages]
    sites: dict[str, list[int]] = defaultdict(list)
    for i, page in enumerate(pages):
        sites[page.site].append(i)
    tracked, spent = 0, 0
    # Page -1 is the tick that sets the price. A page's first event is its start, its first poll.
    events = [(page.start, i) for i, page in enumerate(pages)]
    events.append((min(page.start for page in pages), -1))
    heapq.heapify(events)
    while events and events[0][0] < end:
        now, i = heapq.heappop(events)
        if i < 0:
            if tracked:
                price = schedule.next_price(
                    price, fetches=spent, pages=tracked, target=budget, elapsed=timedelta(seconds=TICK)
                )
                spent = 0
            heapq.heappush(events, (now + TICK, i))
            continue
        if now != dues[i]:
            continue  # superseded by an earlier poll
        first = now == pages[i].start
        seen = bisect_left(pages[i].changes, now)
        beliefs[i], wait = schedule.after_poll(
            beliefs[i],
            elapsed=None if first else timedelta(seconds=now - last[i]),
            changed=seen > reported[i],
            price=price,
        )
        if seen > reported[i] and not alone:
            for j in sites[pages[i].site]:
                if j != i and pages[j].start < now:
                    beliefs[j] = schedule.after_sibling_change(beliefs[j])
                    sooner = last[j] + schedule.interval(beliefs[j], price=price).total_seconds()
                    if sooner < dues[j]:
                        dues[j] = max(sooner, now)
                        heapq.heappush(events, (dues[j], j))
        if first:
            tracked += 1
        else:
            polls[i].append(now)
            spent += 1
        dues[i] = now + (schedule.next_due(EPOCH, wait) - EPOCH).total_seconds()
        last[i], reported[i] = now, seen
        heapq.heappush(events, (dues[i], i))
    hours = sum(unseen(page.changes, times, end) for page, times in zip(pages, polls, strict=True))
    return sum(map(len, polls)), hours


def run_fixed(pages: list[History], end: float, fetches: int) -> tuple[float, float]:
    """Return hours unseen of one interval for all pages at this number of fetches: best phase, and mean."""
    hours = [
        fixed_hours(pages, end, fetches, phase, common_clock=common_clock)
        for phase in PHASES
        for common_clock in (False, True)
    ]
    return min(hours), sum(hours) / len(hours)


def fixed_hours(pages: list[History], end: float, fetches: int, phase: float, *, common_clock: bool) -> float:
    """Return hours unseen of the longest interval with enough fetches, less surplus fetches where they cost least."""

    def firsts(interval: float) -> Iterable[float]:
        for page in pages:
            if common_clock:
                yield math.floor(page.start / interval - phase + 1) * interval + phase * interval
            else:
                yield page.start + (phase or 1) * interval

    def count(interval: float) -> int:
        return sum(max(0, math.ceil((end - first) / interval)) for first in firsts(interval))

    low, high = 1.0, end - min(page.start for page in pages)
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if count(middle) >= fetches else (low, middle)
    total, costs = 0.0, []
    for page, first in zip(pages, firsts(low), strict=True):
        polls = [first + k * low for k in range(max(0, math.ceil((end - first) / low)))]
        total += unseen(page.changes, polls, end)
        if polls:
            costs.append(unseen(page.changes, polls[:-1], end) - unseen(page.changes, polls, end))
    extra = count(low) - fetches
    return total + sum(sorted(costs)[:extra])


def run_clock(pages: list[History], end: float, interval: float) -> tuple[int, float]:
    """Return fetches and hours unseen of an interval that divides the day, at the best time of day."""
    outcomes = []
    for phase in PHASES:
        fetches, hours = 0, 0.0
        for page in pages:
            first = math.floor(page.start / interval - phase + 1) * interval + phase * interval
            polls = [first + k * interval for k in range(max(0, math.ceil((end - first) / interval)))]
            fetches += len(polls)
            hours += unseen(page.changes, polls, end)
        outcomes.append((hours, fetches))
    hours, fetches = min(outcomes)
    return fetches, hours


def run_oracle(pages: list[History], end: float, fetches: int) -> float:
    """Return hours unseen when each page has the even interval that is best for its true number of changes."""
    # The oracle never polls a page that never changes.
    share = [math.sqrt(len(page.changes) * (end - page.start)) for page in pages]
    hours = 0.0
    for page, part in zip(pages, share, strict=True):
        if part:
            interval = (end - page.start) / (fetches * part / sum(share))
            for phase in PHASES:
                first = page.start + (phase + 0.5 / len(PHASES)) * interval
                for at in page.changes:
                    poll = first + max(0, math.ceil((at - first) / interval)) * interval
                    hours += (min(poll, end) - at) / 3600 / len(PHASES)
    return hours


if __name__ == "__main__":
    main()
