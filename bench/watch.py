"""Measure what the watch says about made-up pairs of pages: edits it misses, and alarms that it raises for nothing.

    python bench/watch.py FILE.jsonl[.xz] ... [--show] [--ms]

A line of FILE is a pair of pages before and after, as bytes in base64 with media types and addresses, or as HTML, with
the quote and the answers that are right (`expected`: intact, moved, altered, gone, unverifiable, refused; stands,
disowned, reattributed, requalified). Both pages are read as the poller reads them. An answer counts by what it would
raise: `missed` must raise and does not, `false_alarms` raise and must not, `wrong_kind` stand where nobody could look,
or the reverse.
"""

import argparse
import base64
import json
import lzma
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sources.changes import page_outcome
from sources.extraction.full_text import PageText, UnsupportedMedia, extract
from sources.quotes import locate
from sources.quotes.grade import Grade
from sources.quotes.look import look
from sources.quotes.stance.findings import Reading, Stance

RAISED = {"altered", "gone", "disowned", "reattributed", "requalified"}
STANDS = {"intact", "moved", "stands", "cosmetic"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--show", action="store_true", help="print every wrong answer")
    options = parser.parse_args()
    cases = [case for file in options.files for case in read(file)]
    counted: Counter[str] = Counter()
    by_kind: Counter[tuple[str, str]] = Counter()
    seconds = 0.0
    for case in cases:
        started = time.process_time()
        said = answer(case)
        seconds += time.process_time() - started
        verdict = judge(said, case["expected"])
        counted[verdict] += 1
        counted["refused"] += said == "refused"
        by_kind[str(case.get("kind") or case.get("group") or case.get("language")), verdict] += 1
        if options.show and verdict != "right":
            print(f"{verdict:>12}  {said:<13} expected {'/'.join(case['expected']):<22} {case['id']}  {case['case']}")
    for kind in sorted({kind for kind, _ in by_kind}):
        print(f"{kind:>14}: " + ", ".join(f"{v} {by_kind[kind, v]}" for v in VERDICTS if by_kind[kind, v]))
    print(
        json.dumps(
            {
                "cases": len(cases),
                **{verdict: counted[verdict] for verdict in VERDICTS},
                "refused": counted["refused"],
                "ms_per_case": round(seconds / max(1, len(cases)) * 1000, 3),
            }
        )
    )


VERDICTS = ("right", "missed", "false_alarms", "wrong_kind")


def read(file: Path) -> list[dict[str, Any]]:
    opened = lzma.open if file.suffix == ".xz" else open
    with opened(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def group(answer: str) -> str:
    return "raise" if answer in RAISED else "stand" if answer in STANDS else answer


def judge(said: str, expected: list[str]) -> str:
    """One of `VERDICTS`. Kinds of one group count as the same."""
    groups = {group(each) for each in expected}
    if group(said) in groups:
        return "right"
    if group(said) == "raise":
        return "false_alarms"
    return "missed" if groups <= {"raise", "refused"} else "wrong_kind"


def answer(case: dict[str, Any]) -> str:
    """What the watch says of one pair."""
    before, after = page(case, "before"), page(case, "after")
    if isinstance(before, UnsupportedMedia):
        return "refused"
    try:
        quote = locate.select(case["quote"], before.text, case.get("prefix", ""), case.get("suffix", ""))
    except locate.QuoteNotFound:
        return "refused"
    if isinstance(after, UnsupportedMedia):
        return "unverifiable"
    asked, reached = case.get("asked", ""), case.get("final_url", "")
    last = page_outcome.LastText(len(before.text.strip()), lambda: before.text, before.title, before.language or "")
    if page_outcome.judge(body(case, "after"), after, last_url=asked, final_url=reached, last=last).outcome != "ok":
        return "unverifiable"
    found = look(quote, reading(after), reading(before))
    if found.damaged:
        return "unverifiable"
    if found.stance is not Stance.STANDS:
        return str(found.stance)
    return "cosmetic" if found.check.grade is Grade.COSMETIC else str(found.check.result)


def body(case: dict[str, Any], side: str) -> bytes:
    value = case[side]
    return base64.b64decode(value) if f"{side}_type" in case else value.encode()


def page(case: dict[str, Any], side: str) -> PageText | UnsupportedMedia:
    try:
        return extract(body(case, side), case.get(f"{side}_type", "text/html; charset=utf-8"), documents=True)
    except UnsupportedMedia as error:
        return error


def reading(page: PageText) -> Reading:
    return Reading(page.text, page.title, page.language or "")


if __name__ == "__main__":
    main()
