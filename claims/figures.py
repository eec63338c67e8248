"""Figures in a text: what can be looked up and compared.

    figures("some 758,000 pieces were deleted since June 1")
    -> [Figure(count, 758000, unit="pieces", …), Figure(date, "06-01", …)]

Dates are given as precisely as the text does: `2024-06-01`, `06-01`, `2024-06`, `2024`. Only English names of months
and numbers are read; digits, percentages, money and ISO dates are read in any language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Number = int | float
Value = Number | str | list[Number]


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _numbered(text: str, start: int, step: int = 1) -> dict[str, int]:
    """Each word with its number; words joined by "|" share one."""
    return {word: start + step * n for n, group in enumerate(text.split()) for word in group.split("|")}


_ONES = _numbered(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen",
    start=1,
)
_TENS = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", start=20, step=10)
_SCALES = {
    "hundred": 100, "dozen": 12, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000, "k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000,
    "tn": 1_000_000_000_000,
}  # fmt: skip
_MONTHS = _numbered(
    "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep october|oct "
    "november|nov december|dec",
    start=1,
)
_CURRENCIES = {
    "$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW",
    "dollar": "USD", "euro": "EUR", "pound": "GBP", "yen": "JPY", "yuan": "CNY", "renminbi": "CNY", "rupee": "INR",
    "ruble": "RUB", "rouble": "RUB", "won": "KRW", "franc": "CHF", "peso": "peso", "krona": "krona",
    "crown": "crown", "cent": "cent", "usd": "USD", "eur": "EUR", "gbp": "GBP", "chf": "CHF", "cny": "CNY",
    "jpy": "JPY", "a$": "AUD", "c$": "CAD",
}  # fmt: skip
_DURATIONS = words(
    """
    second minute hour day night week fortnight month quarter year decade century season seconds minutes hours days
    nights weeks fortnights months quarters years decades centuries seasons
    """
)
_MEASURES = words(
    """
    km m cm mm kg g t ha mph mw gw kw kwh mwh gwh twh foot feet inch inches degree degrees celsius fahrenheit
    kilometer kilometers kilometre kilometres meter meters metre metres mile miles acre acres hectare hectares
    tonne tonnes ton tons kilogram kilograms kilo kilos gram grams pound pounds litre litres liter liters gallon
    gallons barrel barrels watt watts kilowatt kilowatts megawatt megawatts gigawatt gigawatts knot knots
    """
)

_WORDS = "|".join([*_TENS, *_ONES])
_DIGITS = (
    r"(?<![\w.,/])(?<![A-Za-z][-‑])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?!\d|,\d{3}|(?-i:[A-JLN-Z]\b))"
)
_SPELT = rf"\b(?:{_WORDS})(?:[-\s](?:{'|'.join(_ONES)}))?\b"
_SCALE = r"(?:[\s-]?(?:hundred|dozen|thousand|million|billion|trillion)s?\b|\s?(?:bn|mn|tn|k|m)\b(?![.’']))"
_NUMBER = rf"(?:(?:{_DIGITS}|{_SPELT}|\b(?:half\s+a|a\s+half|a|an)(?=\s(?:hundred|dozen|thousand|million|billion|trillion)\b)){_SCALE}{{0,2}})"  # noqa: E501
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"  # noqa: E501
_QUALIFIER = (
    r"(?P<qualifier>\b(?:more than|less than|fewer than|no more than|no fewer than|no less than|at least|at most|"
    r"up to|as many as|as much as|as few as|well over|just over|just under|close to|nearly|almost|over|under|about|"
    r"around|approximately|roughly|some|above|below|only|just|exactly|an estimated|estimated|another|a total of)\s+)?"
)
_CURRENCY_SIGN = r"(?:US\$|A\$|C\$|[$€£¥₹₽₩])"
_CURRENCY_WORD = (
    r"(?:(?:U\.?S\.?|American|Canadian|Australian|Swiss)\s+)?"
    r"(?:dollars?|euros?|pounds?(?!\s+of)|yen|yuan|renminbi|rupees?|roubles?|rubles?|francs?|pesos?|kronor|krona|"
    r"crowns|cents?|USD|EUR|GBP|CHF|CNY|JPY)\b"
)
_TO = r"(?:\s?[-–—]\s?|\s+(?:to|and|or)\s+)"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; `text` is `document[start:end]`, with the qualifier and what is counted.

    `kind`: count, percent, money, date, period, duration, age, measure, ratio, multiple, rate, time, rank. `value`
    is a number, a list of two (a range), or a string (dates, periods, ratios). `unit` is what one is counted in
    ("pieces", "percent", "USD"), `counts` the whole phrase ("cyber crime cases"), `qualifier` "over", "some", ….
    """

    kind: str
    value: Value
    unit: str
    counts: str
    qualifier: str
    text: str
    start: int
    end: int


def figures(text: str, offset: int = 0) -> list[Figure]:
    """Figures of `text` in order, none inside another. `offset` is added to the positions."""
    found: list[Figure] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            figure = read(match)
            if figure is None or any(figure.start < f.end and f.start < figure.end for f in found):
                continue
            found.append(figure)
    found.sort(key=lambda f: f.start)
    if not offset:
        return found
    return [
        Figure(f.kind, f.value, f.unit, f.counts, f.qualifier, f.text, f.start + offset, f.end + offset) for f in found
    ]


def number(words: str) -> Number | None:
    """The number that `words` spell: "758,000", "4.5 million", "twenty-five", "a dozen", "half a million"."""
    rest = words.strip().lower()
    scale: Number = 1
    while (tail := re.search(r"(?:^|(?<=[\s\d-]))([a-z]+?)s?$", rest)) and (
        tail[1] in _SCALES and (rest[: tail.start()].strip(" -") or tail[1] in {"hundred", "thousand", "dozen"})
    ):
        scale *= _SCALES[tail[1]]
        rest = rest[: tail.start()].strip(" -")
    base: Number
    if re.fullmatch(r"[\d,]*\.?\d+", rest):
        plain = rest.replace(",", "")
        base = float(plain) if "." in plain else int(plain)
    elif rest in {"", "a", "an"}:
        base = 1
    elif rest in {"half a", "a half"}:
        base = 0.5
    else:
        parts = re.split(r"[-\s]", rest)
        if not all(p in _ONES or p in _TENS for p in parts):
            return None
        base = sum(_ONES.get(p, 0) + _TENS.get(p, 0) for p in parts)
    value = base * scale
    return int(value) if isinstance(value, float) and scale > 1 and abs(value - round(value)) < 1e-6 * value else value


# -- readers: each turns a match into a figure, or None where it is none ------------------------------------------


def _figure(
    match: re.Match[str],
    kind: str,
    value: Value | None,
    unit: str = "",
    counts: str = "",
    end: int | None = None,
) -> Figure | None:
    if value is None:
        return None
    groups = match.groupdict()
    start, stop = match.start(), match.end() if end is None else end
    while start < stop and match.string[start].isspace():
        start += 1
    while stop > start and match.string[stop - 1].isspace():
        stop -= 1
    qualifier = " ".join((groups.get("qualifier") or "").lower().split())
    return Figure(kind, value, unit, counts, qualifier, match.string[start:stop], start, stop)


def _date(match: re.Match[str]) -> Figure | None:
    month = _MONTHS.get(match["month"].lower().rstrip("."))
    day = int(match["day"]) if match["day"] else None
    year = match["year"]
    if month is None or (day is not None and not 1 <= day <= 31) or (day is None and year is None):
        return None
    parts = [year, f"{month:02}", f"{day:02}" if day else None]
    return _figure(match, "date", "-".join(p for p in parts if p))


def _iso_date(match: re.Match[str]) -> Figure | None:
    return _figure(match, "date", match.group()) if 1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31 else None


def _year(match: re.Match[str]) -> Figure | None:
    return _figure(match, "date", match["year"], end=match.end("year"))


def _year_range(match: re.Match[str]) -> Figure | None:
    low, high = int(match["low"]), match["high"]
    full = int(high) if len(high) == 4 else int(match["low"][:2] + high)
    return _figure(match, "period", [low, full], "year") if full > low else None


def _period(match: re.Match[str]) -> Figure | None:
    return _figure(match, "period", " ".join(match.group().lower().split()))


def _money(match: re.Match[str]) -> Figure | None:
    sign = (match["sign"] or match["word"]).lower()
    word = sign.split()[-1]
    unit = _CURRENCIES.get(word) or _CURRENCIES.get(word.rstrip("s")) or word
    return _figure(match, "money", _one_or_two(match), unit)


def _percent(match: re.Match[str]) -> Figure | None:
    unit = "percentage points" if "point" in match["unit"].lower() else "percent"
    return _figure(match, "percent", _one_or_two(match), unit, _of_phrase(match.string, match.end()))


def _one_or_two(match: re.Match[str]) -> Value | None:
    low = number(match["low"])
    high = number(match["high"]) if match.groupdict().get("high") else None
    if high is None or low is None:
        return low
    scale = re.search(r"(hundred|thousand|million|billion|trillion|bn|mn|tn|k|m)s?$", match["high"].strip().lower())
    if scale and low < high and not re.search(r"[a-z]$", match["low"].lower()) and low * _SCALES[scale[1]] <= high:
        low = low * _SCALES[scale[1]]  # "3 to 5 million"
    return [low, high]


def _ratio(match: re.Match[str]) -> Figure | None:
    return _figure(
        match, "ratio", " ".join(match.group().lower().split()), counts=_of_phrase(match.string, match.end())
    )


def _share(match: re.Match[str]) -> Figure | None:
    """`12 of the 30 pumps`."""
    phrase, head = _counted(match.string, match.end())
    part, whole = number(match["part"]), number(match["whole"])
    if part is None or whole is None or part > whole or not head:
        return None
    return _figure(match, "ratio", [part, whole], head, phrase.strip(), end=match.end() + len(phrase))


def _glued(match: re.Match[str]) -> Figure | None:
    return _figure(match, "measure", number(match["low"]), match["unit"].lower())


def _rate(match: re.Match[str]) -> Figure | None:
    return _figure(match, "rate", match.group().replace(" ", ""), "hours a day, days a week")


def _time(match: re.Match[str]) -> Figure | None:
    return _figure(match, "time", match.group().lower())


def _multiple(match: re.Match[str]) -> Figure | None:
    return _figure(match, "multiple", " ".join(match.group().lower().split()))


def _rank(match: re.Match[str]) -> Figure | None:
    return _figure(match, "rank", " ".join(match.group().lower().split()))


def _count(match: re.Match[str]) -> Figure | None:
    text = match.string
    value = _one_or_two(match)
    if value is None:
        return None
    digits = match["low"].strip()
    if re.fullmatch(r"\d{3}[-–]\d{4}", match.group().strip()):
        return None  # a telephone number
    before = text[: match.start("low")]
    if re.search(r"(?:\b(?:No|Nos|Article|Section|Chapter|Figure|Table|Page|Rule|Channel|Flight|Route|Room|Clause|"
                 r"Paragraph|Highway|Interstate|Title|Resolution|Version|Volume|Phase|Level|Grade|Windows)\.?|[#§])\s*$",
                 before):  # fmt: skip
        return None
    spelt = not digits[0].isdigit()
    phrase, head = _counted(text, match.end())
    if spelt and (value == 1 or not head) and not _has_scale(digits):
        return None  # "one of them", "the two": no figure to check
    if not head and not spelt and re.fullmatch(r"(?:1[5-9]|20)\d\d", digits):
        return _figure(match, "date", digits)
    if not spelt and re.fullmatch(r"(?:1[5-9]|20)\d\d", digits) and not match["qualifier"]:
        if not head.endswith("s") or re.search(
            r"\b(?:in|since|of|by|until|from|the|during|late|early)\s+$", before.lower()
        ):
            return _figure(match, "date", digits)
    if (
        not head
        and re.fullmatch(r"\d{1,2}", digits)
        and re.match(r"[.)]\s", text[match.end() :])
        and not before.strip()
    ):
        return None  # the number of a list item
    unit = head
    kind = "count"
    if unit.lower() in _DURATIONS:
        kind = "duration"
    elif unit.lower() in _MEASURES:
        kind = "measure"
    end = match.end() + len(phrase)
    return _figure(match, kind, value, unit, " ".join(phrase.split()), end=end)


def _has_scale(words: str) -> bool:
    return bool(re.search(r"hundred|dozen|thousand|million|billion|trillion", words.lower()))


def _attributive(match: re.Match[str]) -> Figure | None:
    """`18-month`, `40-year-old`, `50-page`."""
    unit = match["unit"].lower()
    kind = "age" if match["old"] else "duration" if unit in _DURATIONS else "measure" if unit in _MEASURES else "count"
    return _figure(match, kind, number(match["low"]), "years" if match["old"] else unit)


# -- what is counted ---------------------------------------------------------------------------------------------

_STOP = words(
    """
    a an the and or but nor of in on at from for with by to about into over under between among against during
    through across around near behind beyond within without per via amid as than that which who whom whose when
    where while if because since until after before is are was were be been being am has have had do does did
    will would can could may might must shall should not he she it they we you i his her its their our my your
    this these those there then so also only just already last next ago later earlier now said says more less
    fewer up down out off away together each both all came went took made got gave became began left fell rose
    grew
    """
)
_IRREGULAR_PLURALS = words(
    """
    people men women children feet teeth mice police cattle sheep fish aircraft data media percent staff troops
    dead personnel votes species series
    """
)
_NOT_PLURAL = words(
    """
    this is was has its his as us less across always yes plus thus versus minus
    """
)
_WORD = re.compile(r"[ \t]*(?P<lead>[-\s]?)(?P<word>[^\W\d_][\w’'-]*)")


def _counted(text: str, at: int) -> tuple[str, str]:
    """(the noun phrase that follows `at`, its head noun): (" cyber crime cases", "cases")."""
    i = at
    last_plural = at
    head = ""
    first = ("", at)
    for n in range(6):
        match = _WORD.match(text, i)
        if match is None or "\n" in match.group() or (n == 0 and match.start("word") == at):
            break
        word = match["word"]
        bare = word.lower().removesuffix("’s").removesuffix("'s")
        if bare in _STOP or (n and bare in _MONTHS):
            break
        if n == 0 and bare not in _MONTHS:
            first = (word, match.end())
        i = match.end()
        plural = (
            bare.endswith("s") and not bare.endswith("ss") and bare not in _NOT_PLURAL
        ) or bare in _IRREGULAR_PLURALS
        if plural:
            if word.lower() == bare:
                last_plural, head = i, word
                # two plurals in a row are rarely one phrase: "3 workers claims"
                break
            break
        if bare.endswith(("ing", "ed", "ly")) and n:
            break
    if head:
        return text[at:last_plural], head
    word, end = first
    if word and re.match(r"[\s,.;:)”\"]|$", text[end:]) and word.lower() in _SINGULAR_UNITS:
        return text[at:end], word
    return "", ""


_SINGULAR_UNITS = frozenset([*_DURATIONS, *_MEASURES, "person", "case", "time", "seat", "vote", "foot"])
_OF_PHRASE = re.compile(r"\s+of\s+((?:(?:the|all|its|their|his|her|our)\s+)?[\w’'-]+(?:\s+[\w’'-]+){0,3})")


def _of_phrase(text: str, at: int) -> str:
    """ "5 percent of all households" -> "all households": up to the first word that cannot belong to it."""
    match = _OF_PHRASE.match(text, at)
    if match is None:
        return ""
    words: list[str] = []
    for n, word in enumerate(match[1].split()):
        if word.lower() in _STOP - {"the", "all", "its", "their", "his", "her", "our"} or (
            n and word.lower().endswith("ed")
        ):
            break
        words.append(word)
        if word.lower().endswith("s") and word.lower() not in _NOT_PLURAL:
            break
    return " ".join(words)


Reader = Callable[[re.Match[str]], Figure | None]


def _readers() -> Iterator[tuple[re.Pattern[str], Reader]]:
    def compiled(pattern: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
        return re.compile(pattern, flags)

    low_high = rf"(?P<low>{_NUMBER})(?:{_TO}(?P<high>{_NUMBER}))?"
    yield compiled(r"\b(\d{4})-(\d{2})-(\d{2})\b"), _iso_date
    yield compiled(r"\b24\s?/\s?7\b"), _rate
    month = f"(?P<month>{_MONTH})"
    year = r"(?P<year>(?:1[5-9]|20)\d\d)"
    # months are names: "may" and "march" are verbs in lower case
    yield (
        re.compile(rf"\b{month}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\.\d|,\d{{3}})(?:,?\s+{year}\b)?"),
        _date,
    )
    yield re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+{month}(?:,?\s+{year}\b)?"), _date
    yield re.compile(rf"\b{month}(?P<day>)(?:,|\s+of)?\s+{year}\b"), _date
    yield re.compile(rf"\b(?:in\s+)?{_MONTH}\s+(?:this|last|next)\s+year\b"), _period
    yield (
        compiled(
            r"\b(?:(?:the\s+)?(?:start|beginning|end|middle|first half|second half|(?:first|second|third|fourth) quarter)"
            r"\s+of\s+)?(?:(?:this|last|next|the past|the last|the previous|the next|the coming)\s+"
            r"(?:couple of\s+|few\s+|several\s+)?(?:week|month|quarter|year|decade|century)s?)\b"
        ),
        _period,
    )
    yield (
        compiled(r"\bthe\s+(?:first|second|third|fourth)\s+(?:quarter|half)(?:\s+of\s+(?:1[89]|20)\d\d)?\b"),
        _period,
    )
    yield compiled(r"\bthe\s+(?:early\s+|late\s+|mid-)?(?:1[5-9]|20)\d0s\b"), _period
    yield (
        compiled(r"\b(?P<low>(?:1[5-9]|20)\d\d)[-–/](?P<high>(?:(?:1[5-9]|20)\d\d|\d\d))\b(?![-\d])"),
        _year_range,
    )
    number_range = rf"{_QUALIFIER}(?:\b(?:between|from)\s+)?{low_high}"
    yield (
        compiled(
            rf"{_QUALIFIER}(?:\b(?:between|from)\s+)?(?P<sign>(?<!\w){_CURRENCY_SIGN})\s?"
            rf"(?P<low>\d[\d,]*(?:\.\d+)?{_SCALE}?)(?<![,.])"
            rf"(?:{_TO}{_CURRENCY_SIGN}?\s?(?P<high>\d[\d,]*(?:\.\d+)?{_SCALE}?))?(?P<word>)"
        ),
        _money,
    )
    yield compiled(rf"{number_range}[\s-](?P<word>{_CURRENCY_WORD})(?P<sign>)"), _money
    yield (
        compiled(
            rf"{number_range}\s?(?P<unit>%|\s?per\s?cent(?:age)?(?:\s+points?)?\b|\s?percentage\s+points?\b|-percent\b)"
            r"(?:\s+points?\b)?"
        ),
        _percent,
    )
    yield (
        compiled(
            rf"{_QUALIFIER}\b(?:(?:{'|'.join([*_ONES, *_TENS])}|\d+)\s+(?:in|out\s+of)(?:\s+every)?\s+"
            rf"(?:{'|'.join([*_ONES, *_TENS])}|a\s+hundred|a\s+thousand|\d[\d,]*))\b(?!\s+(?:years|months|weeks|days|hours))"
        ),
        _ratio,
    )
    yield (
        compiled(
            rf"{_QUALIFIER}\b(?:(?:one|two|three|four|five)[-\s](?:half|third|quarter|fifth|sixth|tenth)s?|"
            r"a\s+(?:third|quarter|fifth|tenth)|half)(?=\s+of\b)"
        ),
        _ratio,
    )
    yield (
        compiled(
            r"\b(?:(?:more than\s+|nearly\s+|almost\s+)?(?:doubled|tripled|trebled|quadrupled|halved)|twofold|threefold|"
            r"fourfold|fivefold|tenfold|(?:twice|three times|four times|five times|ten times|half)\s+as\s+"
            r"(?:many|much|high|large|big|fast|likely)|(?:\d+(?:\.\d+)?|two|three|four|five|ten)\s+times\s+"
            r"(?:more|less|higher|lower|larger|as\s+\w+))\b"
        ),
        _multiple,
    )
    yield (
        compiled(rf"\b(?P<low>{_DIGITS}|{_SPELT})[-‑](?P<unit>[a-z]+)(?P<old>[-‑]olds?)?\b(?<!percent)"),
        _attributive,
    )
    yield (
        compiled(r"(?<![\w.])\d{1,2}(?::\d\d)?\s?(?:a\.m\.|p\.m\.|am\b|pm\b)|(?<![\w.:])\d{1,2}:\d\d(?![\w:])"),
        _time,
    )
    yield (
        compiled(
            r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th))[-\s]"
            r"(?:largest|biggest|highest|lowest|smallest|poorest|richest|most\s+\w+|consecutive\s+\w+|straight\s+\w+)\b"
        ),
        _rank,
    )
    yield (
        compiled(
            r"\b(?:in|since|until|by|of|from|before|after|during|for|through)\s+(?P<year>(?:1[5-9]|20)\d\d)\b(?![,.]\d|\s?%)"
        ),
        _keep_year,
    )
    yield compiled(rf"{number_range}(?!\s?%)"), _count


def _keep_year(match: re.Match[str]) -> Figure | None:
    _, head = _counted(match.string, match.end())
    if head and head.lower() in _IRREGULAR_PLURALS:
        return None
    start = match.start("year")
    year = match["year"]
    return Figure("date", year, "", "", "", year, start, match.end("year"))


_READERS = list(_readers())
