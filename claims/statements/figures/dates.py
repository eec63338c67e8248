"""Dates, periods and times of day, as precisely as they are written: `2028-06-05`, `06-05`, `2028-06`, `2028`.

A date that can be read in two ways (03/04/2029) has no figure at all, nor has any piece of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from claims.statements.figures.counted import counted
from claims.statements.figures.figure import Figure, figure, literal
from claims.statements.figures.words import FigureWords

Reader = Callable[[re.Match[str]], Figure | None]

YEAR = r"(?:1[5-9]|20)\d\d"
"""The pattern of a year."""
_AMERICAN = frozenset({"US", "PH"})
_BEFORE_A_DAY = re.compile(
    r"(?:^|[,.:;(–—-]|\b(?:on|by|of|from|since|until|till|to|before|after|through|day))\s*$", re.I
)


def nothing(match: re.Match[str]) -> Figure:
    """A place in which no figure may be read, such as a version, a phone number or an ambiguous date."""
    return Figure("", "", "", "", "", match.group(), match.start(), match.end())


def date_patterns(words: FigureWords, territory: str = "") -> Iterator[tuple[str, Reader]]:
    """The patterns of a language's dates with what reads them, the most specific first."""
    yield r"(?<![\w.-])(\d{4})-(\d{2})-(\d{2})(?![\w-])", _iso
    yield (
        r"(?<![\w./-])(?P<first>\d{1,2})(?P<mark>[./-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})(?![\w/-]|\.\d)",
        _numeric(words, territory),
    )
    if words.code == "de":
        yield r"(?<![\w./-])(?P<day>\d{1,2})\.\s?(?P<number>\d{1,2})\.(?!\d)(?!\s?\d)", _day_and_month
    if words.code in {"zh", "ja"}:
        yield r"(?P<year>\d{4})年(?:(?P<number>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?", _day_and_month
        yield r"(?<!\d)(?P<number>\d{1,2})月(?P<day>\d{1,2})[日号號]", _day_and_month
    yield r"(?<!\w)(?:\d+\.){2,}\d+(?!\w)(?!\.\d{3})", _version
    yield r"(?<![\w(])\(\d{2,4}\)\s?\d{2,4}(?:[\s-]\d{2,4}){1,3}(?!\d)", _phone
    yield r"(?<![\w.,/])(?<!\d\s)(?:\+\d{1,3}|\(?0\d*\)?)(?:[\s/()-]{1,2}\d+){1,6}(?![\w,.]*\d)", _phone
    yield r"(?<![\w.,/-])\d{3}[\s-]\d{4}(?![\w-]|[.,]\d)", _phone
    # `91 555 01 23`, but not `91 555 012`, which thousands are written like
    yield r"(?<![\w.,/])(?!\d{1,3}(?:\s\d{3})+(?!\s?\d))\d{1,4}(?:[ \u00a0]\d{2,4}){2,}(?![\w,.]*\d)", _phone
    yield r"(?<!\w)\d+(?:-\d+){2,}(?!\w)", nothing  # an ISBN, a file number
    # the file numbers of German courts: `5 K 118/31`, `2 BvR 7/30`, `XI ZB 4/29`
    yield r"(?<![\w.,/])(?-i:\d{1,3}|[IVX]{1,4})\s(?-i:[A-Z][A-Za-z]{0,4})\s\d{1,5}/\d\d(?!\d)", nothing
    if words.months:
        yield from _with_months(words)
    if words.code == "en":
        yield from _english(words)
    yield rf"(?<![\w/-])(?P<low>{YEAR})[-–/](?P<high>(?:{YEAR}|\d\d))(?![-\d/]|\w)", _years
    if words.between:
        yield rf"\b{words.between}\s+(?P<low>{YEAR})\s+{words.and_}\s+(?P<high>{YEAR})\b(?![.,]\d)", _years
    yield r"\b(?-i:FY)\s?['’]?(?P<year>\d{4}|\d\d)(?:[-–/](?P<to>\d{2,4}))?\b", _fiscal_year
    yield rf"\b(?-i:Q)(?P<quarter>[1-4])\s?(?P<year>{YEAR})\b", _quarter
    yield r"(?<!\w)['’](?P<decade>\d0)s\b", _decade
    if words.time_before:
        before = "|".join(words.time_before)
        yield rf"(?<!\w)(?:{before})\s+(?P<said>(?:{words.hour})\s*(?:{words.hours}))(?!\w)", _said_time
    bare = "" if words.code == "de" else r"|am\b|pm\b"  # `in der Gasse 14 am Bach`
    yield (
        r"(?<![\w.,:/])(?P<hour>\d{1,2})(?:[.:](?P<minute>[0-5]\d))?\s?"
        rf"(?P<half>a\.m\.|p\.m\.{bare}|a\.\s?m\.|p\.\s?m\.)",
        _time,
    )
    yield (
        r"(?<![\w.,:/])(?P<hour>[01]?\d|2[0-4])[.:](?P<minute>[0-5]\d)\s?"
        r"(?-i:BST|GMT|UTC|CET|CEST|EST|EDT|PST|PDT|IST|Uhr|h\b|hrs?\b|horas\b|heures\b)",
        _time,
    )
    yield r"(?<![\w.,:/])(?P<hour>[01]?\d|2[0-4])\s?h\s?(?P<minute>[0-5]\d)\b", _time
    yield r"(?<![\w.,:/])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\w:]|[.,]\d)", _time
    # a live blog's stamp: 15.10 alone on its line
    yield r"(?:\A|(?<=\n))(?P<hour>[01]?\d|2[0-4])\.(?P<minute>[0-5]\d)(?=\s*(?:\n|\Z|[-–—|]|[A-ZÄÖÜ]))", _time
    yield r"(?<![\w.])(?P<hour>[01]?\d|2[0-4])\s(?-i:Uhr)\b", _time


def _with_months(words: FigureWords) -> Iterator[tuple[str, Reader]]:
    names = "|".join(sorted(map(re.escape, words.months), key=len, reverse=True))
    # Where months are names, "may" and "march" in small letters are verbs.
    case = "(?-i:{})" if words.code in {"en", "de", "nl"} else "{}"
    if words.code in {"en", "de", "nl"}:
        names = "|".join(
            re.escape(written)
            for name in sorted(words.months, key=len, reverse=True)
            for written in (name if words.code == "nl" else name.capitalize(), name.upper())
        )
    month = rf"(?P<month>{case.format(names)})(?!\w)\.?"
    year = f"(?P<year>{YEAR})(?!\\d|[.,]\\d)"
    of = rf"(?:\s+(?:{'|'.join(words.date_of)}))?" if words.date_of else r"(?:\s+of)?" if words.code == "en" else ""
    of_year = rf"(?:\s+(?:{'|'.join(words.year_of)}))?" if words.year_of else "(?:,|\\s+of)?"
    ordinal = r"(?:st|nd|rd|th|\.|er|º|ª|ª)?"
    read = _named(words)
    end = r"(?!\.\d|,\d{3}|\d)"
    day = r"(?<![\w.,/-])(?P<day>\d{1,2})"
    dash = r"\s?[-–—]\s?"
    yield rf"(?<!\w){month}\s+(?P<day>\d{{1,2}}){dash}(?P<to>\d{{1,2}})\b{end}(?:{of_year}\s+{year})?", read
    yield (
        rf"{day}\.?(?:{dash}|\s+(?:bis|to|al|au)\s+)(?P<to>\d{{1,2}}){ordinal}{of}\s+{month}(?:,?{of_year}\s+{year})?",
        read,
    )
    yield (
        rf"{day}{ordinal}{of}\s+{month}(?:,?{of_year}\s+(?:{year}|(?P<short>['’]\d\d(?!\w)|\d\d(?=[.,;:)]?(?:\s*$|[)]|[.,;:]\s)))))?",
        read,
    )
    if words.code == "en":
        yield rf"(?<!\w){month}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\.\d|,\d{{3}})(?:,?\s+{year}\b)?", read
    yield rf"(?<!\w){month}{of_year}\s+{year}", read


def _english(words: FigureWords) -> Iterator[tuple[str, Reader]]:
    names = "|".join(sorted((name.capitalize() for name in words.months), key=len, reverse=True))
    yield rf"\b(?-i:{names})\s+(?:this|last|next)\s+year\b", literal("period")
    yield (
        rf"\b(?:the\s+)?(?:(?P<half>first|second)\s+half|(?P<quarter>first|second|third|fourth)\s+quarter)\s+of\s+(?P<year>{YEAR})\b",
        _part_of_year,
    )
    yield (
        r"\b(?:(?:the\s+)?(?:start|beginning|end|middle|first half|second half|"
        r"(?:first|second|third|fourth) quarter)"
        r"\s+of\s+)?(?:(?:this|last|next|the past|the last|the previous|the next|the coming)\s+"
        r"(?:couple of\s+|few\s+|several\s+)?(?:week|month|quarter|year|decade|century)s?)\b",
        literal("period"),
    )
    yield r"\bthe\s+(?:first|second|third|fourth)\s+(?:quarter|half)\b", literal("period")
    yield r"\bthe\s+(?:early\s+|late\s+|mid-)?(?:1[5-9]|20)\d0s\b", literal("period")
    yield r"\bthe\s+(?:early\s+|late\s+)?\d{1,2}(?:st|nd|rd|th)\s+century\b", literal("period")


def _iso(match: re.Match[str]) -> Figure | None:
    return (
        figure(match, "date", match.group()) if _is_day(int(match[1]), int(match[2]), int(match[3])) else nothing(match)
    )


def _is_day(year: int | None, month: int, day: int) -> bool:
    try:
        date(year or 2000, month, day)
    except ValueError:
        return False
    return True


def _numeric(words: FigureWords, territory: str) -> Reader:
    """`5.6.2028`: the day first, but in English as the country has it, and without one only if it is certain."""

    def reader(match: re.Match[str]) -> Figure | None:
        first, second = int(match["first"]), int(match["second"])
        year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
        day_first = _is_day(year, second, first)
        month_first = _is_day(year, first, second)
        if words.code == "en" and match["mark"] != ".":
            certain = first == second or day_first != month_first
            if not certain and not territory:
                return nothing(match)
            american = (
                territory in _AMERICAN
                if day_first and month_first and first != second
                else month_first and not day_first
            )
            month, day = (first, second) if american else (second, first)
        elif day_first:
            month, day = second, first
        else:
            return nothing(match)
        return figure(match, "date", f"{year}-{month:02}-{day:02}") if _is_day(year, month, day) else nothing(match)

    return reader


def _day_and_month(match: re.Match[str]) -> Figure | None:
    groups = match.groupdict()
    year, number, day = groups.get("year"), groups.get("number"), groups.get("day")
    if (number and not 1 <= int(number) <= 12) or (
        number and day and not _is_day(int(year) if year else None, int(number), int(day))
    ):
        return nothing(match)
    parts = [year, f"{int(number):02}" if number else None, f"{int(day):02}" if day else None]
    return figure(match, "date", "-".join(part for part in parts if part))


def _version(match: re.Match[str]) -> Figure | None:
    groups = match.group().split(".")
    if all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3:
        return None  # a number with dots between its thousands
    return nothing(match)


def _phone(match: re.Match[str]) -> Figure | None:
    return nothing(match) if sum(character.isdigit() for character in match.group()) >= 6 else None


def _named(words: FigureWords) -> Reader:
    def reader(match: re.Match[str]) -> Figure | None:
        groups = match.groupdict()
        month = words.months.get(match["month"].lower().rstrip("."))
        day = int(groups["day"]) if groups.get("day") else None
        year = groups.get("year") or (f"20{groups['short'][-2:]}" if groups.get("short") else None)
        if month is None or (day is None and year is None):
            return None
        if day is not None and not _is_day(int(year) if year else None, month, day):
            return None

        def written(number: int | None) -> str:
            return "-".join(part for part in (year, f"{month:02}", f"{number:02}" if number else None) if part)

        if groups.get("to"):
            last = int(groups["to"])
            if day is None or last <= day or not _is_day(int(year) if year else None, month, last):
                return nothing(match)
            return figure(match, "period", f"{written(day)}/{written(last)}")
        if _may_be_a_verb(match, words):
            return nothing(match)
        return figure(match, "date", written(day))

    return reader


def _may_be_a_verb(match: re.Match[str], words: FigureWords) -> bool:
    """Whether the month may be a verb in capitals, whose number counts what follows: `THEY MARCH 12 MILES`."""
    if match["month"] not in {"MAY", "MARCH"} or match.groupdict().get("year") or not match.group()[0].isalpha():
        return False
    before = match.string[max(0, match.start() - 12) : match.start()]
    return bool(counted(match.string, match.end(), words)[1]) and not _BEFORE_A_DAY.search(before)


def _years(match: re.Match[str]) -> Figure | None:
    low, high = int(match["low"]), match["high"]
    full = int(high) if len(high) == 4 else int(match["low"][:2] + high)
    return figure(match, "period", [low, full], "year") if full > low else None


def _fiscal_year(match: re.Match[str]) -> Figure | None:
    year = match["year"] if len(match["year"]) == 4 else f"20{match['year']}"
    to = match["to"]
    return figure(match, "period", f"FY{year}" + (f"-{to[-2:]}" if to else ""))


def _quarter(match: re.Match[str]) -> Figure | None:
    return figure(match, "period", f"{match['year']}-Q{match['quarter']}")


_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4}


def _part_of_year(match: re.Match[str]) -> Figure | None:
    part = f"H{_ORDER[match['half'].lower()]}" if match["half"] else f"Q{_ORDER[match['quarter'].lower()]}"
    return figure(match, "period", f"{match['year']}-{part}")


def _decade(match: re.Match[str]) -> Figure | None:
    decade = int(match["decade"])
    return figure(match, "period", f"{'20' if decade < 30 else '19'}{match['decade']}s")


def _said_time(match: re.Match[str]) -> Figure:
    """`a las 22 horas`: no duration."""
    said = match["said"]
    return Figure("time", " ".join(said.lower().split()), "", "", "", said, match.start("said"), match.end("said"))


def _time(match: re.Match[str]) -> Figure | None:
    return figure(match, "time", " ".join(match.group().lower().split()))
