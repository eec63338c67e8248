"""Repair malformed values: texts, URLs, numbers. Each function notes what it changed in `repairs`."""

import html
import ipaddress
import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from claims.imports.formats.records import RepairLog, Repairs
from sources.http.addresses import canonical

# Control and C1 characters, noncharacters, and marks that turn the direction of what follows or cannot be seen.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNDECODED = re.compile("[\udc80-\udcff]")  # bytes that are not UTF-8, see stream_parser.py
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_INLINE_TAG = re.compile(
    r"</?(?:b|i|u|em|strong|a|span|q|cite|sup|sub|font|mark|small|s|code)(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE
)
_TAG = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|a|span|div|ul|ol|li|h[1-6]|blockquote|q|cite|img|sup|sub|font|mark|small|s|code)"
    r"(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_LANGUAGE_KEY = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8})?|@none|none|default")
_SPACE = re.compile(r"\s")
_PLAIN = re.compile(
    r"https?://[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/[A-Za-z0-9._~/-]*)?"
)  # canonical as it is
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,6})?")
_OUT_OF = re.compile(r"\s*([+-]?\d{1,6}(?:[.,]\d{1,4})?)\s*(?:/|out of|of|von|sur|de)\s*(\d{1,6}(?:[.,]\d{1,4})?)\s*")


def clean(value: str, repairs: RepairLog) -> str:
    """The text without HTML and without characters that the database cannot store."""
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    if not value.isprintable():
        value = _without_faults(value, repairs)
    if "&" in value and _ENTITY.search(value):
        value = html.unescape(value)
        if _ENTITY.search(value):
            value = html.unescape(value)
        value = _SURROGATE.sub("\ufffd", _CONTROL.sub("", value))
        repairs.append("HTML entities resolved")
    if "<" in value and _TAG.search(value):
        value = html.unescape(_TAG.sub(" ", _INLINE_TAG.sub("", value))).strip()
        repairs.append("HTML taken out")
    if "\ufffd" in value:
        repairs.append(f"{value.count(chr(0xFFFD))} × U+FFFD: characters that were lost before or by the decoding")
    return value


def _without_faults(value: str, repairs: RepairLog) -> str:
    if _UNDECODED.search(value):
        value = _decoded(value, repairs)
    if _LINE_ENDS.search(value):
        value = _LINE_ENDS.sub("\n", value)
    if _CONTROL.search(value):
        value = _CONTROL.sub("", value)
        repairs.append("control characters taken out")
    if _SURROGATE.search(value):
        # Joins surrogate pairs that were written separately; a single half becomes U+FFFD.
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        repairs.append("broken characters replaced")
    return value


def _decoded(value: str, repairs: RepairLog) -> str:
    """The text with its bytes that are not UTF-8 read in the charset of the record's language, if it has one."""
    legacy = repairs.legacy_charset if isinstance(repairs, Repairs) else ""
    if legacy:
        try:
            text = value.encode("utf-8", "surrogateescape").decode(legacy)
        except UnicodeError:
            pass
        else:
            repairs.append(f"bytes that are not UTF-8 read as {legacy}, by the language")
            return text
    if isinstance(repairs, Repairs):
        repairs.undecodable[repairs.field] = len(_UNDECODED.findall(value))
    return _UNDECODED.sub("\ufffd", value)


def text(value: Any, repairs: RepairLog, *, language: str = "") -> str:
    """The text of a value: of a list or a language map one, of an object its `@value`, text or name; else empty.

    One in `language` is preferred; what is left out is noted.
    """
    if isinstance(value, str):
        return clean(value, repairs)
    if isinstance(value, list):
        return _of_several([(_language_of(each), each) for each in value[:50]], repairs, language)
    if isinstance(value, dict):
        for name in ("@value", "text", "name", "@list", "@set"):
            if isinstance(value.get(name), str | list):
                if name in {"text", "name"}:
                    repairs.append("a thing taken for a text")
                return text(value[name], repairs, language=language)
        if value and all(_LANGUAGE_KEY.fullmatch(str(name)) for name in value):
            return _of_several(list(value.items()), repairs, language)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def _language_of(value: Any) -> str:
    tag = value.get("@language") or value.get("inLanguage") if isinstance(value, dict) else ""
    return tag if isinstance(tag, str) else ""


def _of_several(given: list[tuple[str, Any]], repairs: RepairLog, language: str) -> str:
    """The text in the language, else in the same one of another country, else the first."""
    texts = [(tag.replace("_", "-").lower(), words) for tag, each in given if (words := text(each, repairs)).strip()]
    if not texts:
        return ""
    wanted = language.lower()
    primary = wanted.partition("-")[0]
    chosen = (
        next((words for tag, words in texts if tag and tag == wanted), "")
        or next((words for tag, words in texts if primary and tag.partition("-")[0] == primary), "")
        or texts[0][1]
    )
    others = [words for words in dict.fromkeys(words for _, words in texts) if words != chosen]
    if others:
        shown = ", ".join(f"“{each[:60]}”" for each in others[:5])
        repairs.append(f"one of {len(others) + 1} texts taken; left out: {shown}")
    elif len(given) > 1 or not isinstance(given[0][1], dict):
        repairs.append("the first of a list taken for a text")
    return chosen


def line(value: Any, repairs: RepairLog, longest: int, *, language: str = "") -> str:
    """The text of a value on one line, cut to `longest` characters."""
    if type(value) is str and value.isascii() and value.isprintable() and "&" not in value and "<" not in value:
        result = value.strip()
        if "  " in result:
            result = " ".join(result.split())
    else:
        result = " ".join(text(value, repairs, language=language).split())
    if len(result) > longest:
        repairs.append(f"a text cut to {longest} characters")
        result = result[: longest - 1].rstrip() + "…"
    return result


def address(value: Any, repairs: RepairLog, *, base: str = "") -> tuple[str, str] | None:
    """The URL in a value, without tracking parameters, and its canonical form; None if there is none.

    A relative URL is completed from `base`.
    """
    if isinstance(value, list):
        given = [each for each in value if each]
        if len(given) > 1:
            repairs.append(f"the first of {len(given)} addresses taken")
        value = given[0] if given else None
    if isinstance(value, dict):
        value = value.get("url") or value.get("@id") or value.get("@value") or value.get("contentUrl")
        if isinstance(value, list):
            return address(value, repairs, base=base)
    if not isinstance(value, str):
        return None
    url = value.strip()
    if _PLAIN.fullmatch(url) and "/." not in url and len(url) <= 2_000:
        return url, url
    if not url or len(url) > 4_000:
        return None
    if not url.isascii() or "&amp;" in url:
        plain = _SURROGATE.sub("", html.unescape(url))
        if plain != url:
            repairs.append("HTML entities of an address resolved")
        url = plain
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
    if _is_private(host) and host != urlsplit(base).netloc:
        return None
    page = url.partition("#")[0]
    if "?" in page and canonical_url.count("&") + ("?" in canonical_url) < page.count("&") + 1:
        repairs.append("tracking parameters taken out of an address")
        url = canonical_url
    return (url, canonical_url) if len(url) <= 2_000 else None


def _is_private(host: str) -> bool:
    """Whether the host is an IP address that is not of the public Internet."""
    if not (host.startswith("[") or host[-1:].isdigit()):
        return False
    try:
        return not ipaddress.ip_address(urlsplit(f"//{host}").hostname or "").is_global
    except ValueError:
        return False


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


def number(value: Any) -> float | None:
    """A finite number, as int if it is whole; None if it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        digits = value.strip().removesuffix("%").rstrip()
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
