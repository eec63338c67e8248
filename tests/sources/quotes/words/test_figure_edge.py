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
    ],
)
def test_before_a_figure(was: str, now: str, changed: bool) -> None:
    assert edge_changed("38 boats", (was, ""), (now, "")) is changed
