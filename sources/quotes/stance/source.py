"""Who says a quoted sentence: whether its frame names another source now than before."""

import re

from sources.quotes.cues import WORD, Cues, figures, fold, shared_stems, stems
from sources.quotes.stance.cue_matches import blank, governing, is_new
from sources.quotes.stance.findings import Finding, Stance
from sources.quotes.stance.frame import Frame
from sources.quotes.stance.headings import is_of_advertising

_LEAD_WORDS = 4
"""Words of the shortest unknown lead before a colon that gives a sentence to somebody."""
_OPENING = "\"'«»“”„‚‘’「『(["


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


def other_source(now: Frame, then: Frame, nearby: str, cues: Cues) -> bool:
    """Whether the sentence is somebody else's than before: what differs names another source, or one at all."""
    new, old = _changed(now, then, cues), _changed(then, now, cues)
    said, before = fold(new), fold(old)
    claimed = is_new(cues, "claims", governing(now, cues), governing(then, cues))
    given = claimed or bool(cues.find("said", blank(said, cues)) or (new and _closed_before(now)))
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
    if announced and _is_name(lead, nearby, cues):
        return True
    if not source or not (given or announced):
        return False
    if claimed:
        return True
    known = len(shared_stems(source, nearby, cues)) >= len(source)
    quoting = announced and now.lead != lead and not (then.lead or then.tail)
    if quoting and not shared_stems(source, nearby, cues) and not cues.find("neutral_leads", fold(lead)):
        return True
    if given and (announced or not (source_then or cues.find("said", governing(then, cues)))):
        alone = not stems(f"{then.lead} {then.tail}", cues)
        unnamed = cues.find("indefinite", " ".join(said.split()[:4]))
        return not known and (alone or bool(unnamed) or now.lead != then.lead)
    least = _LEAD_WORDS - (cues.language in ("pl", "ru", "hi", "ar"))  # without articles
    words = len(stems(lead, cues)) >= 2 if cues.unspaced else len(lead.split()) >= least
    return announced and words and not known and not cues.find("neutral_leads", fold(lead))


def _is_name(lead: str, nearby: str, cues: Cues) -> bool:
    """Whether a lead before a colon is a person's name, with a role or without: `Ida Moe:`, `Ida Moe, campaigner:`."""
    words = lead.strip(_OPENING + " :：*").split()
    if not words or len(words) > _NAME_WORDS or fold(words[0]) in cues.function_words or not _people(lead):
        return False
    folded, there = fold(lead), fold(nearby)
    if any(cues.find(table, folded) for table in ("neutral_leads", "numbers", "notice_labels", "other_objects")):
        return False
    return any(not re.search(rf"(?<!\w){re.escape(name[-1])}", there) for name in _people(lead))


_NAME_WORDS = 9
"""Words of the longest lead that is a name."""
_SIGNATURE = 120
"""Characters of the longest signature."""


def signed(now: Frame, then: Frame, before: str, cues: Cues) -> Finding | None:
    """Whether the quote's paragraph is signed by somebody new: `— Ida Moe, campaigner`, `Source: a leaflet`."""
    for line, was in ((now.tail, then.tail), (now.below, then.below)):
        if line == was or len(line) > _SIGNATURE or re.search(r"[.!?。।][\"'”’»]?$", line):
            continue
        folded = fold(line)
        if cues.find("other_objects", folded) or folded in fold(before) or is_of_advertising(line, cues):
            continue
        dashed = re.match(r"[-–—―]\s*\S", line) or (
            line == now.tail and re.fullmatch(r"[”“»’\"」]?\s*\([^()]*\)", line)
        )
        if line == now.tail and not dashed:
            continue
        claimed, names = cues.find("claims", folded), _people(line)
        sourced = re.match(r"[(\[*_]*([^:：]{2,20})\s*[:：]", line)
        given = sourced and cues["source_labels"].fullmatch(fold(sourced[1]).strip())
        new = not any(" ".join(name) in _beginnings(before) for name in names)
        if new and ((dashed and (names or claimed)) or (claimed and (given or (names and re.search("[,،(]", line))))):
            return Finding(Stance.REATTRIBUTED, True, line)
        if cues.unspaced and claimed and (dashed or given):
            return Finding(Stance.REATTRIBUTED, True, line)
    return None


def _beginnings(text: str) -> str:
    """The words of a text by their beginnings, as names are compared."""
    return " ".join(fold(word)[:4] for word in re.findall(r"[^\W\d_][\w'’-]*", text))


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
