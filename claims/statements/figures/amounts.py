"""Money, percentages, ratios, ages, measures and counts, with value, unit and sign."""

from __future__ import annotations

import re
from collections.abc import Iterator

from claims.statements.figures.counted import words_of
from claims.statements.figures.dates import YEAR, Reader, nothing
from claims.statements.figures.figure import literal
from claims.statements.figures.numbers import BEFORE, UNSPACED_BEFORE, numbers_of
from claims.statements.figures.readers import LARGE, SYMBOLS, Readers, spaced
from claims.statements.figures.words import CURRENCY_CODES, FigureWords

WITHOUT_NUMBERS = words_of(
    "half third quarter fifth sixth tenth doubled tripled trebled quadrupled halved twofold threefold fourfold "
    "fivefold tenfold twice times second fourth seventh eighth ninth fortnight hour day week month year decade century"
)
"""Words without which an English text in words alone has no figure."""
_PARTED = r"about|around|almost|nearly|roughly|some|only|just|over|under|more\s+than|less\s+than|up\s+to|at\s+least"
_BEFORE_SIGN = r"(?<![\w)%.,])"


def amount_patterns(language: str) -> Iterator[tuple[str, Reader]]:
    """The patterns of a language's amounts with what reads them, the most specific first."""
    n = numbers_of(language)
    words, amount = n.words, n.number
    own = Readers(language, words)
    qualifiers = "|".join(sorted(map(spaced, words.qualifiers), key=len, reverse=True))
    qualifier = rf"(?P<qualifier>\b(?:{qualifiers})(?:\s+|(?<=[’'])))?" if qualifiers else r"(?P<qualifier>(?!))?"
    minus = "|".join(words.minus) or "(?!)"
    sign = rf"(?P<minus>{_BEFORE_SIGN}[-−](?=\d)|\b(?:{minus})\s+(?=\d))?"
    to = "|".join(words.to)
    joined = r"\s?[-–—]\s?" + (rf"|\s+(?:{to})\s+" if to else "")
    between = rf"\b{words.between}\s+" if words.between else "(?!)"
    link = rf"(?(between)\s+{words.and_ or '(?!)'}\s+|(?:{joined}))"
    from_ = (
        rf"(?:\b{words.from_}\s+(?=\S+\s+(?:{to or '(?!)'})\s))?"
        if words.from_ and words.code != "en"
        else r"(?:\bfrom\s+)?"
    )
    span = rf"{qualifier}{from_}(?P<between>{between})?{sign}(?P<low>{amount})(?:{link}(?P<high>{amount}))?"

    symbol = "|".join(
        sorted(
            (re.escape(each) for each in SYMBOLS if not each[0].isalpha() or each.endswith(("$", "."))),
            key=len,
            reverse=True,
        )
    )
    codes = "|".join(sorted(CURRENCY_CODES))
    # `R14.2 billion` is money, `R21` a road
    sum_of_rand = r"\d{1,3}(?:[ ,]\d{3})+(?!\d)|[\d.]+\s?(?:(?:m|b|tr)illion|thousand|bn|mn?|tn)\b|\d+\.\d\d(?!\d)"
    rand = rf"(?-i:R)(?=\s?(?:{sum_of_rand}))" if words.code in {"en", "af"} else "(?!)"
    ahead = rf"(?<![\w])(?P<sign>(?:US|A|C|HK|NZ|S|R)\$|{symbol}|(?-i:(?:{codes})|Rs)|{rand})"
    wired = r"bn|bln|mn|mln|tn|tr?ln|k|m|b"
    short = rf"(?:{n.scale}|\s?(?:{wired})\b(?![’'])){{0,3}}" if words.code == "en" else rf"{n.scale}{{0,3}}"
    money = rf"(?:{_unbounded(n.digits)}{short})"
    yield (
        rf"{qualifier}{from_}(?P<between>{between})?(?P<minus>{_BEFORE_SIGN}[-−](?=\D)|\b(?:{minus})\s+)?"
        rf"{ahead}[\s ]?(?P<low>{money})"
        rf"(?:{link}(?:US\$|{symbol}|(?-i:R)(?=\d))?\s?(?P<high>{money}))?",
        own.money,
    )
    names = "|".join(sorted(map(re.escape, words.currencies), key=len, reverse=True)) or "(?!)"
    of = rf"(?:(?:{'|'.join(words.currency_of)})\s?)?" if words.currency_of else ""
    nation = r"(?:(?:U\.?S\.?|American|Canadian|Australian|Swiss)\s+)?" if words.code == "en" else ""
    plural = r"s?(?!\s+of\b)" if words.code == "en" else ""
    behind = rf"(?:{nation}{of}(?:(?:{names}){plural}(?!\w)|(?-i:{codes})\b)|[€$£¥₹₽₩₺₴₪]|(?-i:zł|Kč|руб\.?)|[元円])"
    large = r"(?P<large>(?-i:M|Md|Mds|Mrd|k)(?=€))?"
    yield rf"{span}{large}[\s \u202f-]?(?P<word>{behind})", own.money
    points, percent = "|".join(words.points) or "(?!)", "|".join(words.percent) or "(?!)"
    yield rf"{span}[\s-]?(?P<word>(?:{points})(?!\w))", own.points
    yield rf"{span}[\s-]?(?P<word>(?:{'|'.join(words.basis_points) or '(?!)'})(?!\w))", own.basis_points
    signs = rf"(?:[\s \u202f]?[%％٪]|[\s-]?(?:{percent})(?!\w))"
    dash_or_and = rf"(?(between)\s+{words.and_ or '(?!)'}\s+|\s?[-–—]\s?)"
    yield (
        rf"{qualifier}(?P<between>{between})?{sign}(?P<low>{amount}){signs}{dash_or_and}"
        rf"(?P<high>{_unbounded(n.digits)}){signs}(?P<points>(?!))?",
        own.percent_to_percent,
    )
    yield (
        rf"{span}{signs}(?P<points>(?:-|\s+)points?\b)?",
        own.percent,
    )
    yield rf"{span}[\s \u202f]?‰", own.per_mille
    yield rf"(?<![\w%])[%％]\s?(?P<low>{_unbounded(n.digits)})(?P<points>(?!))?(?!\w)", own.percent
    yield r"(?<![\w./,])(?P<part>\d{1,2})/(?P<whole>\d{1,3})(?![\w/])(?P<of>\s+of\b)?", own.written_fraction
    yield r"(?<![\w.,:])\d{1,3}\s?:\s?\d{1,3}(?![\w:]|[.,]\d)", nothing  # odds, a score
    yield rf"(?P<low>{n.digits})\s?[x×](?!\w)", own.times
    yield from _ratios(n.spelt, words, qualifier, own)
    if words.code == "en":
        yield from _english(n.digits, n.spelt, qualifier, amount, own)
    elif words.times:
        yield rf"{qualifier}(?P<low>{amount})(?:{'|'.join(words.times)})(?!\w)", own.times
    if words.code == "de":
        yield rf"(?P<low>{n.digits}|{n.spelt})-?(?P<unit>jährige[nrsm]?|jährig)\b", own.age
        yield rf"(?P<low>{n.digits})[-‑](?P<unit>[A-Za-zäöüß]+)\b", own.attributive
    yield (
        rf"{sign}(?P<low>{n.digits})(?P<unit>km/h|km²|km|kg|cm|mm|mph|mw|gw|kw|kwh|mwh|gwh|twh|ft|lbs?|kph|ha|\s?°\s?C|\s?°\s?F|\s?°)(?!\w)",
        own.glued,
    )
    yield rf"\b(?:{'|'.join(words.year_before) or '(?!)'})\s+(?P<year>{YEAR})\b(?![,.]\d|\s?%)", own.year
    yield rf"{span}(?![\s \u202f]?[%％])", own.count


def _unbounded(digits: str) -> str:
    """The digits of an amount behind a currency sign, which stands where else nothing may."""
    digits = digits.replace(BEFORE, r"(?<![\d,])", 1).replace(UNSPACED_BEFORE, r"(?<![\d,])", 1)
    return digits.replace(r"|(?-i:[A-JLN-Z]\b))", ")", 1)


def _ratios(spelt: str, words: FigureWords, qualifier: str, own: Readers) -> Iterator[tuple[str, Reader]]:
    if words.shares:
        shares = "|".join(sorted(map(spaced, words.shares), key=len, reverse=True))
        yield rf"{qualifier}\b(?P<share>{shares})(?!\w)", own.named_share
    if words.multiples:
        yield rf"\b(?P<share>{'|'.join(map(spaced, words.multiples))})(?!\w)", own.named_multiple
    if words.share_of and words.code != "en":
        small = f"{spelt}|\\d{{1,3}}"
        noun = r"(?P<noun>\s+\w+)?" if words.code in {"es", "fr", "pt"} else ""
        yield (
            rf"{qualifier}\b(?P<part>{small}){noun}\s+(?:{'|'.join(words.share_of)})\s+(?P<whole>{small})(?!\w|[.,]\d)",
            own.small_share,
        )


def _english(digits: str, spelt: str, qualifier: str, amount: str, own: Readers) -> Iterator[tuple[str, Reader]]:
    small = spelt
    scales = LARGE
    yield (
        rf"{qualifier}(?<![\w.,’'-])(?:{small}|\d{{1,3}})\s+(?:in|out\s+of)(?:\s+every)?\s+"
        rf"(?:{small}|an?(?=\s+(?:{scales}))|(?!{YEAR}\b)\d{{1,3}}(?:,?\d{{3}})*)(?:\s+(?:{scales}))*\b(?![,.]\d)(?!\s+(?:years|months|weeks|days|hours))",
        own.ratio,
    )
    yield (
        rf"{qualifier}\b(?:(?:one|two|three|four|five)[-\s](?:half|third|quarter|fifth|sixth|tenth)s?"
        r"|a\s+(?:third|quarter|fifth|tenth)|half)(?=\s+of\b)",
        own.ratio,
    )
    yield rf"{qualifier}\b(?:two|three|four)(?:[-\s](?:thirds|fifths|sixths|tenths)|-quarters)(?!\w)", own.ratio
    # `fell by a third`, `about a third were`; not `a third man`, `by a third party`
    yield (
        rf"(?:(?<=\bby\s)|(?<=\bto\s)|(?<=\bthan\s)|(?P<qualifier>\b(?:{_PARTED})\s+))(?:a|one)[-\s]"
        r"(?:third|quarter|fifth|tenth)(?=\s*(?:[.,;:)!?]|$)|\s+(?:is|are|was|were|had|has|have|did|do|said|say|voted"
        r"|died|in|on|since|from|to|after|before|as|when|while|and|but|compared|between|within|over|this|last|more|less"
        r"|higher|lower|larger|smaller)\b)",
        own.ratio,
    )
    yield (
        r"(?:(?<=^)|(?<=[.!?:;]\s)|(?<=[,–—]\s))(?:a|one)\sthird(?=\s+(?:are|were|have|had|did|voted|died|say|said)\b)",
        own.ratio,
    )
    yield rf"{qualifier}(?P<part>{amount})\s+of\s+(?:the|its|their|his|her|our|all)\s+(?P<whole>{amount})", own.share
    yield (
        r"\b(?:(?:more than\s+|nearly\s+|almost\s+)?(?:doubled|tripled|trebled|quadrupled|halved)|twofold|threefold"
        r"|fourfold|fivefold|tenfold|(?:twice|three times|four times|five times|ten times|half)\s+as\s+"
        r"(?:many|much|high|large|big|fast|likely)|(?:\d+(?:\.\d+)?|two|three|four|five|ten)\s+times\s+"
        r"(?:more|less|higher|lower|larger|as\s+\w+))\b",
        literal("multiple"),
    )
    yield (
        r"\b(?:(?P<half>half\s+an?)\s+(?P<unit>hour|day|year|decade|century)|an?\s+(?P<two_weeks>fortnight))\b",
        own.one_duration,
    )
    yield rf"(?P<low>{digits}|{spelt})[-‑](?P<unit>[a-z]+)(?P<old>[-‑]olds?)?\b(?<!percent)", own.attributive
    yield (
        r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th))[-\s]"
        r"(?:largest|biggest|highest|lowest|smallest|poorest|richest|most\s+\w+|consecutive\s+\w+|straight\s+\w+)\b",
        literal("rank"),
    )
    yield (
        r"(?<![\w.,/-])(?P<low>\d{1,3})(?:st|nd|rd|th)\s+(?P<unit>minute|hour|day|week|month|year|anniversary|place|time|birthday)\b",
        own.rank,
    )
