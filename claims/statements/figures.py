"""Find the figures in a text, such as counts, money, percentages and dates, with their value and unit.

    figures("some 758,000 pieces were deleted since June 1")
    -> [Figure("count", 758000, "pieces", …), Figure("date", "06-01", …)]

Dates are as precise as in the text: `2024-06-01`, `06-01`, `2024-06`, `2024`. Names of months and spelt-out numbers
are recognised in English only; digits, percentages, money and ISO dates in any language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from claims.statements.numbers import (
    DIGITS,
    NUMBER,
    ONES,
    SCALE,
    SPELT,
    TENS,
    Number,
    number,
    range_of,
    spells_scale,
)

Value = Number | str | list[Number]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; `text` is `document[start:end]`, including the qualifier and the phrase that is counted.

    `kind`: count, percent, money, date, period, duration, age, measure, ratio, multiple, rate, time, rank. `value` is a
    number, a list of two (a range, or a share such as 3 of 5), or a string (dates, periods, ratios). `unit` is for
    example "pieces", "percent" or "USD", `counts` the whole phrase counted ("cyber crime cases"), `qualifier` "over".
    """

    kind: str
    value: Value
    unit: str
    counts: str
    qualifier: str
    text: str
    start: int
    end: int


def figures(text: str, offset: int = 0) -> list[Figure]:
    """The figures of `text`, in order and without overlaps. `offset` is added to their positions."""
    results: list[Figure] = []
    covered = bytearray(len(text))
    for pattern, reader in _READERS:
        for match in pattern.finditer(text):
            figure = reader(match)
            if figure is not None and not any(covered[figure.start : figure.end]):
                results.append(figure)
                covered[figure.start : figure.end] = b"\x01" * (figure.end - figure.start)
    results.sort(key=lambda f: f.start)
    return [replace(f, start=f.start + offset, end=f.end + offset) for f in results] if offset else results


# -- readers: each converts a match to a figure, or returns None if it is not one --------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _words_in_order(text: str) -> list[str]:
    return text.split()


_MONTHS = {
    name: month
    for month, names in enumerate(
        _words_in_order(
            "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug "
            "september|sept|sep october|oct november|nov december|dec"
        ),
        start=1,
    )
    for name in names.split("|")
}
_CURRENCIES = {
    "$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW",
    "dollar": "USD", "euro": "EUR", "pound": "GBP", "yen": "JPY", "yuan": "CNY", "renminbi": "CNY", "rupee": "INR",
    "ruble": "RUB", "rouble": "RUB", "won": "KRW", "franc": "CHF", "peso": "peso", "kronor": "krona",
    "crown": "crown", "cent": "cent", "usd": "USD", "eur": "EUR", "gbp": "GBP", "chf": "CHF", "cny": "CNY",
    "jpy": "JPY", "a$": "AUD", "c$": "CAD",
}  # fmt: skip
_DURATIONS = _words(
    "second minute hour day night week fortnight month quarter year decade century season seconds minutes hours days "
    "nights weeks fortnights months quarters years decades centuries seasons"
)
_MEASURES = _words(
    "km km2 km² m m2 m² m3 m³ cm mm kg g t ha mph mw gw kw kwh mwh gwh twh foot feet inch inches degree degrees "
    "celsius fahrenheit kilometer kilometers kilometre kilometres meter meters metre metres mile miles acre acres "
    "hectare hectares tonne tonnes ton tons kilogram kilograms kilo kilos gram grams pound pounds litre litres liter "
    "liters gallon gallons barrel barrels watt watts kilowatt kilowatts megawatt megawatts gigawatt gigawatts knot "
    "knots"
)
# "Article 5", "No. 10": a label, not a quantity
_LABEL = re.compile(
    r"(?:\b(?:No|Nos|Article|Section|Chapter|Figure|Table|Page|Rule|Channel|Flight|Route|Room|Clause|Paragraph|Highway"
    r"|Interstate|Title|Resolution|Version|Volume|Phase|Level|Grade|Windows)\.?|[#§])\s*$"
)


def _figure(
    match: re.Match[str], kind: str, value: Value | None, unit: str = "", counts: str = "", end: int | None = None
) -> Figure | None:
    if value is None:
        return None
    start, stop = match.start(), match.end() if end is None else end
    while start < stop and match.string[start].isspace():
        start += 1
    while stop > start and match.string[stop - 1].isspace():
        stop -= 1
    qualifier = " ".join((match.groupdict().get("qualifier") or "").lower().split())
    return Figure(kind, value, unit, counts, qualifier, match.string[start:stop], start, stop)


def _literal(kind: str, unit: str = "") -> Callable[[re.Match[str]], Figure | None]:
    """A reader whose value is the matched text in lower case."""

    def reader(match: re.Match[str]) -> Figure | None:
        return _figure(match, kind, " ".join(match.group().lower().split()), unit)

    return reader


def _iso_date(match: re.Match[str]) -> Figure | None:
    return _figure(match, "date", match.group()) if 1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31 else None


def _date(match: re.Match[str]) -> Figure | None:
    month = _MONTHS.get(match["month"].lower().rstrip("."))
    day = int(match["day"]) if match["day"] else None
    year = match["year"]
    if month is None or (day is not None and not 1 <= day <= 31) or (day is None and year is None):
        return None
    return _figure(match, "date", "-".join(p for p in (year, f"{month:02}", f"{day:02}" if day else None) if p))


def _year(match: re.Match[str]) -> Figure | None:
    head = _counted(match.string, match.end())[1]
    if head.lower() in _IRREGULAR_PLURALS:
        return None  # "of 2000 people"
    return Figure("date", match["year"], "", "", "", match["year"], match.start("year"), match.end("year"))


def _years(match: re.Match[str]) -> Figure | None:
    low, high = int(match["low"]), match["high"]
    full = int(high) if len(high) == 4 else int(match["low"][:2] + high)
    return _figure(match, "period", [low, full], "year") if full > low else None


def _money(match: re.Match[str]) -> Figure | None:
    groups = match.groupdict()
    word = (groups.get("sign") or groups.get("word") or "").lower().split()[-1]
    unit = _CURRENCIES.get(word) or _CURRENCIES.get(word.removesuffix("s")) or word
    return _figure(match, "money", range_of(match["low"], match["high"]), unit)


def _percent(match: re.Match[str]) -> Figure | None:
    unit = "percentage points" if "point" in match.group().lower() else "percent"
    value = range_of(match["low"], match["high"])
    return _figure(match, "percent", value, unit, _of_phrase(match.string, match.end()))


def _ratio(match: re.Match[str]) -> Figure | None:
    value = " ".join(match.group().lower().split())
    return _figure(match, "ratio", value, counts=_of_phrase(match.string, match.end()))


def _share(match: re.Match[str]) -> Figure | None:
    """`12 of the 30 pumps`."""
    phrase, head = _counted(match.string, match.end())
    part, whole = number(match["part"]), number(match["whole"])
    if part is None or whole is None or part > whole or not head:
        return None
    return _figure(match, "ratio", [part, whole], head, phrase.strip(), end=match.end() + len(phrase))


def _attributive(match: re.Match[str]) -> Figure | None:
    """`18-month`, `40-year-old`, `50-page`."""
    unit = match["unit"].lower()
    if match["old"]:
        return _figure(match, "age", number(match["low"]), "years")
    if unit in {"in", "to", "and", "or", "of", "a"} or unit in _ORDINAL_PARTS or unit in ONES:
        return None
    kind = "duration" if unit in _DURATIONS else "measure" if unit in _MEASURES else "count"
    return _figure(match, kind, number(match["low"]), unit)


def _glued(match: re.Match[str]) -> Figure | None:
    """`80mph`."""
    return _figure(match, "measure", number(match["low"]), match["unit"].lower())


def _count(match: re.Match[str]) -> Figure | None:
    text = match.string
    value = range_of(match["low"], match["high"])
    digits = match["low"].strip()
    before = text[max(0, match.start("low") - 30) : match.start("low")]
    if value is None or re.fullmatch(r"\d{3}[-–]\d{4}", match.group().strip()) or _LABEL.search(before):
        return None
    if re.match(r"(?:st|nd|rd|th)\b", text[match.end() :]):
        return None
    spelt = not digits[0].isdigit()
    phrase, head = _counted(text, match.end())
    if spelt and (value == 1 or not head) and not spells_scale(digits):
        return None  # "one of them", "the two": no figure to check
    if re.fullmatch(r"(?:1[5-9]|20)\d\d", digits) and not match["qualifier"] and not match["high"]:
        dated = re.search(r"\b(?:in|since|of|by|until|from|the|during|late|early)\s+$", before.lower())
        if dated or not head:
            return _figure(match, "date", digits)
    if (
        not head
        and match.start("low") < 3
        and not before.strip()
        and re.match(r"[.)]\s", text[match.end() :])
        and len(digits) < 3
    ):
        return None  # the number of a list item
    kind = "duration" if head.lower() in _DURATIONS else "measure" if head.lower() in _MEASURES else "count"
    return _figure(match, kind, value, head, " ".join(phrase.split()), end=match.end() + len(phrase))


# -- the phrase that is counted ----------------------------------------------------------------------------------------

_STOP = _words(
    """
    a an the and or but nor of in on at from for with by to about into over under between among against during
    through across around near behind beyond within without per via amid as than that which who whom whose when
    where while if because since until after before is are was were be been being am has have had do does did will
    would can could may might must shall should not he she it they we you i his her its their our my your this these
    those there then so also only just already last next ago later earlier now said says more less fewer up down out
    off away together each both all came went took made got gave became began left fell rose grew
    """
)
_OWNERS = _words("the all its their his her our")
_IRREGULAR_PLURALS = _words(
    "people men women children feet teeth mice police cattle sheep fish aircraft data media staff troops dead injured "
    "wounded personnel species series"
)
_NOT_PLURAL = _words("this is was has its his as us less across always yes plus thus versus minus")
_SINGULAR_UNITS = _DURATIONS | _MEASURES | {"person", "case", "time", "seat", "vote"}
_ORDINAL_PARTS = _words("half third thirds quarter quarters fifth fifths sixth sixths tenth tenths")
_WORD = re.compile(r"[ \t\u00a0]+(?P<word>(?:[A-Z]\.){2,}|[^\W\d_][\w’'²³-]*)|-(?P<hyphened>[^\W\d_]\w*)")
_OF_PHRASE = re.compile(r"\s+of\s+((?:(?:the|all|its|their|his|her|our)\s+)?[\w’'-]+(?:\s+[\w’'-]+){0,3})")


def _counted(text: str, at: int) -> tuple[str, str]:
    """The noun phrase that follows `at` and its head noun: (" cyber crime cases", "cases"); empty if none follows."""
    i = at
    for n in range(6):
        match = _WORD.match(text, i)
        if match is None or match["word"] is None:
            break
        word = match["word"]
        bare = re.sub(r"[’']s$", "", word.lower())
        if bare in _STOP or bare in _MONTHS:
            break
        i = match.end()
        if n == 0 and bare in _SINGULAR_UNITS and re.match(r"[\s,.;:)”\"]|$", text[i:]):
            return text[at:i], word
        plural = bare.endswith("s") and not bare.endswith("ss") and bare not in _NOT_PLURAL
        if plural or bare in _IRREGULAR_PLURALS:
            return (text[at:i], word) if word.lower() == bare else ("", "")
        if n and bare.endswith(("ing", "ed", "ly")):
            break
    return "", ""


def _of_phrase(text: str, at: int) -> str:
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


# -- patterns, the most specific first -----------------------------------------------------------------------------

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_YEAR = r"(?:1[5-9]|20)\d\d"
_QUALIFIER = (
    r"(?P<qualifier>\b(?:more than|less than|fewer than|no more than|no fewer than|no less than|at least|at most|up to"
    r"|as many as|as much as|as few as|well over|just over|just under|close to|nearly|almost|over|under|about|around"
    r"|approximately|roughly|some|above|below|only|just|exactly|an estimated|estimated|another|a total of)\s+)?"
)
_SIGN = r"(?:US\$|A\$|C\$|[$€£¥₹₽₩])"
_CURRENCY = (
    r"(?:(?:U\.?S\.?|American|Canadian|Australian|Swiss)\s+)?(?:dollars?|euros?|pounds?(?!\s+of)|yen|yuan|renminbi"
    r"|rupees?|roubles?|rubles?|francs?|pesos?|kronor|crowns|cents?|USD|EUR|GBP|CHF|CNY|JPY)\b"
)
_TO = r"(?(between)\s+and\s+|(?:\s?[-–—]\s?|\s+(?:to|or)\s+))"
_RANGE = rf"{_QUALIFIER}(?:\bfrom\s+)?(?P<between>\bbetween\s+)?(?P<low>{NUMBER})(?:{_TO}(?P<high>{NUMBER}))?"
_AMOUNT = rf"\d[\d,]*(?:\.\d+)?{SCALE}?(?<![,.])"
_SMALL = "|".join([*ONES, *TENS])

Reader = Callable[[re.Match[str]], Figure | None]


def _patterns() -> Iterator[tuple[str, Reader]]:
    yield r"\b(\d{4})-(\d{2})-(\d{2})\b", _iso_date
    yield r"\b24\s?/\s?7\b", _literal("rate", "hours a day, days a week")
    # months are names: "may" and "march" in lower case are verbs
    month, year = f"(?P<month>(?-i:{_MONTH}))", f"(?P<year>{_YEAR})"
    ordinal = r"(?:st|nd|rd|th)?"
    yield rf"\b{month}\s+(?P<day>\d{{1,2}}){ordinal}\b(?!\.\d|,\d{{3}})(?:,?\s+{year}\b)?", _date
    yield rf"\b(?P<day>\d{{1,2}}){ordinal}(?:\s+of)?\s+{month}(?:,?\s+{year}\b)?", _date
    yield rf"\b{month}(?P<day>)(?:,|\s+of)?\s+{year}\b", _date
    yield rf"\b(?-i:{_MONTH})\s+(?:this|last|next)\s+year\b", _literal("period")
    yield (
        r"\b(?:(?:the\s+)?(?:start|beginning|end|middle|first half|second half|"
        r"(?:first|second|third|fourth) quarter)"
        r"\s+of\s+)?(?:(?:this|last|next|the past|the last|the previous|the next|the coming)\s+"
        r"(?:couple of\s+|few\s+|several\s+)?(?:week|month|quarter|year|decade|century)s?)\b",
        _literal("period"),
    )
    yield rf"\bthe\s+(?:first|second|third|fourth)\s+(?:quarter|half)(?:\s+of\s+{_YEAR})?\b", _literal("period")
    yield r"\bthe\s+(?:early\s+|late\s+|mid-)?(?:1[5-9]|20)\d0s\b", _literal("period")
    yield r"\bthe\s+(?:early\s+|late\s+)?\d{1,2}(?:st|nd|rd|th)\s+century\b", _literal("period")
    yield rf"\b(?P<low>{_YEAR})[-–/](?P<high>(?:{_YEAR}|\d\d))\b(?![-\d])", _years
    yield (
        rf"{_QUALIFIER}(?:\bfrom\s+)?(?P<between>\bbetween\s+)?(?<!\w)(?P<sign>{_SIGN})\s?(?P<low>{_AMOUNT})"
        rf"(?:{_TO}{_SIGN}?\s?(?P<high>{_AMOUNT}))?",
        _money,
    )
    yield rf"{_RANGE}[\s-](?P<word>{_CURRENCY})", _money
    yield (
        rf"{_RANGE}(?:\s?%|\s?per\s?cent(?:age)?(?:\s+points?)?\b|\s?percentage\s+points?\b|-percent\b)(?:\s+points?\b)?",
        _percent,
    )
    yield (
        rf"{_QUALIFIER}\b(?:{_SMALL}|\d+)\s+(?:in|out\s+of)(?:\s+every)?\s+(?:{_SMALL}|a\s+hundred|a\s+thousand"
        r"|\d[\d,]*)\b(?!\s+(?:years|months|weeks|days|hours))",
        _ratio,
    )
    yield (
        rf"{_QUALIFIER}\b(?:(?:one|two|three|four|five)[-\s](?:half|third|quarter|fifth|sixth|tenth)s?"
        r"|a\s+(?:third|quarter|fifth|tenth)|half)(?=\s+of\b)",
        _ratio,
    )
    yield rf"{_QUALIFIER}(?P<part>{NUMBER})\s+of\s+(?:the|its|their|his|her|our|all)\s+(?P<whole>{NUMBER})", _share
    yield (
        r"\b(?:(?:more than\s+|nearly\s+|almost\s+)?(?:doubled|tripled|trebled|quadrupled|halved)|twofold|threefold"
        r"|fourfold|fivefold|tenfold|(?:twice|three times|four times|five times|ten times|half)\s+as\s+"
        r"(?:many|much|high|large|big|fast|likely)|(?:\d+(?:\.\d+)?|two|three|four|five|ten)\s+times\s+"
        r"(?:more|less|higher|lower|larger|as\s+\w+))\b",
        _literal("multiple"),
    )
    yield rf"(?P<low>{DIGITS}|{SPELT})[-‑](?P<unit>[a-z]+)(?P<old>[-‑]olds?)?\b(?<!percent)", _attributive
    yield rf"(?P<low>{DIGITS})(?P<unit>km|kg|cm|mm|mph|mw|gw|kw|kwh|mwh|gwh|twh|ft|lbs?|kph)\b", _glued
    yield (
        r"(?<![\w.])\d{1,2}(?::\d\d)?\s?(?:a\.m\.|p\.m\.|am\b|pm\b)|(?<![\w.:])\d{1,2}:\d\d(?![\w:])",
        _literal("time"),
    )
    yield (
        r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th))[-\s]"
        r"(?:largest|biggest|highest|lowest|smallest|poorest|richest|most\s+\w+|consecutive\s+\w+|straight\s+\w+)\b",
        _literal("rank"),
    )
    yield (
        rf"\b(?:in|since|until|by|of|from|before|after|during|for|through)\s+(?P<year>{_YEAR})\b(?![,.]\d|\s?%)",
        _year,
    )
    yield rf"{_RANGE}(?!\s?%)", _count


_READERS = [(re.compile(pattern, re.IGNORECASE), reader) for pattern, reader in _patterns()]
