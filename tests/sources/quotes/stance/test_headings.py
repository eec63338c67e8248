"""Headings over lists and paragraphs that change their status, and lines among headings that are none."""

import pytest

from sources.quotes.cues import LANGUAGES
from sources.quotes.exact_match import TextQuote, find_exact
from sources.quotes.stance.find_stance import find_stance
from sources.quotes.stance.findings import Finding, Reading, Stance
from tests.sources.quotes.stance.pages import PAGES

TURNED = {
    "en": [
        ("Rules in force", "Repealed rules"),
        ("Sites selected", "Sites excluded"),
        ("Agreed works", "Shelved works"),
    ],
    "de": [("Geltende Regeln", "Aufgehobene Regeln"), ("Genehmigte Bauten", "Beantragte Bauten")],
    "fr": [("Règles en vigueur", "Règles abrogées"), ("Travaux votés", "Travaux reportés")],
    "es": [("Normas vigentes", "Normas derogadas"), ("Obras autorizadas", "Obras propuestas")],
    "it": [("Norme in vigore", "Norme abrogate"), ("Opere autorizzate", "Opere sospese")],
    "pt": [("Regras em vigor", "Regras revogadas"), ("Obras autorizadas", "Obras adiadas")],
    "nl": [("Geldende regels", "Afgeschafte regels"), ("Toegelaten middelen", "Verboden middelen")],
    "pl": [("Obowiązujące zasady", "Uchylone zasady"), ("Zatwierdzone prace", "Wstrzymane i odłożone prace")],
    "ru": [("Действующие правила", "Отменённые правила"), ("Утверждённые работы", "Отложенные работы")],
    "ar": [("القواعد السارية", "القواعد الملغاة"), ("التدابير المعتمدة", "التدابير المرفوضة")],
    "hi": [("स्वीकृत उपाय", "अस्वीकृत उपाय"), ("लागू नियम", "निरस्त नियम")],
    "ja": [("可決された議案", "否決された議案"), ("採択された施策", "廃止された施策")],
    "zh": [("通过的措施", "否决的措施"), ("现行规定", "已废止的规定")],
}
INNOCENT = [
    ("en", "Measures adopted", "Measures adopted this week"),
    ("en", "Planned works", "Proposed works"),
    ("en", "Measures adopted", "Approved measures"),
    ("en", "Rejected: measures", "Measures"),
    ("en", "Measures adopted", "Advertisement"),
    ("en", "What is planned", "Opening hours"),
    ("de", "Beschlossene Maßnahmen", "Die beschlossenen Maßnahmen im Einzelnen"),
    ("fr", "Mesures adoptées", "Les mesures adoptées"),
    ("es", "Medidas aprobadas", "Medidas que se han aprobado"),
    ("ru", "Принятые меры", "Меры, принятые в мае"),
    ("nl", "Geplande werken", "Voorgestelde werken"),
    ("zh", "通过的措施", "已通过的措施"),
]


def page(language: str, heading: str, listed: bool = False, margin: str = "", ending: str = "") -> str:
    words = PAGES[language]
    items = [words.quote, words.after] if not listed else [words.after.rstrip(".。।"), words.quote]
    lines = [
        words.title,
        words.first,
        heading + ending,
        *(["\n".join(f"  {item}" for item in items)] if listed else [" ".join(items)]),
        words.third,
    ]
    return "\n\n".join(f"{margin}{line}" if margin else line for line in lines if line)


def look(language: str, now: str, before: str, title: tuple[str, str] = ("", "")) -> Finding:
    readings = Reading(now, title[0], language), Reading(before, title[1], language)
    places = [next(find_exact(TextQuote(PAGES[language].quote), each.text)) for each in readings]
    return find_stance(readings[0], places[0], readings[1], places[1])


def test_every_language_is_tried() -> None:
    assert set(TURNED) == LANGUAGES


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("listed", [False, True])
def test_a_heading_with_another_status_in_the_place_of_one(language: str, listed: bool) -> None:
    for old, new in TURNED[language]:
        found = look(language, page(language, new, listed), page(language, old, listed))
        assert found.stance is not Stance.STANDS and not found.at_once, (old, new, found)
        introduced = look(language, page(language, new, listed, ending=":"), page(language, old, listed, ending=":"))
        assert introduced.stance is not Stance.STANDS, (old, new)
        assert look(language, page(language, new, listed), page(language, new, listed)).stance is Stance.STANDS


@pytest.mark.parametrize(("language", "old", "new"), INNOCENT)
def test_a_heading_of_the_same_status(language: str, old: str, new: str) -> None:
    for listed in (False, True):
        found = look(language, page(language, new, listed), page(language, old, listed))
        assert found.stance is Stance.STANDS, (old, new, found)


def test_a_negation_in_what_introduces_a_list_is_of_all_its_items() -> None:
    before, now = page("en", "The council will:", listed=True), page("en", "The council will not:", listed=True)
    assert look("en", now, before).stance is Stance.REQUALIFIED


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Myths about reservoirs"), ("de", "Irrtümer über Räder"), ("ru", "Мифы о пчёлах")]
)
def test_a_heading_of_a_page_whose_lines_all_have_a_margin(language: str, heading: str) -> None:
    before, now = page(language, "", margin="  "), page(language, heading, margin="  ")
    assert look(language, now, before).stance is Stance.REQUALIFIED


def test_a_label_of_a_page_whose_lines_all_have_a_margin() -> None:
    title = PAGES["en"].title, PAGES["en"].title
    before = page("en", "", margin="  ")
    assert look("en", f"  Satire\n\n{before}", before, title).stance is Stance.REQUALIFIED
    assert look("en", f"  News\n  Satire\n\n{before}", f"  News\n\n{before}", title).stance is Stance.STANDS
    assert look("en", f"Tarn Post\n\n    Satire\n\n{before}", f"Tarn Post\n\n{before}", title).stance is Stance.STANDS


def test_a_link_of_a_menu_is_no_heading_of_what_stands_beside_it() -> None:
    before = page("en", "")
    now = before.replace(PAGES["en"].quote, f"  Myths about water\n\n{PAGES['en'].quote}")
    assert look("en", now, before).stance is Stance.STANDS


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("en", "Advertisement"),
        ("en", "Story continues below this ad"),
        ("en", "Skip advertisement"),
        ("en", "Sponsored"),
        ("de", "- Anzeige -"),
        ("de", "Artikel wird nach der Werbung fortgesetzt"),
        ("fr", "Publicité"),
        ("fr", "La suite après cette publicité"),
        ("es", "Publicidad"),
        ("it", "Pubblicità"),
        ("it", "L’articolo continua dopo la pubblicità"),
        ("pt", "Continua após a publicidade"),
        ("nl", "Advertentie"),
        ("nl", "Lees verder onder de advertentie"),
        ("pl", "Dalsza część artykułu pod reklamą"),
        ("ru", "Реклама. ООО «Ромашка»"),
        ("ar", "إعلان"),
        ("hi", "विज्ञापन"),
        ("ja", "広告"),
        ("zh", "广告"),
    ],
)
def test_the_label_of_an_advertisement_among_the_paragraphs(language: str, label: str) -> None:
    before = page(language, "")
    quote = PAGES[language].quote
    for now in (
        page(language, label),
        before.replace("\n\n" + PAGES[language].third, f"\n\n{label}\n\n{PAGES[language].third}"),
    ):
        assert now != before and quote in now
        assert look(language, now, before).stance is Stance.STANDS, label


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Read also: Minister withdraws claim about hospital beds"),
        ("de", "Lesen Sie auch: Minister zieht Behauptung über Krankenhausbetten zurück"),
        ("fr", "Vrai ou faux : la vidéo de la crue est truquée"),
        ("en", "Fact check: the video of the flood is fake"),
        ("de", "Faktencheck: Video von der Flut ist gefälscht"),
        ("pt", "Encontrou um erro? Avise a redação."),
        ("ru", "Нашли ошибку? Выделите её и нажмите Ctrl+Enter."),
        ("it", "C’è un errore? Scrivici."),
        ("ru", "Оппозиция вернётся к вопросу на следующем заседании."),
        ("fr", "L’opposition soulèvera la question la semaine suivante."),
    ],
)
def test_another_article_or_a_question_among_the_paragraphs(language: str, line: str) -> None:
    before = page(language, "")
    now = before.replace("\n\n" + PAGES[language].third, f"\n\n{line}\n\n{PAGES[language].third}")
    assert look(language, now, before).stance is Stance.STANDS
    assert look(language, page(language, line), before).stance is Stance.STANDS


def test_a_verdict_on_the_sentence_above_it_is_one() -> None:
    before = page("en", "")
    for line in ("Verdict: false", "Fact check: the reservoir level given here is false", "Our rating: mostly false."):
        now = before.replace("\n\n" + PAGES["en"].third, f"\n\n{line}\n\n{PAGES['en'].third}")
        assert look("en", now, before).stance is Stance.DISOWNED, line


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Weather forecast: rain, 9 °C"),
        ("en", "Quiz: true or false?"),
        ("de", "Meinung · Archiv · Abo"),
        ("fr", "Prévisions météo : pluie, 9 °C"),
        ("es", "Opinión · Hemeroteca"),
        ("it", "Previsioni meteo: pioggia, 9 °C"),
    ],
)
def test_a_line_of_the_page_over_the_headline_is_no_heading(language: str, line: str) -> None:
    words = PAGES[language]
    article = f"{words.title}\n\n{words.quote} {words.after}\n\n{words.third}"
    before, now = f"Tarnside Observer\n\n{article}", f"Tarnside Observer\n\n{line}\n\n{article}"
    assert look(language, now, before, (words.title, words.title)).stance is Stance.STANDS
