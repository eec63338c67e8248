"""What governs a quoted sentence within its own paragraph now, and did not before: its lead, a bracket, a neighbour."""

import re
from collections import Counter
from collections.abc import Callable

from sources.quotes.cues import Cues, figures, fold, shared_stems, stems
from sources.quotes.findings import Finding, Stance
from sources.quotes.frame import Frame

_LEAD_WORDS = 4
"""Words of the shortest unknown lead before a colon that gives a sentence to somebody."""
_PURE = frozenset({"en", "de", "nl", "pl", "ru", "ar"})
"""Languages whose `that` before a clause is no relative pronoun as well."""
_OPENING = "\"'«»“”„‚‘’「『(["


def in_frame(now: Frame, then: Frame, was_there: Callable[[str], bool], nearby: str, cues: Cues) -> Finding | None:
    """What the sentence's own frame says of it now and did not say then. None if nothing.

    `was_there` says whether a sentence stood on the page before; `nearby` is what stood around the quote then.
    """
    return (
        _within_sentence(now, then, nearby, cues)
        or _after_it(now, then, was_there, cues)
        or _before_it(now, then, was_there, cues)
    )


def another_person(now: Frame, then: Frame, nearby: tuple[str, str], cues: Cues) -> Finding | None:
    """Whether the `she` who says the sentence is another one, by the names before it, now and then."""
    words = f"{now.lead} {now.tail}"
    spoken = cues.find("third_persons", fold(words)) and cues.find("said", fold(words))
    if not spoken or nearby[0] == nearby[1] or (now.lead, now.tail) != (then.lead, then.tail) or _NAME.search(words):
        return None
    names, old_names = (
        {word for line in _lines(text)[-2:] for name in _NAME.findall(line) for word in name.split()} for text in nearby
    )
    if not names or not old_names or names & old_names:
        return None
    return Finding(Stance.REATTRIBUTED, False, " ".join(nearby[0].split())[-300:])


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


_NAME = re.compile(r"[^\W\d_a-zß-öø-ÿа-я][^\W\d_A-Z]+(?: [^\W\d_a-zß-öø-ÿа-я][^\W\d_A-Z]+)+")
"""Two capitalised words or more."""


# The rest of its sentence.


def _within_sentence(now: Frame, then: Frame, nearby: str, cues: Cues) -> Finding | None:
    if (fold(now.lead), fold(now.tail)) == (fold(then.lead), fold(then.tail)):
        return None
    said, before = _governing(now, cues), _governing(then, cues)
    because = " … ".join(part for part in (now.lead, now.tail) if part)[:300]
    if _new(cues, "false", said, before) or _new(cues, "versions", said, before):
        return Finding(Stance.DISOWNED, True, because)
    main, main_before = _main_clause(now, cues), _main_clause(then, cues)
    for table in ("denied", "conditional", "doubtful", "staged"):
        if _new(cues, table, said, before):
            return Finding(Stance.REQUALIFIED, True, because)
    if len(cues["negations"].findall(main)) != len(cues["negations"].findall(main_before)):
        return Finding(Stance.REQUALIFIED, True, because)
    if re.search(r"[?？؟]", now.tail) and not re.search(r"[?？؟]", then.tail):
        return Finding(Stance.REQUALIFIED, True, because)
    if _other_source(now, then, nearby, cues):
        return Finding(Stance.REATTRIBUTED, True, because)
    if _new(cues, "scope", main, main_before):
        return Finding(Stance.REQUALIFIED, True, because)
    return None


def _governing(frame: Frame, cues: Cues) -> str:
    """Lead and tail, without what is said of a person or thing that is named in them."""
    lead, tail = _blank(fold(frame.lead), cues), _blank(fold(frame.tail), cues)
    if cues.tables.get("relatives"):
        relative = cues["relatives"].pattern
        lead = re.sub(rf"[,(-]\s*(?:{relative})[^,()]*[,)]", " ", lead)
        person = cues["persons"].pattern if cues.tables.get("persons") else relative
        tail = re.sub(rf"[,(-]\s*(?:{person})[^,;:()]*", " ", tail)
    return f"{lead} | {tail}"


def _main_clause(frame: Frame, cues: Cues) -> str:
    """Lead and tail, without any insertion between two commas."""
    lead, _, tail = _governing(frame, cues).partition(" | ")
    lead = re.sub(r"(?<=\w)\s*(?:,[^,]*,|\([^)]*\)|- [^-]* -)(?=\s*\w)", " ", lead)
    return f"{lead} | {tail}"


def _blank(folded: str, cues: Cues) -> str:
    return cues["innocent"].sub(" ", folded)


def _new(cues: Cues, table: str, now: str, then: str) -> bool:
    """Whether a cue of the table is in `now` more often than in `then`."""
    return bool(_matches(cues, table, now) - _matches(cues, table, then))


def _matches(cues: Cues, table: str, folded: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for match in cues[table].finditer(folded):
        if table != "false" or not negated(folded, match, cues):
            found[match[0]] += 1
    return found


def negated(folded: str, match: re.Match[str], cues: Cues) -> bool:
    """Whether a negation right before a cue turns it: `was not withdrawn`."""
    if cues["negations"].search(match[0]):
        return False
    head = re.split(r"[.;:,|]", folded[max(0, match.start() - 40) : match.start()])[-1]
    if cues.unspaced:
        return bool(
            cues["negations"].search(folded[match.end() : match.end() + 6]) or cues["negations"].search(head[-3:])
        )
    near = " ".join(head.split()[-3:])
    after = " ".join(folded[match.end() : match.end() + 12].split()[:1]) if cues.language in ("de", "nl", "hi") else ""
    return bool(cues["negations"].search(near) or cues["negations"].search(after))


def _other_source(now: Frame, then: Frame, nearby: str, cues: Cues) -> bool:
    """Whether the sentence is somebody else's than before."""
    said = _governing(now, cues)
    claimed = bool(cues.find("claims", said))
    reported = claimed or bool(cues.find("said", said))
    lead = now.lead.rstrip(_OPENING + " ")
    announced = lead.endswith((":", "：")) and not then.lead.rstrip(_OPENING + " ").endswith((":", "："))
    if not reported and not announced:
        return False
    source = stems(f"{now.lead} {now.tail}", cues)
    before = stems(f"{then.lead} {then.tail}", cues)
    if not source:
        return False
    if before:
        shared = len(shared_stems(before, f"{now.lead} {now.tail}", cues))
        least = min(len(source), len(before))
        return reported and shared < (0.5 if least <= 2 else 0.34) * least
    if claimed:
        return bool(_new(cues, "claims", said, _governing(then, cues)))
    known = len(shared_stems(source, nearby, cues)) >= len(source)
    if reported:
        return not known
    least = _LEAD_WORDS - (cues.language in ("pl", "ru", "hi", "ar"))  # without articles
    words = len(stems(lead, cues)) >= 2 if cues.unspaced else len(lead.split()) >= least
    return words and not cues.find("neutral_leads", fold(lead))


# The sentences after it.


def _after_it(now: Frame, then: Frame, was_there: Callable[[str], bool], cues: Cues) -> Finding | None:
    if now.later == then.later:
        return None
    found = _pointing_back(now, cues, was_there)
    if found is None or _pointing_back(then, cues, lambda _: False) is not None:
        return None
    return found


def _pointing_back(frame: Frame, cues: Cues, was_there: Callable[[str], bool]) -> Finding | None:
    own = stems(frame.sentence, cues)
    between: list[str] = []
    for distance, sentence in enumerate(frame.later):
        if not was_there(sentence):
            stance = _points_back(sentence, distance, frame.sentence, own, between, cues)
            if stance is not None:
                return Finding(stance, True, sentence[:300])
        between.append(sentence)
    return None


def _points_back(
    sentence: str, distance: int, quoted: str, own: frozenset[str], between: list[str], cues: Cues
) -> Stance | None:
    """What a sentence after the quote's says of it, if it speaks of it."""
    folded = _blank(fold(sentence), cues)
    bracketed = sentence.lstrip()[:1] in tuple("([（［【")
    if bracketed and distance == 0 and cues.find("bracketed", folded):
        there = figures(folded, cues)
        if there and not there & figures(quoted, cues) and not _of_another_figure(folded, quoted, cues):
            return Stance.DISOWNED
    taken_back = next((m for m in cues["false"].finditer(folded) if not negated(folded, m, cues)), None)
    if taken_back:
        if bracketed and distance == 0:
            return None if _of_another_figure(folded, quoted, cues) else Stance.DISOWNED
        if refers(folded, taken_back, distance, quoted, own, between, cues):
            return Stance.DISOWNED
    if distance == 0:
        start = " ".join(folded.split()[:10]) if not cues.unspaced else folded[:24]
        back = cues.find("demonstratives", start) or _definite_thing(start, cues)
        if cues.find("our_error", folded):
            return Stance.DISOWNED
        if cues.find("attributed_back", folded):
            return Stance.REATTRIBUTED
        if (limit := cues.find("limits_back", folded.replace(",", ""))) and limit.start() <= 2:
            return Stance.REQUALIFIED
        left_open = cues.find("open_back", folded)
        if left_open and (back or bracketed or cues.find("pronouns", " ".join(folded.split()[:2]))):
            return None if _says_what(folded, left_open, cues) else Stance.REQUALIFIED
        if _of_another_year(folded, quoted, cues):
            return Stance.REQUALIFIED
    return None


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
        return points or definite or shared >= 2 or same_figure or bool(cues.find("pronouns", opening))
    nearest = max((len(shared_stems(stems(other, cues), folded, cues)) for other in between), default=0)
    if cues.find("all_of_it", head):
        return True
    return (points or definite or same_figure) and (shared > nearest or (same_figure and shared >= nearest))


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


def _before_it(now: Frame, then: Frame, was_there: Callable[[str], bool], cues: Cues) -> Finding | None:
    if not now.earlier or fold(now.earlier) == fold(then.earlier) or was_there(now.earlier):
        return None
    folded = _blank(fold(now.earlier), cues)
    asks = folded.rstrip(" \"'”»").endswith(("?", "؟"))
    if asks:
        short = len(folded) <= 14 if cues.unspaced else len(folded.split()) <= 8
        generic = short and cues.find("generic_questions", folded)
        return Finding(Stance.REQUALIFIED, True, now.earlier[:300]) if generic else None
    if not cues.find("forward", folded):
        return None
    for tables, stance in (
        (("false", "versions"), Stance.DISOWNED),
        (("claims",), Stance.REATTRIBUTED),
        (("denied", "conditional", "doubtful", "staged", "scope", "negations"), Stance.REQUALIFIED),
    ):
        if any(cues.find(table, folded) for table in tables):
            return Finding(stance, True, now.earlier[:300])
    return None
