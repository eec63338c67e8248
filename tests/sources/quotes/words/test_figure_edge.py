"""A quote that begins or ends at a figure includes the sign and the unit beside it."""

import pytest

from sources.quotes.words.figure_edge import edge_changed


@pytest.mark.parametrize(
    ("was", "now", "changed"),
    [
        (" MW at noon", " mW at noon", True),
        (" Mb in all", " MB in all", True),
        (" % of it", " ‰ of it", True),
        (" ₽ a head", " ₺ a head", True),
        (" ± 1 boats", " ± 3 boats", True),
        (":1 in the end", ":2 in the end", True),
        ("/2 of it", "/3 of it", True),
        (" × 3 boats", " ÷ 3 boats", True),
        (" °C now", " °F now", True),
        (" million", " bn", True),
        ("–45 cases", " cases", True),
        (" per cent of it", "% of it", False),
        (" € a head", " euros a head", False),
        (" Mio. Euro", " Millionen Euro", False),
        (" mn pounds", " million pounds", False),
        (" km away", "km away", False),
        (" °C now", "°C now", False),
        (" boats", ", they said", False),
        (" “boats” there", " boats there", False),
        (" & more", " and more", False),
        (" metres above the road", " feet above the road", True),
        (" kilos of rice", " pounds of rice", True),
        (" square miles of forest", " square kilometres of forest", True),
        (", they said", " gallons, they said", True),
        (" litres a day", " gallons a day", True),
        (" ft above it", " m above it", True),
        (" Kilometer weit", " Meilen weit", True),
        (" Fuß hoch", " Meter hoch", True),
        (" kilomètres de route", " milles de route", True),
        (" metros de altura", " pies de altura", True),
        (" chilometri di strada", " miglia di strada", True),
        (" metrów nad ziemią", " stóp nad ziemią", True),
        (" метров над землёй", " футов над землёй", True),
        (" мегаватт в час", " киловатт в час", True),
        (" metre yüksekte", " fit yüksekte", True),
        (" كيلومتر من الطريق", " ميل من الطريق", True),
        (" किलोमीटर सड़क", " मील सड़क", True),
        (" kilometer bort", " mil bort", True),
        (" mét trên mặt đất", " foot trên mặt đất", True),
        ("公里的路", "英里的路", True),
        ("キロメートルの道", "マイルの道", True),
        ("킬로미터 떨어진 곳", "마일 떨어진 곳", True),
        ("กิโลเมตร", "ไมล์", True),
        (" houses were lost", " bridges were lost", True),
        (" Brücken im Land", " Schulen im Land", True),
        (" виноградников в долине", " пивоварен в долине", True),
        (" metres above it", " meters above it", False),
        (" kilometres away", " km away", False),
        (" km away", " kilometres away", False),
        (" m²", " square metres", False),
        (" Kilometer weit", " km weit", False),
        (" метров над землёй", " м над землёй", False),
        (" kilometrów stąd", " kilometry stąd", False),
        (" houses were lost", " houses had been lost", False),
        (" on Monday", " on Tuesday", False),
        (" yesterday", " in May", False),
        (" Monday", " Tuesday", False),
        (" said the mayor", " stated the mayor", False),
        (" in the end", " at the end", False),
        (" after the storm hit", " following the big storm", False),
        (". Metres of snow fell", ". Feet of snow fell", False),
        ("\nMetres", "\nFeet", False),
        (", metres from it", ", feet from it", False),
    ],
)
def test_after_a_figure(was: str, now: str, changed: bool) -> None:
    assert edge_changed("They counted 38", ("", was), ("", now)) is changed


@pytest.mark.parametrize(
    ("was", "now", "changed"),
    [
        ("They said ≤ ", "They said ≥ ", True),
        ("They said ≤", "They said ", True),
        ("They paid ₦", "They paid £", True),
        ("It was −", "It was ", True),
        ("It was -", "It was +", True),
        ("It was ~", "It was ", True),
        ("It was × ", "It was ÷ ", True),
        ("Nearly ", "Over ", True),
        ("It was ~", "It was ≈ ", False),
        ("It was −", "It was -", False),
        ("They paid €", "They paid EUR ", False),
        ("It is so - ", "It is so: ", False),
        ("It is “", "It is ", False),
        ("Barabara ya kilomita ", "Barabara ya maili ", True),
        ("Barabara ya kilometra ", "Barabara ya maili ", True),
        ("Barabara ya ", "Barabara ya maili ", True),
        ("It is ", "Then it is ", False),
        ("They found ", "They counted ", False),
        ("In the last minutes ", "In the very last minutes ", False),
    ],
)
def test_before_a_figure(was: str, now: str, changed: bool) -> None:
    assert edge_changed("38 boats", (was, ""), (now, "")) is changed


def test_after_a_figure_with_a_magnitude() -> None:
    assert edge_changed("They pumped 38 million", ("", " litres away"), ("", " gallons away"))
    assert edge_changed("Sie zahlten 38 Mio.", ("", " Euro"), ("", " Franken"))
    assert not edge_changed("They pumped 38 million", ("", " litres away"), ("", " liters away"))
