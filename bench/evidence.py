"""Measure the watch on quotes: of real pages before and after, is every broken quote seen, and no other?

    python bench/evidence.py DIR [--show]

DIR holds `items.jsonl` (page, before, after, quote, label intact|altered|gone) and `html/<name>.html`. Each
quote is made from the page before, as an editor does, and looked for in the page after. Texts are extracted
first and stay out of the time per check, as in use, where they are read from the database.
"""

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sources.extraction.full_text import extract
from sources.quotes import locate

BROKEN = {"altered", "gone"}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path, metavar="DIR")
    arguments.add_argument("--show", action="store_true", help="print every wrong answer")
    given = arguments.parse_args()
    if not (given.folder / "items.jsonl").is_file():
        arguments.error(f"{given.folder} holds no items.jsonl; name the folder that the page changes were unpacked to")
    items = [json.loads(line) for line in (given.folder / "items.jsonl").read_text().splitlines() if line.strip()]
    names = {item[side] for item in items for side in ("before", "after")}

    started = time.perf_counter()
    texts = {name: extract(page_bytes(given.folder, name), "text/html").text for name in names}
    ms_per_page = (time.perf_counter() - started) / max(1, len(names)) * 1000

    answers, unselected, spent = [], 0, 0.0
    for item in items:
        before, after = texts[item["before"]], texts[item["after"]]
        try:
            quote = locate.select(item["quote"], before)
        except locate.QuoteNotFound:
            unselected += 1
            quote = locate.TextQuote(item["quote"])
        started = time.perf_counter()
        answer = locate.locate(quote, after, before)
        spent += time.perf_counter() - started
        answers.append(answer)

    table: Counter[tuple[str, str]] = Counter()
    for item, answer in zip(items, answers, strict=True):
        table[item["label"], answer.result] += 1
        said = "intact" if answer.result == "moved" else str(answer.result)
        if given.show and said != item["label"]:
            print(f"{item['page']} {item['before']} → {item['after']}: {item['label']}, said {answer.result}")
            print(f"   quote {item['quote']}\n   now   {item.get('now')}\n   found {answer.found}  {answer.score:.2f}")
    for label in ("intact", "altered", "gone"):
        print(f"{label:>8}: " + ", ".join(f"{result} {table[label, result]}" for result in locate.Result))
    print(f"{len(names)} pages, {ms_per_page:.2f} ms each to extract; {unselected} quotes not selectable before")

    wrong = Counter(
        (item["label"] in BROKEN, answer.result in BROKEN) for item, answer in zip(items, answers, strict=True)
    )
    print(
        json.dumps(
            {
                "items": len(items),
                "missed": wrong[True, False],
                "false_alarms": wrong[False, True],
                "altered_called_gone": table["altered", locate.Result.GONE],
                "gone_called_altered": table["gone", locate.Result.ALTERED],
                "ms_per_check": round(spent / max(1, len(items)) * 1000, 3),
            }
        )
    )


def page_bytes(folder: Path, name: str) -> bytes:
    return (folder / "html" / f"{name}.html").read_bytes()


if __name__ == "__main__":
    main()
