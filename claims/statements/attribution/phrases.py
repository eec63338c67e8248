"""Recognise noun phrases in a list of tokens: the source before a verb, and the one behind it.

Every function takes the tokens of one sentence and positions in that list. Ranges are half-open.
"""

from __future__ import annotations

from claims.statements.attribution.adjuncts import TIME_LEADS, is_time, skip_adjuncts
from claims.statements.attribution.lexicon import (
    ADVERBS,
    AUXILIARIES,
    COORDINATORS,
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
    is_common_noun,
    is_finite_verb,
    is_person_noun,
    is_possessive,
)
from claims.statements.attribution.tokens import Token

Range = tuple[int, int]
MAX_SOURCE_TOKENS = 40
_SHORTEST_PARTICIPLE = 5  # letters
_LONGEST_APPOSITION, _LONGEST_APPOSITIONS = 8, 20  # tokens
_SUPPOSING = words("imagine suppose supposing provided providing assuming pretend granted given say let")
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
    over = _over_relative(tokens, start, floor)
    if over is not None:
        return (over, end) if tokens[over].lower not in PREPOSITIONS else None
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


def _behind_participle(tokens: list[Token], comma: int, floor: int) -> int:
    """Where the clause begins behind "Opening the case at Ula Crown Court, …": the subject is no part of that."""
    first = tokens[floor]
    opens = first.lower.endswith("ing") and len(first.text) > _SHORTEST_PARTICIPLE and floor + 1 < comma
    if not opens or floor > 0 or not tokens[1].text[0].islower():
        return floor
    return next((k + 1 for k in range(1, comma) if tokens[k].text == ","), floor)


def _with_apposition(tokens: list[Token], comma: int, floor: int) -> Range | None:
    """`X, …,` before a verb: X with what stands between the commas, unless that is an adverbial."""
    floor = _behind_participle(tokens, comma, floor)
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
        apposed = (
            relative
            or first.lower == "of"
            or first.lower
            in DETERMINERS
            | POSSESSIVES
            | {
                "including",
                "called",
                "titled",
                "like",
            }
        )
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
    """`Ida Moe, 59, of Ula, Md., who was away`: the phrase from the name on, over appositions that look like names."""
    k = phrase[0]
    while k - 2 >= floor and tokens[k - 1].text == "," and phrase[0] - k < _LONGEST_APPOSITIONS:
        start = k - 1
        while start > floor and tokens[start - 1].is_word and k - start < _LONGEST_APPOSITION:
            start -= 1
        segment = tokens[start : k - 1]
        opens = start == floor or not tokens[start - 1].is_word
        if not segment or not opens or has_finite_verb(tokens, start, k - 1):
            break
        first = segment[0].lower
        if first in PREPOSITIONS - {"of", "from"} | SUBORDINATORS | COORDINATORS or is_adverb(segment[0]):
            break
        if any(is_time(tokens, j) for j in range(start, k - 1)):
            break
        k = start
        if len(segment) > 1 and all(t.is_name for t in segment):
            return (k, phrase[1])
        if not (segment[0].is_name or first[0].isdigit() or first in {"of", "from"}):
            break
    return phrase


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
        if i == 0 and start is not None and word in _SUPPOSING:
            break
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
            or (word in ADVERBS - {"both", "all"} and start is not None and not _qualifies(tokens, i))
            or word in {"it", "there"}
        ):
            break
        else:
            start = i
        i -= 1
    return start


def _qualifies(tokens: list[Token], i: int) -> bool:
    """Whether an adverb stands inside a noun phrase: "the former first lady", "the then mayor"."""
    return i > 0 and tokens[i - 1].lower in DETERMINERS | {"former", "'s"}


def _over_relative(tokens: list[Token], start: int, floor: int) -> int | None:
    """Where the phrase begins whose relative clause ends in another: "one of those who sent the letter" said."""
    j = start - 1
    while j > floor and (is_finite_verb(tokens, j) or is_adverb(tokens[j])):
        j -= 1
    if j == start - 1 or j <= floor or tokens[j].lower not in {"who", "that", "which"} or not tokens[j - 1].is_word:
        return None
    if is_finite_verb(tokens, j - 1) or tokens[j - 1].lower in SUBORDINATORS:
        return None
    head = _phrase_start(tokens, j - 1, floor)
    return head if head is not None and head < j else None


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
    opened = start < end and tokens[start].lower in PREPOSITIONS
    if opened:
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
    if end - start > 2 and tokens[end - 1].lower == "longer" and tokens[end - 2].lower == "no":
        end -= 2  # "X no longer says"
    if start >= end:
        return None
    for k in range(end - 1, start, -1):  # "a figure the council disputes": the council
        timed = is_time(tokens, k) or (k + 1 < end and is_time(tokens, k + 1))
        if tokens[k].lower in _ARTICLES and is_common_noun(tokens, k - 1) and not timed:
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
            and (tokens[start].lower in DETERMINERS or opened)
            and start > 0
        ):
            return (k + 1, end)
    return (start, end)
