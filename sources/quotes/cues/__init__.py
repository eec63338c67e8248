"""The cue words by which pages take sentences back, give them to others or qualify them, a table for each language.

A table is a TOML file named by its language. Each key holds phrases separated by commas: `*` is any end of a word (or,
alone, any word), `..` up to three words, `(a|b)` a choice, `(a|b)?` one that may be missing. Phrases match whole
words; in languages written without spaces they match anywhere, so they must be long enough to mean one thing. A
language without a table is unknown, and nothing is said of its pages.

    function_words, months, negations     as in any grammar; `innocent` phrases are cut out before anything else
    false, retracted, confirmed           says that something is not so, that a page is void, that it is so after all
    demonstratives, pronouns, things,     points at the sentence before, anywhere or as a first word; what sentences are
    numbers, indefinite, all_of_it        called; articles that point at nothing; words for several sentences at once
    that, complementizers, hearsay        opens a clause: then the sentence itself says what is false
    forward, attributed_back, open_back   points at the sentence after; gives the one before to somebody; leaves it open
    denied, conditional, doubtful,        qualifies the sentence in which it stands
    scope, staged
    claims, said, neutral_leads           gives it to a claimant, to a source, to nobody
    relatives, persons                    opens an insertion about a thing or person, which governs nothing
    generic_questions, bracketed          questions of a sentence's truth; what opens a correction in brackets
    notice_labels, notice_phrases,        how notices open, what they say of older versions, what they call the article,
    versions, article, partial,           parts of it, and things on the page that are not its words; what stands before
    other_objects, instead                the wrong figure (after it, with `wrong_first`)
    headings, rest                        headings that qualify what is below, and those that contrast with them
    comments_headings, related_headings   what stands over readers' words, and over lists of other articles
    denied_back, restated, other_times    denies the sentence before it by itself; says which figure it is by now; what
                                          was so at another time
    fact_labels, verdict_labels,          what opens the truth, a verdict, a source beside a sentence; what stands
    source_labels, claim_labels           over a claim that is examined
    speaking_headings                     headings that say whose words are below
    kickers, void_labels, page_kinds      labels over an article: what it is, that it is void; sentences that say so
    authorities, rulings, taken_down      who rules on articles, how they rule; takes back, of a page only
    mended, inside                        corrections that may be of anything; what stands between an article and
                                          its part
    ad_labels, not_in_force               marks an advertisement among paragraphs; says in a heading that what is below
                                          it is rejected, proposed, void
    my_error, to_say                      takes back, in an author's brackets, the sentence before; verbs that turn `it
                                          would be wrong to` upon the sentence after
    answers_no, stories, not_ours_now     opens a headline that denies; what articles are called in one; says that a
                                          newsroom stands by something no longer
"""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from sources.quotes.normalization import normal

_FOLDER = Path(__file__).parent
LANGUAGES = frozenset(path.stem for path in _FOLDER.glob("*.toml"))

_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
LETTER = rf"[\w{_MARKS}]"
"""A character of a word. Vowel signs are no letters to `\\w`, so that a word of Hindi would end within itself."""
WORD = re.compile(rf"{LETTER}+(?:['-]{LETTER}+)*")
_UNSPACED = frozenset({"ja", "zh"})
_COMPOUNDING = frozenset({"de", "nl"})
_ARABIC_FORMS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": None, "ё": "е"})
_ARABIC_VOWELS = re.compile("[\u064b-\u0652\u0670]")
_NEVER = re.compile(r"(?!)")


def fold(text: str) -> str:
    """The form in which texts and phrases are compared: the normal form without case, vowel marks of Arabic and `ё`."""
    folded = normal(text).casefold().translate(_ARABIC_FORMS)
    return _ARABIC_VOWELS.sub("", folded) if not folded.isascii() else folded


@dataclass(frozen=True, eq=False)
class Cues:
    """The tables of one language, each compiled when it is first asked for. One that is missing never matches."""

    language: str
    function_words: frozenset[str]
    months: frozenset[str]
    tables: Mapping[str, str]
    compiled: dict[str, re.Pattern[str]] = field(default_factory=dict)

    def __getitem__(self, table: str) -> re.Pattern[str]:
        pattern = self.compiled.get(table)
        if pattern is None:
            pattern = self.compiled[table] = _compile(_phrases(self.tables.get(table, "")), self.language)
        return pattern

    def find(self, table: str, folded: str) -> re.Match[str] | None:
        return self[table].search(folded)

    @property
    def unspaced(self) -> bool:
        return self.language in _UNSPACED

    @property
    def compounding(self) -> bool:
        """Whether words are joined to one, so that a word of the quote may be a part of a word of a notice."""
        return self.language in _COMPOUNDING


@cache
def cues_of(language: str) -> Cues | None:
    """The tables of a language (BCP 47), or None if it has none."""
    base = re.split(r"[-_]", language.lower(), maxsplit=1)[0]
    if base not in LANGUAGES:
        return None
    with (_FOLDER / f"{base}.toml").open("rb") as file:
        tables = tomllib.load(file)
    words = {
        key: frozenset(fold(each) for each in _phrases(tables.pop(key, ""))) for key in ("function_words", "months")
    }
    return Cues(base, words["function_words"], words["months"], tables)


def _phrases(table: str) -> list[str]:
    return [phrase for each in re.split(r"[,،、\n]+", table) if (phrase := each.strip())]


def _compile(phrases: list[str], language: str) -> re.Pattern[str]:
    if not phrases:
        return _NEVER
    if language in _UNSPACED:
        gap = "[^。！？；]{0,12}?"
        return re.compile(_by_beginning([re.escape(fold(each)).replace(r"\.\.", gap) for each in phrases]))
    spelled = [each for phrase in phrases for each in _beginnings(phrase)]
    options = _by_beginning(list(dict.fromkeys(_phrase(each, language) for each in spelled)))
    return re.compile(rf"(?<!{LETTER})(?:{options})(?!{LETTER})")


def _beginnings(phrase: str) -> list[str]:
    """The phrase once for each choice of its first word, so that every one begins with letters."""
    choice = re.match(r"\(([^)?]*)\)(?!\?)", phrase)
    if choice is None or "(" in choice[1]:
        return [phrase]
    return [each + phrase[choice.end() :] for each in choice[1].split("|")]


def _by_beginning(patterns: list[str]) -> str:
    """One alternation, its branches grouped by their first letters: most places of a text then fit none at once."""
    groups: dict[str, list[str]] = {}
    for pattern in patterns:
        begins = re.match(r"[^\W\d_]{1,2}", pattern)
        quantified = begins is not None and pattern[begins.end() : begins.end() + 1] in ("*", "?", "+", "{")
        groups.setdefault("" if begins is None or quantified else begins[0], []).append(pattern)
    for group in groups.values():
        group.sort(key=lambda pattern: len(pattern.replace(LETTER, "")), reverse=True)
    return "|".join(
        f"{begins}(?:{'|'.join(each[len(begins) :] for each in group)})" if begins else "|".join(group)
        for begins, group in groups.items()
    )


_OPEN_END = re.compile(r"(?:\s+(?:\([^)]*\)\?|\.\.))+$")
"""What may follow a phrase or not says nothing."""
_GAP = r"(?:[^\s.;:!?]+\s+){0,3}?"


def _phrase(phrase: str, language: str) -> str:
    """The regular expression of one phrase in a language that is written with spaces."""
    parts = []
    for part in re.findall(r"\([^)]*\)\??|\S+", _OPEN_END.sub("", phrase)):
        if part == "..":
            parts.append(_GAP)
            continue
        optional = part.endswith(")?")
        word = _word(part.removesuffix("?") if optional else part)
        if language == "ar":
            word = ("(?:[وف]?[بلك]?(?:ال)?)" if len(part) > 2 else "[وف]?") + word
        parts.append(rf"(?:{word},?\s+)?" if optional else rf"{word},?\s+")
    return "".join(parts).removesuffix(r",?\s+")


def _word(part: str) -> str:
    if part == "*":
        return r"\S+"
    escaped = re.escape(fold(part))
    return (
        escaped.replace(r"\*", rf"{LETTER}*")
        .replace(r"\(", "(?:")
        .replace(r"\)", ")")
        .replace(r"\|", "|")
        .replace(r"\ ", r"\s+")
    )


# Which language a text is in.

_SCRIPTS = (
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ar", re.compile("[\u0621-\u064a]")),
    ("hi", re.compile("[\u0904-\u0939]")),
)


def cues_for(text: str, stated: str = "") -> Cues | None:
    """The tables for a text: of the language that its function words show, else of the one that its page states."""
    return cues_of(language_of(text) or stated)


@lru_cache(maxsize=64)
def language_of(text: str) -> str:
    """The language of a text by its function words, among those with tables; empty if that is not clear."""
    words = WORD.findall(fold(text[:3_000]))
    if not words:
        return ""
    letters = sum(map(len, words))
    for language, script in _SCRIPTS:
        # Han letters stand in Japanese and Arabic ones in Persian and Urdu: the words decide there.
        if len(script.findall(text[:3_000])) > letters * (0.1 if language == "ja" else 0.3):
            return language if language in ("ja", "zh") else _by_words(words, {language}, least=0.06)
    return _by_words(words, LANGUAGES, least=0.15)


def _by_words(words: list[str], languages: frozenset[str] | set[str], least: float) -> str:
    counted: Counter[str] = Counter()
    for language in languages:
        if (cues := cues_of(language)) is not None and not cues.unspaced:
            counted[language] = sum(word in cues.function_words for word in words)
    ranked = counted.most_common(2)
    if not ranked or len(words) < 8 or ranked[0][1] < least * len(words):
        return ""
    if len(ranked) > 1 and ranked[0][1] < 1.15 * ranked[1][1]:
        return ""
    return ranked[0][0]


# The words that carry what a sentence says.

_DIGITS = re.compile(r"\d+(?:[.,'\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_CJK = re.compile("[\u3400-\u9fff]{2,}|[\u30a1-\u30ff]{3,}")
_ARABIC_PREFIX = re.compile("^(?:[وف]?(?:[بك]?ال|لل)|[وفبلك](?=.{4}))")


@lru_cache(maxsize=2_048)
def stems(text: str, cues: Cues) -> frozenset[str]:
    """The beginnings of the words of a text that are no function words and no figures; of Han, its pairs."""
    folded = fold(text)
    if cues.unspaced:
        pairs = {run[at : at + 2] for run in _CJK.findall(folded) for at in range(len(run) - 1)}
        return frozenset(pairs - cues.function_words)
    found = set()
    for word in WORD.findall(folded):
        word = word.removesuffix("'s").rpartition("'")[2]
        if cues.language == "ar":
            word = _ARABIC_PREFIX.sub("", word)
        least = 3 if cues.language in ("ar", "hi") else 4
        if len(word) >= least and not word[0].isdigit() and word not in cues.function_words:
            found.add(word[:5] if len(word) > 5 else word[: max(least, min(len(word), 4))])
    return frozenset(found)


def shared_stems(wanted: frozenset[str], text: str, cues: Cues) -> frozenset[str]:
    """Those of `wanted` that begin a word of the text; in languages that join words, also those within one."""
    there = stems(text, cues)
    shared = {
        stem
        for stem in wanted
        if stem in there or any(other.startswith(stem) or stem.startswith(other) for other in there)
    }
    if cues.compounding and len(shared) < len(wanted):
        long = " ".join(word for word in WORD.findall(fold(text)) if len(word) >= 9)
        shared |= {stem for stem in wanted if len(stem) >= 5 and stem in long}
    return frozenset(shared)


def figures(text: str, cues: Cues) -> frozenset[str]:
    """The figures of a text by their digits, without those of dates and times."""
    folded = fold(text)
    for pattern in _dates(cues):
        folded = pattern.sub(" ", folded)
    return frozenset(re.sub(r"\D", "", each) for each in _DIGITS.findall(folded))


def is_dateline(line: str, cues: Cues) -> bool:
    """Whether a line is a date or a time, as `Updated 3 March 2024, 10:15`, and not a heading with a year."""
    folded = fold(line)
    dates = (match[0] for pattern in _dates(cues)[:3] for match in pattern.finditer(folded))
    return any(re.search(r"(?<!\d)\d{1,2}(?!\d)", date) for date in dates)


@cache
def _dates(cues: Cues) -> tuple[re.Pattern[str], ...]:
    months = "|".join(sorted(map(re.escape, cues.months), key=len, reverse=True)) or "(?!)"
    return (
        re.compile(
            r"\d{1,4}\s*年(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?|\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号])?|\d{1,2}[时時]\d{0,2}分?"
        ),
        re.compile(
            r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}-\d{1,2}-\d{4}|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})|\d{1,2}[:h]\d{2}(?!\d)|\d{1,2}\.\d{2}\s*(?:uhr|uur|h\b)"
        ),
        re.compile(
            rf"\d{{1,2}}(?:\.|st|nd|rd|th|er|º|ª|°)?\s*(?:de\s+)?(?:{months}){LETTER}*\.?(?:,?\s+(?:de\s+|г\.?\s*)?\d{{4}})?"
            rf"|(?<!{LETTER})(?:{months}){LETTER}*\.?\s+(?:de\s+)?\d{{1,4}}(?:st|nd|rd|th|er)?(?:,?\s+\d{{4}})?"
        ),
        re.compile(r"(?<![\d.,])(?:19|20)\d{2}(?![\d.,]*\d)"),
    )


_CLOCK = re.compile(r"(?<![\d.,])\d{1,2}(?:[:.]\d{2})?\s*(?:uhr|uur|h|[ap]\.?m)\b\.?|[ap]\.m\.")
_SHORT = 3
"""Letters of a month's or weekday's name that may be another word in another language, as `set`, `ago` or `may`."""


def undated(text: str) -> str:
    """The words of a text, folded, without dates and times: the same for a notice that was only dated anew.

    Dates of every language with a table are known, since a notice is often too short to show its language.
    """
    calendar = _calendar()
    rest = fold(text)
    for pattern in _dates(calendar):
        rest = pattern.sub(" ", rest)
    words = re.findall(rf"\d[\d.,]*\d|{LETTER}+", _CLOCK.sub(" ", rest))
    return " ".join(word for word in words if len(word) <= _SHORT or word not in calendar.months)


@cache
def _calendar() -> Cues:
    """The names of months and weekdays in all languages."""
    tables = (cues_of(language) for language in sorted(LANGUAGES))
    return Cues("", frozenset(), frozenset().union(*(each.months for each in tables if each is not None)), {})
