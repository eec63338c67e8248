"""Huge pages, also hostile ones, are looked at quickly, by the parts of them that can say anything of the quote."""

import time
from collections.abc import Callable, Iterator

import pytest

from sources.quotes import locate as module
from sources.quotes import normalization
from sources.quotes.locate import Result, find_unchanged, locate, select
from sources.quotes.look import look, untouched
from sources.quotes.nearest_sentence import lines_of, sentences
from sources.quotes.place import excerpt, slot
from sources.quotes.stance.findings import Reading

LEAD = "The harbour board met on Thursday to hear what the new breakwater has cost so far."
QUOTE = "The breakwater was to cost 38 million crowns and to hold for sixty winters."
EDITED = QUOTE.replace("38", "83")
LAST = "The board wants to decide in autumn whether the builders get the time they ask for."
MORE = "The minutes of the meeting can be read in the office of the board on any working day."
SIZE = 4_000_000


def filled(unit: str) -> str:
    return unit * (SIZE // len(unit))


def numbered(unit: str) -> str:
    return "".join(unit.format(number) for number in range(100, 100 + SIZE // len(unit)))


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    """Keep no huge text in the memory of what was read last."""
    yield
    forms = normalization._normal_page, normalization._tight_page, normalization._lines
    for remembered in (lines_of, sentences, *forms):
        remembered.cache_clear()


PAGES: dict[str, Callable[[], str]] = {
    "equal lines": lambda: filled("Fog.\n"),
    "empty lines": lambda: filled("\n"),
    "equal sentences": lambda: filled("Fog came. "),
    "other lines": lambda: numbered("Line {} of the list says nothing of any harbour.\n"),
    "other sentences": lambda: numbered("Line {} of the list says nothing of any harbour. "),
    "lines like it": lambda: numbered("The breakwater was to cost {} million crowns and to hold for sixty winters.\n"),
    "sentences like it": lambda: numbered("The breakwater was to cost {} million and to hold for sixty winters. "),
    "beginnings of it": lambda: filled("The breakwater\n"),
    "copies": lambda: filled(QUOTE + "\n"),
    "copies in one line": lambda: filled(QUOTE + " "),
    "one word": lambda: filled("a"),
    "marks": lambda: filled("…. "),
    "without spaces": lambda: filled("防波堤の建設費は三十八億円。"),
}


@pytest.mark.parametrize("where", ["added below", "added in its line", "there before"])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_takes_long(name: str, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    huge = PAGES[name]()
    gap = " " if where == "added in its line" else "\n"
    sizes: list[int] = []
    compared = module._compared
    monkeypatch.setattr(
        module,
        "_compared",
        lambda quote, text, before, *rest: (
            sizes.extend((len(text), len(before))) or compared(quote, text, before, *rest)
        ),
    )
    was = gap.join((LEAD, QUOTE, LAST))
    quote = select(QUOTE, was)
    before = was + gap + huge if where == "there before" else was
    # A copy right below the article is one at which the sentence may well stand now.
    moved = "copies" in name and where != "there before"
    for words, stands in ((QUOTE, True), (EDITED, False), ("", moved)):
        after = gap.join((LEAD, words, LAST, huge)) + " x"
        started = time.process_time()
        check = locate(quote, after, before)
        assert time.process_time() - started < 1.0
        assert (check.result in (Result.INTACT, Result.MOVED)) is stands, check
        if words:
            assert check.found == words and check.start == len(LEAD) + 1
    assert max(sizes, default=0) <= excerpt._MOST + 2 * excerpt._ENDS, "the work does not grow with the page"


@pytest.mark.parametrize("at", [0, 0.5, 1])
def test_in_a_huge_article_the_answers_are_those_of_a_short_one(at: float) -> None:
    rows = [
        f"In harbour {number} there lay {number * 7919 % 997} boats when the year began." for number in range(9_000)
    ]
    place = int(at * len(rows))

    def page(*lines: str) -> str:
        return "\n".join((*rows[:place], *lines, *rows[place:]))

    before = page(LEAD, QUOTE, LAST, MORE)
    assert excerpt.is_huge(before)
    quote = select(QUOTE, before)
    assert locate(quote, before, before).start == before.index(QUOTE)
    for lines, result in (
        ((LEAD, QUOTE, LAST, "New"), Result.INTACT),
        ((LEAD, EDITED, LAST), Result.ALTERED),
        ((LEAD, EDITED, QUOTE, LAST), Result.ALTERED),
        ((LEAD, EDITED, LAST, *rows[:300], QUOTE), Result.ALTERED),
        ((LEAD, QUOTE, "New", QUOTE, LAST), Result.INTACT),
        ((LEAD, LAST), Result.GONE),
        ((QUOTE, LEAD, LAST), Result.MOVED),
        ((LEAD, LAST, *(row.replace("boats", "ships") for row in rows[:300]), QUOTE), Result.MOVED),
    ):
        after = page(*lines, MORE)
        check = locate(quote, after, before)
        assert check.result is result, (lines[:4], check)
        assert check.found == (None if check.start is None else after[check.start : check.end])
    typed = page(LEAD, QUOTE.replace(" and", "\u00a0and"), LAST, "New", MORE)
    assert locate(quote, typed, before).result is Result.INTACT
    assert find_unchanged(quote, before, page(LEAD, QUOTE, LAST, MORE) + "\nNew") is not None


def test_without_a_text_before() -> None:
    page = numbered("Line {} of the list says nothing of any harbour.\n")
    quote = select(QUOTE, f"{LEAD}\n{QUOTE}\n{LAST}")
    after = f"{page}\n{LEAD}\n{QUOTE}\n{LAST}\n{page}"
    check = locate(quote, after)
    assert check.result is Result.INTACT and check.start == after.index(QUOTE)
    assert locate(quote, after.replace("38", "83")).result is Result.ALTERED
    assert locate(quote, page).result is Result.GONE


def test_an_excerpt_says_where_its_parts_stand() -> None:
    text = "".join(f"{number:06d} " for number in range(20_000))
    part = excerpt.excerpt(text, [(70_000, 70_700), (70_350, 71_050), (90_000, 90_070)])
    for number in (0, 10_000, 10_149, 12_860, 19_999):
        at = text.index(f"{number:06d}")
        inner = part.inward(at)
        assert inner is not None and part.text[inner : inner + 6] == f"{number:06d}" and part.outward(inner) == at
        assert part.span(inner, inner + 6) == (at, at + 6)
    assert part.inward(text.index("011000")) is None and len(part.text) < 60_000


def test_huge_pages_are_read_by_the_same_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (excerpt, slot):
        monkeypatch.setattr(room, "WHOLE_PAGE", 100)
    before = "\n".join(("Start", LEAD, f"{LAST} {QUOTE} {LEAD.replace('Thursday', 'Monday')}", "Foot"))
    quote = select(QUOTE, before)
    cut_out = before.replace(f"{QUOTE} ", "")
    assert locate(quote, f"{cut_out}\nShare\n{QUOTE}", before).result is Result.GONE
    assert locate(quote, before.replace(QUOTE, EDITED) + f"\nShare\n{QUOTE}", before).result is Result.ALTERED
    assert locate(quote, before + f"\nShare\n{QUOTE}", before).result is Result.INTACT


@pytest.mark.parametrize("name", ["equal lines", "empty lines", "other lines", "copies in one line"])
def test_the_whole_look_is_quick_too(name: str) -> None:
    huge = PAGES[name]()
    was = "\n".join((LEAD, QUOTE, LAST))
    quote = select(QUOTE, was)
    before = Reading(was, "Harbour", "en")
    for words, stands in ((QUOTE, True), (EDITED, False)):
        now = Reading("\n".join((LEAD, words, LAST, huge)) + " x", "Harbour", "en")
        started = time.process_time()
        assert (look(quote, now, before).check.result is Result.INTACT) is stands
        untouched(quote, now, before)
        assert time.process_time() - started < 2.0
