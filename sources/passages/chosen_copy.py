"""Make a quote of words that stand in a text, in the copy that is meant where they stand several times.

A sentence often stands in the article and again in a pull quote or a teaser. The watch looks at one of them, so an
editor chooses which. Pure: no network, no database.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from sources.quotes.exact_match import TextQuote, find_exact
from sources.quotes.locate import locate
from sources.quotes.selection import QuoteNotFound, find_copied, select
from sources.quotes.surroundings import context

SHOWN = 5
"""Places that a message names."""
_AROUND = 40


class SeveralPlaces(QuoteNotFound):
    """The words stand in several places, and nothing says which is meant. `places` are prefix and suffix of each."""

    def __init__(self, places: list[tuple[str, str]]) -> None:
        self.places = places
        named = "; ".join(
            f"{number}: “…{before} [the words] {after}…”" for number, (before, after) in enumerate(places[:SHOWN], 1)
        )
        more = f"; and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
        super().__init__(
            f"These words stand in {len(places)} places on the page. Say which is meant, by its number or by what "
            f"stands before and after: {named}{more}."
        )


def choose(exact: str, text: str, *, prefix: str = "", suffix: str = "", copy: int | None = None) -> TextQuote:
    """Select a quote as `selection.select` does, in the copy that is meant: `copy` is its number, from 1.

    Raises `QuoteNotFound`, and `SeveralPlaces` if nothing says which of several places is meant.
    """
    places = find_copied(exact, text) if exact.strip() else []
    if copy is not None:
        if not 1 <= copy <= max(1, len(places)):
            raise QuoteNotFound(f"These words stand in {len(places)} places on the page; there is no number {copy}.")
        if len(places) > 1:
            start, end = places[copy - 1]
            return TextQuote(" ".join(text[start:end].split()), *context(text, start, end), start)
    elif len(places) > 1 and not (prefix or suffix) and len(_surroundings(text, places)) > 1:
        raise SeveralPlaces([_around(text, *place) for place in places])
    quote = select(exact, text, prefix, suffix)
    return quote if quote.start is not None else replace(quote, start=_start(quote, text))


def follow(quote: TextQuote, text: str, anchored: Callable[[], str], *, copies: int = 1) -> TextQuote:
    """Return the quote with its place in `text`, a later text in which it stood.

    `anchored` gives the text of which the quote's own place is, in which its words stand `copies` times. The place is
    None where they stand once in both. A pull quote that came since is not taken for the passage, whatever stands
    around it.
    """
    if copies < 2 and len(list(islice(find_exact(quote, text), 2))) < 2:
        return replace(quote, start=None)
    return replace(quote, start=locate(quote, text, anchored()).start)


def _start(quote: TextQuote, text: str) -> int | None:
    """Where the quote stands whose prefix and suffix were cut from this text."""
    for start, end in find_exact(quote, text):
        if text[:start].endswith(quote.prefix) and text[end:].startswith(quote.suffix):
            return start
    return None


def _surroundings(text: str, places: list[tuple[int, int]]) -> set[tuple[str, str]]:
    return {_around(text, *place) for place in places}


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands on either side, on one line."""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return " ".join(before.split()), " ".join(after.split())
