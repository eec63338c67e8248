"""Notices without a figure, and which sentence of the page they mean."""

import pytest

from sources.quotes.exact_match import TextQuote, find_exact
from sources.quotes.stance.find_stance import find_stance
from sources.quotes.stance.findings import Reading, Stance

PAGES = {
    "en": (
        "People in the valley are waiting longer for a first appointment.",
        "4,310 patients had waited more than 26 weeks for surgery.",
        "The chair blamed a shortage of theatre nurses. Groups of patients want monthly figures.",
    ),
    "de": (
        "Wer im Tal mit Fernwärme heizt, muss sich auf höhere Rechnungen einstellen.",
        "Auf 7.640 Haushalte kommen ab Januar Kosten von 18 Euro im Monat zu.",
        "Der Aufsichtsrat will im Dezember über die neuen Tarife entscheiden.",
    ),
    "nl": (
        "Boeren in de polder betalen volgend jaar meer aan het waterschap.",
        "1.875 bedrijven gaan gemiddeld 640 euro per jaar meer betalen.",
        "De dijkgraaf wijst op de kosten van twee nieuwe gemalen.",
    ),
    "ru": (
        "Городской транспорт готовится к новому тарифу.",
        "С 1 июля проезд в автобусе будет стоить 42 рубля.",
        "Глава департамента объяснил решение ростом цен на топливо.",
    ),
    "es": (
        "La sequía obliga al ayuntamiento a estudiar cortes nocturnos de agua.",
        "El embalse se encuentra al 23,4 % de su capacidad.",
        "El concejal pidió a los vecinos que no rieguen los jardines.",
    ),
}
DISOWNED = [
    ("en", "Editor’s note: The waiting figure in this story was wrong. We have asked for the right one."),
    ("en", "We can no longer stand by the figures in this article."),
    ("en", "Following a complaint upheld by the press regulator, we accept that the waiting figure was inaccurate."),
    ("en", "This report was based on drafts; the number of patients given in it was an error by the trust."),
    ("de", "Zu diesen Zahlen stehen wir nicht mehr."),
    ("de", "Anmerkung der Redaktion: Die Zahl der Haushalte in diesem Text war falsch."),
    ("nl", "Het waterschap laat weten dat ons bedrag voor de bedrijven niet juist was. Wij betreuren de fout."),
    ("ru", "В мэрии сообщили, что указанная нами цена проезда неверна. Сожалеем об ошибке."),
    ("es", "Nota de la redacción: el dato del embalse publicado en esta noticia era incorrecto."),
]
STANDS = [
    ("en", "Editor’s note: The figure for nurses in this story was wrong. We have removed it."),
    ("en", "Editor’s note: The caption in this story gave a wrong figure."),
    ("en", "We can no longer stand by and watch, the groups say."),
    ("en", "We regret the error in the crossword."),
    ("de", "Anmerkung der Redaktion: Die Zahl der Mitglieder im Aufsichtsrat war in diesem Text falsch."),
    ("nl", "Wij betreuren de fout in de naam van de dijkgraaf."),
    ("ru", "Сожалеем об ошибке в фамилии главы департамента."),
    ("es", "Lamentamos el error en el nombre del concejal."),
]


def stance(language: str, line: str) -> Stance:
    first, quote, last = PAGES[language]
    before = Reading("\n\n".join((first, quote, last)), "", language)
    now = Reading(f"{before.text}\n\n{line}", "", language)
    place = next(find_exact(TextQuote(quote), before.text))
    found = find_stance(now, place, before, place)
    assert found.stance is Stance.STANDS or not found.at_once
    return found.stance


@pytest.mark.parametrize(("language", "line"), DISOWNED)
def test_a_notice_that_means_the_figure_of_the_sentence(language: str, line: str) -> None:
    assert stance(language, line) is Stance.DISOWNED


@pytest.mark.parametrize(("language", "line"), STANDS)
def test_a_notice_that_means_something_else(language: str, line: str) -> None:
    assert stance(language, line) is Stance.STANDS
