"""Refuse words that nobody can read as they are stored: invisible ones, control characters, reordered text. Pure.

A claim or a name that shows otherwise than it reads could say one thing to the approver and another to a program.
"""

import re
import unicodedata
from collections.abc import Collection

from django.core.exceptions import ValidationError

# Embeddings, overrides and isolates (Unicode UAX 9). Its marks (LRM, RLM, ALM) belong to Arabic and Hebrew.
_REORDERS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Letters by category that show nothing: Hangul fillers; and the empty pattern of Braille.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
NO_LANGUAGE = "This is no language tag (BCP 47); say for example en, pt-BR, or und, never the name of a language."
# No language is registered by more than three letters, so "english" and "deutsch" are names (IANA subtag registry).
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")


def unreadable(text: str) -> str:
    """Why the text cannot be a claim or a name, as a sentence; empty if it can."""
    if _CONTROL.search(text):
        return "This contains control characters; write it anew, without copying them."
    if _REORDERS.search(text):
        return "This contains characters that reorder text (bidirectional controls); remove them."
    if not shows_words(text):
        return "This shows no letter and no figure; write words that can be read."
    return ""


def shows_words(text: str) -> bool:
    """Whether anything of the text can be seen that says something: a letter, a figure, a sign."""
    return any(unicodedata.category(each)[0] in "LNS" and each not in _BLANK for each in text)


def readable(text: str) -> str:
    """The text without control characters and without those that reorder it."""
    return _CONTROL.sub("", _REORDERS.sub("", text))


def refuse_unreadable(exclude: Collection[str] = (), /, **texts: str) -> None:
    """Raise `ValidationError` for the fields whose text cannot be read; empty and excluded fields are passed."""
    given = {name: text for name, text in texts.items() if text and name not in exclude}
    found = {name: reason for name, text in given.items() if (reason := unreadable(text))}
    if found:
        raise ValidationError(found)


def is_language_tag(tag: str) -> bool:
    """Whether the text has the form of a BCP 47 tag: en, pt-BR, und."""
    return _LANGUAGE.fullmatch(tag) is not None


def refuse_language(tag: str) -> None:
    """Raise `ValidationError` for the field `language` unless its text has the form of a tag, or is empty."""
    if tag and not is_language_tag(tag):
        raise ValidationError({"language": NO_LANGUAGE})
