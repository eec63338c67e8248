"""Terms of the index: folding, words, stems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.matching.words.analysis import MOST_WORDS, stems, words, words_with_places
from claims.matching.words.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café À LA Crème", "cafe a la creme"),
        ("Straße Łódź Øre", "strasse lodz ore"),
        ("Ёлка и йод", "елка и йод"),
        ("İstanbul ışık", "istanbul isik"),
        ("مُغلَقة ـــ إلى", "مغلقه  الي"),
        ("٢٠٢٤ १२", "2024 12"),
        ("ﬁne ﬀ", "fine ff"),
        ("zero\u200bwidth", "zerowidth"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayor's 1,000,000 (or 4.5) euros", ["the", "mayor", "s", "1000000", "or", "4.5", "euros"]),
        ("1.234,5 and 1 234", ["1234.5", "and", "1", "234"]),
        ("#ClimateChange2020 @City_Hall", ["climate", "change", "2020", "city", "hall"]),
        ("see https://example.org/a/b?c and www.example.org now", ["see", "and", "now"]),
        ("l’eau d'ici", ["l", "eau", "d", "ici"]),
        ("图书馆 A座", ["图书", "书馆", "a", "座"]),
        ("प्रधानमंत्री ने कहा।", ["प्रधानमंत्री", "ने", "कहा"]),
        ("snake_case", ["snake_case"]),
        ("?!", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "vaccines", "vaccine"),
        ("en-GB", "closing", "closed"),
        ("de", "Brücken", "Brücke"),
        ("es", "escuelas", "escuela"),
        ("fr", "fermées", "fermé"),
        ("pt", "escolas", "escola"),
        ("ru", "выборы", "выборов"),
        ("ar", "والمدارس", "مدارس"),
        ("hi", "लड़कियों", "लड़कियाँ"),
        ("tr", "okullar", "okul"),
    ],
)
def test_forms_of_a_word_have_one_stem(language: str, one: str, other: str) -> None:
    assert stems(words(one), language) == stems(words(other), language)


def test_a_language_without_a_stemmer_keeps_its_words() -> None:
    assert stems(["szkoły"], "pl") == stems(["szkoły"], "") == ["szkoły"]


def test_a_korean_noun_is_found_under_its_particle() -> None:
    assert set(stems(words("도서관"), "ko")) <= set(stems(words("도서관을"), "ko"))


def test_places_of_words() -> None:
    text = "Die #GroßeBrücke (40 Mio.) 图书馆"
    found = words_with_places(text, "de")
    assert {(text[each.start : each.end], each.folded) for each in found} == {
        ("Die", "die"),
        ("#GroßeBrücke", "grosse"),
        ("#GroßeBrücke", "brucke"),
        ("40", "40"),
        ("Mio", "mio"),
        ("图书", "图书"),
        ("书馆", "书馆"),
    }


@given(st.text(max_size=200), st.sampled_from(["en", "de", "fr", "ar", "hi", "ko", "zh", "ru", "tr", "", "id", "xx"]))
def test_any_text_has_terms(text: str, language: str) -> None:
    found = words(text)
    assert len(found) <= MOST_WORDS
    stemmed = stems(found, language)
    assert len(stemmed) >= len(found)
    assert all(each and not any(map(str.isspace, each)) for each in (*found, *stemmed))
    for word in words_with_places(text, language):
        assert 0 <= word.start < word.end <= len(text)
