"""Tell whether two claims say the same in the same words: the form in which their words are compared, and its hash.

    normalized("“412 Bridges  need repair.”")  ->  "412 bridges need repair"

Only what cannot change what a claim says is made equal: composition and width of letters (Unicode NFKC), case, spaces,
the style of quotation marks and dashes, quotation marks around the whole, the stop at the end. Digits, signs, negations
and question marks stay, and so do raised digits (10² is not 102) and fractions (2½ is not 21/2).

Python alone computes it. PostgreSQL stores the hash and compares it (`ClaimFingerprint`), so that no two
implementations can differ; whoever finds a claim by the hash compares the words themselves before relying on it.
Whoever changes `normalized` empties the stored hashes in a migration; the next import computes them anew.
"""

import hashlib
import re
import unicodedata
from datetime import date
from typing import NamedTuple

_ONE_STYLE = str.maketrans(
    {
        # soft hyphens, spaces and marks of direction that nobody sees
        **dict.fromkeys(map(chr, (0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F)))),
        **dict.fromkeys(map(chr, range(0x2066, 0x206A))),
        **dict.fromkeys("‘’‚‛‹›`´", "'"),
        **dict.fromkeys("“”„‟«»〝〞〟「」『』", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣", "-"),
        "。": ".",
        "।": ".",
        "۔": ".",
        "…": "...",
        "\u2044": "/",
    }
)
# Characters that NFKC makes equal to plain digits and letters beside which they would say something else.
_RAISED = re.compile(
    "["
    + "".join(
        chr(code)
        for code in range(0xA0, 0x3400)
        if unicodedata.decomposition(chr(code)).startswith(("<super>", "<fraction>"))
    )
    + "]"
)
_LEAST_LETTERS = 8


class SameWords(NamedTuple):
    """What has to be equal for two claims to be one: words and place as `normalized` has them, language, period."""

    fingerprint: int
    """A signed 64-bit hash of the rest. Unequal words may share it, so compare the whole."""
    words: str
    language: str
    period_start: date | None
    period_end: date | None
    place: str

    @classmethod
    def of(
        cls, text: str, *, language: str, period_start: date | None, period_end: date | None, place: str
    ) -> "SameWords":
        said = normalized(text), language.lower(), period_start, period_end, normalized(place) if place else ""
        hashed = hashlib.blake2b("\n".join(map(str, said)).encode(), digest_size=8).digest()
        return cls(int.from_bytes(hashed, signed=True), *said)

    @property
    def identify(self) -> bool:
        """Whether the words can name one claim. A single short word ("Video", "Fake") stands for anything."""
        return " " in self.words or len(self.words) >= _LEAST_LETTERS


def normalized(text: str) -> str:
    """The text as it is compared. Idempotent."""
    if not text.isascii():
        text = _plain(text)
    text = " ".join(text.casefold().split())
    while (shorter := _without_end(text)) != text:
        text = shorter
    return text


def _plain(text: str) -> str:
    """NFKC, which raised digits and fractions survive apart from the digits before them; one style of each mark."""
    text = _RAISED.sub(_apart, text.translate(_ONE_STYLE))
    if text.isascii():
        return text
    # Composing may leave what folds, and folding what composes: Unicode's toNFKC_Casefold needs both.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return folded.translate(_ONE_STYLE)


def _apart(character: re.Match[str]) -> str:
    form, plain = unicodedata.decomposition(character[0]), unicodedata.normalize("NFKC", character[0])
    return f"^{plain}" if form.startswith("<super>") else f" {plain}"


def _without_end(text: str) -> str:
    """The text without a stop or an exclamation mark at its end, and without quotation marks around all of it."""
    before, last = text[-2:-1], text[-1:]
    if not before:
        return text
    if (last == "." and before != ".") or (last == "!" and not (before.isdigit() or before == "?")):
        return text[:-1].rstrip()
    mark = text[0]
    if last == mark and mark in {'"', "'"} and len(text) > 2 and mark not in text[1:-1]:
        return text[1:-1].strip()
    return text
