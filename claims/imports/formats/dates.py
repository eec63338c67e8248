"""Read dates and times as publishers write them, or leave them out: a day that nobody gave is never made up.

Read are ISO 8601 with its ordinal dates, the forms of e-mail and of JavaScript's `Date`,
numbers whose order can only be one, and words of the languages in `_LOCALES`, whose months and weekdays are CLDR's
(package Babel). A date is read whole or not at all: every word of it must be known.

Measured on 44 such texts: dateparser reads 36 at its strictest (8 ms each; `03/04/2024`, `6/5/24` and `06.05.2024`
as the American order, `6 listopada` of unknown language as November) and 27 as it comes, where it gives `May 2024` the
day on which it runs. email.utils drops the zone of JavaScript's form.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Any, NamedTuple

from babel import Locale, UnknownLocaleError

from claims.imports.formats.records import RepairLog
from claims.statements.languages.calendar_names import month_names, weekday_names

_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LONGEST = 80  # characters
_LOCALES = (
    "en", "de", "de_AT", "es", "fr", "it", "pt", "pt_PT", "nl", "pl", "ru", "tr", "ar", "ar_LB", "ar_DZ", "ar_MA",
    "hi", "bn", "ur", "ta", "te", "id", "sv", "nb", "da", "fi", "cs", "sk", "sl", "hr", "sr_Latn", "sr", "ro", "hu",
    "el", "bg", "uk", "he", "fa", "vi", "ja", "zh", "ko",
)  # fmt: skip
_ISO_START = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_ORDINAL = re.compile(r"(\d{4})-(\d{3})")
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)")
_EITHER_FIRST = re.compile(r"(?<!\d)(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)")
_CJK = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号號]?")
_LABEL = re.compile(r"^[^\W\d]{2,20}(?: [^\W\d]{2,20})?\s?:\s+")
_TIME = re.compile(
    r"(?<![\d:])(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?|\s?h\s?(\d{2})?|(?=\s?[ap]\.?\s?m\b))"
    r"(?:\s?([ap])\.?\s?m\b\.?)?(?![\d:])"
)
_HOUR_WORDS = re.compile(
    r"(?:(?<!\w)(?:um|ore|alle|kl|klo|kello)\.? (\d{1,2})[.:](\d{2})(?: uhr)?"
    r"|(?<![\d.])(\d{1,2})(?:[.:](\d{2}))? uhr)(?![\d.])"
)
_OFFSET = re.compile(r"(?:(?<=\d)|\b(?:gmt|utc)|(?<=\s)|(?<=z))\s?([+-])(\d{2}):?(\d{2})(?!\d)")
_NAMED_ZONE = re.compile(r"(?<=\d)z(?![^\W\d_])|\b(?:z|utc|gmt|e[sd]t|m[sd]t|p[sd]t|cdt|ces?t|mez|mesz|eest|eet|msk)\b")
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "msk": 3,
}  # fmt: skip
# Zones of several meanings: the day stands, the time does not.
_AMBIGUOUS_ZONE = re.compile(r"\b(?:cst|ist|bst|ast|sst|gst|wib|wat|pkt)\b")
# What stands between the parts of a date, in any of the languages.
FILLERS = frozenset((
    "of", "the", "on", "at", "de", "del", "da", "do", "di", "d", "al", "le", "el", "la", "den", "der", "dem", "om",
    "um", "uhr", "à", "a", "às", "as", "las", "alle", "ore", "ke", "klo", "kl", "в", "o", "u", "v", "năm", "ngày",
    "г", "года", "р", "року", "г.", "р.", "роки", "yil", "у", "em", "il", "og", "och", "و", "في", "को", "के", "ka",
))  # fmt: skip
_ORDINAL_MARK = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|ère|re|e|º|ª|°|η|ο|й|го|-го)(?!\w)")
_DAY_NAMES = re.compile(r"⟨w(\d)⟩")
_TEXT_DATES = (
    re.compile(r"(?P<day>\d{1,2})\.?\s*⟨m(?P<month>\d+)⟩\s*(?P<year>\d{4})"),
    re.compile(r"⟨m(?P<month>\d+)⟩\s*(?P<day>\d{1,2})\.?\s*(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})\.?\s*⟨m(?P<month>\d+)⟩\s*(?P<day>\d{1,2})\.?"),
)
MONTH_ALONE = re.compile(r"⟨m(?P<month>\d+)⟩\s*(?P<year>\d{4})|(?P<year2>\d{4})-(?P<number>\d{2})")


class WrittenDate(NamedTuple):
    """A date as it is written; `clock` is None if no time can be relied on."""

    day: date
    clock: time | None = None
    zone: timezone | None = None
    note: str = ""


def moment(value: Any, repairs: RepairLog, *, now: datetime, language: str = "") -> datetime | None:
    """The time in a value, in UTC, a date as midnight; None, with a repair noted, if it is invalid or implausible."""
    if value is None or value == "":
        return None
    several = isinstance(value, list) and len(value) > 1
    value = single(value, repairs)
    if several and value is None:
        return None
    written = _timestamp(value)
    if written is None:
        read = _read(value, language, repairs)
        if read is None:
            return None
        written = datetime.combine(read.day, read.clock or time(), read.zone)
    if written.tzinfo is None:
        written = written.replace(tzinfo=UTC)
    try:
        result = written.astimezone(UTC)
    except OverflowError:
        result = _EARLIEST - timedelta(days=1)
    if result < _EARLIEST:
        repairs.append("a date before 1900 left out")
        return None
    if result > now + timedelta(days=1):
        repairs.append("a date in the future left out")
        return None
    return result


def day(value: Any, repairs: RepairLog, *, now: datetime, language: str = "") -> date | None:
    """The date in a value as it is written, whatever its time zone."""
    if isinstance(value, str) and len(value) == 10:
        try:
            written = date.fromisoformat(value)
        except ValueError:
            pass
        else:
            if _EARLIEST.date() <= written <= now.date() + timedelta(days=1):
                return written
    if value is None or value == "":
        return None
    value = single(value, repairs)
    if value is None:
        return None
    result = moment(value, repairs, now=now, language=language)
    if result is None:
        return None
    stamp = _timestamp(value)
    if stamp is not None:
        return stamp.date()
    read = _read(value, language, [])
    return read.day if read is not None else result.date()


def single(value: Any, repairs: RepairLog) -> Any:
    """The value, or the one in a list; None, with a repair noted, if there are different ones."""
    if isinstance(value, list):
        given = {str(each): each for each in value if each}
        if len(given) > 1:
            repairs.append(f"{len(given)} different dates left out")
            return None
        value = next(iter(given.values()), None)
    if isinstance(value, dict):
        value = value.get("@value")
    return value


def _timestamp(value: Any) -> datetime | None:
    """What Python reads by itself, and seconds or milliseconds since 1970."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            # Python takes the zone of 2024-05-06+02:00 (xsd:date) for a time.
            return datetime.fromisoformat(value if value[10:11] not in {"+", "-"} else value[:10])
        except ValueError:
            if not (value.isascii() and value.isdecimal() and len(value) in {10, 13}):
                return None
    elif not isinstance(value, int | float):
        return None
    seconds = float(value)
    try:
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC) if seconds > 1e8 else None
    except (OverflowError, OSError, ValueError):
        return None


def _read(value: Any, language: str, repairs: RepairLog) -> WrittenDate | None:
    read = written_date(value, language) if isinstance(value, str) and value.strip() else None
    if read is None:
        repairs.append("a date that cannot be read left out")
    elif isinstance(read, str):
        repairs.append(read)
    else:
        if read.note:
            repairs.append(read.note)
        return read
    return None


@lru_cache(maxsize=4096)
def written_date(value: str, language: str) -> WrittenDate | str | None:
    """The date and time in a text; a sentence for the reader if it is no whole date; None if it is not understood."""
    text = _LABEL.sub("", plain_text(value))
    if not text or len(text) > LONGEST:
        return None
    # JavaScript names the zone once more in brackets.
    text = text.split("(")[0] if "gmt" in text else " ".join(re.sub(r"[()]", " ", text).split())
    text = _HOUR_WORDS.sub(lambda match: f" {match[1] or match[3]}:{match[2] or match[4] or '00'} ", text).strip()
    if ordinal := _ORDINAL.fullmatch(text):
        year, of_year = int(ordinal[1]), int(ordinal[2])
        if not 1 <= of_year <= 365 + (monthrange(year, 2)[1] == 29 if year else 0) or not year:
            return None
        return WrittenDate(date(year, 1, 1) + timedelta(days=of_year - 1))
    found, rest = _number_date(text)
    if found is None:
        texts = with_month_numbers(text, language)
        if re.fullmatch(r"\d{4}", text) or any(MONTH_ALONE.fullmatch(each) for each in texts):
            return "a month or a year where a day should be left out"
        dated = {result for each in texts if (result := _text_date(each)) is not None}
        if len(dated) != 1:
            return None
        found, rest = dated.pop()
    return _with_time(found, rest)


def plain_text(value: str) -> str:
    """In lower case, with ASCII digits, without format characters and line breaks."""
    text = unicodedata.normalize("NFKC", value[: 2 * LONGEST])
    characters = (
        str(unicodedata.decimal(each)) if not each.isascii() and each.isdecimal() else each
        for each in text
        if unicodedata.category(each) != "Cf"
    )
    return " ".join("".join(characters).casefold().replace("i̇", "i").split())


def _number_date(text: str) -> tuple[date | None, str]:
    """The date in numbers whose order can only be one, and what stands beside it."""
    for pattern, order in ((_ISO_START, "ymd"), (_CJK, "ymd"), (_YEAR_FIRST, "ymd"), (_DAY_FIRST, "dmy")):
        if match := pattern.search(text):
            year, month, day_ = match.groups() if order == "ymd" else match.groups()[::-1]
            return calendar_date(int(year), int(month), int(day_)), _without(text, match)
    if match := _EITHER_FIRST.search(text):
        first, second, year_ = map(int, match.groups())
        # 3/4 is ambiguous; only a part above 12 shows which is the day.
        if first > 12 or first == second:
            return calendar_date(year_, second, first), _without(text, match)
        if second > 12:
            return calendar_date(year_, first, second), _without(text, match)
    return None, text


def _text_date(text: str) -> tuple[date, str] | None:
    # Times and years go before days are looked for, so that "10:00, 6 May 2024" has one day alone.
    bare, kept = text, ""
    for match in (_OFFSET.search(bare), _TIME.search(bare)):
        if match is not None:
            kept += f" {match[0]}"
            bare = bare.replace(match[0], " ", 1)
    bare = _ORDINAL_MARK.sub("", bare).replace(",", " ")
    words = [word for word in bare.split() if word.strip(".") not in FILLERS]
    line = " ".join(words)
    for pattern in _TEXT_DATES:
        if match := pattern.search(line):
            found = calendar_date(int(match["year"]), int(match["month"]), int(match["day"]))
            return (found, f"{_without(line, match)} {kept}".strip()) if found is not None else None
    return None


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}".strip()


def _with_time(day_: date, rest: str) -> WrittenDate | None:
    """Add the time in what stands beside a date; None if anything there is not understood."""
    rest = re.sub(r"^t(?=\d)", "", rest)
    rest = re.sub(r"^[+-]\d\d:\d\d$", "", rest)  # of a day alone, as in xsd:date
    zones: set[timezone] = set()
    for match in _OFFSET.finditer(rest):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
        if offset >= timedelta(hours=15):
            return None
        zones.add(timezone(-offset if match[1] == "-" else offset))
    rest = _OFFSET.sub(" ", rest)
    zones |= {timezone(timedelta(hours=_ZONES[match[0]])) for match in _NAMED_ZONE.finditer(rest)}
    rest = _NAMED_ZONE.sub(" ", rest)
    unclear = len(zones) > 1 or bool(_AMBIGUOUS_ZONE.search(rest))
    rest = _AMBIGUOUS_ZONE.sub(" ", rest)
    clock: time | None = None
    if hour := _TIME.search(rest):
        clock = _clock(hour)
        if clock is None:
            return None
        rest = _without(rest, hour)
    weekdays = {int(each) for each in _DAY_NAMES.findall(rest)}
    rest = _DAY_NAMES.sub(" ", rest)
    if not weekdays:
        names = _weekdays()
        plain = [word for word in re.split(r"[\s,;.|]+", rest) if word]
        weekdays = {number for word in plain for number in names.get(word, ())}
        rest = " ".join(word for word in plain if word not in names)
    if weekdays and day_.weekday() not in weekdays:
        return None
    if any(word not in FILLERS for word in re.split(r"[\s,;.|-]+", rest) if word):
        return None
    if unclear:
        note = "the time of a date left out, since its zone is not clear" if clock else ""
        return WrittenDate(day_, note=note)
    return WrittenDate(day_, clock, next(iter(zones), None) if clock else None)


def _clock(match: re.Match[str]) -> time | None:
    hour, minute, second = int(match[1]), int(match[2] or match[4] or 0), int(match[3] or 0)
    if match[5]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[5] == "p" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def calendar_date(year: int, month: int, day_: int) -> date | None:
    """The date, or None if the calendar has none such."""
    try:
        return date(year, month, day_)
    except ValueError:
        return None


# names of months and days


def with_month_numbers(text: str, language: str) -> list[str]:
    """The text with its month as ⟨m5⟩, once for each month that the name can mean in the language, or in any."""
    if not any(character.isalpha() for character in text):
        return []
    own = _months(language.partition("-")[0].lower()) if language else {}
    for months in (own, _any_months()):
        names = [name for name in months if name in text]
        for name in sorted(names, key=len, reverse=True):
            pattern = rf"(?<![^\W\d_]){re.escape(name)}\.?(?![^\W\d_])"
            if re.search(pattern, text):
                return [
                    re.sub(rf"[-/]?{pattern}[-/]?", f" ⟨m{number}⟩ ", text, count=1).strip() for number in months[name]
                ]
    return []


@lru_cache(maxsize=64)
def _months(code: str) -> dict[str, frozenset[int]]:
    names: dict[str, frozenset[int]] = {}
    for each in _LOCALES:
        if each.partition("_")[0] == code:
            _add_names(names, each, month_names)
    return names


@lru_cache(maxsize=1)
def _any_months() -> dict[str, frozenset[int]]:
    names: dict[str, frozenset[int]] = {}
    for code in _LOCALES:
        _add_names(names, code, month_names)
    return names


@lru_cache(maxsize=1)
def _weekdays() -> dict[str, frozenset[int]]:
    """The weekdays by name, from 0 for Monday; a name may be that of several in different languages."""
    names: dict[str, frozenset[int]] = {}
    for code in _LOCALES:
        _add_names(names, code, weekday_names)
    return {part: numbers for name, numbers in names.items() for part in (name, *name.split("-")[:1])}


def _add_names(
    names: dict[str, frozenset[int]], code: str, named: Callable[[Locale], Iterator[tuple[str, int]]]
) -> None:
    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return
    for name, number in named(locale):
        plain = plain_text(name).strip(".")
        shortest = 3 if plain.isascii() else 2 if named is month_names else 1
        if len(plain) >= shortest and not plain[:1].isdecimal():
            names[plain] = names.get(plain, frozenset()) | {number}
