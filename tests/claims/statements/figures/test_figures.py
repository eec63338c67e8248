"""Figures in a text: their value, unit, counted phrase and position."""

import pytest

from claims.statements.figures import Value, figures
from claims.statements.figures.numbers import number

CASES: list[tuple[str, list[tuple[str, Value, str, str]]]] = [
    ("police in 50 localities - among them", [("count", 50, "localities", "50 localities")]),
    ("some 758,000 pieces of text", [("count", 758000, "pieces", "some 758,000 pieces")]),
    ("over 70,000 parking fine cases since", [("count", 70000, "cases", "over 70,000 parking fine cases")]),
    ("from June 1, crews", [("date", "06-01", "", "June 1")]),
    ("on 1 June 2024", [("date", "2024-06-01", "", "1 June 2024")]),
    ("on Jan. 5, 2019.", [("date", "2019-01-05", "", "Jan. 5, 2019")]),
    ("on 2024-06-01.", [("date", "2024-06-01", "", "2024-06-01")]),
    ("in March 2023", [("date", "2023-03", "", "March 2023")]),
    ("since 2016", [("date", "2016", "", "2016")]),
    ("the 2016 election", [("date", "2016", "", "2016")]),
    ("2,016 people", [("count", 2016, "people", "2,016 people")]),
    ("working 24/7, they", [("rate", "24/7", "hours a day, days a week", "24/7")]),
    ("a rise of 3.4%", [("percent", 3.4, "percent", "3.4%")]),
    ("a 3.4-percent rise", [("percent", 3.4, "percent", "3.4-percent")]),
    ("up 0.8 percentage points", [("percent", 0.8, "percentage points", "0.8 percentage points")]),
    ("between 10 and 15 percent", [("percent", [10, 15], "percent", "between 10 and 15 percent")]),
    ("$4.5 million", [("money", 4500000, "USD", "$4.5 million")]),
    ("about 30 million euros", [("money", 30000000, "EUR", "about 30 million euros")]),
    ("from $2bn to $3bn", [("money", [2000000000, 3000000000], "USD", "from $2bn to $3bn")]),
    ("8.6 million crowns", [("money", 8600000, "crown", "8.6 million crowns")]),
    ("paid 1,5 million euros", [("money", 1500000, "EUR", "1,5 million euros")]),
    ("1 to 1,5 million euros", [("money", [1000000, 1500000], "EUR", "1 to 1,5 million euros")]),
    ("3 to 5 million people", [("count", [3000000, 5000000], "people", "3 to 5 million people")]),
    ("one in five children", [("ratio", "one in five", "", "one in five")]),
    ("eight of the 12 regions", [("ratio", [8, 12], "regions", "eight of the 12 regions")]),
    ("more than two-thirds of voters", [("ratio", "more than two-thirds", "", "more than two-thirds")]),
    ("prices doubled", [("multiple", "doubled", "", "doubled")]),
    ("three times as many", [("multiple", "three times as many", "", "three times as many")]),
    ("shut for 11 months", [("duration", 11, "months", "11 months")]),
    ("an 18-month ban", [("duration", 18, "month", "18-month")]),
    ("a 40-year-old man", [("age", 40, "years", "40-year-old")]),
    ("at 80mph", [("measure", 80, "mph", "80mph")]),
    ("2,400 square metres", [("measure", 2400, "square metres", "2,400 square metres")]),
    ("at 9 a.m. and 17:30", [("time", "9 a.m.", "", "9 a.m."), ("time", "17:30", "", "17:30")]),
    ("the third-largest town", [("rank", "third-largest", "", "third-largest")]),
    ("the start of this year", [("period", "the start of this year", "", "the start of this year")]),
    ("in March this year", [("period", "march this year", "", "March this year")]),
    ("in 2019-20", [("period", [2019, 2020], "year", "2019-20")]),
    ("about a dozen people", [("count", 12, "people", "about a dozen people")]),
    ("12 dead and 30 injured", [("count", 12, "dead", "12 dead"), ("count", 30, "injured", "30 injured")]),
    ("Twenty-nine people were", [("count", 29, "people", "Twenty-nine people")]),
    ("1 000 000 Menschen", [("count", 1000000, "", "1 000 000")]),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_figures(text: str, expected: list[tuple[str, Value, str, str]]) -> None:
    found = figures(text)
    assert [(f.kind, f.value, f.unit, f.text) for f in found] == expected
    assert all(text[f.start : f.end] == f.text for f in found)


@pytest.mark.parametrize(
    "text",
    [
        "Article 5 of the law",
        "No. 10 is shut",
        "COVID-19 and EB-5",
        "a 5G mast",
        "one of them",
        "the two met",
        "call 555-1234",
        "1. First item",
        "may march on",
        "",
    ],
)
def test_labels_and_plain_words_are_no_figures(text: str) -> None:
    assert figures(text) == []


def test_qualifier_and_what_is_counted() -> None:
    (figure,) = figures("cleared over 70,000 parking fine cases since")
    assert (figure.qualifier, figure.counts) == ("over", "parking fine cases")
    (share,) = figures("5 percent of all households")
    assert share.counts == "all households"


def test_offsets_count_from_the_given_place() -> None:
    (figure,) = figures("50 towns", offset=100)
    assert (figure.start, figure.end) == (100, 108)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("758,000", 758000),
        ("4.5 million", 4500000),
        ("twenty-five", 25),
        ("two hundred thousand", 200000),
        ("half a million", 500000),
        ("2.1bn", 2100000000),
        ("1.000.000", 1000000),
        ("pieces", None),
        ("9" * 5000, None),
    ],
)
def test_number(words: str, value: float | None) -> None:
    assert number(words) == value


def test_long_runs_of_digits_cost_no_more_than_their_length() -> None:
    for junk in ("9" * 50_000, "1," * 20_000, "1 000 " * 10_000, "five " * 10_000):
        figures(junk)


IN_OTHER_WORDS: list[tuple[str, str, list[tuple[str, Value, str]]]] = [
    ("en", "It cost Rs 2.5 lakh crore.", [("money", 2_500_000_000_000, "INR")]),
    ("en", "some 3,45,000 voters", [("count", 345_000, "voters")]),
    ("en", "ten crore voters", [("count", 100_000_000, "voters")]),
    ("en", "£12M and $5B", [("money", 12_000_000, "GBP"), ("money", 5_000_000_000, "USD")]),
    ("en", "CHF 4m, EUR 300", [("money", 4_000_000, "CHF"), ("money", 300, "EUR")]),
    ("en", "a loss of -3.5% or minus 4 per cent", [("percent", -3.5, "percent"), ("percent", -4, "percent")]),
    ("en", "by 25bps, 0.3 pct", [("percent", 25, "basis points"), ("percent", 0.3, "percent")]),
    ("en", "at -3 °C", [("measure", -3, "°c")]),
    ("en", "2½ hours and 1½ miles", [("duration", 2.5, "hours"), ("measure", 1.5, "miles")]),
    ("en", "3/4 of voters", [("ratio", [3, 4], "")]),
    ("en", "May 12-14, 2029", [("period", "2029-05-12/2029-05-14", "")]),
    ("en", "the '80s, FY29, Q3 2031", [("period", "1980s", ""), ("period", "FY2029", ""), ("period", "2031-Q3", "")]),
    ("en", "at 11.47pm", [("time", "11.47pm", "")]),
    ("en", "on 13/04/2029", [("date", "2029-04-13", "")]),
    ("en-US", "on 03/04/2029", [("date", "2029-03-04", "")]),
    ("en-GB", "on 03/04/2029", [("date", "2029-04-03", "")]),
    ("en", "in the 16th minute", [("rank", 16, "minute")]),
    ("en", "from 600,000 in 2029", [("count", 600_000, ""), ("date", "2029", "")]),
    ("en", "1 in 2,000 and 3 out of 10", [("ratio", "1 in 2,000", ""), ("ratio", "3 out of 10", "")]),
    ("en", "between 2026 and 2028", [("period", [2026, 2028], "year")]),
    ("en", "three weeks' notice", [("duration", 3, "weeks")]),
    ("de", "2,4 Mio. Euro für 1.250 Wohnungen", [("money", 2_400_000, "EUR"), ("count", 1250, "Wohnungen")]),
    ("de", "€3,4 Mrd. am 5.6.2028", [("money", 3_400_000_000, "EUR"), ("date", "2028-06-05", "")]),
    ("de", "am 1. Mai 2031 um 12.30 Uhr", [("date", "2031-05-01", ""), ("time", "12.30 uhr", "")]),
    ("de", "zwischen 600.000 und 700.000 Bäume", [("count", [600_000, 700_000], "Bäume")]),
    ("de", "zwei Töchter, drei Jahre", [("count", 2, "Töchter"), ("duration", 3, "Jahre")]),
    ("de", "ein Drittel, jeder fünfte Haushalt", [("ratio", [1, 3], ""), ("ratio", [1, 5], "")]),
    ("de", "19 Prozent mehr als im Jahr 1998", [("percent", 19, "percent"), ("date", "1998", "")]),
    ("de-CH", "1’200 Franken", [("money", 1200, "CHF")]),
    ("es", "1.250 millones de euros", [("money", 1_250_000_000, "EUR")]),
    ("es", "5 mil millones de dólares, 7,5 %", [("money", 5_000_000_000, "USD"), ("percent", 7.5, "percent")]),
    ("es", "uno de cada cinco pacientes", [("ratio", [1, 5], "pacientes")]),
    ("es", "el 14 de diciembre de 2031", [("date", "2031-12-14", "")]),
    ("es-MX", "1,250 pesos", [("money", 1250, "peso")]),
    ("fr", "18,7 millions d’euros, 12 500 véhicules", [("money", 18_700_000, "EUR"), ("count", 12_500, "véhicules")]),
    ("fr", "le 1er juin 2033, une voiture sur quatre", [("date", "2033-06-01", ""), ("ratio", [1, 4], "")]),
    ("it", "5 milioni di euro, 1.200 persone", [("money", 5_000_000, "EUR"), ("count", 1200, "persone")]),
    ("pt", "R$ 5 milhões em 5 de junho de 2028", [("money", 5_000_000, "BRL"), ("date", "2028-06-05", "")]),
    ("nl", "3,5 miljard euro", [("money", 3_500_000_000, "EUR")]),
    ("pl", "1,2 mln zł", [("money", 1_200_000, "PLN")]),
    ("ru", "1,2 млрд долларов", [("money", 1_200_000_000, "USD")]),
    ("tr", "%3,4 ve 5 milyon lira", [("percent", 3.4, "percent"), ("money", 5_000_000, "TRY")]),
    ("hi", "60 लाख लोग", [("count", 6_000_000, "लोग")]),
    ("ar", "5 ملايين دولار", [("money", 5_000_000, "USD")]),
    ("zh", "2028年6月5日，5亿元", [("date", "2028-06-05", ""), ("money", 500_000_000, "CNY")]),
    ("ja", "12,500人、3万票", [("count", 12_500, ""), ("count", 30_000, "")]),
    ("sv", "5 miljoner röster", [("count", 5_000_000, "röster")]),
]


@pytest.mark.parametrize(
    ("language", "text", "expected"), IN_OTHER_WORDS, ids=[f"{c[0]}: {c[1]}" for c in IN_OTHER_WORDS]
)
def test_figures_as_languages_write_them(language: str, text: str, expected: list[tuple[str, Value, str]]) -> None:
    found = figures(text, 0, language)
    assert [(f.kind, f.value, f.unit) for f in found] == expected
    assert all(text[f.start : f.end] == f.text for f in found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "call +44 20 5550 1234 or 0800 555 1234"),
        ("en", "ISBN 978-3-16-148410-0, file 12-345-6"),
        ("en", "server 10.20.30.40, version 5.4.1"),
        ("en", "on 03/04/2029"),
        ("en", "9/11, a 4-3 vote, a 2:1 lead"),
        ("en", "3,456.78.90 and 3,45,6"),
        ("en", "grant no. 4471, order 118"),
        ("es", "1,250 de ancho"),
        ("de", "der 3. Platz, Artikel 5, Nr. 12"),
        ("de", "am 31.2.2030"),
        ("und", "60 lakh"),
        ("und", "1.200 personer"),
    ],
)
def test_no_piece_is_cut_out_of_what_is_no_figure_or_is_uncertain(language: str, text: str) -> None:
    assert figures(text, 0, language) == []


@pytest.mark.parametrize("language", ["en", "de", "fr", "hi", "zh", "und", "x-odd", "", "not a tag", "en_US"])
def test_any_tag_of_a_language_is_taken(language: str) -> None:
    assert [f.value for f in figures("12 %", 0, language)] == [12]


WHOLE: list[tuple[str, str, list[tuple[str, Value, str]]]] = [
    ("en", "The fair drew one hundred and forty-two stalls.", [("count", 142, "stalls")]),
    ("en", "They planted two thousand six hundred and five trees.", [("count", 2605, "trees")]),
    ("en", "It holds three million four hundred thousand litres.", [("measure", 3400000, "litres")]),
    ("en", "Between two hundred and four hundred boats came.", [("count", [200, 400], "boats")]),
    ("en", "one in fifty thousand bees", [("ratio", "one in fifty thousand", "")]),
    ("es", "Plantaron ciento cuarenta y dos árboles.", [("count", 142, "árboles")]),
    ("es", "Perdió mil seiscientas ovejas en veintidós días.", [("count", 1600, "ovejas"), ("duration", 22, "días")]),
    ("es", "Vinieron entre cuarenta y cincuenta barcos.", [("count", [40, 50], "barcos")]),
    ("fr", "Le moulin a soixante et onze ans.", [("duration", 71, "ans")]),
    ("fr", "Ils ont planté deux mille quatre cents arbres.", [("count", 2400, "arbres")]),
    ("pt", "O moinho fechou há trinta e dois anos.", [("duration", 32, "anos")]),
    ("pt", "Plantaram cento e quarenta árvores.", [("count", 140, "árvores")]),
    ("pt", "dois ou três barcos", [("count", [2, 3], "barcos")]),
    ("en", "The dam cost R7.5 billion.", [("money", 7500000000, "ZAR")]),
    ("en", "Tickets cost R2 400 each.", [("money", 2400, "ZAR")]),
    ("en", "Take the R44 to the coast.", []),
    ("en", "Rents rose by a quarter.", [("ratio", "a quarter", "")]),
    ("en", "Nearly a third were empty.", [("ratio", "nearly a third", "")]),
    ("en", "Of the boats, three-fifths sank.", [("ratio", "three-fifths", "")]),
    ("en", "A third boat sank, and a third party paid.", []),
    ("es", "El mercado abre a las 7 horas.", [("time", "7 horas", "")]),
    ("es", "El viaje dura 7 horas.", [("duration", 7, "horas")]),
    ("pt", "A feira abre às 8 horas.", [("time", "8 horas", "")]),
    ("fr", "Le marché ouvre à 7 heures.", [("time", "7 heures", "")]),
    ("fr", "La ferme est à 7 heures de route.", [("duration", 7, "heures")]),
    ("es", "El día 14 cerró el puente.", []),
    ("es", "Los días 14 y 15 no hubo agua.", []),
    ("es", "Cada día 14 personas llaman.", [("count", 14, "personas")]),
    ("en", "On day 14 the water rose.", []),
    ("es", "Escriba o llame al 622 014 377 por la tarde.", []),
    ("es", "Su teléfono es 91 403 22 18.", []),
    ("es", "El país tiene 622 014 377 árboles.", [("count", 622014377, "árboles")]),
    ("en", "Ring 622 014 377 if you see it.", []),
    ("en", "The mill stands in Mill Lane 14, by the ford.", []),
    ("en", "It is at 14 Mill Lane.", []),
    ("en", "They closed 14 lanes.", [("count", 14, "lanes")]),
    ("de", "Die Mühle steht in der Mühlgasse 14 am Bach.", []),
    ("de", "In der Mühlgasse 14 Menschen zu zählen, war leicht.", [("count", 14, "Menschen")]),
    ("fr", "Le moulin est au 14 rue du Gué.", []),
    ("fr", "La ville a 14 rues.", [("count", 14, "rues")]),
    ("es", "El molino está en la calle del Vado, 14.", []),
    ("it", "Il mulino è in via del Guado 14.", []),
    ("de", "In der 61. Minute fiel der Mast.", []),
    ("cs", "V 61. minutě spadl stožár.", []),
    ("und", "In the 61. Minute", []),
    ("en", "It came in minute 61.", []),
    ("en", "Dial (622) 014 377 at night.", []),
    ("es", "Llame al 622.014.377.", []),
    ("es", "Vendrán el 14 por la tarde.", []),
    ("fr", "Ils arrivent le 14 à Nantes.", []),
    ("pt", "A feira fecha às 21h.", [("time", "21h", "")]),
    ("en", "It costs between R2.5 billion and R3 billion.", [("money", [2500000000, 3000000000], "ZAR")]),
    ("en", "They lent R 40 million.", [("money", 40000000, "ZAR")]),
    ("en", "Three and a half million bees", [("count", 3500000, "bees")]),
    ("en", "It took a million and a half bees.", []),
    ("en", "four hundred-year-old oaks", []),
    ("fr", "quatre vingt douze arbres", []),
]


@pytest.mark.parametrize(("language", "text", "expected"), WHOLE, ids=[case[1] for case in WHOLE])
def test_whole_or_not_at_all(language: str, text: str, expected: list[tuple[str, Value, str]]) -> None:
    assert [(f.kind, f.value, f.unit) for f in figures(text, language=language)] == expected


IN_CAPITALS: list[tuple[str, str, list[tuple[str, Value, str]]]] = [
    ("en", "HARTWELL, JUN 19 (WIRE) - THE QUAY REOPENED.", [("date", "06-19", "")]),
    ("en", "THE FERRY SAILS AGAIN ON SEPT. 4, 2031.", [("date", "2031-09-04", "")]),
    ("en", "TALKS ENDED BY MAY 6 OFFICIALS SAID.", [("date", "05-06", "")]),
    ("en", "THE PILGRIMS MARCH 15 MILES.", []),
    ("de", "OSTERHAFEN, 9. OKTOBER 2031 - DER KAI IST FREI.", [("date", "2031-10-09", "")]),
    ("nl", "DE SLUIS OPENT OP 9 MAART 2031.", [("date", "2031-03-09", "")]),
    ("en", "REVENUE ROSE TO $640 MLN FROM $1.2 BLN.", [("money", 640_000_000, "USD"), ("money", 1_200_000_000, "USD")]),
    (
        "en",
        "DEBT STOOD AT $2 TRLN, OR 5 BLN EUROS A WEEK.",
        [("money", 2 * 10**12, "USD"), ("money", 5 * 10**9, "EUR")],
    ),
    ("en", "They shipped 7 mln barrels for €4 bn.", [("measure", 7_000_000, "barrels"), ("money", 4 * 10**9, "EUR")]),
    ("en", "WRAPUP 3-SHIPYARDS REOPEN AFTER STORM", []),
    ("en", "Update 4-Harbour shares fall 6 pct", [("percent", 6, "percent")]),
    ("en", "UPDATE 2-year plan", [("duration", 2, "year")]),
]

PLACES: list[tuple[str, str, list[tuple[str, Value, str]]]] = [
    ("en", "17 Mill Road hosts the archive.", []),
    ("en", "They met at 17 Mill Road on Sunday.", []),
    ("en", "The clerk turned to page 64 of the file.", []),
    ("en", "Under section 9(3) and paragraphs 4 to 6 it is void.", []),
    ("en", "The report has 64 pages in 9 sections.", [("count", 64, "pages"), ("count", 9, "sections")]),
    ("en", "There is no 40-page report.", [("count", 40, "page")]),
    ("es", "Consta en el folio 2.345 y en la sección 8.", []),
    ("es", "El artículo 19 lo prohíbe, y el párrafo 3 también.", []),
    ("de", "Wir kommen zu Punkt 9 der Tagesordnung.", []),
    ("de", "Das Urteil trägt das Aktenzeichen 5 K 118/31.", []),
    ("de", "Der Senat entschied (2 BvR 7/30).", []),
    ("de", "Auf Seite 31 der Drucksache 88 steht es.", []),
    ("de", "In der 18. Sitzung fehlten 3 Mitglieder.", [("count", 3, "Mitglieder")]),
    ("pt", "O artigo 7 e a página 31 dizem outra coisa.", []),
    ("fr", "L’alinéa 4 et la section 6 sont abrogés.", []),
    ("es", "El alcalde de Dos Encinas renunció.", []),
    ("en", "The mayor of Five Oaks resigned.", []),
    ("de", "Der Bürgermeister von Sieben Buchen trat zurück.", []),
    ("en", "Council Drops Five Cases Against Builder", [("count", 5, "Cases")]),
    ("es", "Cinco concejales renunciaron.", [("count", 5, "concejales")]),
]

UNITS: list[tuple[str, str, list[tuple[str, Value, str]]]] = [
    ("de", "Es gab 4,5 Prozent mehr als 2028.", [("percent", 4.5, "percent"), ("date", "2028", "")]),
    ("de", "Es kamen mehr als 2028 Gäste.", [("count", 2028, "Gäste")]),
    ("en", "The mill cut 70 jobs more than 2029.", [("count", 70, "jobs"), ("date", "2029", "")]),
    ("pt", "Uma em cada seis fechou.", [("ratio", [1, 6], "")]),
    ("pt", "Duas em cada cinco lojas fecharam.", [("ratio", [2, 5], "lojas")]),
    ("pt", "Passa um barco a cada duas horas.", []),
    ("es", "Una de cada seis cerró.", [("ratio", [1, 6], "")]),
    ("es", "Una tienda de cada seis cerró.", [("ratio", [1, 6], "")]),
    ("fr", "Un sur six a fermé.", [("ratio", [1, 6], "")]),
    ("fr", "La cale fait deux mètres sur six.", []),
    ("en", "The hall has 2,30,000 square feet.", [("measure", 230_000, "square feet")]),
    ("en", "It holds 90 cubic metres.", [("measure", 90, "cubic metres")]),
    ("en", "The gusts reached 95 km/h inland.", [("measure", 95, "km/h")]),
    (
        "de",
        "Die Halle hat 400 Quadratmeter; es galt Tempo 95 km/h.",
        [("measure", 400, "Quadratmeter"), ("measure", 95, "km/h")],
    ),
    ("es", "La nave mide 400 metros cuadrados.", [("measure", 400, "metros cuadrados")]),
    ("fr", "Le hangar fait 400 mètres carrés.", [("measure", 400, "mètres carrés")]),
    ("en", "Sales should grow 6%-8% this spring.", [("percent", [6, 8], "percent")]),
    ("en", "It takes between 6% and 8%.", [("percent", [6, 8], "percent")]),
    ("en", "It rose from 6% to 8%.", [("percent", 6, "percent"), ("percent", 8, "percent")]),
    ("de", "Es wächst um 6 % – 8 %.", [("percent", [6, 8], "percent")]),
    ("es", "No pagaron ni un peso.", []),
    ("pt", "Não pagaram nem um real.", []),
    ("fr", "Ils n’ont pas versé un euro, même pas un euro.", [("money", 1, "EUR")]),
    ("en", "They paid not one dollar.", []),
    ("de", "Sie zahlten nicht einen Euro.", []),
]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [*IN_CAPITALS, *PLACES, *UNITS],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_capitals_places_and_units(language: str, text: str, expected: list[tuple[str, Value, str]]) -> None:
    assert [(f.kind, f.value, f.unit) for f in figures(text, language=language)] == expected
