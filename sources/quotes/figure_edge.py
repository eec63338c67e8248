"""Compare what stands beside a figure at which a quote begins or ends.

`rose to 38` stands in `rose to 38 million`, `38 walls` in `fewer than 38 walls`, but neither says what was quoted.
Units, magnitudes, currencies and comparisons are listed by language; whatever else stands beside a figure does not
change it.

Pure: no network, no database.
"""

import re

from sources.quotes.normalization import normal

_PERCENT = (
    r"%|per ?cent|percent(?:age)? points?|prozent(?:punkte?)?|pour ?cent|por ?cien(?:to)?|por ?cento|per ?cento|procent"
    r"|proc\.|процент\w*|في المئة|بالمئة|प्रतिशत|個百分點|个百分点|パーセント|퍼센트|ร้อยละ|phần trăm|persen|yüzde"
)
_MAGNITUDE = (
    r"thousand|million(?:s|en)?|billion(?:s|en)?|trillion(?:s|en)?|mn|bn|tn|mio\.?|mrd\.?|mln|mld|tausend|milliarden?|milliards?"
    r"|mille|mil|millón|millones|millardos?|milhão|milhões|bilhão|bilhões|bilhoes|mila|milioni|milione|miliardi|miliardo|duizend"
    r"|miljoen|miljard|tusen|miljoner|miljarder|milliarder|millioner|tys\.?|mln\.?|milion\w*|miliard\w*"
    r"|тысяч\w*|тыс\.?|миллион\w*|млн\.?|миллиард\w*|млрд\.?|мільйон\w*|мільярд\w*|ألف|آلاف|مليون|ملايين|مليار|هزار|میلیون|میلیارد"
    r"|हज़ार|हजार|लाख|करोड़|crores?|lakhs?|bin|milyon|milyar|ribu|juta|miliar|nghìn|triệu|tỷ|[千万萬億亿兆]|만|억|조|แสน|ล้าน|พัน"
)
_UNIT = (
    r"k?m(?:²|2|³|3)?|[cm]m|km/h|mph|k?g|mg|µg|t|tonn?e?s?|tons?|tonnen|l|litres?|liters?|ha|hectares?|acres?|miles?"
    r"|°\s?[CF]|degrees?|k?wh?|[mg]wh?|[kmgt]b|hours?|days?|weeks?|months?|years?|minutes?|seconds?"
    r"|stunden|tage[n]?|wochen|monate[n]?|jahre[n]?|heures?|jours?|mois|ans|años|meses|días|horas|anos|dias|anni|mesi|giorni|ore"
    r"|dollars?|euros?|pounds?|yen|yuan|rupees?|francs?|franken|kronor|kroner|pesos?|reais|rubles?|рубл\w*|usd|eur|gbp|chf|jpy|cny|inr"
    r"|[年月日时時分秒天人元円圆ドル岁歳]|원|년|월|일|명"
)
_CURRENCY = r"[A-Z]{0,3}[$€£¥₹₽₩₺₫₴₪฿]|USD|EUR|GBP|CHF|JPY|CNY|INR|Rs\.?|R\$"
_AFTER = re.compile(
    rf"\s*(?:(?P<percent>{_PERCENT})|(?P<other>{_MAGNITUDE}|{_UNIT}|{_CURRENCY})(?![^\W\d_])"
    rf"|(?P<range>(?:[-–—]|to|bis|à|a|al|до|至|から|~)\s*\d))",
    re.IGNORECASE,
)
_COMPARED = (
    r"(?:more|less|fewer|greater|higher|lower|better|other) than|over|under|above|below|up to|at least|at most"
    r"|no more than|nearly|almost|about|around|roughly|approximately|some|only|just|exactly"
    r"|mehr als|weniger als|über|unter|bis zu|mindestens|höchstens|fast|etwa|rund|ungefähr|knapp|nur"
    r"|plus de|moins de|jusqu'à|au moins|au plus|presque|environ|près de|seulement"
    r"|más de|menos de|hasta|al menos|casi|unos|unas|cerca de|solo|sólo|mais de|até|pelo menos|quase|apenas"
    r"|più di|meno di|oltre|fino a|almeno|quasi|circa|solo|meer dan|minder dan|ruim|bijna|ongeveer|minstens|slechts"
    r"|более|менее|свыше|около|почти|не менее|не более|до|أكثر من|أقل من|نحو|حوالي|超过|超過|不到|近"
    r"|约|約|至少|最多|以上"
)
_BEFORE = re.compile(
    rf"(?:(?P<currency>{_CURRENCY})|(?P<sign>[-−+±<>≤≥~≈]|minus|plus)|(?<![^\W\d_])(?P<compared>{_COMPARED}))\s*$",
    re.IGNORECASE,
)
_REACH = 40


def edge_changed(words: str, was: tuple[str, str], now: tuple[str, str]) -> bool:
    """Whether a figure at either end of the words has another unit, magnitude, currency or comparison beside it.

    `was` and `now` are what stood and what stands before and after the words, at least some 40 characters of each.
    """
    words = normal(words)
    if words[-1:].isdigit() and _after(was[1]) != _after(now[1]):
        return True
    return words[:1].isdigit() and _before(was[0]) != _before(now[0])


def _after(text: str) -> str:
    found = _AFTER.match(normal(text[:_REACH].partition("\n")[0]))
    if found is None:
        return ""
    return "%" if found["percent"] and "point" not in found[0] and "punkt" not in found[0] else found[0].strip().lower()


def _before(text: str) -> str:
    found = _BEFORE.search(normal(text[-_REACH:].rpartition("\n")[2]))
    return found[0].strip().lower() if found else ""
