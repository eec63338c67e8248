"""Tell in a run of capitalised words the titles from the name, and a person's name from that of a body or a place.

Texas Gov. Al Pike                          title "gov", person Al Pike
Leader of the Opposition Devraj Solanke     roles "leader", "opposition", person Devraj Solanke
Department of Health                        body
Elm Road                                    place
"""

from __future__ import annotations

from dataclasses import dataclass, field

from claims.statements.speakers.vocabulary import Vocabulary, is_given_name
from claims.statements.speakers.words import Word, written

PERSON, ORGANISATION, UNKNOWN = "person", "organisation", "unknown"
PLACE = "place"
_LONGEST_PERSON = 6  # words, particles included
_TRADES = ("er", "or", "ist", "ian", "ant", "man", "woman", "eer")
_LONGEST_BODY = 15
_LEGAL_FORMS = frozenset(
    ["ag", "gmbh", "se", "kg", "plc", "llp", "llc", "inc", "ltd", "corp", "co", "sa", "sl", "nv", "bv"]
)


@dataclass(slots=True)
class Name:
    """A name and what stands before it. `described`: titles, roles and the words around them, in lower case.

    `certain`: a title, a role or a given name shows that it is a person, or a head noun that it is a body.
    """

    words: list[Word]
    kind: str
    described: set[str] = field(default_factory=set)
    titles: list[str] = field(default_factory=list)
    certain: bool = False

    @property
    def text(self) -> str:
        return written(self.words)

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(word.low for word in self.words)


def name_of(run: list[Word], language: Vocabulary, *, opens: bool = False, source: bool = False) -> Name | None:
    """The name that ends a run of capitalised words; None if the run is titles and roles alone.

    `opens`: the run opens its sentence, whose first word has a capital anyway. `source`: the run is whom a cue names,
    so that it is no street.
    """
    run = _trimmed(run, language)
    if not run:
        return None
    while len(run) > 1 and run[-1].low in language.of("postnominals") and run[-1].text.isupper():
        run = run[:-1]
    firm = _firm(run, language)
    if firm is not None:
        return firm
    if _is_body(run, language):
        return Name(run, ORGANISATION, certain=True)
    before, name = _behind_titles(run, language)
    name = _behind_owner(name)
    if not name:
        return None
    if name[0].low in language.of("links") and before:
        tail = _behind_office(name, language)
        if tail is None:
            return None
        before, name = [*before, *name[: len(name) - len(tail)]], tail
    while len(name) > 1 and name[0].low in language.of("role_parts") and not is_given_name(name[0].low):
        before, name = [*before, name[0]], name[1:]
    described = {word.low for word in before if word.low not in language.of("links")}
    titles = [word.low for word in before if language.is_title(word.text)]
    if _is_body(name, language) and not (before and is_given_name(name[0].low)):
        return Name(name, ORGANISATION, described, titles, certain=True)
    return _person(name, described, titles, language, opens=opens and not before, source=source)


def _firm(run: list[Word], language: Vocabulary) -> Name | None:
    """`Moe & Sons`, `Wirtschaftsprüfer Moe & Söhne`: what an "&" joins is the name of a firm."""
    joined = next((n for n, word in enumerate(run) if n > 0 and word.before == "&"), None)
    if joined is None:
        return None
    before, _ = _behind_titles(run[:joined], language)
    name = run[len(before) :]
    return Name(name, ORGANISATION, {word.low for word in before}, certain=True)


def _person(
    name: list[Word], described: set[str], titles: list[str], language: Vocabulary, *, opens: bool, source: bool
) -> Name | None:
    if opens and len(name) > 2 and not _given(name[0]) and _given(name[1]) and not name[1].initial:
        name = name[1:]  # "Marcaron Lucho Berrocal"
    trade = name[0].low.endswith(_TRADES) and not _given(name[0]) and language.code == "en"
    if source and trade and len(name) > 2 and _given(name[1]) and not name[1].initial:
        described, name = {*described, name[0].low}, name[1:]  # "Biographer Noor Haddad"
    if language.code == "de" and len(name) > 2 and not _given(name[0]) and _given(name[1]) and not name[1].initial:
        described, name = {*described, name[0].low}, name[1:]  # "Kämmerin Ida Moe"
    name = name[:_LONGEST_PERSON]
    if any(w.low in language.of("links") - language.of("particles") for w in name):
        return None
    certain = bool(described or titles or _given(name[0]) or (len(name) > 1 and name[0].initial))
    particled = _given(name[0]) and any(w.low in language.of("particles") for w in name[1:-1])  # "Joaquín del Valle"
    if not source and language.is_street(name[-1].text) and not titles and not particled:
        return Name(name, PLACE)
    if len(name) > 1 and name[0].low in language.of("place_openers") and not (titles or described):
        return Name(name, PLACE)
    if any(w.text[0].isdigit() for w in name):
        return None
    return Name(name, PERSON, described, titles, certain)


def _given(word: Word) -> bool:
    return word.initial or is_given_name(word.low)


def _trimmed(run: list[Word], language: Vocabulary) -> list[Word]:
    """The run without function words, days and months at either end."""
    small = language.of("not_names") | language.of("links")
    start, end = 0, len(run)
    while start < end and run[start].low in small and not (run[start].low in {"al", "may"} and end - start > 1):
        start += 1
    while end > start and run[end - 1].low in small:
        end -= 1
    return run[start:end]


def _is_body(run: list[Word], language: Vocabulary) -> bool:
    """Whether the run is the name of a body: its head noun is one, or what stands before "of" and "for" ends in one."""
    if len(run) > _LONGEST_BODY:
        return False
    heads = [n for n, word in enumerate(run) if language.is_body(word.text)]
    if not heads:
        return False
    if _is_ranked(run, language):
        return False
    if heads[-1] == len(run) - 1:
        linked = next((n for n, word in enumerate(run) if word.low in language.of("genitives")), None)
        return linked is None or (linked > 0 and language.is_body(run[linked - 1].text))
    head = next((n for n in heads if n + 1 < len(run) and run[n + 1].low in language.of("links")), None)
    if head is not None:
        return not (len(run) > head + 3 and _behind_office(run[head + 1 :], language) and _has_role(run, language))
    if any(language.is_role(w.text) or language.is_title(w.text) for w in run):
        return False
    suffix = run[-1].low in {"ag", "gmbh", "se", "kg", "plc", "llp", "inc", "ltd", "corp", "sa", "sl", "ev", "nv", "co"}
    return suffix or not _given(run[0])


def _is_ranked(run: list[Word], language: Vocabulary) -> bool:
    """`General Paul Banks`: a rank, a given name and a surname that is the plural of a body's word."""
    ranked = len(run) == 3 and language.is_title(run[0].text) and _given(run[1])
    return ranked and run[2].low not in language.of("bodies")


def _has_role(run: list[Word], language: Vocabulary) -> bool:
    return any(language.is_role(w.text) for w in run)


def _behind_titles(run: list[Word], language: Vocabulary) -> tuple[list[Word], list[Word]]:
    """(titles, roles and what stands before them; the name)."""
    last = -1
    first = next((w for w in run if not language.is_title(w.text)), run[0])
    named = _given(first) and not language.is_role(first.text)
    for n, word in enumerate(run[:-1]):
        if not (language.is_title(word.text) or language.is_role(word.text)):
            continue
        if n > 0 and word.low in language.of("surname_roles") and named and not word.text.endswith("."):
            continue  # "Bill Baker Jones"
        if n > 1 and run[n - 1].low in language.of("links") and run[0].low in language.of("relations"):
            continue
        last = n
    return run[: last + 1], run[last + 1 :]


def _behind_owner(name: list[Word]) -> list[Word]:
    """`Norway's Ida Moe`: what stands behind the last possessive."""
    owner = max((n for n, word in enumerate(name[:-1]) if word.owner), default=-1)
    return name[owner + 1 :]


def _behind_office(rest: list[Word], language: Vocabulary) -> list[Word] | None:
    """The person behind an office and what it is of: `of Police K. Vasudha Nair` -> `K. Vasudha Nair`."""
    behind = next((n for n, word in enumerate(rest) if word.low not in language.of("links")), len(rest))
    if behind >= len(rest) or language.is_title(rest[behind].text) or language.is_role(rest[behind].text):
        return None
    for k in range(behind + 1, len(rest) - 1):
        person = _given(rest[k]) and rest[k].capital and not any(w.low in language.of("genitives") for w in rest[k:])
        if person and (not _given(rest[behind]) or rest[k].initial):
            return rest[k:]
    return None


def without_form(name: tuple[str, ...]) -> tuple[str, ...]:
    """The name of a firm without its legal form."""
    return name[:-1] if len(name) > 1 and name[-1] in _LEGAL_FORMS else name


def same_name(known: tuple[str, ...], new: tuple[str, ...]) -> bool:
    """Whether two names can be one person's: `Ida Moe`, `I. Moe`, `Ida B. Moe`."""
    if without_form(known) == without_form(new):
        return True
    if known[-1] != new[-1] or len(known) < 2 or len(new) < 2:
        return False
    a, b = known[0].rstrip("."), new[0].rstrip(".")
    if a == b:
        return True
    if len(a) == 1 or len(b) == 1:
        return a[0] == b[0]
    short, long = sorted((known, new), key=len)
    return len(short) < len(long) and long[-len(short) :] == short  # "K. Vasudha Nair", "Vasudha Nair"


def ends_in(name: tuple[str, ...], words: tuple[str, ...], code: str) -> bool:
    """Whether the words are the surname of a person; in Spanish the first of two surnames will do."""
    if len(name) <= len(words):
        return False
    if name[-len(words) :] == words:
        return True
    return code == "es" and len(name) > 2 and name[1 : 1 + len(words)] == words
