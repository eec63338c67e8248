"""What governs a quoted sentence within its own paragraph now, and did not before: its lead, a bracket, a neighbour."""

import re
from collections import Counter
from collections.abc import Callable

from sources.quotes.cues import WORD, Cues, figures, fold, shared_stems, stems
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
    if cues.language == "pt":
        folded = folded.replace("-se ", " ").replace("-se,", ",")  # the pronoun, no `if`
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
    """Whether the sentence is somebody else's than before: what differs names another source, or one at all."""
    new, old = _changed(now, then, cues), _changed(then, now, cues)
    said, before = fold(new), fold(old)
    claimed = _new(cues, "claims", _governing(now, cues), _governing(then, cues))
    given = claimed or bool(cues.find("said", _blank(said, cues)) or (new and _closed_before(now)))
    given_then = bool(cues.find("said", before) or cues.find("claims", before) or (old and _closed_before(then)))
    source, source_then = _source(new, cues), _source(old, cues)
    if cues.language == "ja" and _TOPIC.search(new) and _TOPIC.search(old):
        # The verb stands behind the quote and is the same.
        given = given_then = bool(cues.find("said", fold(now.tail)) and cues.find("said", fold(then.tail)))
    if given_then and (given or _in_its_place(new, old, now, then, cues)):
        return bool(source) and not _same_party(new, old, source, source_then, nearby, cues)
    if _subject_exchanged(now, then, source, source_then, nearby, cues):
        return True
    lead = now.lead.rstrip(_OPENING + " ")
    announced = lead.endswith((":", "：")) and not then.lead.rstrip(_OPENING + " ").endswith((":", "："))
    if not source or not (given or announced):
        return False
    if claimed:
        return True
    known = len(shared_stems(source, nearby, cues)) >= len(source)
    if given and (announced or not (source_then or cues.find("said", _governing(then, cues)))):
        alone = not stems(f"{then.lead} {then.tail}", cues)
        unnamed = cues.find("indefinite", " ".join(said.split()[:4]))
        return not known and (alone or bool(unnamed) or now.lead != then.lead)
    least = _LEAD_WORDS - (cues.language in ("pl", "ru", "hi", "ar"))  # without articles
    words = len(stems(lead, cues)) >= 2 if cues.unspaced else len(lead.split()) >= least
    return announced and words and not known and not cues.find("neutral_leads", fold(lead))


_TOPIC = re.compile(r"[はが]$")
_CLAUSE = re.compile(r"[,;:，；：、،؛()（）\[\]«»“”„‚‘「」『』\"]|\s[-–—]\s?|^[-–—]\s?|[.!?。।](?:\s|$)")


def _changed(frame: Frame, other: Frame, cues: Cues) -> str:
    """The clauses of lead and tail that the other frame has not, without what is said of things named in them."""
    known = {fold(clause).strip() for part in (other.lead, other.tail) for clause in _CLAUSE.split(part)}
    found: list[str] = []
    for clause in (clause.strip() for part in (frame.lead, frame.tail) for clause in _CLAUSE.split(part)):
        folded = fold(clause)
        relative = cues.tables.get("relatives") and cues["relatives"].match(folded)
        if folded and folded not in known and not (relative and found):
            found.append(clause)
    return ", ".join(found)


def _source(words: str, cues: Cues) -> frozenset[str]:
    """The stems of who says it: without the verbs, pronouns, days and months."""
    folded = cues["said"].sub(" ", fold(words))
    for table in ("third_persons", "pronouns", "that", "saying"):
        folded = cues[table].sub(" ", folded)
    return stems(" ".join(word for word in re.split(r"[\s-]+", folded) if word.strip(",.") not in cues.months), cues)


def _closed_before(frame: Frame) -> bool:
    """Whether closing marks and a comma or dash stand between the quote and its tail, as before whoever says it."""
    body = frame.sentence.removesuffix(frame.tail).rstrip()
    end = body[-2:] + " " + frame.tail[:4]
    return re.search(r"[”“»’\"」][ ,]*\s*[,，،–—-]|[,，][”“»’\"]|」\s*と", end) is not None


def _in_its_place(new: str, old: str, now: Frame, then: Frame, cues: Cues) -> bool:
    """Whether other words of the same build stand where the source stood: a verb and a noun behind the quote, or the
    like of a clause in front of it."""
    if not new or figures(new, cues):
        return False
    if now.tail != then.tail and now.lead == then.lead:
        first = WORD.findall(fold(new))[:2]
        return len(first) == 2 and first[0] not in cues.function_words and not cues.find("complementizers", first[0])
    return cues.unspaced and now.tail == then.tail and bool(now.lead and then.lead)


def _subject_exchanged(
    now: Frame, then: Frame, source: frozenset[str], source_then: frozenset[str], nearby: str, cues: Cues
) -> bool:
    """Whether a clause that goes on with the quote has another subject: a person, or one who is not named."""
    body = now.sentence[len(now.lead) :].lstrip(" ")
    if now.tail != then.tail or not body[:1].islower() or not source or not source_then:
        return False
    named, named_then = _people(now.lead), _people(then.lead)
    unnamed = cues.find("indefinite", " ".join(fold(now.lead).split()[:1]))
    if not (named or named_then) or not (named or unnamed) or figures(now.lead, cues):
        return False
    return not shared_stems(source, f"{then.lead} {nearby}", cues)


def _same_party(
    new: str, old: str, source: frozenset[str], source_then: frozenset[str], nearby: str, cues: Cues
) -> bool:
    """Whether two names of a source mean the same: by a shared name or office, a pronoun, initials, an apposition."""
    if not source_then:
        return bool(shared_stems(source, nearby, cues)) or not nearby.strip()
    people, people_then = _people(_without_verbs(new, cues)), _people(_without_verbs(old, cues))
    if people and people_then:
        return any(name[-1] in {w for other in people_then for w in other} for name in people) or any(
            name[-1] in {w for other in people for w in other} for name in people_then
        )
    least = min(len(source), len(source_then))
    shared = max(len(shared_stems(source_then, new, cues)), len(shared_stems(source, old, cues)))
    if shared >= (0.5 if least <= 2 else 0.34) * least:
        return True
    if _abbreviates(new, old) or _abbreviates(old, new):
        return True
    return not cues.find("claims", fold(new)) and _in_apposition(source, source_then, nearby, cues)


def _without_verbs(words: str, cues: Cues) -> str:
    """The words without those by which a source is given, whose first letters are capitals too: `Nach Angaben`."""
    given = {word for match in cues["said"].finditer(fold(words)) for word in match[0].split()}
    return " ".join("-" if fold(word).strip(",.") in given else word for word in words.split(" "))


def _people(words: str) -> list[tuple[str, ...]]:
    """The names of two capitalised words or more, each word by its beginning, so that cases do not count."""
    runs = re.findall(r"[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*)*", words)
    found: list[tuple[str, ...]] = []
    for run in runs:
        name: list[str] = []
        for word in [*run.split(" "), "-"]:
            if word[0].isupper() and not word.isupper():
                name.append(fold(word)[:4])
            else:
                found += [tuple(name)] if len(name) > 1 else []
                name = []
    return found


def _abbreviates(short: str, long: str) -> bool:
    initials = "".join(word[0] for word in re.findall(r"[^\W\d_]+", long) if word[0].isupper())
    return any(len(word) > 1 and word in initials for word in re.findall(r"\b[^\W\d_a-z]{2,}\b", short))


_APPOSED = 30
"""Characters within which two names of the same party stand where the page introduces it."""


def _in_apposition(one: frozenset[str], other: frozenset[str], nearby: str, cues: Cues) -> bool:
    folded = fold(nearby)
    places, others = (
        [m.start() for stem in each for m in re.finditer(re.escape(stem), folded)] for each in (one, other)
    )
    return any(abs(a - b) <= _APPOSED for a in places for b in others)


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
