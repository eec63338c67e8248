"""Repair malformed values: texts, URLs, times, languages, numbers. Each function adds what it changed to `repairs`."""

import html
import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from sources.http.addresses import canonical

Repairs = list[str]

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_TAG = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|a|span|div|ul|ol|li|h[1-6]|blockquote|q|cite|img|sup|sub|font)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s")
_PLAIN = re.compile(
    r"https?://[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/[A-Za-z0-9._~/-]*)?"
)  # canonical as it is
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{1,8}){0,4}")
_LANGUAGES = {
    "arabic": "ar", "bengali": "bn", "chinese": "zh", "dutch": "nl", "english": "en", "french": "fr", "german": "de",
    "hindi": "hi", "indonesian": "id", "italian": "it", "japanese": "ja", "korean": "ko", "polish": "pl",
    "portuguese": "pt", "russian": "ru", "spanish": "es", "swedish": "sv", "tamil": "ta", "telugu": "te",
    "turkish": "tr", "ukrainian": "uk", "urdu": "ur",
}  # fmt: skip
UNDETERMINED = "und"  # BCP 47: the language is not known
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_WRITTEN = (
    "%B %d, %Y", "%b %d, %Y", "%b. %d, %Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%Y%m%d",
    "%Y-%m-%d %H:%M:%S %Z", "%B %d, %Y %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M",
)  # fmt: skip
_SHORT_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?=$|[T ])")
_OFFSET = re.compile(r"([+-]\d\d)(\d\d)$")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?=$|[T ,])")
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,6})?")
_OUT_OF = re.compile(r"\s*([+-]?\d{1,6}(?:[.,]\d{1,4})?)\s*(?:/|out of|of|von|sur|de)\s*(\d{1,6}(?:[.,]\d{1,4})?)\s*")


def clean(value: str, repairs: Repairs) -> str:
    """The text without HTML and without characters that the database cannot store."""
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    if not value.isprintable():
        if _CONTROL.search(value):
            value = _CONTROL.sub("", value)
            repairs.append("control characters taken out")
        if _SURROGATE.search(value):
            # Joins surrogate pairs that were written separately; a single half becomes U+FFFD.
            value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            repairs.append("broken characters replaced")
    if "&" in value and _ENTITY.search(value):
        value = html.unescape(value)
        if _ENTITY.search(value):
            value = html.unescape(value)
        value = _SURROGATE.sub("\ufffd", _CONTROL.sub("", value))
        repairs.append("HTML entities resolved")
    if "<" in value and _TAG.search(value):
        value = html.unescape(_TAG.sub(" ", value)).strip()
        repairs.append("HTML taken out")
    return value


def text(value: Any, repairs: Repairs) -> str:
    """The text of a value: of a list the first, of an object its `@value`, text or name; else empty."""
    if isinstance(value, str):
        return clean(value, repairs)
    if isinstance(value, list):
        found = (text(each, repairs) for each in value[:20])
        first = next((each for each in found if each.strip()), "")
        if first:
            repairs.append("the first of a list taken for a text")
        return first
    if isinstance(value, dict):
        for name in ("@value", "text", "name"):
            if isinstance(value.get(name), str):
                repairs.append("a thing taken for a text")
                return clean(value[name], repairs)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def line(value: Any, repairs: Repairs, longest: int) -> str:
    """The text of a value on one line, cut to `longest` characters."""
    if type(value) is str and value.isascii() and value.isprintable() and "&" not in value and "<" not in value:
        found = value.strip()
        if "  " in found:
            found = " ".join(found.split())
    else:
        found = " ".join(text(value, repairs).split())
    if len(found) > longest:
        repairs.append(f"a text cut to {longest} characters")
        found = found[: longest - 1].rstrip() + "…"
    return found


def address(value: Any, repairs: Repairs, *, base: str = "") -> tuple[str, str] | None:
    """The URL in a value, without tracking parameters, and its canonical form; None if there is none.

    A relative URL is completed from `base`.
    """
    if isinstance(value, list):
        value = next((each for each in value if each), None)
        repairs.append("the first of several addresses taken")
    if isinstance(value, dict):
        value = value.get("url") or value.get("@id") or value.get("contentUrl")
    if not isinstance(value, str):
        return None
    given = value.strip()
    if _PLAIN.fullmatch(given) and "/." not in given and len(given) <= 2_000:
        return given, given
    if not given or len(given) > 4_000:
        return None
    if not given.isascii() or "&amp;" in given:
        given = _SURROGATE.sub("", html.unescape(given))
    if _SPACE.search(given):
        given = "".join(given.split())
        repairs.append("spaces taken out of an address")
    if not given[:8].lower().startswith(("http://", "https://")):
        completed = _completed(given, base)
        if completed is None:
            return None
        given = completed
        repairs.append("a relative address completed")
    try:
        known = canonical(given)
        host = urlsplit(known).netloc
    except ValueError:
        return None
    if "." not in host and not host.startswith("["):
        return None
    plain = given.partition("#")[0]
    if "?" in plain and known.count("&") + ("?" in known) < plain.count("&") + 1:
        repairs.append("tracking parameters taken out of an address")
        given = known
    return (given, known) if len(given) <= 2_000 else None


def _completed(given: str, base: str) -> str | None:
    if given.startswith("//"):
        return f"https:{given}"
    if re.match(r"[a-z][a-z0-9+.-]*:", given, re.IGNORECASE):
        return None
    if re.match(r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/|$)", given, re.IGNORECASE):
        return f"https://{given}"
    try:
        return urljoin(base, given) if base else None
    except ValueError:
        return None


def moment(value: Any, repairs: Repairs, *, now: datetime) -> datetime | None:
    """The time in a value, in UTC, a date as midnight; None, with a repair noted, if it is invalid or implausible."""
    if value is None or value == "":
        return None
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value")
    found = _moment(value)
    if found is None:
        repairs.append("a date that cannot be read left out")
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    try:
        found = found.astimezone(UTC)
    except OverflowError:
        found = _EARLIEST - timedelta(days=1)
    if found < _EARLIEST:
        repairs.append("a date before 1900 left out")
        return None
    if found > now + timedelta(days=1):
        repairs.append("a date in the future left out")
        return None
    return found


def _moment(value: Any) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, int | float) or (value.isdecimal() and value.isascii() and len(value) in {10, 13}):
        seconds = float(value)
        try:
            return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC) if seconds > 1e8 else None
        except (OverflowError, OSError, ValueError):
            return None
    written = value.strip()[:60]
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        pass
    if short := _SHORT_ISO.match(written):
        year, month, day_ = short.groups()
        written = f"{year}-{int(month):02}-{int(day_):02}{written[short.end() :]}"
    elif slashed := _SLASHED.match(written):
        first, second = int(slashed[1]), int(slashed[2])
        # 3/4 is ambiguous; only a part above 12 shows which is the day.
        if first > 12 >= second or first == second:
            written = f"{slashed[3]}-{second:02}-{first:02}"
        elif second > 12 >= first:
            written = f"{slashed[3]}-{first:02}-{second:02}"
        else:
            return None
    if written[:1].isdigit():
        written = _OFFSET.sub(r"\1:\2", written.replace(" UTC", "Z").replace(" GMT", "Z"))
    for candidate in (written, written[:19], written[:10]):
        try:
            return datetime.fromisoformat(candidate)
        except ValueError:
            continue
    for form in _WRITTEN:
        try:
            return datetime.strptime(written, form)  # noqa: DTZ007 - the zone is added where none is given
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError):
        return None


def day(value: Any, repairs: Repairs, *, now: datetime) -> date | None:
    """The date in a value as it is written, whatever its time zone."""
    if isinstance(value, str) and len(value) == 10:
        try:
            written = date.fromisoformat(value)
        except ValueError:
            pass
        else:
            if _EARLIEST.date() <= written <= now.date() + timedelta(days=1):
                return written
    found = moment(value, repairs, now=now)
    if found is None:
        return None
    given = _moment(value)
    return given.date() if given is not None else found.date()


def language(value: Any, repairs: Repairs) -> str:
    """A BCP 47 tag, or empty if there is none."""
    if isinstance(value, dict):
        value = value.get("alternateName") or value.get("name")
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, str) or not value.strip():
        return ""
    given = value.strip()
    if given.lower() in _LANGUAGES:
        repairs.append("the name of a language made a tag")
        return _LANGUAGES[given.lower()]
    tag = given.replace("_", "-")
    if not _LANGUAGE.fullmatch(tag) or len(tag) > 35:
        repairs.append("something that is no language left out")
        return ""
    first, *rest = tag.split("-")
    made = "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])
    if made != given:
        repairs.append("a language tag written as BCP 47 has it")
    return made


def number(value: Any) -> float | None:
    """A finite number, as int if it is whole; None if it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        given = value.strip()
        if not _NUMBER.fullmatch(given):
            return None
        value = float(given.replace(",", "."))
    if not isinstance(value, int | float) or value != value or abs(value) > 1e12:
        return None
    return int(value) if value == int(value) else float(value)


def out_of(value: Any) -> tuple[float, float] | None:
    """The value and the best rating in "3/5" or "3 out of 5"; None for other values."""
    match = _OUT_OF.fullmatch(value) if isinstance(value, str) and len(value) < 40 else None
    if match is None:
        return None
    part, whole = number(match[1]), number(match[2])
    return None if part is None or whole is None else (part, whole)
