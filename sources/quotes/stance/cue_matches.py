"""Where cue words stand in what governs a sentence, and whether they count."""

import re
from collections import Counter

from sources.quotes.cues import WORD, Cues, fold
from sources.quotes.stance.frame import Frame


def governing(frame: Frame, cues: Cues) -> str:
    """Lead and tail, without what is said of a person or thing that is named in them."""
    lead, tail = blank(fold(frame.lead), cues), blank(fold(frame.tail), cues)
    if cues.tables.get("relatives"):
        relative = cues["relatives"].pattern
        lead = re.sub(rf"[,(-]\s*(?:{relative})[^,()]*[,)]", " ", lead)
        person = cues["persons"].pattern if cues.tables.get("persons") else relative
        tail = re.sub(rf"[,(-]\s*(?:{person})[^,;:()]*", " ", tail)
    return f"{lead} | {tail}"


def main_clause(frame: Frame, cues: Cues) -> str:
    """Lead and tail, without any insertion between two commas."""
    lead, _, tail = governing(frame, cues).partition(" | ")
    lead = re.sub(r"(?<=\w)\s*(?:,[^,]*,|\([^)]*\)|- [^-]* -)(?=\s*\w)", " ", lead)
    return f"{lead} | {tail}"


def blank(folded: str, cues: Cues) -> str:
    if cues.language == "pt":
        folded = folded.replace("-se ", " ").replace("-se,", ",")  # the pronoun, no `if`
    return cues["innocent"].sub(" ", folded)


def is_new(cues: Cues, table: str, now: str, then: str) -> bool:
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


BEFORE_NOUNS = frozenset({"en", "de", "nl", "pl", "ru"})
"""Languages whose adjectives stand before their nouns."""


def attributed(folded: str, match: re.Match[str], cues: Cues) -> str:
    """The word right after a cue of one word, of which the cue says nothing but what kind it is: `wrong colours`."""
    if cues.language not in BEFORE_NOUNS or len(match[0].split()) > 1 or folded[match.end() : match.end() + 1] != " ":
        return ""
    following = WORD.match(folded, match.end() + 1)
    return following[0] if following and following[0] not in cues.function_words else ""
