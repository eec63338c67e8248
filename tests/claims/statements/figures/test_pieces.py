"""No figure is a piece of a longer one, also where that is written in words or marks of another language."""

import pytest

from claims.statements.figures import figures


def values(text: str, language: str) -> list[object]:
    return [each.value for each in figures(text, 0, language)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("und", "Rs 6.5 lakh crore were spent"),
        ("fr", "Rs 6.5 lakh crore"),
        ("und", "₹4,100 crore lost!"),
        ("und", "CHF 7m"),
        ("it", "CHF 7m"),
        ("it", "3,5 millones de euros"),
        ("de", "3,5 milhões de euros"),
        ("en", "₹40 करोड़"),
        ("und", "8 Jun"),
        ("und", "Jun 8-12"),
        ("und", "el 8 de agosto"),
        ("und", "3万"),
    ],
)
def test_what_goes_on_in_another_language_has_no_value(language: str, text: str) -> None:
    assert values(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("ar", "٧٫٥٪", 7.5),
        ("ar", "١٬٦٠٠ شخص", 1_600),
        ("ar", "٧٫٥ مليون دولار", 7_500_000),
        ("fa", "۱٬۶۰۰ نفر", 1_600),
        ("und", "١٬٦٠٠", 1_600),
        ("en", "$7m", 7_000_000),
        ("en", "6 million euros", 6_000_000),
        ("en", "Rs 6.5 lakh crore", 6_500_000_000_000),
        ("en", "300 marched on", 300),
        ("de", "2,4 Mio. Euro", 2_400_000),
    ],
)
def test_the_controls_are_read_whole(language: str, text: str, value: float) -> None:
    assert values(text, language) == [value]


def test_the_text_of_a_figure_is_that_of_the_document() -> None:
    text = "قال إن ١٬٦٠٠ شخص"
    (found,) = figures(text, 0, "ar")
    assert found.text == text[found.start : found.end]
