"""The phrase that a number counts: ` cyber crime cases` behind 70,000, ` Autos` behind 12.000."""

from __future__ import annotations

import re

from claims.statements.figures.words import FigureWords


def words_of(text: str) -> frozenset[str]:
    """A set of words."""
    return frozenset(text.split())


_STOP = words_of(
    """
    a an the and or but nor of in on at from for with by to about into over under between among against during
    through across around near behind beyond within without per via amid as than that which who whom whose when
    where while if because since until after before is are was were be been being am has have had do does did will
    would can could may might must shall should not he she it they we you i his her its their our my your this these
    those there then so also only just already last next ago later earlier now said says more less fewer up down out
    off away together each both all came went took made got gave became began left fell rose grew
    """
)
_OWNERS = words_of("all the its their his her our")
IRREGULAR_PLURALS = words_of(
    "people men women children feet teeth mice police cattle sheep fish aircraft data media staff troops dead injured "
    "wounded personnel species series"
)
_NOT_PLURAL = words_of("this is was has its his as us less across always yes plus thus versus minus")
_SINGULAR_UNITS = words_of("person case time seat vote")
ORDINAL_PARTS = words_of("half third thirds quarter quarters fifth fifths sixth sixths tenth tenths")
_WORD = re.compile(
    r"[ \t\u00a0\u202f]+(?P<word>(?:[A-Z]\.){2,}|[^\W\d_][\w’'²³\u0300-\u036f\u064b-\u065f\u0900-\u0dff-]*)"
    r"|-(?P<hyphened>[^\W\d_]\w*)"
)
_OF_PHRASE = re.compile(r"\s+of\s+((?:(?:the|all|its|their|his|her|our)\s+)?[\w’'-]+(?:\s+[\w’'-]+){0,3})")
# Function words that no number counts, of the languages that are read beside English.
_FUNCTION = words_of(
    """
    der die das den dem des ein eine einer einem einen und oder aber in im an am auf aus von vom zu zum zur mit bei nach
    vor seit bis für gegen über unter als wie dass wenn er sie es wir ihr ich mehr weniger ist sind war waren wird wurde
    el la los las lo un una unos unas y o pero en de del al a con por para sin sobre entre desde hasta que se su sus más
    menos es son era eran fue fueron ha han no ni le les des du au aux et ou mais dans par pour avec sans sur sous entre
    depuis jusque que qui ce ces cette son sa ses leur leurs il elle on nous vous ils elles est sont était étaient a ont
    plus moins ne pas à e é ed os as um uma do da dos das ao aos em no na nos nas com por il lo gli i di del della dei
    con per
    """
)
_LONGEST = 6  # words


def counted(text: str, at: int, words: FigureWords) -> tuple[str, str]:
    """The noun phrase that follows `at` and its head noun: (" cyber crime cases", "cases"); empty if none follows."""
    if words.code == "en":
        return _counted_in_english(text, at, words)
    match = _WORD.match(text, at)
    if match is None or match["word"] is None:
        return "", ""
    word = match["word"]
    bare = word.lower()
    if words.capitalised_nouns and not (word[0].isupper() or bare in words.durations or bare in words.measures):
        # "37 weitere Nachträge"
        after = _WORD.match(text, match.end())
        if bare in _FUNCTION or after is None or not (after["word"] or "")[:1].isupper():
            return "", ""
        return text[at : after.end()], after["word"]
    if bare in _FUNCTION or bare.rstrip(".") in words.months or bare in words.scales:
        return "", ""
    return text[at : match.end()], word


def _counted_in_english(text: str, at: int, words: FigureWords) -> tuple[str, str]:
    units = words.durations | words.measures | _SINGULAR_UNITS
    i = at
    for n in range(_LONGEST):
        match = _WORD.match(text, i)
        if match is None or match["word"] is None:
            break
        word = match["word"]
        bare = re.sub(r"[’']s?$", "", word.lower())
        if bare in _STOP or bare in words.months:
            break
        i = match.end() - (1 if word.endswith(("’", "'")) else 0)
        if n == 0 and bare in units and re.match(r"[\s,.;:)”\"’'-]|/h\b|$", text[i:]):
            return text[at:i], word.rstrip("’'")
        plural = bare.endswith("s") and not bare.endswith("ss") and bare not in _NOT_PLURAL
        if plural or bare in IRREGULAR_PLURALS:
            return (text[at:i], word) if word.lower() == bare else ("", "")
        if n and bare.endswith(("ing", "ed", "ly")):
            break
    return "", ""


def of_phrase(text: str, at: int) -> str:
    """`5 percent of all households` -> "all households": up to the first word that cannot belong to the phrase."""
    match = _OF_PHRASE.match(text, at)
    if match is None:
        return ""
    words: list[str] = []
    for word in match[1].split():
        if word.lower() in _STOP - _OWNERS or (words and word.lower().endswith("ed")):
            break
        words.append(word)
        if word.lower().endswith("s") and word.lower() not in _NOT_PLURAL | _OWNERS:
            break
    return " ".join(words)
