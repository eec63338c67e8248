"""Labels before a colon that name no speaker: furniture of pages and papers, "PICTURED:", "WATCH:", "AVISO:"."""

from __future__ import annotations

import re

from claims.statements.attribution.lexicon import words
from claims.statements.languages import table

_LANGUAGES = ("en", "de", "es")
_LONGEST_ABBREVIATION = 4  # letters: "UN", "NATO"; a longer word in capitals is a word, not a body


def _listed() -> frozenset[str]:
    return frozenset(word for code in _LANGUAGES for word in table(code, "attribution").get("labels", "").split())


_NOT_SPEAKERS = _listed()
_LINKS = words("to for of the and by in here a de del la el y für von der des und zum zur")


def is_furniture(label: str) -> bool:
    """Whether a label belongs to the page and names nobody: by each of its words ("SEE ALSO", "Photo 3")."""
    parts = re.findall(r"[^\W\d_]+", label.lower())
    return bool(parts) and all(part in _NOT_SPEAKERS or (n > 0 and part in _LINKS) for n, part in enumerate(parts))


def is_abbreviation(label: str) -> bool:
    """Whether a label in capitals can be the abbreviation of a body."""
    return label.isupper() and label.isalpha() and len(label) <= _LONGEST_ABBREVIATION


def initials(label: str) -> str:
    """The capitals of `FM`, `F.M.`, `F. M.`; empty if the label is anything else."""
    letters = re.sub(r"[.\s]", "", label)
    return letters if 2 <= len(letters) <= 3 and letters.isalpha() and letters.isupper() else ""
