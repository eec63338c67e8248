"""The normal form of texts, and mapping spans back to the original."""

import unicodedata

import pytest

from sources.quotes.normalization import normal, original_span, tight


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Rain” – ‘a lot’", "\"Rain\" - 'a lot'"),
        ("«Rain»", '"Rain"'),
        ("a\u00a0b\u202fc\u2009d\n\n e", "a b c d e"),
        ("in\u00adter\u200bna\u2060tional\ufeff", "international"),
        ("eﬃcient ﬁnance", "efficient finance"),
        ("and so on…", "and so on..."),
        ("cafe\u0301", "café"),
        ("ＦＹ２０２４", "FY2024"),
        ("\u200fשלום\u200e", "שלום"),
        ("non‑stop −5", "non-stop -5"),
    ],
)
def test_typographic_variants_have_the_same_normal_form(one: str, other: str) -> None:
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("m²", "m2"),
        ("10³", "103"),
        ("Rain", "rain"),
        ("can not", "cannot"),
        ("5,3", "5.3"),
        ("١", "1"),
        ("é", "e"),
        ("a.", "a"),
    ],
)
def test_other_differences_change_the_normal_form(one: str, other: str) -> None:
    assert tight(normal(one)) != tight(normal(other))


def test_tight_removes_spaces_beside_punctuation_and_in_continuous_scripts() -> None:
    assert tight(normal("the rate , ( 5 % ) . 北 京 市")) == tight(normal("the rate, (5%). 北京市"))
    assert tight(normal("10 20")) != tight(normal("1020"))


TEXTS = [
    "The  “rate”\u00a0rose\u00ad to…  5\u200b %\n\nof cafe\u0301s — ﬁnally.",
    "北京　的 50 个，地方。\u200b\n x",
    "plain ascii `text` here",
    "\u200b \u200b starts with nothing you see",
    unicodedata.normalize("NFD", "Điện Biên Phủ là một thành phố"),
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("form", [normal, lambda text: tight(normal(text))], ids=["normal", "tight"])
def test_every_span_maps_back_to_the_original(text: str, form) -> None:  # type: ignore[no-untyped-def]
    page = form(text)
    for start in range(len(page)):
        for end in range(start + 1, len(page) + 1):
            wanted = page[start:end].replace(" ", "")
            first, last = original_span(text, page, start, end)
            found = normal(text[first:last]).replace(" ", "")
            # A span may end within what one character stands for, as the first dot of an ellipsis.
            assert wanted in found and len(found) <= len(wanted) + 4, (wanted, found)


def test_cedillas_and_commas_below_composed_or_not() -> None:
    assert normal("Bas\u0327kan") == normal("Ba\u015fkan") == normal("Ba\u0219kan") == normal("Bas\u0326kan")
    assert normal("Baskan") != normal("Ba\u015fkan")
