"""Negations, by language, matched as whole words or as morphemes.

A word that negates in one language and not in another (`no` on a Spanish and on a Portuguese page) counts unless the
text itself shows, by its function words, that it is in the other.

Pure: no network, no database.
"""

import re
from collections import Counter
from functools import lru_cache

from sources.quotes.normalization import normal

# A vowel sign is no letter to `\w`, so a word of Hindi would end within itself: न is no word of निर्माण.
_SIGNS = (
    "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957"
    "\u0962\u0963\u0981-\u0983\u09bc-\u09cd"
)
_WORDS = """
    not no never none neither nor without cannot nobody nothing nowhere hardly denied denies deny false untrue
    nein nicht kein keine keinen keinem keiner keines nie niemals weder ohne nichts niemand
    ne pas jamais aucun aucune ni sans rien nulle non
    nunca ningún ninguna ninguno sin jamás tampoco nada nadie
    não nem sem nenhum nenhuma ninguém
    nessun nessuna nessuno senza né mai niente nulla
    niet geen nooit zonder niets niemand
    nej ikke ingen aldri aldrig uden uten ikkje inte inget inga utan ekki
    nie nigdy bez żaden żadna żadne není nikdy žádný nije nisu neće nikad ni brez
    неправда не нет ни никогда без никто ничего немає ні нема няма
    nu niciodată fără nici nem nincs soha sem
    ei eivät ilman
    değil yok hiç hayır asılsız osant usant usann nepravda hoaks tidak bukan tanpa jangan belum
    chưa chẳng chả
    δεν μη μην όχι χωρίς κανένας ούτε
    नहीं न ना নয় না নেই
    لا لم لن ليس ليست ليسوا غير بدون ولا ولم ولن نه نیست نہیں بغیر لیس
    לא אין בלי אינו אינה אינם ללא
    """
# In these languages the word is another one, and these words are negations in these languages alone.
_ELSEWHERE = {
    "no": {"pt"},
    "ni": {"sv", "da"},
    "ne": {"tr", "it", "ro"},
    "pas": {"nl", "en"},
    "sans": {"en", "de"},
    "non": {"en"},
    "sem": {"sl", "cs"},
    "sin": {"en"},
}
_ONLY = {"mai": "it", "nu": "ro", "ei": "fi"}
_FUNCTION_WORDS = {
    "en": "the of and to in that is was for on with as by at from have has were are this which their said",
    "de": "der die das und ist von mit den dem zu im auf für ein eine sich auch wurde werden sind bei nach",
    "fr": "le la les des et est du en une un dans pour que qui sur par au aux pas avec sont été",
    "es": "el la los las de y en que del una un por con para se su al es más como fue han",
    "pt": "o a os as da do das dos em não uma um com são pelo pela foi ao que e na nas nos mais ou ele ela",
    "it": "il lo la gli di e in che della del una un per con si è nel dei delle alla sono dal",
    "nl": "de het een van en in is dat op te zijn voor met aan door niet bij ook naar werd",
    "sv": "och i att det som en är på av för med den till har de inte om ett var",
    "da": "og i at det som en er på af for med den til har de ikke om et var blev av",
    "tr": "ve bir bu da de için ile olarak olan daha çok gibi kadar sonra",
    "ro": "și în de la a cu pe un o din care este nu au fost pentru că mai",
    "fi": "ja on ei se että oli hän ovat mutta kun myös sekä",
    "hu": "a az és hogy nem egy is meg volt ez csak már de",
    "sl": "in je na se da za so ki ni s z pri tudi ali",
    "cs": "a je na se že v za s do pro jsou by byl ale i",
}
_FUNCTION_SETS = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
# Chinese and Japanese write them within words, and so do words that say nothing of the kind.
_MORPHEMES = (
    r"不(?![久仅僅断斷过過同少错錯但论論管禁必妨免惜料知良幸动動丹])(?<!对不)(?<!差不)|没(?![收落入顶])(?<![淹沉埋吞出])|沒(?![收落入])"
    r"|[未](?![来來婚知必])|无(?=[法效关關罪需权權意证證人辜论可视視能力从條条])|無(?=[法效關关罪需權意證証人辜論可視能力從條罪断い])"
    r"|否认|否認|并非|並非|绝非|絕非|非(?=[法正官]|因|由于|由於)"
    r"|(?<![少危切汚せ幼拙])ない|なかった|なく(?=て|な|、)|ません|ませんでした|ずに"
    r"|않|없|아니|아닌|못(?=하|했|한|할|된|됐)|(?<!\w)안(?= )|ไม่|มิได้|មិន"
)
_VIETNAMESE = r"(?<!\w)(?<!hàng )(?<!trên )không(?! (?:khí|gian|quân|trung|lưu|phận|tặc))(?!\w)"
_MORPHEME = re.compile(f"{_MORPHEMES}|{_VIETNAMESE}", re.IGNORECASE)
_NEGATIONS = frozenset(_WORDS.split())
_WORD = re.compile(rf"n'|[\w{_SIGNS}]+(?:'t(?![\w{_SIGNS}]))?")


def negations(text: str) -> Counter[str]:
    """The negations of a text, in lower case, and how often each stands there."""
    text = normal(text)
    words = _WORD.findall(text.lower())
    found = Counter(word for word in words if word in _NEGATIONS or word.endswith("n't") or word == "n'")
    if not text.isascii():
        found.update(match.lower() for match in _MORPHEME.findall(text))
    if doubtful := found.keys() & (_ELSEWHERE.keys() | _ONLY.keys()):
        language = language_of(text)
        for word in doubtful:
            if language in _ELSEWHERE.get(word, ()) or _ONLY.get(word, language) != language:
                del found[word]
    return found


@lru_cache(maxsize=64)
def language_of(text: str) -> str:
    """The language in Latin script that most of the function words in the text belong to; empty if two have as many."""
    words = frozenset(_WORD.findall(text.lower()))
    counted = sorted(((len(words & function), language) for language, function in _FUNCTION_SETS.items()), reverse=True)
    (most, language), (second, _) = counted[0], counted[1]
    return language if most > second else ""
