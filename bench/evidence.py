"""Measure how reliably quote checks tell broken quotes from intact ones, on real pages before and after a change.

    python bench/evidence.py DIR [--show]

DIR holds `items.jsonl` (page, before, after, quote, label intact|altered|gone) and `html/<name>.html`. The benchmark
selects each quote on the page before, as an editor does, and locates it on the page after. Texts are extracted first.
The time per check leaves extraction out, because in production a check reads the text from the database.

A pair whose sentences before and after have the same letters and digits, case apart, is counted as `cosmetic`, whatever
the answer: it is neither missed nor a false alarm. An alteration graded cosmetic raises nothing.
"""

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sources.extraction.full_text import extract
from sources.quotes import locate
from sources.quotes.exact_match import TextQuote
from sources.quotes.grade import Grade

BROKEN = {"altered", "gone"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--show", action="store_true", help="print every wrong answer")
    options = parser.parse_args()
    if not (options.folder / "items.jsonl").is_file():
        parser.error(f"{options.folder} has no items.jsonl; name the folder of the unpacked page changes")
    items = [json.loads(line) for line in (options.folder / "items.jsonl").read_text().splitlines() if line.strip()]
    names = {item[side] for item in items for side in ("before", "after")}

    started = time.perf_counter()
    texts = {name: extract(page_bytes(options.folder, name), "text/html").text for name in names}
    ms_per_page = (time.perf_counter() - started) / max(1, len(names)) * 1000

    outcomes, unselected, seconds = [], 0, 0.0
    for item in items:
        before, after = texts[item["before"]], texts[item["after"]]
        try:
            quote = locate.select(item["quote"], before)
        except locate.QuoteNotFound:
            unselected += 1
            quote = TextQuote(item["quote"])
        started = time.perf_counter()
        outcome = locate.locate(quote, after, before)
        seconds += time.perf_counter() - started
        outcomes.append(outcome)

    table: Counter[tuple[str, str]] = Counter()
    for item, outcome in zip(items, outcomes, strict=True):
        table[item["label"], outcome.result] += 1
        result = "intact" if outcome.result == "moved" else str(outcome.result)
        if options.show and result != item["label"]:
            print(f"{item['page']} {item['before']} → {item['after']}: {item['label']}, result {outcome.result}")
            print(
                f"   quote {item['quote']}\n   now   {item.get('now')}\n   found {outcome.found}  {outcome.score:.2f}"
            )
    for label in ("intact", "altered", "gone"):
        print(f"{label:>8}: " + ", ".join(f"{result} {table[label, result]}" for result in locate.Result))
    print(f"{len(names)} pages, {ms_per_page:.2f} ms to extract each; {unselected} quotes not selectable before")

    pairs = list(zip(items, outcomes, strict=True))
    cosmetic = [is_cosmetic(item, outcome) for item, outcome in pairs]
    wrong = Counter(
        (item["label"] in BROKEN, outcome.result in BROKEN and outcome.grade is not Grade.COSMETIC)
        for (item, outcome), skipped in zip(pairs, cosmetic, strict=True)
        if not skipped
    )
    print(
        json.dumps(
            {
                "items": len(items),
                "missed": wrong[True, False],
                "false_alarms": wrong[False, True],
                "cosmetic": sum(cosmetic),
                "altered_called_gone": table["altered", locate.Result.GONE],
                "gone_called_altered": table["gone", locate.Result.ALTERED],
                "ms_per_check": round(seconds / max(1, len(items)) * 1000, 3),
            }
        )
    )


def is_cosmetic(item: dict[str, Any], outcome: locate.QuoteCheck) -> bool:
    """Whether the sentence that stands there now, by truth or answer, differs in neither letters nor digits."""
    now = item.get("now") or (outcome.found if outcome.result == "altered" else None)
    return now is not None and now != item["quote"] and letters(now) == letters(item["quote"])


def letters(sentence: str) -> str:
    return "".join(filter(str.isalnum, sentence.casefold()))


def page_bytes(folder: Path, name: str) -> bytes:
    return (folder / "html" / f"{name}.html").read_bytes()


if __name__ == "__main__":
    main()
