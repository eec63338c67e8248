"""Normalise a claim's text: claims whose normalised texts are equal are one answer."""

from __future__ import annotations

import hashlib
import re
import unicodedata

# Quotation marks and apostrophes go: publishers differ in which they write around the same words.
_MARKS = str.maketrans(dict.fromkeys("'\"‘’‚‛′‹›`´ʼ＇“”„‟″«»「」『』＂") | dict.fromkeys("‐‑‒–—―−－", "-"))
# Marks that show nothing: soft hyphen, zero-width characters and directional marks.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]")
_FINAL = " .!…。！؟।॥?？;；:"


def normalize(text: str) -> str:
    """The text in NFC and casefolded, with plain hyphens, single spaces, no quotation marks and no final punctuation.

    A question mark goes as well, since publishers print claims as questions; "" for a text of punctuation alone.
    """
    text = unicodedata.normalize("NFC", text).translate(_MARKS)
    text = " ".join(_INVISIBLE.sub("", text).casefold().split())
    return unicodedata.normalize("NFC", text.lstrip(" ").rstrip(_FINAL))


def text_sha256(normalized: str) -> str:
    """The SHA-256 of a normalised text in hexadecimal, the key of its vectors. Takes lone surrogates as well."""
    return hashlib.sha256(normalized.encode("utf-8", "surrogatepass")).hexdigest()


def text_hash(text: str) -> int:
    """64 bits of the SHA-256 of a text's normalised form."""
    return int(text_sha256(normalize(text))[:16], 16)
