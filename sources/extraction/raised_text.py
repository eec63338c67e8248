"""Superscripts and subscripts: references to notes are left out, other figures become characters (m², H₂O).

Without this, "38<sup>1</sup> walls" would read "381 walls", and a note that is added, removed or renumbered would look
like an edit of the sentence.
"""

import re
from collections.abc import Callable

from resiliparse.parse.html import ElementNode, TextNode

_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_FIGURES = re.compile(r"[0-9]{1,6}[+−-]?|[+−-][0-9]{0,6}|n", re.ASCII)
_LOW_FIGURES = re.compile(r"[0-9]{1,6}[+−-]?", re.ASCII)

_NUMBERS = r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*"
_BRACKETED = re.compile(r"[\[(][^\[\]()]{1,40}[\])](?::\s*[\d\s,–-]{1,20})?|(?:\[[^\[\]]{1,12}\]\s*)+|\d{1,3}\)")
_SYMBOLS = re.compile(r"[*†‡§¶‖#]+")
_MARK = re.compile(rf"{_NUMBERS}|[a-zA-Z]|[ivxIVX]{{1,5}}|[*†‡§¶‖#]+")
_DIGITS = re.compile(_NUMBERS)
_NOTE_CLASS = re.compile(r"reference|footnote|endnote|noteref|\bfn", re.IGNORECASE)
_LINK = 'a[href*="#"],[role="doc-noteref"]'

_UNIT_NAMES = "m km dm cm mm µm μm nm ft in mi yd ha sec min hr м км см мм"
_FORMULA_NAMES = "CO NO SO PO NH CH SF HCO CN"
_SQUARED = frozenset(_UNIT_NAMES.split()) | frozenset(_FORMULA_NAMES.split())
_POWERS = re.compile(r"(?:^|[^\d.,])(?:10|2|e)\Z")
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
_LAST_NUMBER = re.compile(r"[\d.,]*\d\Z")


def change(node: ElementNode, text_node: Callable[[str], TextNode]) -> None:
    """Remove a `<sup>` that refers to a note, and replace other raised or lowered figures by characters."""
    text = (node.text or "").strip()
    if not text or len(text) > 60:
        return
    if node.tag == "sub":
        if _LOW_FIGURES.fullmatch(text):
            node.replace_with(text_node(text.translate(_LOWERED)))
    elif _is_note(node, text):
        node.remove()
    elif _FIGURES.fullmatch(text):
        node.replace_with(text_node(text.translate(_RAISED)))


def _is_note(node: ElementNode, text: str) -> bool:
    if _BRACKETED.fullmatch(text) or _SYMBOLS.fullmatch(text):
        return True
    if not _MARK.fullmatch(text):
        return False
    parent = node.parent_element
    if parent is not None and parent.tag == "a" and ("#" in (parent.getattr("href") or "") or _is_called_note(parent)):
        return True
    if _is_called_note(node) or node.query_selector(_LINK) is not None:
        return True
    before, after = node.previous_sibling, node.next_sibling
    preceding = (before.text_content or "")[-40:] if before is not None else ""
    following = (after.text_content or "")[:1] if after is not None else ""
    return _DIGITS.fullmatch(text) is not None and _stands_like_note(text, preceding, following)


def as_characters(figures: str, preceding: str, following: str = "") -> str:
    """Return what raised figures of a document are: superscript characters, or nothing for a reference to a note.

    `preceding` and `following` are the words around them. Anything but figures comes back as it is.
    """
    text = figures.strip()
    if _SYMBOLS.fullmatch(text) or (_DIGITS.fullmatch(text) and _stands_like_note(text, preceding, following)):
        return ""
    return text.translate(_RAISED) if _FIGURES.fullmatch(text) else figures


def _is_called_note(node: ElementNode) -> bool:
    return node.getattr("role") == "doc-noteref" or bool(_NOTE_CLASS.search(node.getattr("class") or ""))


def _stands_like_note(text: str, preceding: str, following: str) -> bool:
    """Tell by the word before a raised number whether it refers to a note or is a power, an index or a charge."""
    if not preceding.strip() or (following[:1].isascii() and following[:1].isalnum()):
        return False  # the note itself, or an isotope
    if number := _LAST_NUMBER.search(preceding):
        return not _POWERS.search(preceding[: number.end()])
    if word := _LAST_WORD.search(preceding):
        return len(word[0]) > 1 and not (text in {"2", "3", "4"} and word[0] in _SQUARED)
    return True


# A bracketed number beside a word, as references to notes are written: “standard.[1]”.
_NOTE_MARK = re.compile(r"\[\d{1,3}\](?!\w)")


def without_note_marks(text: str) -> str:
    """Remove the bracketed numbers that refer to notes from a text; those that start a line stay."""
    return _NOTE_MARK.sub(_beside_word, text) if "[" in text else text


def _beside_word(found: re.Match[str]) -> str:
    before = found.string[found.start() - 1 : found.start()]
    return "" if before and not before.isspace() else found[0]
