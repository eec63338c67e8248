"""Spellings of one label are one; what breaks off, asks or is quoted is not that label."""

import pytest

from claims.rating_scales.labels import folded, key, opening


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("YANLIŞ", "Yanlış"),
        ("YANLİŞ", "yanlış"),
        ("C’est faux", "C'est faux"),
        ("Verdadero, pero…", "VERDADERO, PERO..."),
        ("Pants_on_fire", "Pants on Fire!"),
        ("Half-true", "half  true"),
        ("„Falsch“", "falsch."),
        ("【錯誤】", "錯誤"),
        ("Größtenteils falsch", "GRÖSSTENTEILS FALSCH"),
        ("Ψευδές", "ΨΕΥΔΈΣ"),
        ("Falso\u200b", "\u00a0falso "),
        ("ＦＡＬＳＥ", "False"),
        ("#Falso", "falso"),
    ],
)
def test_one_label_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("False?", "False"), ("¿Falso?", "Falso"), ("True…", "True"), ("≠ True", "True"), ("Non-false", "False")],
)
def test_another_thing_is_said(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_nothing_is_left_of_signs() -> None:
    assert key(" … ! ") in ("", "...")
    assert key("") == ""


@pytest.mark.parametrize(
    ("text", "phrase", "mark"),
    [
        ("False. The picture is old.", "false", "."),
        ("False: the picture is old", "false", ":"),
        ("False! It is old", "false", "!"),
        ("False, the picture is old", "false", ","),
        ("False – the picture is old", "false", "–"),
        ("False - the picture is old", "false", "-"),
        ("False (again)", "false ", "("),
        ("Half-true: in 2019 it was", "half true", ":"),
        ("【錯誤】網傳影片", "錯誤", "】"),
    ],
)
def test_the_first_phrase(text: str, phrase: str, mark: str) -> None:
    start = opening(folded(text))
    assert start is not None
    assert (start.phrase, start.mark) == (phrase, mark)


@pytest.mark.parametrize("text", ["False", "True … in part. Yes", "“False”, said the mayor", "no cut at all"])
def test_there_is_no_first_phrase(text: str) -> None:
    assert opening(folded(text)) is None
