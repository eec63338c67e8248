"""Compare the labels of ratings as readers see them: without case, typography and the dots of a Turkish i.

    key("YANLIŞ") == key("Yanlış")                    key("Verdadero, pero…") == key("verdadero, pero...")

A question mark and an ellipsis belong to the label: “False?” does not say false, and “True …” breaks off.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ`´′＇"), "'")
_TURKISH = {ord("ı"): "i"}
_JOINED = re.compile(r"(?<=\w)[-‐‑](?=\w)|_")
_ELLIPSIS = re.compile(r"\.(?:\s?\.)+")
_QUOTES = frozenset("\"“”„‟«»‹›「」『』'")
_QUESTIONS = frozenset("?؟¿")
_KEPT_AT_EDGES = frozenset("LNMS")  # a sign such as ❌ or ≠ says something of its own
# What ends a sentence, what announces the reason, and what goes on within the sentence.
_END, _COLON = ".!。।॥]】\n", ":"
_CUT = re.compile(r"\.(?!\.)(?![^\W\d_]\.)|[!:;(\n\]】。।॥؛،、]|,|\s[-–—−](?=\s)|[–—]")
_SENTENCE_END = re.compile(r"[.!?؟。।॥\n]+(?=\s|$)|[。।॥]")


class Opening(NamedTuple):
    """The first phrase of a rating, the mark that ends it, and what follows; both texts are folded, not trimmed."""

    phrase: str
    mark: str
    rest: str

    @property
    def ends_sentence(self) -> bool:
        return self.mark in _END

    @property
    def announces(self) -> bool:
        return self.mark == _COLON


def folded(text: str) -> str:
    """The text without case and typography: one form for every way to write the same words."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).casefold())
    text = text.replace("i\u0307", "i").translate(_TURKISH)
    if not text.isascii():
        text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return _ELLIPSIS.sub("...", " ".join(_JOINED.sub(" ", text).split(" ")))


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """What two spellings of one label share; empty for a text without letters and digits."""
    return trimmed(folded(text))


def trimmed(text: str) -> str:
    """A folded text without spaces, quotation marks, brackets and full stops at its edges."""
    begin, end = 0, len(text)
    while begin < end and not _is_kept(text[begin]):
        begin += 1
    while begin < end and not _is_kept(text[end - 1]):
        if text[begin:end].endswith("..."):
            break
        end -= 1
    return " ".join(text[begin:end].split())


def _is_kept(character: str) -> bool:
    return character in _QUESTIONS or unicodedata.category(character)[0] in _KEPT_AT_EDGES


def opening(text: str) -> Opening | None:
    """Part a folded text after its first phrase; None if it has one phrase, breaks off, or quotes the phrase."""
    begin = next((place for place, character in enumerate(text) if _is_kept(character)), len(text))
    if not _QUOTES.isdisjoint(text[:begin]):
        return None
    cut = _CUT.search(text, begin)
    if cut is None:
        return None
    phrase, rest = text[begin : cut.start()], text[cut.end() :]
    if "..." in text[begin : cut.end() + 2] or rest.startswith("."):
        return None
    return Opening(phrase, cut.group().strip() or "\n", rest)


def sentences(text: str) -> list[str]:
    """The sentences of a folded text, roughly: enough to see how each begins."""
    return [sentence for each in _SENTENCE_END.split(text) if (sentence := each.strip())]
