"""Read a language as publishers name it: a BCP 47 tag, a locale of a system, a name in any of many languages.

Names and codes are CLDR's (package Babel).
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from claims.imports.formats.records import RepairLog
from claims.statements.languages import UNDETERMINED
from claims.statements.languages.detection import language_of

_TAG = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{1,8}){0,4}")
_SYSTEM_LOCALE = re.compile(r"([a-zA-Z]{2,3}(?:_[a-zA-Z0-9]{2,8}){0,2})(?:\.[\w-]+)?(?:@\w+)?")
_WITH_REGION = re.compile(r"(.{2,40}?)\s*([(,–-])\s*([^()]{2,40}?)\s*\)?")
_NAMED_IN = ("en", "de", "es", "fr", "it", "pt", "nl", "pl", "ru", "tr", "sv", "id", "uk", "cs", "da", "nb")
# Names in use that CLDR does not list.
_ALSO = {
    "tagalog": "tl", "farsi": "fa", "mandarin": "zh", "bahasa indonesia": "id", "bahasa": "id", "bahasa melayu": "ms",
    "castellano": "es", "flemish": "nl", "oriya": "or",
}  # fmt: skip
_NO_ONE_LANGUAGE = frozenset({"mul", "und", "zxx", "mis"})


def language(value: Any, repairs: RepairLog, *, text: str = "") -> str:
    """A BCP 47 tag, or empty if there is none.

    Of several languages it is the one in which `text` is written, if that can be told.
    """
    if isinstance(value, list):
        tags = list(dict.fromkeys(tag for each in value[:20] if (tag := language(each, repairs))))
        if len(tags) <= 1:
            return tags[0] if tags else ""
        primary = {tag.partition("-")[0] for tag in tags}
        told = primary.pop() if len(primary) == 1 else _told_by(text, tags)
        repairs.append(f"{told} taken of the languages {', '.join(tags)}" if told else "several languages left out")
        return told
    if isinstance(value, dict):
        value = value.get("alternateName") or value.get("identifier") or value.get("name") or value.get("@value")
        if isinstance(value, list):
            return language(value, repairs, text=text)
    if not isinstance(value, str) or not value.strip():
        return ""
    tag, note = _read(value.strip()[:100])
    if not tag and "," in value:
        return language(value[:200].split(","), repairs, text=text)
    if note:
        repairs.append(note)
    return tag


def _told_by(text: str, tags: Iterable[str]) -> str:
    told = language_of(text) if text else UNDETERMINED
    same = [tag for tag in tags if tag.partition("-")[0] == told]
    return same[0] if len(same) == 1 else ""


@lru_cache(maxsize=1024)
def _read(name: str) -> tuple[str, str]:
    """The tag of a language as it is written, and what was changed."""
    if name == UNDETERMINED:
        return "", ""  # it says itself that nothing tells the language, as we do of ours
    tag = name.replace("_", "-")
    if not _TAG.fullmatch(tag) and (system := _SYSTEM_LOCALE.fullmatch(name)):
        tag = system[1].replace("_", "-")
    if _TAG.fullmatch(tag) and len(tag) <= 35:
        first, *rest = tag.split("-")
        first = _current_code(first.lower())
        if first in _NO_ONE_LANGUAGE:
            return "", "a tag that names no one language left out"
        if first in _codes():
            result = "-".join([first, *(_subtag(part) for part in rest)])
            return result, "" if result == name else "a language tag written as BCP 47 has it"
    if found := _by_name(name):
        return found, "the name of a language made a tag"
    return "", "something that is no language left out"


def _subtag(part: str) -> str:
    if len(part) == 2:
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part.lower()


def _current_code(code: str) -> str:
    """The two letters of a language that is given with three (`eng`), or by a code that was withdrawn (`iw`)."""
    replaced = get_global("language_aliases").get(code)
    return replaced if replaced and len(replaced) <= 3 else code


def _by_name(name: str) -> str:
    names = _names()
    plain = name.casefold()
    if plain in names:
        return names[plain]
    if (match := _WITH_REGION.fullmatch(plain)) and (code := names.get(match[1])):
        region = _regions().get(match[3], "")
        # Without a bracket it may be another language: "English, Hindi".
        return f"{code}-{region}" if region and "-" not in code else code if match[2] == "(" else ""
    return ""


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(Locale("en").languages) | {"fil", "sh"}


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """The code of each language by its name in English, in itself, and in some others; none that names two."""
    codes: dict[str, set[str]] = {}
    for code in _codes():
        if len(code) <= 3 and code not in _NO_ONE_LANGUAGE and (own := _locale(code)) is not None:
            codes.setdefault((own.get_language_name(code) or "").casefold(), set()).add(code)
    for each in _NAMED_IN:
        for code, name in Locale(each).languages.items():
            if code not in _NO_ONE_LANGUAGE:
                codes.setdefault(name.casefold(), set()).add(code.replace("_", "-"))
    return _ALSO | {name: next(iter(found)) for name, found in codes.items() if name and len(found) == 1}


@lru_cache(maxsize=1)
def _regions() -> dict[str, str]:
    """The code of each territory by its name in some languages, and by its code in small letters."""
    regions: dict[str, str] = {}
    for each in _NAMED_IN:
        for code, name in Locale(each).territories.items():
            if len(code) == 2:
                regions.setdefault(name.casefold(), code)
    return {code.lower(): code for code in list(regions.values())} | regions | {"usa": "US", "uk": "GB"}


@lru_cache(maxsize=1024)
def _locale(code: str) -> Locale | None:
    try:
        return Locale(code)
    except (UnknownLocaleError, ValueError):
        return None
