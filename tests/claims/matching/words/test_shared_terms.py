"""The words of a text that a claim shares."""

import pytest

from claims.matching.words.shared_terms import MOST, SharedTerms


@pytest.mark.parametrize(
    ("text", "language", "claim", "claim_language", "expected"),
    [
        ("The DAMS of Orrin are empty!", "en", "The Orrin dam is empty.", "en", ("DAMS", "Orrin", "empty")),
        ("dams of orrin", "", "The Orrin dam is empty.", "en", ("dams", "orrin")),
        ("Orrin, Orrin, Orrin", "en", "The Orrin dam", "en", ("Orrin",)),
        ("El embalse de Orrin vale 4,5 millones", "es", "Orrin cost 4.5 million", "en", ("Orrin", "4,5")),
        ("所有图书馆都关了", "zh", "市政府关闭了所有图书馆。", "zh", ("所有图书馆",)),
        ("Les Écoles FERMÉES", "fr", "les ecoles sont fermé", "fr", ("Écoles", "FERMÉES")),
        ("Nothing in common", "en", "The Orrin dam is empty.", "en", ()),
        ("", "", "", "", ()),
    ],
)
def test_shared_terms(text: str, language: str, claim: str, claim_language: str, expected: tuple[str, ...]) -> None:
    assert SharedTerms(text, language).with_claim(claim, claim_language) == expected


def test_terms_of_a_long_text_are_bounded() -> None:
    text = " ".join(f"word{number}" for number in range(500))
    assert len(SharedTerms(text, "en").with_claim(text, "en")) == MOST
