"""The language of a text, or that it cannot be told."""

import pytest

from claims.statements.languages import known, primary, table
from claims.statements.languages.detection import language_of

SHORT = {
    "en": "The bridge was shut on Monday, and the council says that it is not going to open in May.",
    "de": "Die Brücke ist seit Montag gesperrt, und der Rat sagt, dass sie nicht im Mai geöffnet wird.",
    "es": "El puente está cerrado desde el lunes y el concejo dice que no se abrirá en mayo por las grietas.",
    "fr": "Le pont est fermé depuis lundi et le conseil dit qu’il ne sera pas ouvert dans le mois de mai.",
    "it": "Il ponte è chiuso da lunedì e il consiglio dice che non si apre nel mese di maggio per le crepe.",
    "pt": "A ponte está fechada desde segunda e o conselho diz que não se abre no mês de maio por causa das fendas.",
    "nl": "De brug is sinds maandag dicht en de raad zegt dat het niet in mei open gaat, maar later.",
    "ja": "橋は月曜日から閉鎖されている。",
    "zh": "这座桥自星期一起关闭。",
    "ko": "다리는 월요일부터 폐쇄되었다.",
}


@pytest.mark.parametrize(("language", "text"), SHORT.items(), ids=SHORT)
def test_the_language_of_a_sentence(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(("language", "text"), SHORT.items(), ids=SHORT)
def test_the_language_of_a_page(language: str, text: str) -> None:
    assert language_of(f"{text} " * 12) == language


@pytest.mark.parametrize(
    "text", ["", "12,5 % (2031)", "Aldby Bridge", "asdf qwer zxcv " * 60, "https://a.example/the/of/and"]
)
def test_what_does_not_tell_its_language_is_undetermined(text: str) -> None:
    assert language_of(text) == "und"


def test_capitals_do_not_hide_a_language() -> None:
    assert language_of(SHORT["en"].upper() * 8) == "en"


def test_each_file_is_read_and_a_strange_tag_has_no_words() -> None:
    assert {"de", "en", "es", "fr"} <= set(known())
    assert all(table(code, "figures") for code in known())
    assert table("../en", "figures") == {} and table("", "sentences") == {}
    assert primary("pt-BR") == primary("pt_BR") == "pt"
