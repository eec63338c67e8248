"""Cut the words of a text into runs of capitalised words with what links them."""

from __future__ import annotations

from collections.abc import Iterator

from claims.statements.speakers.vocabulary import Vocabulary, is_given_name
from claims.statements.speakers.words import Word

_LONGEST_RUN = 60  # words: what has more capitals in a row is a heading, or set to harm


def runs(words: list[Word], language: Vocabulary) -> Iterator[tuple[list[Word], int]]:
    """The runs of capitalised words with what links them, and where each begins in `words`."""
    links = language.of("links") | language.of("particles")
    n = 0
    while n < len(words):
        if not words[n].capital:
            n += 1
            continue
        first, run = n, [words[n]]
        n += 1
        while n < len(words) and not words[n].before and len(run) < _LONGEST_RUN:
            if words[n].capital:
                run.append(words[n])
                n += 1
                continue
            ahead = next(
                (k for k in range(n, min(n + 3, len(words))) if words[k].capital or words[k].low not in links), None
            )
            if ahead is None or not words[ahead].capital or any(w.before for w in words[n : ahead + 1]):
                break
            if not _links(run, words[n:ahead], language):
                break
            run += words[n:ahead]
            n = ahead
        yield run, first


def _links(run: list[Word], between: list[Word], language: Vocabulary) -> bool:
    """Whether small words go on with a name: a particle behind a person, "of" and "and" behind a body."""
    lows = {w.low for w in between}
    body = any(language.is_body(w.text) for w in run)
    office = any(language.is_role(w.text) for w in run)
    if lows & language.of("conjunctions"):
        return (
            body
            and any(w.low in language.of("genitives") for w in run)
            and not any(is_given_name(w.low) for w in run[:1])
        )
    if body or office:
        return True
    return lows <= language.of("particles")
