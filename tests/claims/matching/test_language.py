"""The language of a text."""

import pytest

from claims.matching.language import language_of


@pytest.mark.parametrize(
    ("text", "told", "language"),
    [
        ("The dam is not as empty as they say it is", "", "en"),
        ("La presa no está tan vacía como dicen", "", "es"),
        ("Die Brücke ist nicht so alt wie das Haus", "", "de"),
        ("La presa no está tan vacía como dicen los vecinos", "en", "es"),
        ("La presa no está tan vacía", "es-MX", "es-MX"),
        ("Rents rise", "en", "en"),
        ("Rents rise", "", ""),
        ("نگر کے کتب خانے", "ur", "ur"),
        ("أغلقت المدارس", "en", "ar"),
        ("पुस्तकालय बंद", "", "hi"),
        ("图书馆关闭了", "en", "zh"),
        ("図書館は閉まった", "zh", "ja"),
        ("도서관", "", "ko"),
        ("Выборы", "uk", "uk"),
        ("The 图书馆 library is closed to all of us", "en", "en"),
        ("", "", ""),
        ("123 !", "fr", "fr"),
    ],
)
def test_language(text: str, told: str, language: str) -> None:
    assert language_of(text, told) == language
