"""Normalised texts: which claims are one answer."""

import pytest

from claims.matching.normalization import normalize, text_sha256


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The bridge cost 40 million euros.", "the  bridge cost 40 million euros"),
        ("Die Straße wurde gesperrt!", "die strasse wurde gesperrt"),
        ("“The dam is safe”", '"The dam is safe."'),
        ("The “safe” dam's wall, he said: “it’s dry”", "The 'safe' dam’s wall, he said: \"it's dry\"."),
        ("Le maire n’a rien dit", "Le maire n'a rien dit."),
        ("Cafe\u0301s may stay open", "Cafés may stay open"),
        ("\u200fالجسر مغلق.", "الجسر مغلق"),
        ("पुल बंद है।", "पुल बंद है"),
        ("桥已关闭。", "桥已关闭"),
    ],
)
def test_spellings_of_one_text(one: str, other: str) -> None:
    assert normalize(one) == normalize(other)
    assert text_sha256(normalize(one)) == text_sha256(normalize(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rents rose by 4.5 percent", "Rents rose by 45 percent"),
        ("The mayor did not resign", "The mayor did resign"),
        ("Temperatures fell to -4 degrees", "Temperatures fell to 4 degrees"),
        ("El papá llegó", "El papa llegó"),
    ],
)
def test_texts_that_differ(one: str, other: str) -> None:
    assert normalize(one) != normalize(other)


@pytest.mark.parametrize("text", ["", " ", "?!…", "\ud800", "\x00", "\u200f\u200e", '"', "'" * 5_000])
def test_odd_texts(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)
    assert len(text_sha256(normalize(text))) == 64
