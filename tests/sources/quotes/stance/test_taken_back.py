"""Sentences called wrong to say, taken back by an author in brackets, or denied by the next sentence."""

import pytest

from sources.quotes.cues import LANGUAGES
from sources.quotes.locate import Result, select
from sources.quotes.look import Look, look
from sources.quotes.stance.findings import Reading, Stance
from tests.sources.quotes.stance.pages import PAGES


def looked(language: str, edit: str) -> Look:
    """The look at a page on which `{Q}` became the edit; `{q}` is the quote without its stop."""
    page = PAGES[language]
    words = edit.replace("{Q}", page.quote).replace("{q}", page.quote.rstrip(".。।"))
    before, now = (f"{page.first}\n{own} {page.after}\n{page.third}" for own in (page.quote, words))
    return look(select(page.quote, before), Reading(now, "", language), Reading(before, "", language))


def raises(language: str, edit: str) -> bool:
    found = looked(language, edit)
    return found.stance is not Stance.STANDS or found.check.result is not Result.INTACT


WRONG_TO_SAY = {
    "en": (
        "It would be wrong to say that {Q}",
        "It would be wrong to say: {Q}",
        "It would be a mistake to think that {Q}",
        "It was wrong of us to write that {Q}",
        "You would be wrong to believe that {Q}",
        "To say “{q}” would be wrong.",
    ),
    "de": (
        "Es wäre falsch zu sagen, {Q}",
        "Es wäre falsch, zu behaupten: {Q}",
        "Es ist ein Irrtum zu glauben, {Q}",
        "Falsch wäre die Aussage: {Q}",
    ),
    "es": (
        "Sería falso decir que {Q}",
        "Sería un error afirmar que {Q}",
        "No sería correcto decir que {Q}",
        "Sería equivocado sostener que {Q}",
    ),
    "fr": (
        "Il serait faux de dire que {Q}",
        "Ce serait une erreur d’affirmer que {Q}",
        "Il serait inexact de prétendre que {Q}",
        "On aurait tort de dire que {Q}",
    ),
    "it": (
        "Sarebbe sbagliato dire che {Q}",
        "Sarebbe un errore affermare che {Q}",
        "Sarebbe falso sostenere che {Q}",
    ),
    "pt": (
        "Seria errado dizer que {Q}",
        "Seria um erro afirmar que {Q}",
        "Seria falso dizer que {Q}",
    ),
    "nl": (
        "Het zou onjuist zijn te zeggen: {Q}",
        "Het zou fout zijn om te zeggen dat {Q}",
        "Het zou een vergissing zijn te denken: {Q}",
    ),
    "pl": (
        "Błędem byłoby twierdzić, że {Q}",
        "Nieprawdą byłoby powiedzieć, że {Q}",
        "Byłoby niesłuszne mówić, że {Q}",
    ),
    "ru": (
        "Было бы неверно говорить, что {Q}",
        "Было бы ошибкой утверждать, что {Q}",
        "Неправильно было бы считать, что {Q}",
    ),
    "ar": (
        "من الخطأ القول إن {Q}",
        "سيكون من الخطأ القول: {Q}",
        "ليس صحيحا القول إن {Q}",
    ),
    "hi": (
        "यह कहना गलत होगा कि {Q}",
        "यह कहना सही नहीं होगा कि {Q}",
        "यह मानना ग़लत होगा: {Q}",
    ),
    "ja": (
        "「{Q}」と言うのは誤りだ。",
        "「{Q}」と言うのは間違いだろう。",
        "「{Q}」と主張するのは正しくない。",
    ),
    "zh": (
        "如果说{Q}那是错误的。",
        "说“{Q}”是不对的。",
        "认为“{Q}”是错误的。",
        "不能说{Q}",
    ),
}

WRONG_TO_DO = {
    "en": ("It would be a mistake to close it now, for {Q}",),
    "de": ("Es wäre ein Fehler, jetzt aufzuhören, denn {Q}",),
    "es": ("Sería un error parar ahora, pues {Q}",),
    "fr": ("Ce serait une erreur de s’arrêter, car {Q}",),
    "it": ("Sarebbe un errore fermarsi ora, perché {Q}",),
    "pt": ("Seria um erro parar agora, pois {Q}",),
    "nl": ("Het zou een fout zijn nu te stoppen, want {Q}",),
}

AUTHORS = {
    "en": (
        "{q} [I no longer believe this].",
        "{q} (I stand corrected).",
        "{Q} [I was wrong about this. – The author]",
        "{Q} [Author’s note: I no longer believe this.]",
        "{Q} [I stand corrected. J. K.]",
        "{Q} (I now know better. – The author)",
        "{Q} [On this I erred – ed.]",
        "{Q} (I retract this sentence. – author)",
        "{Q} [Here I was mistaken. The author]",
        "{Q} [No longer my view. – The author]",
    ),
    "de": (
        "{Q} [Hier habe ich mich geirrt. – Die Autorin]",
        "{Q} (Das nehme ich zurück. Der Verfasser)",
        "{Q} [Anm. d. Verf.: Das sehe ich heute anders.]",
        "{Q} [Da lag ich falsch. – d. A.]",
        "{Q} (Mein Irrtum. – Die Autorin)",
        "{Q} [Anmerkung des Autors: Diese Aussage halte ich nicht mehr aufrecht.]",
        "{Q} [Das war mein Fehler. d. Verf.]",
    ),
    "es": (
        "{Q} [Me equivoqué en esto. – La autora]",
        "{Q} (Retiro esta frase. – El autor)",
        "{Q} [Nota del autor: ya no sostengo esto.]",
        "{Q} [Fue un error mío. – N. del A.]",
    ),
    "fr": (
        "{Q} [Je me suis trompé sur ce point. – L’auteur]",
        "{Q} (Je retire cette phrase. – L’autrice)",
        "{Q} [Note de l’auteur : je ne le pense plus.]",
        "{Q} [C’était une erreur de ma part. – NDA]",
    ),
    "it": (
        "{Q} [Su questo mi sono sbagliato. – L’autore]",
        "{Q} (Ritiro questa frase. – L’autrice)",
        "{Q} [Nota dell’autore: non lo penso più.]",
        "{Q} [È stato un mio errore. – N.d.A.]",
    ),
    "pt": (
        "{Q} [Enganei-me aqui. – O autor]",
        "{Q} (Retiro esta frase. – A autora)",
        "{Q} [Nota do autor: já não penso assim.]",
        "{Q} [Foi um erro meu. – N. do A.]",
    ),
    "nl": (
        "{Q} [Hierin heb ik me vergist. – De auteur]",
        "{Q} (Ik neem dit terug. – De schrijver)",
        "{Q} [Noot van de auteur: hier sta ik niet meer achter.]",
        "{Q} [Dat was mijn fout. – Auteur]",
    ),
    "pl": (
        "{Q} [Tu się pomyliłem. – Autor]",
        "{Q} (Wycofuję to zdanie. – Autorka)",
        "{Q} [Przyp. autora: już tak nie uważam.]",
        "{Q} [To był mój błąd. – Autor]",
    ),
    "ru": (
        "{Q} [Здесь я ошибся. – Автор]",
        "{Q} (Беру эти слова назад. – Автор)",
        "{Q} [Прим. автора: теперь я так не считаю.]",
        "{Q} [Это была моя ошибка. – Авт.]",
    ),
    "ar": (
        "{Q} [أخطأت في هذا. – الكاتب]",
        "{Q} (أسحب هذه الجملة. – الكاتبة)",
        "{Q} [ملاحظة الكاتب: لم أعد أعتقد ذلك.]",
        "{Q} [كان هذا خطأ مني. – الكاتب]",
    ),
    "hi": (
        "{Q} [इसमें मुझसे गलती हुई। – लेखक]",
        "{Q} (मैं यह वाक्य वापस लेता हूँ। – लेखक)",
        "{Q} [लेखक की टिप्पणी: अब मैं ऐसा नहीं मानता।]",
    ),
    "ja": (
        "{Q}［これは筆者の誤りだった。］",
        "{Q}（この一文は撤回する。筆者）",
        "{Q}［筆者注：今はそう考えていない。］",
        "{Q}（私の間違いでした。――著者）",
    ),
    "zh": (
        "{Q}［此处我写错了。——作者］",
        "{Q}（我收回这句话。——作者）",
        "{Q}［作者注：我已不再这样认为。］",
        "{Q}（这是我的错误。——作者）",
    ),
}

ASIDES = {
    "en": (
        "{Q} [The author lives in Ashcombe.]",
        "{Q} (I was there. – The author)",
        "{Q} [Author’s note: the lake is also called the Mere.]",
        "{Q} (My translation. – The author)",
    ),
    "de": (
        "{Q} [Die Autorin lebt in Bern.]",
        "{Q} (Ich war dabei. – Der Verfasser)",
        "{Q} [Anm. d. Verf.: Der See heißt auch Weiher.]",
        "{Q} (Übersetzung des Autors)",
    ),
    "es": (
        "{Q} [La autora vive en Lugo.]",
        "{Q} (Yo estaba allí. – El autor)",
        "{Q} (Traducción del autor)",
    ),
    "fr": (
        "{Q} [L’auteur vit à Nantes.]",
        "{Q} (J’y étais. – L’autrice)",
        "{Q} (Traduction de l’auteur)",
    ),
    "it": (
        "{Q} [L’autore vive a Trento.]",
        "{Q} (Io c’ero. – L’autrice)",
        "{Q} (Traduzione dell’autore)",
    ),
    "pt": (
        "{Q} [O autor vive em Braga.]",
        "{Q} (Eu estava lá. – A autora)",
        "{Q} (Tradução do autor)",
    ),
    "nl": (
        "{Q} [De auteur woont in Gent.]",
        "{Q} (Ik was erbij. – De schrijver)",
        "{Q} (Vertaling van de auteur)",
    ),
    "pl": (
        "{Q} [Autor mieszka w Lublinie.]",
        "{Q} (Byłam tam. – Autorka)",
        "{Q} (Tłumaczenie autora)",
    ),
    "ru": (
        "{Q} [Автор живёт в Твери.]",
        "{Q} (Я был там. – Автор)",
        "{Q} (Перевод автора)",
    ),
    "ar": (
        "{Q} [يعيش الكاتب في تونس.]",
        "{Q} (كنت هناك. – الكاتبة)",
    ),
    "hi": (
        "{Q} [लेखक भोपाल में रहते हैं।]",
        "{Q} (मैं वहाँ था। – लेखक)",
    ),
    "ja": (
        "{Q}［筆者は松本市に住む。］",
        "{Q}（私はそこにいた。筆者）",
    ),
    "zh": (
        "{Q}［作者住在杭州。］",
        "{Q}（我当时在场。——作者）",
    ),
}

NEXT_SENTENCES = (
    "Dem war jedoch nicht so.",
    "Zutreffend ist das nicht.",
    "Tatsächlich ist dem nicht so.",
    "Das trifft so nicht zu.",
    "Das trifft allerdings nicht zu.",
    "Dies ist unzutreffend.",
    "So trifft das nicht zu.",
    "Dem ist aber nicht so.",
    "Das war nicht der Fall.",
    "Das stimmt so nicht.",
    "Das stimmt schlicht nicht.",
    "Dies stimmt inzwischen nicht mehr.",
    "Diese Angabe trifft nicht zu.",
    "Es verhält sich anders.",
    "Das verhält sich anders.",
    "Stimmen tut das nicht.",
    "Wahr ist das nicht.",
    "Das ist nicht wahr.",
    "Dies trifft laut Behörde nicht zu.",
    "Nach heutigem Stand trifft das nicht zu.",
    "Das trifft, wie wir heute wissen, nicht zu.",
    "Das ließ sich nicht bestätigen.",
    "Doch das trifft nicht zu.",
)
NEXT_SENTENCES_OF_MORE = (
    "Das trifft viele hart.",
    "Das trifft nicht alle.",
    "Dem ist nichts hinzuzufügen.",
    "Dem war eine lange Debatte vorausgegangen.",
    "Das trifft auf die Stadt Ulm nicht zu.",
    "Damit ist nicht alles gesagt.",
    "Das war vor zehn Jahren nicht so.",
    "So war es nicht immer.",
)


@pytest.mark.parametrize("language", WRONG_TO_SAY)
def test_called_wrong_to_say(language: str) -> None:
    assert [edit for edit in WRONG_TO_SAY[language] if not raises(language, edit)] == []


@pytest.mark.parametrize("language", WRONG_TO_DO)
def test_what_is_wrong_to_do_says_nothing_of_the_sentence(language: str) -> None:
    assert [edit for edit in WRONG_TO_DO[language] if raises(language, edit)] == []


@pytest.mark.parametrize("language", AUTHORS)
def test_an_author_takes_it_back_in_brackets(language: str) -> None:
    assert [edit for edit in AUTHORS[language] if not raises(language, edit)] == []


@pytest.mark.parametrize("language", ASIDES)
def test_other_asides_of_authors(language: str) -> None:
    assert [edit for edit in ASIDES[language] if raises(language, edit)] == []


def test_the_next_sentence_denies_it() -> None:
    assert [edit for edit in NEXT_SENTENCES if not raises("de", f"{{Q}} {edit}")] == []
    assert [edit for edit in NEXT_SENTENCES_OF_MORE if raises("de", f"{{Q}} {edit}")] == []


def test_every_language_is_tried() -> None:
    assert {*WRONG_TO_SAY} == {*AUTHORS} == LANGUAGES


TURKISH = "Limandaki köprü fırtınada ağır hasar gördü"
TURKISH_PAGE = """Belediye salı günü raporunu yayımladı ve başkan akşam saatlerinde gazetecilerle konuştu.
{} Onarım çalışmaları gelecek ay başlayacak.
Rapor belediyenin sitesinde okunabilir."""


@pytest.mark.parametrize(
    ("was", "now", "raised"),
    [
        ("{Q}.", "“{Q}” iddiası doğru değil.", True),
        ("{Q}.", "Bazılarının öne sürdüğü “{Q}” iddiası doğru değil.", True),
        ("“{Q}” açıklaması yapıldı.", "“{Q}” iddiası doğru değil.", True),
        ("{Q}.", "“{Q}” iddiası asılsız.", True),
        ("{Q}.", "Başkan “{Q}” dedi.", False),
    ],
)
def test_the_frame_denies_it_in_a_language_without_a_table(was: str, now: str, raised: bool) -> None:
    before, after = (Reading(TURKISH_PAGE.format(each.replace("{Q}", TURKISH)), "", "tr") for each in (was, now))
    found = look(select(TURKISH, before.text), after, before)
    assert (found.check.result is Result.ALTERED) is raised
