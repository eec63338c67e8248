"""The words by which figures are read in one language: a TOML file of `claims/statements/languages/`, and CLDR's data.

Months and the marks in numbers come from CLDR (package Babel) for every language; number words, scales, currencies and
units from the files. A language without a file has digits, months, scales, symbols and ISO currency codes alone. Where
the language itself is not known, a number that a word follows is left alone: the word may be a scale.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies

from claims.statements.languages import UNDETERMINED, table
from claims.statements.languages.calendar_names import month_names


@dataclass(frozen=True)
class FigureWords:
    """The words and marks of one language. Keys of the dictionaries are in lower case."""

    code: str
    decimal: str = "."
    groups: str = ","
    ambiguous: bool = False
    """Whether both marks are used in both meanings in this language, so that `1,250` has no certain value."""
    ones: dict[str, int] = field(default_factory=dict)
    tens: dict[str, int] = field(default_factory=dict)
    hundreds: dict[str, int] = field(default_factory=dict)
    """Words of their own for the hundreds: `doscientos`."""
    tens_and: str = ""
    """What joins tens and ones: `treinta y tres`. It joins longer numbers too."""
    a: tuple[str, ...] = ()
    half_a: tuple[str, ...] = ()
    scales: dict[str, int] = field(default_factory=dict)
    short_scales: dict[str, int] = field(default_factory=dict)
    plural: str = ""
    qualifiers: tuple[str, ...] = ()
    between: str = ""
    and_: str = ""
    from_: str = ""
    to: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    currency_of: tuple[str, ...] = ()
    currencies: dict[str, str] = field(default_factory=dict)
    percent: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    basis_points: tuple[str, ...] = ()
    durations: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset()
    year_before: tuple[str, ...] = ()
    share_of: tuple[str, ...] = ()
    shares: dict[str, tuple[int, int]] = field(default_factory=dict)
    multiples: dict[str, float] = field(default_factory=dict)
    times: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    """What stands before a number that counts nothing, as `Article`."""
    square: tuple[str, ...] = ()
    """What makes areas and volumes of a measure, before it and behind it (`square_behind`): `square`, `cuadrados?`."""
    square_behind: tuple[str, ...] = ()
    none_before: tuple[str, ...] = ()
    """What makes none of one: `ni un euro`."""
    streets: tuple[str, ...] = ()
    """What streets are called before their names, and behind them (`street_ends`; `-straße` ends a word)."""
    street_ends: tuple[str, ...] = ()
    time_before: tuple[str, ...] = ()
    hour: str = r"[01]?\d|2[0-4]"
    hours: str = "(?!)"
    """What stands before a time of day, and what it is told in: `a las 22 horas`."""
    date_of: tuple[str, ...] = ()
    year_of: tuple[str, ...] = ()
    capitalised_nouns: bool = False
    ordinal_dot: bool = False
    months: dict[str, int] = field(default_factory=dict)


_MEASURES = "km km2 km² m m2 m² m3 m³ cm mm kg g t ha kw mw gw kwh mwh gwh twh km/h °c"
_CODES = "cs da de et fi hr hu is lv nb nn no pl sk sl sr tr"
_ORDINAL_DOT = frozenset({UNDETERMINED, *_CODES.split()})
"""Languages in which `93.` before a word is the 93rd."""
CURRENCY_CODES = frozenset(list_currencies()) - {"ALL", "TOP", "CUP"}
"""Codes of ISO 4217, without those that are English words in capitals."""


@lru_cache(maxsize=64)
def figure_words(language: str) -> FigureWords:
    """The words of a language by its BCP 47 tag, such as `de` or `es-MX`."""
    locale = _locale(language)
    code = locale.language if locale else UNDETERMINED
    told = table(code, "figures")
    decimal, groups = _marks(locale)
    values: dict[str, Any] = {}
    for name, value in told.items():
        name = name + "_" if name in {"and", "from"} else name
        if name in {"ones", "tens", "hundreds"}:
            start, step = {"ones": (1, 1), "tens": (20, 10), "hundreds": (100, 100)}[name]
            values[name] = {
                spelling: start + step * n for n, word in enumerate(value.split()) for spelling in word.split("|")
            }
        elif name in {"durations", "measures"}:
            values[name] = frozenset(value.split())
        elif name == "shares":
            values[name] = {words: tuple(pair) for words, pair in value.items()}
        else:
            values[name] = tuple(value) if isinstance(value, list) else value
    values.setdefault("measures", frozenset(_MEASURES.split()))
    values.setdefault("scales", _scales(locale))
    # Spain groups with dots and much of Latin America with commas; a tag without a country does not tell which.
    ambiguous = code == "es" and locale is not None and locale.territory is None
    values.setdefault("ordinal_dot", code in _ORDINAL_DOT)
    return FigureWords(code, decimal, groups, ambiguous, months=_months(locale), **values)


def _locale(language: str) -> Locale | None:
    if language.lower().startswith(UNDETERMINED):
        return None  # which Babel would take for English
    try:
        return Locale.parse(language.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        try:
            return Locale.parse(re.split(r"[-_]", language)[0])
        except (ValueError, UnknownLocaleError):
            return None


def _marks(locale: Locale | None) -> tuple[str, str]:
    if locale is None:
        return ".", ","
    symbols = locale.number_symbols.get("latn", {})
    decimal, group = str(symbols.get("decimal", ".")), str(symbols.get("group", ","))
    if decimal == "," or group.isspace():
        return decimal, "." if decimal == "," else ","
    return decimal, group if group in {",", ".", "’"} else ","


def _scales(locale: Locale | None) -> dict[str, int]:
    """The scale words of a language without a file, out of CLDR's compact formats (`0 miljoner`)."""
    scales: dict[str, int] = {}
    for plural in locale.compact_decimal_formats["long"].values() if locale is not None else ():
        for power, pattern in plural.items():
            written = str(pattern.pattern).replace("'", "")
            word = re.sub(r"[0#.,\s\u00a0]+", " ", written).strip().lower()
            zeros = written.count("0")
            if word and zeros:
                scales.setdefault(word, int(power) // 10 ** (zeros - 1))
    return scales


def _months(locale: Locale | None) -> dict[str, int]:
    months: dict[str, int] = {}
    if locale is None:
        return months
    for name, number in month_names(locale):
        plain = name.lower().rstrip(".")
        if not any(character.isdigit() for character in plain):
            months.setdefault(plain, number)
    if locale.language == "en":
        months["sept"] = 9
    return months
