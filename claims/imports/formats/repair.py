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
        texts = (text(each, repairs) for each in value[:20])
        first = next((each for each in texts if each.strip()), "")
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
        result = value.strip()
        if "  " in result:
            result = " ".join(result.split())
    else:
        result = " ".join(text(value, repairs).split())
    if len(result) > longest:
        repairs.append(f"a text cut to {longest} characters")
        result = result[: longest - 1].rstrip() + "…"
    return result


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
    url = value.strip()
    if _PLAIN.fullmatch(url) and "/." not in url and len(url) <= 2_000:
        return url, url
    if not url or len(url) > 4_000:
        return None
    if not url.isascii() or "&amp;" in url:
        url = _SURROGATE.sub("", html.unescape(url))
    if _SPACE.search(url):
        url = "".join(url.split())
        repairs.append("spaces taken out of an address")
    if not url[:8].lower().startswith(("http://", "https://")):
        completed = _completed(url, base)
        if completed is None:
            return None
        url = completed
        repairs.append("a relative address completed")
    try:
        canonical_url = canonical(url)
        host = urlsplit(canonical_url).netloc
    except ValueError:
        return None
    if "." not in host and not host.startswith("["):
        return None
    plain = url.partition("#")[0]
    if "?" in plain and canonical_url.count("&") + ("?" in canonical_url) < plain.count("&") + 1:
        repairs.append("tracking parameters taken out of an address")
        url = canonical_url
    return (url, canonical_url) if len(url) <= 2_000 else None


def _completed(url: str, base: str) -> str | None:
    if url.startswith("//"):
        return f"https:{url}"
    if re.match(r"[a-z][a-z0-9+.-]*:", url, re.IGNORECASE):
        return None
    if re.match(r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/|$)", url, re.IGNORECASE):
        return f"https://{url}"
    try:
        return urljoin(base, url) if base else None
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
    result = _moment(value)
    if result is None:
        repairs.append("a date that cannot be read left out")
        return None
    if result.tzinfo is None:
        result = result.replace(tzinfo=UTC)
    try:
        result = result.astimezone(UTC)
    except OverflowError:
        result = _EARLIEST - timedelta(days=1)
    if result < _EARLIEST:
        repairs.append("a date before 1900 left out")
        return None
    if result > now + timedelta(days=1):
        repairs.append("a date in the future left out")
        return None
    return result


def _moment(value: Any) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, int | float) or (value.isdecimal() and value.isascii() and len(value) in {10, 13}):
        seconds = float(value)
        try:
            return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC) if seconds > 1e8 else None
        except (OverflowError, OSError, ValueError):
            return None
    text = value.strip()[:60]
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    if short := _SHORT_ISO.match(text):
        year, month, day_ = short.groups()
        text = f"{year}-{int(month):02}-{int(day_):02}{text[short.end() :]}"
    elif slashed := _SLASHED.match(text):
        first, second = int(slashed[1]), int(slashed[2])
        # 3/4 is ambiguous; only a part above 12 shows which is the day.
        if first > 12 >= second or first == second:
            text = f"{slashed[3]}-{second:02}-{first:02}"
        elif second > 12 >= first:
            text = f"{slashed[3]}-{first:02}-{second:02}"
        else:
            return None
    if text[:1].isdigit():
        text = _OFFSET.sub(r"\1:\2", text.replace(" UTC", "Z").replace(" GMT", "Z"))
    for candidate in (text, text[:19], text[:10]):
        try:
            return datetime.fromisoformat(candidate)
        except ValueError:
            continue
    for form in _WRITTEN:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is added where none is given
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(text)
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
    time = moment(value, repairs, now=now)
    if time is None:
        return None
    as_written = _moment(value)
    return as_written.date() if as_written is not None else time.date()


def language(value: Any, repairs: Repairs) -> str:
    """A BCP 47 tag, or empty if there is none."""
    if isinstance(value, dict):
        value = value.get("alternateName") or value.get("name")
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, str) or not value.strip():
        return ""
    name = value.strip()
    if name.lower() in _LANGUAGES:
        repairs.append("the name of a language made a tag")
        return _LANGUAGES[name.lower()]
    tag = name.replace("_", "-")
    if not _LANGUAGE.fullmatch(tag) or len(tag) > 35:
        repairs.append("something that is no language left out")
        return ""
    first, *rest = tag.split("-")
    result = "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])
    if result != name:
        repairs.append("a language tag written as BCP 47 has it")
    return result


def number(value: Any) -> float | None:
    """A finite number, as int if it is whole; None if it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        digits = value.strip()
        if not _NUMBER.fullmatch(digits):
            return None
        value = float(digits.replace(",", "."))
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
