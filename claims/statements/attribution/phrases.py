"""Recognise noun phrases in a list of tokens: the source before a verb, and the one behind it.

Every function takes the tokens of one sentence and positions in that list. Ranges are half-open.
"""

from __future__ import annotations

from claims.statements.attribution.adjuncts import TIME_LEADS, is_adjunct, is_time, skip_adjuncts
from claims.statements.attribution.lexicon import (
    ADVERBS,
    AUXILIARIES,
    COORDINATORS,
    DAYS,
    DETERMINERS,
    ORGANISATION_HEADS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUN_SUBJECTS,
    SUBORDINATORS,
    VERB_FORMS,
    Frame,
    words,
)
from claims.statements.attribution.parts_of_speech import (
    has_finite_verb,
    is_adverb,
    is_finite_verb,
    is_person_noun,
    is_possessive,
    is_verb_start,
)
from claims.statements.attribution.tokens import Token

Range = tuple[int, int]
MAX_SOURCE_TOKENS = 40
_ARTICLES = words("the a an his her its their this these those")
_CLAUSE_BREAKS = frozenset({";", ":", "(", "[", "...", "…"})


def subject_before(tokens: list[Token], end: int, floor: int = 0) -> Range | None:
    """The noun phrase that ends right before position `end`, with its apposition ("X, a spokesman for Y,")."""
    last = end - 1
    if last < floor:
        return None
    if tokens[last].text == ",":
        return _with_apposition(tokens, last, floor)
    if tokens[last].is_dash:  # "Ida Moe -- head of the office -- said"
        dashes = [k for k in range(max(floor, last - MAX_SOURCE_TOKENS), last) if tokens[k].is_dash]
        head = subject_before(tokens, dashes[-1], floor) if dashes else None
        return (head[0], last) if head is not None else None
    if tokens[last].lower in PRONOUN_SUBJECTS:
        return (last, end)
    start = _phrase_start(tokens, last, floor)
    if start is None:
        return None
    while end - start > 1 and tokens[end - 1].text[0].isalpha() and _is_closing_time(tokens, end - 1):
        end -= 1  # "Berg this week said"
    while end - start > 1 and tokens[end - 1].lower in {"this", "last", "on", "just", "earlier"}:
        end -= 1
    for k in range(start + 1, end):  # "Berg on Tuesday said"
        if tokens[k].lower == "on" and is_time(tokens, k + 1) and skip_adjuncts(tokens[:end], k) >= end:
            end = k
            break
    return _without_opening_adjunct(tokens, start, end)


def _is_closing_time(tokens: list[Token], i: int) -> bool:
    """Whether the word at `i`, before a verb, says when: "Berg this week", "the council Monday"."""
    return is_time(tokens, i) and tokens[i].lower not in {"later", "earlier"}


def _with_apposition(tokens: list[Token], comma: int, floor: int) -> Range | None:
    """`X, …,` before a verb: X with what stands between the commas, unless that is an adverbial."""
    best: Range | None = None
    for opening in range(comma - 1, max(floor, comma - MAX_SOURCE_TOKENS) - 1, -1):
        if tokens[opening].quote and len(tokens[opening].text) > 60:
            break
        if tokens[opening].text in {";", ":"}:
            break
        if tokens[opening].text != ",":
            continue
        between = opening + 1
        if between >= comma:
            continue
        first = tokens[between]
        relative = first.lower in {"who", "which", "whose", "where", "whom"}
        if not relative and has_finite_verb(tokens, between, comma) and first.lower not in DETERMINERS:
            break
        head = subject_before(tokens, opening, floor) if tokens[opening - 1].text != "," else None
        if head is None:
            continue
        named = any(tokens[k].is_name for k in range(*head))
        participle = first.lower.endswith(("ing", "ed")) and first.lower not in {"including"}
        apposed = relative or first.lower in DETERMINERS | POSSESSIVES | {
            "including",
            "called",
            "titled",
            "like",
        }
        apposed = apposed or (
            not participle
            and first.is_word
            and not is_adverb(first)
            and first.lower not in PREPOSITIONS | SUBORDINATORS
        )
        found = (head[0], comma) if apposed else head
        if best is None or (named and apposed and head[0] < best[0] and not _lists(tokens, head[0], opening)):
            best = found
        if named and first.lower in DETERMINERS:
            break
    return _with_name_before(tokens, best, floor) if best is not None else None


def _with_name_before(tokens: list[Token], phrase: Range, floor: int) -> Range:
    """`Ida Moe, Professor of Dams at Ula, who was away`: the name before an apposition that looks like a name."""
    start = phrase[0]
    if start - 2 < floor or tokens[start - 1].text != "," or not tokens[start - 2].is_name:
        return phrase
    k = start - 2
    while k >= floor and tokens[k].is_name and tokens[k].is_word and not is_time(tokens, k):
        k -= 1
    opens = k < floor or tokens[k].quote or tokens[k].text in {",", ":"} or tokens[k].is_dash
    return (k + 1, phrase[1]) if opens and start - 2 - k > 1 else phrase


def _lists(tokens: list[Token], start: int, end: int) -> bool:
    return has_finite_verb(tokens, start, end)


def _phrase_start(tokens: list[Token], last: int, floor: int) -> int | None:
    """Leftmost token of the noun phrase ending at `last`."""
    i = last
    if tokens[i].text == ")":
        while i > floor and tokens[i].text != "(":
            i -= 1
        i -= 1
    start = None
    while i >= floor and last - i < MAX_SOURCE_TOKENS:
        token = tokens[i]
        word = token.lower
        if token.quote:
            if len(token.text) > 40 or token.text.rstrip("\"'”’").endswith((",", ".", "?", "!")):
                break
        elif word == "and" or word == "or" or word == "&":
            if start is None or not _coordinates(tokens, i, floor):
                break
        elif token.text == "," and start is not None and _in_name_list(tokens, i, last):
            pass
        elif token.text == ")":
            opened = i
            while opened > floor and tokens[opened].text != "(":
                opened -= 1
            if tokens[opened].text != "(" or i - opened > 8:
                break
            i = opened
        elif (
            word in SUBORDINATORS
            or word in COORDINATORS
            or word in PRONOUN_SUBJECTS - {"it"}
            or (not token.is_word and token.text not in {"&", "/", "'", "’", "%"})
        ):
            break
        elif word == "'s" and is_possessive(tokens, i):
            pass
        elif word in {"earlier", "later"} and start == i + 1 and (i == floor or tokens[i - 1].text == ","):
            start = i  # "Earlier reports said"
        elif word.endswith("ed") and start == i + 1 and _is_participle(tokens, i, last):
            start = i  # "the poll released Friday"
        elif (
            is_finite_verb(tokens, i)
            or (word in ADVERBS - {"both", "all"} and start is not None)
            or word in {"it", "there"}
        ):
            break
        else:
            start = i
        i -= 1
    return start


def _is_participle(tokens: list[Token], i: int, last: int) -> bool:
    """Whether the -ed word at `i` modifies its noun: "the poll released Friday", "a study published on Monday in X".

    Asked where a finite verb follows `last`, so that two verbs would stand without anything to join them.
    """
    form = VERB_FORMS.get(tokens[i].lower)
    if form is not None and form.verb.frames & Frame.CLAUSE:
        return False
    if i == 0 or not tokens[i - 1].is_word or tokens[i - 1].lower in PRONOUN_SUBJECTS | AUXILIARIES:
        return False
    return tokens[i + 1].lower in PREPOSITIONS or all(is_time(tokens, k) for k in range(i + 1, last + 1))


def _coordinates(tokens: list[Token], conjunction: int, floor: int) -> bool:
    """Whether "and" joins two noun phrases: no verb before it since the last break."""
    k = conjunction - 1
    if k < floor or not (tokens[k].is_word or tokens[k].quote or tokens[k].text in ",)"):
        return False
    while k >= floor and not (tokens[k].text in _CLAUSE_BREAKS or tokens[k].is_dash):
        if tokens[k].lower in SUBORDINATORS or tokens[k].text == ",":
            return tokens[k].text != "," or tokens[conjunction - 1].text != ","
        if tokens[k].quote and len(tokens[k].text) > 40:
            return False
        if is_finite_verb(tokens, k):
            return False
        k -= 1
    return True


def _in_name_list(tokens: list[Token], comma: int, last: int) -> bool:
    """`Berlin, Paris and Rome`: a comma between names that an "and" closes."""
    if comma == 0 or not tokens[comma - 1].is_name:
        return False
    tail = tokens[comma + 1 : last + 1]
    return bool(tail) and tail[0].is_name and any(t.lower == "and" for t in tail)


def _without_opening_adjunct(tokens: list[Token], start: int, end: int) -> Range | None:
    """Drop "On Sunday", "In March this year", "Meanwhile" from the front, and the noun a bare relative modifies."""
    while start < end and is_adverb(tokens[start]):
        if tokens[start].lower in {"earlier", "later", "all", "both"} and start + 1 < end:
            after = tokens[start + 1]
            if not (after.is_name or after.lower in DETERMINERS or is_time(tokens, start + 1)):
                break
        start += 1
    if start < end and tokens[start].lower in PREPOSITIONS:
        k = start + 1
        while k < end and (is_time(tokens, k) or tokens[k].lower in PREPOSITIONS or tokens[k].lower in TIME_LEADS):
            k += 1
        if k >= end:
            return None
        if k == start + 1:  # no time: the phrase goes to the next article or name
            k += 1
            while k < end and not (tokens[k].lower in DETERMINERS or (tokens[k].is_name and not tokens[k - 1].is_name)):
                k += 1
            if k >= end or tokens[k - 1].lower in PREPOSITIONS:
                return None
        start = k
    while start < end and is_time(tokens, start) and start + 1 < end and tokens[start + 1].lower in DETERMINERS:
        start += 1
    if start >= end:
        return None
    for k in range(end - 1, start, -1):  # "a figure the council disputes": the council
        timed = is_time(tokens, k) or (k + 1 < end and is_time(tokens, k + 1))
        if tokens[k].lower in _ARTICLES and _is_common_noun(tokens, k - 1) and not timed:
            return (k, end)
    # "a plan Anna Berg says": a name run straight after a common noun that is no title opens a new phrase
    k = end - 1
    while k > start and tokens[k].is_name:
        k -= 1
    if k + 1 < end and k > start and tokens[k].is_word:
        common = tokens[k].lower
        if (
            common not in PREPOSITIONS | DETERMINERS | {"and", "or", "'s", "&"}
            and not is_person_noun(common)
            and common not in ORGANISATION_HEADS
            and tokens[start].lower in DETERMINERS
            and start > 0
        ):
            return (k + 1, end)
    return (start, end)


def _is_common_noun(tokens: list[Token], k: int) -> bool:
    """Whether the word at `k` reads as a noun behind which an article opens another phrase."""
    token = tokens[k]
    joins = PREPOSITIONS | DETERMINERS | COORDINATORS | SUBORDINATORS | PRONOUN_SUBJECTS | POSSESSIVES | {"'s", "&"}
    return token.is_word and token.lower not in joins and not is_adverb(token)


def source_after(tokens: list[Token], start: int, *, opens: bool = False) -> Range | None:
    """The noun phrase that begins at `start` ("said X, a spokesman for Y, …"), apposition included.

    `opens`: the phrase opens its sentence ("According to X, …"), so that an apposition must be closed by a comma.
    """
    n = len(tokens)
    i = start
    if i >= n or not (tokens[i].is_word or tokens[i].quote):
        return None
    if tokens[i].lower in {"he", "she", "they", "it", "we", "i", "you", "one"}:
        return (i, i + 1)
    while i < n and i - start < MAX_SOURCE_TOKENS:
        token = tokens[i]
        word = token.lower
        if token.text == ",":
            closing = _apposition_end(tokens, i)
            if closing is None or (opens and not _closes_apposition(tokens, closing)):
                break
            i = closing
            break
        if token.text == "(":
            closing = next((k for k in range(i, min(n, i + 8)) if tokens[k].text == ")"), -1)
            if closing < 0:
                break
            i = closing + 1
            continue
        if token.quote:
            if len(token.text) > 40 or tokens[i - 1].text == ",":
                break
        elif not token.is_word and token.text not in {"&", "/", "'", "’"}:
            break
        elif word in SUBORDINATORS or (word in COORDINATORS and word not in {"and", "or"}):
            if word in {"who", "whose"} and i > start:
                closing = next((k for k in range(i, n) if tokens[k].text in {",", ".", ";"} or tokens[k].quote), n)
                i = closing
            break
        elif word in {"and", "or"} and i + 1 < n and (is_verb_start(tokens, i + 1) or tokens[i + 1].quote):
            break
        elif word in PREPOSITIONS and word not in {"of", "for", "from", "at", "with", "by", "&"}:
            if word not in {"in", "on", "to"} or is_adjunct(tokens, i) or i + 1 >= n or word == "to":
                break
        elif is_time(tokens, i) and i > start and (word in DAYS or word in {"yesterday", "today"}):
            break
        elif word == "'s" and is_possessive(tokens, i):
            pass
        elif opens and i > start and word in _ARTICLES and _is_common_noun(tokens, i - 1):
            break  # "According to residents the dam …"
        elif opens and i > start and tokens[i - 1].is_name and not token.is_name and _opens_clause(tokens, i):
            break  # "According to X prices have risen"
        elif (i > start and (is_finite_verb(tokens, i) or is_adverb(token))) or (
            i > start and word.endswith("ing") and word in VERB_FORMS
        ):
            break
        i += 1
    while i > start and (tokens[i - 1].lower in PREPOSITIONS | {"and", "or"} or tokens[i - 1].text == ","):
        i -= 1
    return (start, i) if i > start else None


def _closes_apposition(tokens: list[Token], comma: int) -> bool:
    """Whether a comma closes an apposition, so that a clause follows: not ", but …", which would join two clauses."""
    if comma + 1 >= len(tokens) or tokens[comma].text != ",":
        return False
    return tokens[comma + 1].lower not in COORDINATORS | {"while", "although", "though", "because", "as"}


def _opens_clause(tokens: list[Token], i: int) -> bool:
    """Whether a clause begins at `i`: a finite verb before the next comma, and no comma before it."""
    if tokens[i].lower in PREPOSITIONS | {"and", "or"}:
        return False
    for k in range(i, min(len(tokens), i + 8)):
        if tokens[k].text == "," or tokens[k].quote:
            return False
        if k > i and is_finite_verb(tokens, k):
            return True
    return False


def _names_the_head(tokens: list[Token], comma: int) -> bool:
    """Whether a name behind the comma says who it is: "the mayor, Ida Moe", "his barrister, Tom Falk"."""
    if not is_person_noun(tokens[comma - 1].lower) or tokens[comma - 1].is_name:
        return False
    k = comma + 1
    while k < len(tokens) and tokens[k].is_name and tokens[k].is_word:
        k += 1
    return k > comma + 1 and (k >= len(tokens) or not is_verb_start(tokens, k))


def _apposition_end(tokens: list[Token], comma: int) -> int | None:
    """Where the apposition after `comma` ends, or None if none begins there."""
    n = len(tokens)
    if comma + 1 >= n:
        return None
    first = tokens[comma + 1]
    word = first.lower
    starts = (
        word in {"a", "an", "the", "his", "her", "its", "their", "who", "whose", "which", "one"}
        or (first.is_word and first.text[0].isdigit() and len(first.text) < 3)
        or (first.is_word and is_person_noun(word))
        or (first.is_name and comma + 2 < n and tokens[comma + 2].lower in {"of", "for"})
        or _names_the_head(tokens, comma)
    )
    if not starts:
        return None
    relative = word in {"who", "whose", "which"}
    i = comma + 1
    while i < n:
        token = tokens[i]
        if not relative and i > comma + 1 and is_finite_verb(tokens, i):
            return None  # "according to X, the dam holds, but …": a clause of its own
        if token.text in {",", ".", ";", ":", "?", "!"} or token.is_dash or (token.quote and tokens[i - 1].text == ","):
            return i
        if not relative and i > comma + 1 and token.lower in SUBORDINATORS - {"than", "as"}:
            if token.lower in {"who", "which", "whose", "that", "whom"}:
                relative = True
            else:
                return i
        i += 1
    return n
