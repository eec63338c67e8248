"""Measure what another version of the text extraction does to stored quotes: it must raise nothing.

    python bench/extractors.py DIR --old REVISION [--quotes 10000] [--show]

DIR holds `html/<name>.html`. Quotes are sentences of the text that the extraction of REVISION (a commit of this
repository) reads in a page. Each is read again from the same bytes by the extraction of this version, as the sweep does
(`sources/passages/register.py`), and then looked for: `raised` counts those that would raise a re-check. `other_words`
were anchored anew in other words, `not_read` stand nowhere any more: nobody can look for them, and an editor is told.
`without` is the control: how many would raise if the old words were looked for in the new text.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sources.extraction.full_text import EXTRACTOR, extract
from sources.passages.place_again import place_again
from sources.quotes.exact_match import TextQuote
from sources.quotes.grade import Grade
from sources.quotes.locate import QuoteNotFound, select
from sources.quotes.look import Look, look
from sources.quotes.nearest_sentence import sentences
from sources.quotes.stance.findings import Reading, Stance
from sources.quotes.surroundings import CONTEXT

ROOT = Path(__file__).resolve().parent.parent
_READ = """
import json, sys
from pathlib import Path
from sources.extraction.full_text import extract
for line in sys.stdin:
    page = extract(Path(line.strip()).read_bytes(), "text/html")
    print(json.dumps([page.extractor_version, page.text]), flush=True)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--old", required=True, metavar="REVISION")
    parser.add_argument("--quotes", type=int, default=10_000)
    parser.add_argument("--show", action="store_true", help="print every quote that raises or is not read")
    options = parser.parse_args()
    pages = sorted((options.folder / "html").glob("*.html"))
    if not pages:
        parser.error(f"{options.folder} has no html/*.html")
    name, texts = read_by(options.old, pages)
    numbers = random.Random(1)
    counted: Counter[str] = Counter()
    each = options.quotes * 5 // (4 * len(pages)) + 1  # some pages have fewer sentences
    for page, was in zip(pages, texts, strict=True):
        now = extract(page.read_bytes(), "text/html").text
        for quote in quotes_of(was, each, numbers):
            if counted["quotes"] == options.quotes:
                break
            counted["quotes"] += 1
            said = outcome(quote, was, now)
            counted.update(said)
            if options.show and said & {"raised", "not_read"}:
                print(f"{page.name}: {sorted(said)}: {quote.exact}")
    print(f"{len(pages)} pages; {name} → {EXTRACTOR}")
    keys = ("quotes", "same_words", "other_words", "not_read", "raised", "without")
    print(json.dumps({key: counted[key] for key in keys}))


def read_by(revision: str, pages: list[Path]) -> tuple[str, list[str]]:
    """The name of the extractor of that commit, and the text that it reads in each page."""
    with tempfile.TemporaryDirectory(prefix="factcheck-extractor-") as folder:
        archive = subprocess.run(
            ["git", "-C", str(ROOT), "archive", revision, "sources"], check=True, capture_output=True
        ).stdout
        subprocess.run(["tar", "x", "-C", folder], input=archive, check=True)
        paths = "".join(f"{page.resolve()}\n" for page in pages)
        done = subprocess.run(
            [sys.executable, "-c", _READ], cwd=folder, input=paths, capture_output=True, text=True, check=True
        )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return rows[0][0], [text for _, text in rows]


def quotes_of(text: str, count: int, numbers: random.Random) -> list[TextQuote]:
    """Sentences of the text, as an editor quotes them."""
    found = [text[each.start : each.end] for each in sentences(text) if 30 <= each.end - each.start <= 400]
    found = [words for words in found if words.rstrip("\"'”’)]")[-1:] in ".!?"]
    numbers.shuffle(found)
    quotes: list[TextQuote] = []
    for words in found:
        if len(quotes) == count:
            break
        try:
            quotes.append(select(words, text))
        except QuoteNotFound:
            continue
    return quotes


def outcome(quote: TextQuote, was: str, now: str) -> set[str]:
    said = {"without"} if raises(look(quote, Reading(now), Reading(was))) else set()
    place = place_again(quote, was, now)
    if place is None:
        return said | {"not_read"}
    start, end = place.start, place.end
    context = now[max(0, start - CONTEXT) : start], now[end : end + CONTEXT]
    again = TextQuote(place.exact, *context, start=start, omission=quote.omission)
    raised = {"raised"} if raises(look(again, Reading(now), Reading(now))) else set()
    return said | raised | {"same_words" if place.exact == quote.exact else "other_words"}


def raises(found: Look) -> bool:
    if found.stance is not Stance.STANDS:
        return True
    return found.check.result in ("altered", "gone") and found.check.grade is not Grade.COSMETIC


if __name__ == "__main__":
    main()
