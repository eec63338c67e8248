"""Numbers that count nothing: those of houses and of telephones."""

from __future__ import annotations

import re

from claims.statements.figures.words import FigureWords

BEFORE = 45
"""Characters before a number that tell what it is."""
OF_A_PHONE = re.compile(r"\d{2,3}(?: \d{3}){2,3}")
"""Nine digits and more, of which nobody says what they count."""
PHONE_WORD = re.compile(
    r"(?<!\w)(?:tel|phone|telephone|téléphone|telefon\w*|teléfono|telefone|telefoon|cell|mobile|móvil|fax|call|dial|text|ring"
    r"|llam\w+|marque|appel\w+|anruf\w*|rufen|ligue|chiam\w+|bel|whatsapp|sms)\b[^\d;!?]{0,25}$",
    re.IGNORECASE,
)
_DAY_BEFORE = re.compile(r"(?<!\w)(?:el|del|al|le|du|au|il|dal|o|do|ao)\s+$", re.IGNORECASE)


def is_of_a_phone(digits: str, before: str) -> bool:
    """Whether a word that stands before the digits says that they are dialled."""
    long = sum(map(str.isdigit, digits)) >= 7 and "," not in digits
    return (long or " " in digits) and PHONE_WORD.search(before) is not None


def is_day(digits: str, before: str, code: str) -> bool:
    """Whether a number stands alone for a day of the month: `el 19`, `le 19`."""
    if code not in {"es", "fr", "it", "pt"} or not re.fullmatch(r"[12]?\d|3[01]", digits):
        return False
    return _DAY_BEFORE.search(before) is not None


_BEGINS = re.compile(r"(?:^|[.!?:;]|(?<!\w)(?:at|outside|near|behind|opposite))\W*$", re.IGNORECASE)


class Addresses:
    """Tells the number of a house: `Main Street 19`, `19 rue de la Paix`, `calle Mayor, 19`."""

    def __init__(self, words: FigureWords) -> None:
        streets, ends = "|".join(words.streets) or "(?!)", "|".join(words.street_ends) or "(?!)"
        self.before = re.compile(
            rf"(?<!\w)(?i:{streets})\s+(?:[\w.’'-]+\s+){{0,3}}(?!\d)[A-ZÀ-ÞĀ-ŽА-Я][\w.’'-]*,?\s*(?:n\.?[º°]\s*)?$"
        )
        self.behind = re.compile(rf"(?:\w{{3,}}|[A-ZÀ-Þ]\w*[-\s])(?:{ends})\.?,?\s*$")
        self.first = re.compile(
            rf",?\s+(?:bis,?\s+|ter,?\s+)?(?i:{streets})\s+(?:d\w*\s+|d[’']|l\w\s+)*[A-ZÀ-Þ]"
            rf"|\s+(?:[A-ZÀ-Þ][\w’'-]*\s+){{1,3}}(?:{ends})(?!\w|\s+[a-z]+s\b)"
        )
        # `12 Mill Lane owes` and `12 Mill Lane shops` look alike where a sentence begins
        self.begins = re.compile(rf"\s+(?:[A-ZÀ-Þ][\w’'-]*\s+){{1,3}}(?:{ends})(?!\w)")
        self.counted = re.compile(r"\s+[A-ZÄÖÜ]" if words.capitalised_nouns else r"(?!)")

    def holds(self, before: str, digits: str, after: str) -> bool:
        if not re.fullmatch(r"\d{1,4}", digits):
            return False
        if self.before.search(before) or self.first.match(after):
            return True
        if _BEGINS.search(before) and self.begins.match(after):
            return True
        return self.behind.search(before) is not None and not self.counted.match(after)
