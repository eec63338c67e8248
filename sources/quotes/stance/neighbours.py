"""What the sentences beside a quoted one say of it: those after it that point back, and one before that points on."""

import re
from collections.abc import Callable

from sources.quotes.cues import WORD, Cues, figures, fold, shared_stems, stems
from sources.quotes.stance.cue_matches import BEFORE_NOUNS, attributed, blank, negated
from sources.quotes.stance.findings import Finding, Stance
from sources.quotes.stance.frame import Frame

_PURE = frozenset({"en", "de", "nl", "pl", "ru", "ar"})
"""Languages whose `that` before a clause is no relative pronoun as well."""


def after_it(now: Frame, then: Frame, was_there: Callable[[str], bool], cues: Cues) -> Finding | None:
    """What a new sentence after the quote says of it."""
    if now.later == then.later and now.below == then.below:
        return None
    found = _pointing_back(now, cues, was_there)
    if found is None or _pointing_back(then, cues, lambda _: False) is not None:
        return None
    return found


def _pointing_back(frame: Frame, cues: Cues, was_there: Callable[[str], bool]) -> Finding | None:
    own = stems(frame.sentence, cues)
    aside = opening_bracket(" ".join(frame.later[: frame.opening]))
    if cues.find("my_error", fold(aside)) and not was_there(aside):
        return Finding(Stance.DISOWNED, True, aside[:300])
    between: list[str] = []
    for distance, sentence in enumerate(frame.later):
        if not was_there(sentence):
            right_after = distance == 0 or distance == frame.opening
            stance = Stance.DISOWNED if right_after and _denies(sentence, frame.sentence, cues) else None
            if distance < _FOLLOWING:
                stance = stance or _points_back(sentence, distance, frame.sentence, own, between, cues)
            if stance is not None:
                return Finding(stance, distance == 0 or distance < frame.opening, sentence[:300])
        between.append(sentence)
    beside = 0 < len(frame.below) <= _VERDICT and frame.below not in frame.later
    if beside and _is_verdict(fold(frame.below), own, cues):
        return None if was_there(frame.below) else Finding(Stance.DISOWNED, True, frame.below[:300])
    return None


def opening_bracket(text: str) -> str:
    """What stands in brackets at the beginning of a text; empty if nothing does."""
    found = re.match(r"\s*[(\[（［【]([^)\]）］】]+)", text)
    return found[1] if found else ""


_VERDICT = 300
"""Characters of the longest line that gives a verdict."""
_FOLLOWING = 3
"""Sentences after the quote's in which words may point back at it."""


def _denies(sentence: str, quoted: str, cues: Cues) -> bool:
    """Whether a sentence denies the one before it by words that can only mean that one: `It did not.`"""
    folded = blank(fold(sentence), cues)
    if _is_verdict(folded, stems(quoted, cues), cues):
        return True
    if re.search(r"[?？؟]", folded) or cues.find("other_times", folded):
        return False
    if (opening := cues["demonstratives"].match(folded)) and _is_all_denied(folded, opening, cues):
        return True
    for match in cues["denied_back"].finditer(folded):
        clause = re.split(r"[;:；：]", folded[: match.start()])[-1]
        opens = len(clause) <= 14 if cues.unspaced else len(clause.split()) <= 8
        if opens and not _says_what(folded, match, cues) and not negated(folded, match, cues):
            return True
    return _is_echo(folded, cues) or _restates(folded, quoted, cues)


def _is_all_denied(folded: str, opening: re.Match[str], cues: Cues) -> bool:
    """Whether a sentence calls false what it points back at, and says no more: `That is false, the office admits.`"""
    for match in cues["false"].finditer(folded):
        said = folded[opening.end() : match.start()], re.split(r"[.,;:!，；：。！]", folded[match.end() :])[0]
        if match.start() <= _NEAR and not any(stems(part, cues) for part in said) and not negated(folded, match, cues):
            return True
    return False


_NEAR = 30
"""Characters within which what a sentence points back at is called false."""


def _is_echo(folded: str, cues: Cues) -> bool:
    """Whether a sentence has no words but those that deny: `Wrong.`, `It was not.`"""
    words = WORD.findall(folded)
    if cues.unspaced or not 0 < len(words) <= _ECHO:
        return False
    if len(words) <= 2 and any(not negated(folded, match, cues) for match in cues["false"].finditer(folded)):
        return True
    if not cues.find("negations", folded) or cues.find("scope", folded):
        return False
    points = words[0] in cues.function_words or cues.find("pronouns", words[0])
    return bool(points) and all(word in cues.function_words or cues["negations"].fullmatch(word) for word in words)


def _restates(folded: str, quoted: str, cues: Cues) -> bool:
    """Whether a sentence gives another figure in the place of the quote's: `It has since been revised to 14,000.`"""
    new, old = figures(folded, cues), figures(quoted, cues)
    if not new or not old or new & old or not cues.find("restated", folded):
        return False
    return bool(cues.find("demonstratives", folded) or _definite_thing(folded, cues) or cues["pronouns"].match(folded))


_HEADLINE = 2
"""Words of what a headline of a fact check speaks of."""
_ECHO = 6
"""Words of the longest sentence that only denies the one before it."""


def _is_verdict(folded: str, own: frozenset[str], cues: Cues) -> bool:
    """Whether a line gives the truth or a verdict beside a claim: `Fact: …`, `Verdict: mostly false`.

    One that says of what, with no word of the claim, is a headline: `Fact check: the video of the flood is fake`.
    """
    label = re.match(r"[\W_]*([^:：.!?。]{2,30}?)\s*[:：]\s*(\S.*)", folded)
    if label is None:
        return False
    if cues["fact_labels"].fullmatch(label[1]):
        return True
    words = stems(cues["void_labels"].sub(" ", cues["false"].sub(" ", label[2])), cues)
    if len(words) >= _HEADLINE and not re.search(r"[.!。！]$", folded) and not shared_stems(words, " ".join(own), cues):
        return False
    return bool(cues["verdict_labels"].fullmatch(label[1])) and any(
        cues.find(table, label[2]) and not cues["negations"].match(label[2])
        for table in ("false", "void_labels", "denied")
    )


def _points_back(
    sentence: str, distance: int, quoted: str, own: frozenset[str], between: list[str], cues: Cues
) -> Stance | None:
    """What a sentence after the quote's says of it, if it speaks of it."""
    folded = blank(fold(sentence), cues)
    bracketed = sentence.lstrip()[:1] in tuple("([（［【")
    if bracketed and distance == 0 and cues.find("bracketed", folded):
        there = figures(folded, cues)
        if there and not there & figures(quoted, cues) and not _of_another_figure(folded, quoted, cues):
            return Stance.DISOWNED
    taken_back = next((m for m in cues["false"].finditer(folded) if _is_denied_now(folded, m, cues)), None)
    if taken_back and not re.search(r"[?？؟]$", folded):
        if bracketed and distance == 0:
            return None if _of_another_figure(folded, quoted, cues) else Stance.DISOWNED
        if refers(folded, taken_back, distance, quoted, own, between, cues):
            return Stance.DISOWNED
    if distance == 0:
        start = " ".join(folded.split()[:10]) if not cues.unspaced else folded[:24]
        back = cues.find("demonstratives", start) or _definite_thing(start, cues)
        if cues.find("our_error", folded):
            return Stance.DISOWNED
        if (given := cues.find("attributed_back", folded)) and _governs(folded, given, cues):
            return Stance.REATTRIBUTED
        if (limit := cues.find("limits_back", folded.replace(",", ""))) and limit.start() <= 2:
            return Stance.REQUALIFIED
        left_open = next((m for m in cues["open_back"].finditer(folded) if not negated(folded, m, cues)), None)
        if left_open and (back or bracketed or cues.find("pronouns", " ".join(folded.split()[:2]))):
            return None if _is_of_another(folded, left_open, cues) else Stance.REQUALIFIED
        if _of_another_year(folded, quoted, cues):
            return Stance.REQUALIFIED
    return None


def _is_of_another(folded: str, left_open: re.Match[str], cues: Cues) -> bool:
    """Whether the sentence says itself what is left open."""
    points = cues.find("demonstratives", folded[: left_open.start()])
    return _says_what(folded, left_open, cues) or (not points and _has_own_content(folded, 0, left_open, cues))


def _governs(folded: str, given: re.Match[str], cues: Cues) -> bool:
    """Whether words that give the sentence before to somebody stand first, and are no part of a longer phrase."""
    if cues.unspaced or cues.language in ("hi", "ar"):
        return True
    following = WORD.findall(folded[given.end() : given.end() + 30])[:1] if given[0].endswith(("her", "his")) else []
    return len(folded[: given.start()].split()) <= 3 and not any(stems(word, cues) for word in following)


def _is_denied_now(folded: str, cue: re.Match[str], cues: Cues) -> bool:
    """Whether a cue is not turned by a negation, and is none of another time: `That was not so ten years ago.`"""
    then = cues.find("negations", cue[0]) and cues.find(
        "other_times", folded[max(0, cue.start() - 25) : cue.end() + 25]
    )
    return not then and not negated(folded, cue, cues)


def _of_another_year(folded: str, quoted: str, cues: Cues) -> bool:
    """Whether a short objection gives the sentence another year: `But that was in 2019.`"""
    objection = cues.find("adversatives", folded)
    if objection is None or objection.start() > 1 or len(folded.split()) > 8 or len(folded) > 60:
        return False
    years = set(_YEAR.findall(folded))
    points = any(cues.find(table, folded[objection.end() :]) for table in ("demonstratives", "pronouns"))
    return bool(years) and points and not years & set(_YEAR.findall(quoted))


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def refers(
    folded: str,
    cue: re.Match[str],
    distance: int,
    quoted: str,
    own: frozenset[str],
    between: list[str],
    cues: Cues,
) -> bool:
    """Whether what is taken back in a sentence is the quote's: by a word that points back, or by the same words."""
    clause = max(folded.rfind(mark, 0, cue.start()) for mark in ";:；：") + 1
    head = folded[clause : cue.start()]
    noticed = bool(cues["notice_labels"].match(folded.lstrip(" \"'([")))
    first = clause == 0 or noticed
    shared = len(shared_stems(own, folded, cues))
    same_figure = bool(figures(folded, cues) & figures(quoted, cues))
    if _has_own_content(folded, clause, cue, cues):
        return shared >= 2 and shared >= 0.4 * len(own)
    points = bool(cues.find("demonstratives", folded[clause : cue.end() + 30]))
    definite = _definite_thing(folded[clause:] if cues.unspaced else head, cues)
    if (distance == 0 or noticed) and first:
        opening = folded[clause:][:8] if cues.unspaced else " ".join(folded[clause:].split()[:3])
        if same_figure or shared >= max(2, 0.4 * len(own)) or (noticed and shared >= 2):
            return True
        noun = attributed(folded, cue, cues)
        if noun and not any(cues.find(table, noun) for table in ("things", "hearsay")):
            return False
        begin = (
            clause
            if noticed
            else max((each.end() for each in _PART.finditer(folded, clause, cue.start())), default=clause)
        )
        part = folded[begin:] if cues.unspaced else folded[begin : cue.start()]
        points = bool(cues.find("demonstratives", folded[begin : cue.end() + 30]))
        return points or _definite_thing(part, cues) or bool(cues.find("pronouns", opening))
    nearest = max((len(shared_stems(stems(other, cues), folded, cues)) for other in between), default=0)
    if cues.find("all_of_it", head):
        return True
    return (points or definite or same_figure) and (shared > nearest or (same_figure and shared >= nearest))


_PART = re.compile(r"[,\"“”«»„;:،，；：]|\s[-–—]\s")


def _definite_thing(folded: str, cues: Cues) -> bool:
    """Whether it names a figure, a statement or the like that must have been named before: `the figure`."""
    thing = cues.find("things", folded)
    article = " ".join(folded[: thing.start()].split()[-2:]) if thing and not cues.unspaced else ""
    return thing is not None and not cues.find("indefinite", article)


def _says_what(folded: str, cue: re.Match[str], cues: Cues) -> bool:
    """Whether a clause follows the cue: `It is false that the shops were shut`, `He denies that …`."""
    if cues.unspaced:
        return bool(cues.find("that", folded[: cue.start()]))
    after = folded[cue.end() : cue.end() + 25]
    match = cues.find("that", after)
    if match is None or len(after[: match.start()].split()) > 1:
        return False
    following = after[match.end() :]
    named = cues.find("things", " ".join(following.split()[:1]))
    return not named and not cues.find("demonstratives", following)


def _has_own_content(folded: str, clause: int, cue: re.Match[str], cues: Cues) -> bool:
    """Whether the sentence says what is false itself: `Reports that our shops were shut are wrong`."""
    head = folded[clause : cue.start()]
    if cues.unspaced:
        return bool(cues.find("that", head))
    if _says_what(folded, cue, cues):
        return True
    after = re.split(r"[.;:!?]", folded[cue.end() :])[0]
    for thing in cues["hearsay"].finditer(after):
        if (match := cues.find("complementizers", after[thing.end() :].lstrip(" ,"))) and match.start() <= 1:
            return True  # `False was the rumour that …`
    for table in ("things", "hearsay"):
        for thing in cues[table].finditer(head):
            before, after = head[: thing.start()], head[thing.end() :]
            match = cues.find("complementizers", after.lstrip(" ,"))
            if match and match.start() <= 1:
                return True
            if cues.language == "de" and after.startswith(",") and after.count(",") > 1:
                return True  # its clause needs no conjunction: `Die Meldung, die Brücke sei gesperrt, …`
            if cues.language == "hi" and len(before.split()) >= 3 and not cues.find("demonstratives", before):
                return True  # what it is about stands before it
    if cues.language in _PURE and (match := cues.find("that", head)) and len(head[: match.start()].split()) > 1:
        said = folded[clause + match.end() : cue.end()].split()
        if cues["demonstratives"].match(folded[cue.end() :].lstrip()):
            return False  # `that he had invented this`
        ends = " ".join([*said[:4], "|", *said[-5:]])
        points = any(cues.find(table, ends) for table in ("demonstratives", "things"))
        it = cues.language not in ("de", "nl") and cues.find("pronouns", " ".join(said[:1]))
        return not points and not it
    return False


def _of_another_figure(folded: str, quoted: str, cues: Cues) -> bool:
    """Whether a bracket calls another figure wrong: `(not 41, as we first wrote)` beside a quote that says 38."""
    match = cues.find("instead", folded)
    if match is None:
        return False
    wrong = figures(folded[match.end() : match.end() + 40], cues)
    return bool(wrong) and not wrong & figures(quoted, cues)


# The sentence before it.


def before_it(now: Frame, then: Frame, was_there: Callable[[str], bool], cues: Cues) -> Finding | None:
    """What a new sentence before the quote says of it."""
    if not now.earlier or fold(now.earlier) == fold(then.earlier) or was_there(now.earlier):
        return None
    folded = blank(fold(now.earlier), cues)
    asks = folded.rstrip(" \"'”»").endswith(("?", "؟"))
    if asks:
        short = len(folded) <= 14 if cues.unspaced else len(folded.split()) <= 8
        generic = short and cues.find("generic_questions", folded)
        return Finding(Stance.REQUALIFIED, True, now.earlier[:300]) if generic else None
    forward = cues.find("forward", folded)
    if forward is None or not _opens_or_ends(folded, forward, cues) or _is_of_a_time(folded, forward, cues):
        return None
    for tables, stance in (
        (("false", "versions"), Stance.DISOWNED),
        (("claims",), Stance.REATTRIBUTED),
        (("denied", "conditional", "doubtful", "staged", "scope", "negations"), Stance.REQUALIFIED),
    ):
        if any(cues.find(table, folded) for table in tables):
            return Finding(stance, True, now.earlier[:300])
    return None


def _is_of_a_time(folded: str, cue: re.Match[str], cues: Cues) -> bool:
    """Whether an adjective at the end of a sentence has a noun that no words are called by: `in the following week`."""
    if cues.unspaced or cue.start() == 0 or len(cue[0].split()) > 2 or folded.rstrip(" \"'”»").endswith(":"):
        return False
    before, after = WORD.findall(folded[: cue.start()]), WORD.findall(folded[cue.end() :])
    follows = cues.language not in BEFORE_NOUNS and len(cue[0].split()) == 1
    noun = after[0] if after else before[-1] if before and follows else ""
    if not noun or noun in cues.function_words or len(after) > 2:
        return False
    return not any(cues.find(table, noun) for table in ("things", "article", "hearsay", "claims", "said", "staged"))


def _opens_or_ends(folded: str, cue: re.Match[str], cues: Cues) -> bool:
    """Whether a cue stands at either end of a sentence: `What follows is …`, `…, as stated below`."""
    before, after = folded[: cue.start()], folded[cue.end() :]
    if cues.unspaced:
        return len(before) <= 4 or len(after) <= 12
    return len(before.split()) <= 2 or len(after.split()) <= 2
