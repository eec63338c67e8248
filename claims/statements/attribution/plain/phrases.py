"""Noun phrases and clause ends of a language that is read in its plain forms alone."""

from __future__ import annotations

from claims.statements.attribution.phrases import Range
from claims.statements.attribution.plain.words import PlainWords
from claims.statements.attribution.tokens import Token

_LONGEST = 24  # tokens of a noun phrase
_LONGEST_APPOSITION = 12
_SMALL_NOUNS = 4  # lower-case words in a row: "el técnico visitante"


def noun_phrase(tokens: list[Token], start: int, end: int, words: PlainWords, *, opens: bool = False) -> int:
    """End of the noun phrase that begins at `start`, its apposition included; `start` itself if none begins there.

    `opens`: what was said follows behind a comma, so that an apposition needs one of its own.
    """
    k = _simple(tokens, start, end, words)
    if k == start or k >= end:
        return k
    if tokens[k].text == "(":
        closing = next((j for j in range(k, min(end, k + 8)) if tokens[j].text == ")"), None)
        if closing is not None:
            k = closing + 1
    if k < end and tokens[k].text == ",":
        apposed = _simple(tokens, k + 1, min(end, k + 1 + _LONGEST_APPOSITION), words)
        closed = apposed < end and (tokens[apposed].text == "," or tokens[apposed].is_dash)
        if not opens:
            closed = closed or apposed >= end or tokens[apposed].text in {".", ";", ":", "?"}
        if apposed > k + 1 and closed and not _is_verb(tokens[apposed - 1].lower, words):
            return apposed
    return k


def _simple(tokens: list[Token], start: int, end: int, words: PlainWords) -> int:
    """End of a noun phrase without apposition."""
    k = start
    small = 0
    while k < min(end, start + _LONGEST):
        token = tokens[k]
        word = token.lower
        if token.text == "." and k > start and tokens[k - 1].lower.rstrip(".") in words.abbreviations:
            k += 1
            continue
        if token.quote:
            if len(token.text) > 40 or k == start:
                break
            k += 1
            continue
        if not token.is_word:
            break
        if k == start and word in words.pronouns:
            return k + 1
        if word in words.negators and k == start:
            k += 1  # "ningún ministro", "niemand": told by the polarity
            if word.startswith(("nad", "niem", "kein")) and k < end and not tokens[k].is_name:
                return k
            continue
        if word in words.articles or (word in words.links and k > start):
            if word in words.stops and word not in words.articles:
                break
            small = 0
            k += 1
            continue
        if word.endswith("mente"):
            break
        if token.is_name and not (k == start and word in words.stops | words.modals):
            small = 0
            k += 1
            continue
        if word in words.stops or _is_verb(word, words) or word in words.conditions | words.that:
            break
        if not _takes_small(tokens, k, start, end, words):
            break
        small += 1
        if small > _SMALL_NOUNS:
            return start
        k += 1
    while k > start and (tokens[k - 1].lower in words.links | words.articles) and not tokens[k - 1].is_name:
        k -= 1
    return k


def _takes_small(tokens: list[Token], k: int, start: int, end: int, words: PlainWords) -> bool:
    """Whether a lower-case word at `k` belongs to the phrase: a Spanish noun, a German adjective before its noun."""
    if words.nouns_small:
        return k > start or (k + 1 < end and tokens[k + 1].lower in words.links)
    if k > start and tokens[k - 1].is_name:
        return False  # behind its noun stands no adjective
    j = k
    while j < end and tokens[j].is_word and not tokens[j].is_name:
        if not tokens[j].lower.endswith(("e", "en", "er", "es", "em")) or j - k > 2:
            return False
        j += 1
    return j < end and tokens[j].is_name


def _is_verb(word: str, words: PlainWords) -> bool:
    return word in words.finite or word in words.auxiliaries or word in words.participles


def subject_before(tokens: list[Token], floor: int, end: int, words: PlainWords) -> Range | None:
    """The noun phrase that ends right before `end` and begins at or behind `floor`, the longest one."""
    last = end - 1 if end > floor and tokens[end - 1].text == "," else end
    for start in range(max(floor, end - _LONGEST), last):
        if start > floor and tokens[start - 1].lower in words.articles | words.links:
            continue  # the middle of a phrase
        stop = noun_phrase(tokens, start, end, words)
        if stop in {last, end} and stop > start:
            return start, (last if stop == end and last != end else stop)
    return None


def clause_start(tokens: list[Token], floor: int, i: int) -> int:
    """Where the clause that holds position `i` begins: behind the last comma, colon, dash or quotation."""
    k = i
    while k > floor and not (tokens[k - 1].text in {",", ";", ":"} or tokens[k - 1].is_dash or tokens[k - 1].quote):
        k -= 1
    return k


def clause_end(tokens: list[Token], n: int, start: int, words: PlainWords) -> int:
    """Where content that begins at `start` ends: before another speaker's clause, "according to", an aside or `n`."""
    for k in range(start + 1, n):
        token = tokens[k]
        if token.text == ";":
            return k
        if token.lower in words.joining and _another_speaks(tokens, n, k + 1, words):
            return k - 1 if tokens[k - 1].text == "," else k
        if token.text != "," and not token.is_dash:
            continue
        after = k + 1
        if any(matches(tokens, after, phrase) for phrase in words.according):
            return k
        if after < n and tokens[after].lower in {"was", "lo", "cosa", "algo"} and _denies(tokens, n, after, words):
            return k
        if after < n and tokens[after].lower in words.finite and token.text == ",":
            return k
        if _another_speaks(tokens, n, after, words):
            return k
    return n


def matches(tokens: list[Token], k: int, phrase: tuple[str, ...]) -> bool:
    """Whether the words of a phrase stand at `k`."""
    return k >= 0 and k + len(phrase) <= len(tokens) and all(tokens[k + j].lower == w for j, w in enumerate(phrase))


def _another_speaks(tokens: list[Token], n: int, k: int, words: PlainWords) -> bool:
    while k < n and (tokens[k].lower in words.joining or tokens[k].lower == "que"):
        k += 1
    if k >= n:
        return False
    end = noun_phrase(tokens, k, n, words)
    while end < n and tokens[end].lower in words.clitics | {","}:
        end += 1
    return end > k and end + 1 < n and tokens[end].lower in words.finite


def _denies(tokens: list[Token], n: int, k: int, words: PlainWords) -> bool:
    return any(tokens[j].lower in words.denials for j in range(k, min(n, k + 10)))
