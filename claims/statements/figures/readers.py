"""Make figures of what the patterns of amounts matched, in one language."""

from __future__ import annotations

import re

from claims.statements.figures.addresses import BEFORE as ADDRESS_BEFORE
from claims.statements.figures.addresses import OF_A_PHONE, Addresses, is_day, is_of_a_phone
from claims.statements.figures.counted import IRREGULAR_PLURALS, ORDINAL_PARTS, counted, of_phrase
from claims.statements.figures.dates import YEAR, nothing
from claims.statements.figures.figure import Figure, Value, figure
from claims.statements.figures.numbers import Number, number, range_of, spells_scale
from claims.statements.figures.words import CURRENCY_CODES, FigureWords
from claims.statements.languages import UNDETERMINED

SYMBOLS = {
    "$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY",
    "₴": "UAH", "₪": "ILS", "₦": "NGN", "₫": "VND", "₱": "PHP", "฿": "THB", "zł": "PLN", "r$": "BRL", "a$": "AUD",
    "c$": "CAD", "hk$": "HKD", "nz$": "NZD", "s$": "SGD", "rs": "INR", "rs.": "INR", "kč": "CZK", "元": "CNY",
    "円": "JPY", "r": "ZAR", "руб.": "RUB", "руб": "RUB",
}  # fmt: skip
_LABELS = (
    "No", "Nos", "Article", "Section", "Chapter", "Figure", "Table", "Page", "Rule", "Channel", "Flight", "Route",
    "in minute", "In minute", "on day", "On day", "by day", "from day", "since day", "of day", "until day",
    "Room", "Clause", "Paragraph", "Highway", "Interstate", "Title", "Resolution", "Version", "Volume", "Phase",
    "Level", "Grade", "Windows", "Part", "Item",
    "Annex", "Exhibit", "Schedule", "Update", "UPDATE", "Wrapup", "WRAPUP", "no", "nos", "ref", "order", "case",
)  # fmt: skip
_SERIES = re.compile(r"\b(?:UPDATE|WRAPUP|Update|Wrapup)\s+$")
"""What stands before the number of a report in a series: `WRAPUP 3-SHARES`."""
_COMPARED = re.compile(r"(?:als|than|dan)$")
_AMOUNT = re.compile(r"\d[\d.,]*\s?(?:[%‰€$£]|[^\W\d_]+(?:\s+[^\W\d_]+)?)?\s+$")
_AROUND = 200  # characters
_HEADLINE = 0.5
"""From this share of long words with a capital a text is a headline, whose capitals make no names."""
LARGE = "hundred|thousand|million|billion"


def spaced(phrase: str) -> str:
    """The pattern of a phrase with any white space between its words."""
    return re.escape(phrase).replace(r"\ ", r"\s+")


def _any_of(phrases: tuple[str, ...]) -> str:
    return "|".join(sorted((re.escape(each.rstrip(".")) for each in phrases), key=len, reverse=True)) or "(?!)"


class Readers:
    """What makes figures of matches in one language; None where a match is no figure after all."""

    def __init__(self, language: str, words: FigureWords) -> None:
        self.language, self.words = language, words
        known = f"(?i:{_any_of(words.labels)})" + (f"|{_any_of(_LABELS)}" if words.code == "en" else "")
        more = rf"(?:\s*\d+(?:\([a-z\d]+\))*(?:\s*[,(–-]|\s+(?:{'|'.join((words.and_ or '(?!)', *words.to))})))*"
        self.label = re.compile(rf"(?:(?<!\w)(?:{known})\.?|[#§№]){more}\s*$")
        self.none_before = re.compile(rf"(?<!\w)(?:{_any_of(words.none_before)})\s+$", re.IGNORECASE)
        self.square = re.compile(rf"(?:{_any_of(words.square)})\s+$", re.IGNORECASE)
        self.square_behind = re.compile(rf"\s+(?:{'|'.join(words.square_behind) or '(?!)'})(?!\w)", re.IGNORECASE)
        self.address = Addresses(words)
        years = "|".join(spaced(each) for each in words.year_before) or "(?!)"
        self.year_before = re.compile(rf"(?:\b(?:{years}|the|late|early))\s+$", re.IGNORECASE)
        self.plain_year = re.compile(YEAR)

    def _number(self, text: str) -> Number | None:
        return number(text, self.language)

    def _range(self, match: re.Match[str]) -> Value | None:
        groups = match.groupdict()
        value = range_of(match["low"], groups.get("high"), self.language)
        start = match.start("low")
        if value == 1 and self.none_before.search(match.string[max(0, start - ADDRESS_BEFORE) : start]):
            return None  # "ni un euro"
        if value is not None and groups.get("minus"):
            return -value if isinstance(value, (int, float)) else [-value[0], value[1]]
        return value

    def money(self, match: re.Match[str]) -> Figure | None:
        groups = match.groupdict()
        written = (groups.get("sign") or groups.get("word") or "").lower().strip()
        for of in (*self.words.currency_of, "of"):
            written = (
                re.sub(rf"^{re.escape(of)}\s?(?=\w)", "", written)
                if written.split(" ")[0] == of or "’" in of or "'" in of
                else written
            )
        word = written.split()[-1]
        unit = SYMBOLS.get(word) or self.words.currencies.get(word) or self.words.currencies.get(word.removesuffix("s"))
        if unit is None:
            unit = word.upper() if word.upper() in CURRENCY_CODES else word
        value = self._range(match)
        large = {"M": 10**6, "Md": 10**9, "Mds": 10**9, "Mrd": 10**9, "k": 10**3}.get(groups.get("large") or "")
        if large and isinstance(value, (int, float)):
            value = round(value * large)
        return figure(match, "money", value, unit) or nothing(match)

    def percent(self, match: re.Match[str]) -> Figure | None:
        unit = "percentage points" if match["points"] else "percent"
        return figure(match, "percent", self._range(match), unit, of_phrase(match.string, match.end())) or nothing(
            match
        )

    def percent_to_percent(self, match: re.Match[str]) -> Figure | None:
        """`3%-4%`, `between 3% and 4%`."""
        value = self._range(match)
        return self.percent(match) if isinstance(value, list) and value[0] < value[1] else None

    def points(self, match: re.Match[str]) -> Figure | None:
        return figure(match, "percent", self._range(match), "percentage points", of_phrase(match.string, match.end()))

    def basis_points(self, match: re.Match[str]) -> Figure | None:
        return figure(match, "percent", self._range(match), "basis points")

    def per_mille(self, match: re.Match[str]) -> Figure | None:
        return figure(match, "percent", self._range(match), "per mille")

    def ratio(self, match: re.Match[str]) -> Figure | None:
        value = " ".join(match.group().lower().split())
        return figure(match, "ratio", value, counts=of_phrase(match.string, match.end()))

    def share(self, match: re.Match[str]) -> Figure | None:
        """`12 of the 30 pumps`."""
        phrase, head = counted(match.string, match.end(), self.words)
        part, whole = self._number(match["part"]), self._number(match["whole"])
        if part is None or whole is None or part > whole or not head:
            return None
        return figure(match, "ratio", [part, whole], head, phrase.strip(), end=match.end() + len(phrase))

    def small_share(self, match: re.Match[str]) -> Figure | None:
        part, whole = self._number(match["part"]), self._number(match["whole"])
        if part is None or whole is None or not 0 < part < whole:
            return None
        noun = (match.groupdict().get("noun") or "").strip().lower()
        if noun in self.words.durations | self.words.measures:
            return nothing(match)  # "deux mètres sur trois"
        phrase, head = counted(match.string, match.end(), self.words)
        if head.lower() in self.words.durations:
            return nothing(match)  # "uma a cada duas horas"
        if noun or (not self.words.capitalised_nouns and not head.endswith("s")):
            phrase = head = ""  # a verb: "una de cada cuatro espera"
        return figure(match, "ratio", [part, whole], head, phrase.strip(), end=match.end() + len(phrase))

    def written_fraction(self, match: re.Match[str]) -> Figure | None:
        part, whole = int(match["part"]), int(match["whole"])
        return figure(match, "ratio", [part, whole]) if match["of"] and 0 < part < whole else nothing(match)

    def named_share(self, match: re.Match[str]) -> Figure | None:
        return figure(match, "ratio", list(self.words.shares[" ".join(match["share"].lower().split())]))

    def named_multiple(self, match: re.Match[str]) -> Figure | None:
        return figure(match, "multiple", self.words.multiples[match["share"].lower()])

    def times(self, match: re.Match[str]) -> Figure | None:
        return figure(match, "multiple", self._number(match["low"]))

    def rank(self, match: re.Match[str]) -> Figure | None:
        return figure(match, "rank", int(match["low"]), match["unit"].lower())

    def age(self, match: re.Match[str]) -> Figure | None:
        return figure(match, "age", self._number(match["low"]), "years")

    def one_duration(self, match: re.Match[str]) -> Figure | None:
        if match["two_weeks"]:
            return figure(match, "duration", 14, "days")
        unit = match["unit"].lower()
        halves: dict[str, tuple[Number, str]] = {"hour": (30, "minutes"), "day": (12, "hours"), "year": (6, "months")}
        return figure(match, "duration", *halves.get(unit, (0.5, unit)))

    def attributive(self, match: re.Match[str]) -> Figure | None:
        """`18-month`, `40-year-old`, `50-page`."""
        unit = match["unit"].lower()
        if match["unit"][0].isupper() and _SERIES.search(match.string[max(0, match.start() - 10) : match.start()]):
            return nothing(match)
        if match.groupdict().get("old"):
            return figure(match, "age", self._number(match["low"]), "years")
        if unit in {"in", "to", "and", "or", "of", "a", "odd"} or unit in ORDINAL_PARTS or unit in self.words.ones:
            return None
        if unit in self.words.scales or unit in {"mal", "fach"}:
            return None
        if re.search(rf"(?:{LARGE})(?:\s+and)?\s+$", match.string[max(0, match.start() - 20) : match.start()]):
            return nothing(match)
        kind = "duration" if unit in self.words.durations else "measure" if unit in self.words.measures else "count"
        return figure(match, kind, self._number(match["low"]), unit)

    def glued(self, match: re.Match[str]) -> Figure | None:
        """`80mph`."""
        return figure(match, "measure", self._range_of_one(match), "".join(match["unit"].lower().split()))

    def _range_of_one(self, match: re.Match[str]) -> Number | None:
        value = self._number(match["low"])
        return -value if value is not None and match["minus"] else value

    def year(self, match: re.Match[str]) -> Figure | None:
        head = counted(match.string, match.end(), self.words)[1]
        if self.words.code == "en" and head.lower() in IRREGULAR_PLURALS:
            return None  # "of 2000 people"
        if (
            self.words.code != "en"
            and head
            and (head.lower() in self.words.durations or head.lower() in self.words.measures)
        ):
            return None
        return Figure("date", match["year"], "", "", "", match["year"], match.start("year"), match.end("year"))

    def _is_piece(self, match: re.Match[str], before: str, head: str, spelt: bool) -> bool:
        """Whether a number word stands beside the number, so that it is a piece of a longer one."""
        words = self.words
        if head.lower() in words.ones or head.lower() in words.tens or head.lower() in words.hundreds:
            return True
        if not spelt:
            return False
        if match["low"].lower().startswith(words.half_a) and words.and_ and re.search(rf"\b{words.and_}\s+$", before):
            return True
        return re.match(r"[-‑](?!odd\b)\w|\s+and\s+a\s+half\b", match.string[match.end() :]) is not None

    def count(self, match: re.Match[str]) -> Figure | None:
        text = match.string
        value = self._range(match)
        digits = match["low"].strip()
        before = text[max(0, match.start("low") - ADDRESS_BEFORE) : match.start("low")]
        if value is None or (isinstance(value, list) and value[0] >= value[1]):
            return nothing(match)  # a score, a vote
        if self.words.code == UNDETERMINED and re.match(r"\s?[^\W\d_]", text[match.end() :]):
            return nothing(match)
        if re.fullmatch(r"\d{3}[-–\s]\d{4}", match.group().strip()) or self.label.search(before):
            return nothing(match)
        if self.address.holds(before, digits, text[match.end() : match.end() + ADDRESS_BEFORE]):
            return nothing(match)
        if re.match(r"(?:st|nd|rd|th|er|º|ª|ème|e)\b", text[match.end() :]) or re.fullmatch(r"0\d+", digits):
            return nothing(match)
        if (
            self.words.ordinal_dot
            and re.match(r"\.\s+[^\W\d_]", text[match.end() :])
            and len(digits) <= 2
            and digits.isdigit()
        ):
            return None  # "der 3. Platz"; the end of a sentence has no more words behind it
        spelt = not (digits[0].isdigit() or digits[0] in "½¼¾⅓⅔⅛⅜⅝⅞⅕")
        phrase, head = counted(text, match.end(), self.words)
        if (not head and OF_A_PHONE.fullmatch(digits)) or is_of_a_phone(digits, before):
            return nothing(match)
        if is_day(digits, before, self.words.code) or self._is_piece(match, before, head, spelt):
            return nothing(match)
        if spelt and (value == 1 or not head) and not spells_scale(digits, self.language):
            duration = head.lower() in self.words.durations
            if not (duration and value == 1 and self.words.code == "en" and digits.lower() == "one"):
                return None  # "one of them", "the two": no figure to check
        if self._is_name(match, before, spelt):
            return nothing(match)
        compared = not head and _COMPARED.search((match["qualifier"] or "").lower().strip())
        if (
            compared
            and self.plain_year.fullmatch(digits)
            and _AMOUNT.search(text[max(0, match.start() - ADDRESS_BEFORE) : match.start()])
        ):
            return Figure("date", digits, "", "", "", digits, match.start("low"), match.end("low"))
        if self.plain_year.fullmatch(digits) and not match["qualifier"] and not match["high"]:
            unit = head.lower() in self.words.durations | self.words.measures
            if self.year_before.search(before) or not head or (self.words.code != "en" and not unit):
                return figure(match, "date", digits)
        if (
            not head
            and match.start("low") < 3
            and not before.strip()
            and re.match(r"[.)]\s", text[match.end() :])
            and len(digits) < 3
        ):
            return None  # the number of a list item
        of_money = self.words.currency_of and re.match(rf"\s(?:{'|'.join(self.words.currency_of)})", phrase)
        if of_money:
            phrase = head = ""
        name = head.lower()
        kind = "duration" if name in self.words.durations else "measure" if name in self.words.measures else "count"
        if kind == "measure":
            phrase, head = self._unit(text, match.end(), phrase, head)
        return figure(match, kind, value, head, " ".join(phrase.split()), end=match.end() + len(phrase))

    def _unit(self, text: str, at: int, phrase: str, head: str) -> tuple[str, str]:
        """The phrase and the unit of a measure: an area, a volume and a speed are other units than a length."""
        behind = text[at + len(phrase) : at + len(phrase) + 30]
        if hour := re.match(r"/h\b", behind):
            return phrase + hour.group(), head + hour.group()
        if square := self.square_behind.match(behind):
            return phrase + square.group(), f"{head} {square.group().strip()}"
        if square := self.square.search(phrase[: len(phrase) - len(head)]):
            return phrase, f"{square.group().strip()} {head}"
        return phrase, head

    def _is_name(self, match: re.Match[str], before: str, spelt: bool) -> bool:
        """Whether a number word within a sentence begins a name: `in Tres Cruces`."""
        word, after = match["low"].strip(), match.string[match.end() : match.end() + _AROUND]
        if not spelt or match["qualifier"] or not word[0].isupper() or word[1:] != word[1:].lower():
            return False
        if not re.search(r"(?:[^\W\d_]|[^\W\d_],)\s+$", before) or not re.match(r"\s+[A-ZÀ-Þ]", after):
            return False
        long = [
            each
            for each in re.findall(
                r"[^\W\d_]{4,}", match.string[max(0, match.start() - _AROUND) : match.end() + _AROUND]
            )
            if each != word
        ]
        capitals = sum(each[0].isupper() for each in long)
        return self.words.capitalised_nouns or capitals <= _HEADLINE * len(long)
