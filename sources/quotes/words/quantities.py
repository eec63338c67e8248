"""Words of quantity by language: percent, magnitudes, units, currencies, comparisons, numbers in words.

Pure: no network, no database.
"""

import re
from collections import Counter

PERCENT = (
    r"%|percent(?:age)? points?|per ?cent|pct|prozent(?:punkte?n?)?|points? de pourcentage|pour ?cent|por ?cien(?:to)?"
    r"|por ?cento|per ?cento|procent|proc\.|процент\w*|في المئة|بالمئة|في المائة|بالمائة|प्रतिशत"
    r"|個百分點|个百分点|パーセント|퍼센트"
    r"|ร้อยละ|phần trăm|persen|yüzde"
)
PERCENT_WORD = (
    r"(?<![^\W\d_])(?:per ?cent|pct\.?|prozent|v\. ?h\.|pour ?cent|por ?cien(?:to)?|por ?cento|per ?cento|procent"
    r"|proc\.|процент(?:а|ов|ы)?|في المئة|بالمئة|في المائة|بالمائة|प्रतिशत|persen)(?![^\W\d_])(?! points?)"
    r"|パーセント(?!ポイント)|퍼센트(?! ?포인트)"
)
"""What is said for a percent sign after a figure, and for no percentage point."""
MAGNITUDE = (
    r"thousand|million(?:s|en)?|billion(?:s|en)?|trillion(?:s|en)?|mn|bn|tn|mio\.?|mrd\.?|mln|mld|tausend|milliarden?|milliards?"
    r"|mille|mil|millón|millones|millardos?|milhão|milhões|bilhão|bilhões|bilhoes|mila|milioni|milione|miliardi|miliardo|duizend"
    r"|miljoen|miljard|tusen|miljoner|miljarder|milliarder|millioner|tys\.?|mln\.?|milion\w*|miliard\w*"
    r"|тысяч\w*|тыс\.?|миллион\w*|млн\.?|миллиард\w*|млрд\.?|мільйон\w*|мільярд\w*|ألف|آلاف|مليون|ملايين|مليار|هزار|میلیون|میلیارد"
    r"|हज़ार|हजार|लाख|करोड़|crores?|lakhs?|bin|milyon|milyar|ribu|juta|miliar|nghìn|triệu|tỷ"
)
UNIT = (
    r"k?m(?:²|2|³|3)?|[cm]m|km/h|mph|k?g|mg|µg|t|tonn?e?s?|tons?|tonnen|l|litres?|liters?|ha|hectares?|acres?|miles?"
    r"|°\s?[CF]|degrees?|k?wh?|[mg]wh?|[kmgt]b|hours?|days?|weeks?|months?|years?|minutes?|seconds?"
    r"|stunden|tage[n]?|wochen|monate[n]?|jahre[n]?|heures?|jours?|mois|ans|años|meses|días|horas|anos|dias|anni|mesi|giorni|ore"
    r"|dollars?|euros?|pounds?|yen|yuan|rupees?|francs?|franken|kronor|kroner|pesos?|reais|rubles?|рубл\w*|usd|eur|gbp|chf|jpy|cny|inr"
)
UNSPACED = r"[千万萬億亿兆]+[元円圆人年]?|[年月日时時分秒天人元円圆岁歳]|만|억|조|원|년|월|일|명|แสน|ล้าน|พัน"
"""Magnitudes and units of languages that write them without a space after."""
BELOW_ZERO = (
    r"minus|menos|moins|meno|минус|мінус|سالب|ناقص|منفی|माइनस|ऋण|氷点下|零下|マイナス|负|負|영하|마이너스|âm|eksi|ลบ"
)
"""What says before a figure that it is negative."""
CURRENCY = r"[A-Z]{0,3}[$€£¥₹₽₩₺₫₴₪฿]|USD|EUR|GBP|CHF|JPY|CNY|INR|Rs\.?|R\$"
COMPARED = (
    r"(?:more|less|fewer|greater|higher|lower|better|other) than|over|under|above|below|up to|at least|at most"
    r"|no more than|nearly|almost|about|around|roughly|approximately|some|only|just|exactly"
    r"|mehr als|weniger als|über|unter|bis zu|mindestens|höchstens|fast|etwa|rund|ungefähr|knapp|nur"
    r"|plus de|moins de|jusqu'à|au moins|au plus|presque|environ|près de|seulement"
    r"|más de|menos de|hasta|al menos|casi|unos|unas|cerca de|solo|sólo|mais de|até|pelo menos|quase|apenas"
    r"|più di|meno di|oltre|fino a|almeno|quasi|circa|solo|meer dan|minder dan|ruim|bijna|ongeveer|minstens|slechts"
    r"|более|менее|свыше|около|почти|не менее|не более|до|أكثر من|أقل من|نحو|حوالي|超过|超過|不到|近"
    r"|约|約|至少|最多|以上|将近|將近|およそ|ほぼ|最大|わずか|약|최대|최소|거의"
    r"|barely|hardly|scarcely|an estimated|as (?:many|much|few|little) as|close to|(?:just|well) (?:over|under)"
    r"|a (?:maximum|minimum) of|kaum|gut|annähernd|nahezu|beinahe|circa|ca\.|schätzungsweise|maximal|wenigstens"
    r"|allenfalls|à peine|quelque|au (?:maximum|minimum)|alrededor de|como (?:máximo|mínimo)|por lo menos"
    r"|aproximadamente|no (?:máximo|mínimo)|perto de|appena|al (?:massimo|minimo)|come minimo|meno di"
    r"|maximaal|hooguit|hoogstens|ten minste|nauwelijks|zo'n|ponad|około|prawie|niemal|co najmniej|co najwyżej"
    r"|najwyżej|blisko|zaledwie|mniej niż|więcej niż|nästan|ungefär|minst|högst|drygt|knappt|næsten|omkring|mindst"
    r"|højst|nesten|yaklaşık|neredeyse|en (?:az|fazla)|примерно|приблизительно|едва|порядка|максимум|минимум|лишь"
    r"|больше|меньше|майже|близько|लगभग|करीब|क़रीब|कम से कम|अधिकतम|sekitar|hampir|paling (?:sedikit|banyak)"
)
_NUMBERS = """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
    twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands half third quarter
    dozen
    dozens double doubled twice triple tripled first second both few several many most all
    zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig sechzig siebzig
    achtzig neunzig
    hundert hunderte halb hälfte drittel viertel dutzend doppelt verdoppelt alle viele wenige mehrere
    deux trois quatre cinq six sept huit neuf dix onze douze vingt trente quarante cinquante soixante cent
    moitié tiers quart
    douzaine double tous plusieurs
    dos tres cuatro cinco seis siete ocho nueve diez once doce veinte treinta cuarenta cincuenta sesenta cien
    mitad tercio
    cuarto docena doble todos varios muchos pocos
    dois duas três quatro oito nove dez onze doze vinte trinta quarenta cinquenta cem metade terço
    due tre quattro cinque sei sette otto nove dieci undici dodici venti trenta quaranta cinquanta cento metà
    terzo
    twee drie vier vijf zes zeven acht negen tien elf twaalf twintig dertig veertig vijftig honderd helft
    två tre fyra fem sex sju åtta nio tio tolv tjugo trettio hundra hälften
    dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć sto połowa
    два две три четыре пять шесть семь восемь девять десять двадцать тридцать сорок сто половина
    iki üç dört beş altı yedi sekiz dokuz yirmi otuz kırk elli yüz yarı dua tiga empat lima enam tujuh delapan
    sembilan
    اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة عشرون ثلاثون مئة نصف ثلث ربع
    एक दो तीन चार पांच छह सात आठ नौ दस बीस तीस सौ आधा
    """
_SIGNS = "\u0300-\u036f\u064b-\u065f\u0900-\u0903\u093a-\u094f"
_IN_WORDS = frozenset(_NUMBERS.split())
_WORD = re.compile(rf"[\w{_SIGNS}]+")
_MAGNITUDE = re.compile(rf"(?:{MAGNITUDE})$", re.IGNORECASE)
_SIGN = re.compile(
    rf"{PERCENT}|{UNSPACED}|[一二三四五六七八九十百千万萬亿億两兩半倍]|(?<=\d)(?:\s?(?:{UNIT})|{MAGNITUDE}|k)(?!\w)|[$€£¥₹₽₩₺₫₴₪฿]",
    re.IGNORECASE,
)
# Names of one quantity. Of milliards, and of the billions of the long scale, nothing is said here.
_NAMES = {
    name: line.split()[0]
    for line in (
        "million millions mn mio mln millionen milioni miljoen miljoner millioner млн миллион миллиона миллионов",
        "million million. mio. mln. млн.",
        "billion billions bn",
        "trillion trillions tn",
        "mrd milliarde milliarden mrd. mld miliardi miliardo miljard miljarder milliarder",
        "млрд млрд. миллиард миллиарда миллиардов",
        "тыс тыс. тысяч тысячи тысяча",
        "€ eur euro euros",
        "£ gbp pound pounds",
        "$ usd dollar dollars",
        "t tonne tonnes tonnen",
        "l litre litres liter liters",
        "ha hectare hectares",
        "h hour hours",
    )
    for name in line.split()
}
_SHORT = {"m": "million", "b": "billion", "bn": "billion", "k": "thousand"}


def quantities(text: str) -> Counter[str]:
    """Numbers in words, magnitudes, percent and currencies, and the units that stand at figures, by one name each."""
    found = Counter(word for word in _WORD.findall(text.lower()) if word in _IN_WORDS or _MAGNITUDE.match(word))
    found.update("".join(match.lower().split()) for match in _SIGN.findall(text))
    named: Counter[str] = Counter()
    for name, count in found.items():
        named[_NAMES.get(name, "%" if _IS_PERCENT.fullmatch(name) else name)] += count
    return named


_IS_PERCENT = re.compile("|".join((PERCENT_WORD.replace(" ?", ""), "%", "percent|prozent|proc")), re.IGNORECASE)


def quantity_name(written: str) -> str:
    """The one name of a magnitude, unit or currency that is written in several ways."""
    return _NAMES.get(written.lower(), written.lower())


def is_magnitude(word: str) -> bool:
    return _MAGNITUDE.match(word) is not None


def same_quantities(before: str, after: str) -> bool:
    """Whether two wordings name the same quantities; `2m` may be two million."""
    was, now = quantities(before), quantities(after)
    return was == now or _spelled_out(was) == _spelled_out(now)


def _spelled_out(found: Counter[str]) -> Counter[str]:
    named: Counter[str] = Counter()
    for name, count in found.items():
        named[_SHORT.get(name, name)] += count
    return named
