"""Headlines that deny what they said, and headlines that only say it otherwise."""

import pytest

from sources.quotes.cues import LANGUAGES
from sources.quotes.exact_match import TextQuote, find_exact
from sources.quotes.stance.find_stance import find_stance
from sources.quotes.stance.findings import Finding, Reading, Stance
from tests.sources.quotes.stance.pages import PAGES

DENIALS = {
    "en": [
        "No, reservoir levels did not recover after wet winter",
        "Fact check: no, the reservoir levels have not recovered",
        "It is false that reservoir levels recovered",
        "Why our story about the reservoir levels was wrong",
        "We were wrong about the Ellen reservoir",
    ],
    "de": [
        "Nein, die Zahl der Radpendler ist nicht gestiegen",
        "Faktencheck: Zahl der Radpendler gestiegen? Nein, die Zahl der Radpendler ist nicht gestiegen",
        "Wir haben uns bei der Zahl der Radpendler geirrt",
        "Warum die Meldung über die Radpendler falsch ist",
    ],
    "es": [
        "No, la biblioteca de Valdeolmos no bate su marca",
        "Es falso que la biblioteca de Valdeolmos bata su marca",
    ],
    "fr": ["Non, les vignes de Sauvterre ne résistent pas au gel", "Nous nous sommes trompés sur les vignes"],
    "it": ["No, il lago di Mezzana non torna balneabile", "È falso che il lago di Mezzana torni balneabile"],
    "pt": ["Não, o porto de Vila Franca não ganha passageiros", "É falso que o porto de Vila Franca ganhe passageiros"],
    "nl": ["Nee, station Oosterveen wordt niet drukker", "Waarom het bericht over station Oosterveen onjuist is"],
    "pl": ["Nie, szpital w Brodnie nie przyjmuje więcej chorych", "Nieprawda, że szpital w Brodnie przyjmuje więcej"],
    "ru": ["Нет, метро в Заречье не перевозит больше пассажиров", "Мы ошиблись с пассажирами метро"],
    "ar": ["لا، لم يرتفع عدد زوار متحف الساحل"],
    "hi": ["नहीं, झीलपुर में डाकघर का नया भवन नहीं"],
    "ja": ["いいえ、港町の図書館、利用者は増加していない"],
    "zh": ["不，临江市地铁客流没有上升"],
}
OTHERWISE = [
    ("en", "No, this winter was not wasted: what the rain did for us"),
    ("en", "Reservoir levels no lower than hoped after wet winter"),
    ("en", "Minister was wrong on housing, says watchdog"),
    ("en", "No-nonsense guide to reservoir levels after the wet winter"),
    ("en", "Why reservoir levels recover after a wet winter"),
    ("en", "It is false that trains were cancelled, operator says"),
    ("en", "Ellen reservoir is 87 per cent full"),
    ("de", "Zahl der Radpendler so hoch wie nie"),
    ("de", "Nein, das Auto ist nicht tot"),
    ("fr", "Non, le vin ne sera pas plus cher"),
    ("fr", "Vignes : le gel a détruit 35 % des bourgeons"),
    ("es", "No, los libros no muerden"),
    ("pl", "Nie tylko chorzy: szpital w Brodnie przyjmuje więcej"),
    ("ru", "Нет, это не шутка: метро в Заречье бесплатно в праздник"),
    ("nl", "Station Oosterveen drukker dan ooit"),
]
SITE = "Tarnside Observer"


def look(language: str, headline: str, was: str = "", quote: str = "") -> Finding:
    words = PAGES[language]
    quote = quote or words.quote

    def reading(title: str) -> Reading:
        lines = (SITE, title, words.date, words.first, f"{quote} {words.after}", words.third)
        return Reading("\n\n".join(lines), f"{title} | {SITE}", language)

    readings = reading(headline), reading(was or words.title)
    places = [next(find_exact(TextQuote(quote), each.text)) for each in readings]
    return find_stance(readings[0], places[0], readings[1], places[1])


def test_every_language_is_tried() -> None:
    assert set(DENIALS) == LANGUAGES


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_headline_that_denies_what_it_said(language: str) -> None:
    for headline in DENIALS[language]:
        found = look(language, headline)
        assert found.stance is Stance.DISOWNED and not found.at_once, (headline, found)
        assert look(language, headline, headline).stance is Stance.STANDS


@pytest.mark.parametrize(("language", "headline"), OTHERWISE)
def test_a_headline_that_denies_nothing(language: str, headline: str) -> None:
    assert look(language, headline).stance is Stance.STANDS


def test_a_denial_that_the_quote_says_itself() -> None:
    quote = "Reservoir levels have not recovered."
    assert (
        look("en", "No, reservoir levels have not recovered", "Are reservoirs full again?", quote).stance
        is Stance.STANDS
    )


def test_a_headline_with_the_quotes_own_word_of_withdrawal() -> None:
    quote = "The hospital cancelled 63 operations in July."
    assert look("en", "Hospital cancelled operations in summer", "Hospital under strain", quote).stance is Stance.STANDS


def test_a_negation_at_the_end_of_a_headline() -> None:
    was, now = "Stadt baut neue Brücke am Hafen", "Faktencheck: Stadt baut neue Brücke am Hafen nicht"
    assert look("de", now, was).stance is Stance.DISOWNED
