"""Signs that say something: powers, comparisons, currencies, arrows, ticks and crosses, units beside figures.

Punctuation says how words belong together; it is compared elsewhere (`grade`).

Pure: no network, no database.
"""

import re
import unicodedata
from collections.abc import Iterator

from sources.quotes.words.quantities import MAGNITUDE, PERCENT_WORD

MINUS = "\ue000"
RANGE = "\ue001"
"""What stands for a minus and for the dash between two figures, once they are told from other dashes."""
_TYPED_MINUS = re.compile(r"(?<![^\W\d_])−(?=\s?\d)")
_MINUS = re.compile(r"(?<![\w.,)\]-])-(?=[\d.,]*\d)")
_RANGE = re.compile(rf"(?<=\d)\s?[-{MINUS}~\u301c]\s?(?=\d)")

_UNITS = r"[cdkmnµμ]?m|ft|in|mi|yd|м|км|см|мм"
_POWER_BASE = re.compile(r"(?:(?:^|[^\d.,])(?:10|2)|(?<!\w)[^\W\d_])$")
"""As when it is read (`sources/extraction/raised_text.py`): after other numbers and after words it is a note's."""
_UNIT = re.compile(rf"(?<![^\W\d_])(?:{_UNITS})$")
_RAISED = re.compile(r"[⁺⁻]?[¹²³⁰⁴-⁹]+[⁺⁻]?")
_NOTE = re.compile(
    r"\[\s*(?:\d{1,3}|[a-z])\s*\](?!\w)|[\[(]\s*[*†‡§#]+\s*[\])]|(?<=[\w.,;:!?\"')\]])[*†‡]+(?!\s?\d)|[†‡]+",
    re.IGNORECASE,
)
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_TO_RAISED = str.maketrans(f"0123456789-+{MINUS}", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺⁻")
_CARET = re.compile(rf"(?<=\w)\^\(?([-+{MINUS}]?\d+)\)?")
_SQUARED = re.compile(r"(?<![^\W\d_])([cdkm]?m|км|см|мм|м)([23])(?!\w)")

_TYPED = (
    (re.compile(r"\+/?-|-/\+"), "±"),
    (re.compile(r"<=|=<|[⩽≦≲]"), "≤"),
    (re.compile(r">=|[⩾≧≳]"), "≥"),
    (re.compile(r"!=|=/="), "≠"),
    (re.compile(r"<-+>|<=+>|⟷|↔|⇔"), "↔"),
    (re.compile(r"[-=]+>|[➔➜➝➞⟶⇒]"), "→"),
    (re.compile(r"<[-]+(?!\d)|[⟵⇐]"), "←"),
    (re.compile(r"[▲△⬆⇧⇑🔺🔼]"), "↑"),
    (re.compile(r"[▼▽⬇⇩⇓🔻🔽]"), "↓"),
    (re.compile(r"[✔☑✅🗸]"), "✓"),
    (re.compile(r"[✘✕✖☒❌❎]"), "✗"),
    (re.compile(r"(?<=\d)\s?[x*✗]\s?(?=\d)", re.IGNORECASE), "×"),
    (re.compile(r"[∼≈≅≃≒~](?=\s?\d)"), "≈"),
    (re.compile(r"º"), "°"),
    (re.compile(PERCENT_WORD, re.IGNORECASE), "%"),
    (re.compile(r"[「」『』]"), '"'),
    (re.compile(r"(?<=\d)-(?=[^\W\d_])"), " "),
    (re.compile(r"[؟՞፧]|\?[?!]*"), "?"),
    # A mark of a list, not a sign.
    (re.compile(r"^[\s→▸‣➤❯>#+=|*]+(?=\s*[^\s\d])|[■▪▫□◆◇►▶➤‣]|[=~_]{2,}"), " "),
)
_NO_SIGN = frozenset("|¦™®©℠~") | frozenset(map(chr, range(0x2500, 0x25A0)))
_SIGN_TOO = frozenset('%‰‱?"&@/⋅')
_CURRENCY = re.compile(
    rf"(?<![^\s\w(\[\"'-])(?<![\d.,])(\d(?:[\d.,]*\d)?(?:\s?(?:{MAGNITUDE})(?![^\W\d_]))?)"
    r"\s?([^\w\s.,;:!?()'\"-])(?!\s?\d)",
    re.IGNORECASE,
)


def without_notes(text: str) -> str:
    """The text without the marks of notes. A raised figure stays where it is a power or a charge (10⁶, m², Ca²⁺)."""
    return _RAISED.sub(_raised, _NOTE.sub("", text))


def note_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the marks of notes stand in a text."""
    for found in _NOTE.finditer(text):
        yield found.span()
    for found in _RAISED.finditer(text):
        if not _raised(found):
            yield found.span()


def _raised(found: re.Match[str]) -> str:
    before = found.string[max(0, found.start() - 12) : found.start()]
    if not before.strip() or found[0][0] in "⁺⁻" or found[0][-1] in "⁺⁻" or found.string[found.end() :][:1].isalnum():
        return found[0]
    is_power = _POWER_BASE.search(before) or (found[0] in "²³⁴" and _UNIT.search(before))
    return found[0] if is_power else ""


def told_apart(text: str) -> str:
    """The text as it was typed, with what only looks like a dash told from dashes. For use before `normal`."""
    return _TYPED_MINUS.sub(MINUS, text)


def one_sign(text: str) -> str:
    """A normalised text with each sign written in one way: `<=` as `≤`, `per cent` as `%`, `10^6` as `10⁶`."""
    text = _RANGE.sub(RANGE, text)
    text = _MINUS.sub(MINUS, text)
    text = _CARET.sub(lambda found: found[1].translate(_TO_RAISED), text)
    text = _SQUARED.sub(lambda found: found[1] + found[2].translate(_TO_RAISED), text).translate(_LOWERED)
    for pattern, sign in _TYPED:
        text = pattern.sub(sign, text)
    return text


def currency_first(text: str) -> str:
    """The text with each sign of a currency before its figure: `5 €` as `€5`."""
    return _CURRENCY.sub(_before_figure, text)


def _before_figure(found: re.Match[str]) -> str:
    figure, sign = found.groups()
    return f"{sign}{figure}" if unicodedata.category(sign) == "Sc" else found[0]


def is_sign(character: str) -> bool:
    """Whether a character says something by itself: mathematics, currencies, arrows, ticks, pictures."""
    if character in _SIGN_TOO or character in (MINUS, RANGE):
        return True
    return character not in _NO_SIGN and unicodedata.category(character) in ("Sm", "Sc", "So")
