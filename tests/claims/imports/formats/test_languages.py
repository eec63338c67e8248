"""The language of a record, by tag, system locale or name."""

from typing import Any

import pytest

from claims.imports.formats.languages import language

LANGUAGES: list[tuple[Any, str]] = [
    ("de", "de"), ("pt_br", "pt-BR"), ("de_DE.UTF-8", "de-DE"), ("sr_RS@latin", "sr-RS"), ("zh-hans", "zh-Hans"),
    ("deu", "de"), ("iw", "he"), ("German", "de"), ("Deutsch", "de"), ("English (UK)", "en-GB"),
    ("Français (Canada)", "fr-CA"), ("বাংলা", "bn"), ("العربية", "ar"), ("Ελληνικά", "el"),
    ("Brazilian Portuguese", "pt-BR"),
    ("Bahasa Indonesia", "id"), ("fil", "fil"), ({"@type": "Language", "name": "Tamil"}, "ta"),
    ({"@type": "Language", "name": "Tamil", "alternateName": "ta"}, "ta"), (["de"], "de"), (["en-GB", "en-US"], "en"),
    ("en-GB,en", "en"), ("mul", ""), ("und", ""), ("xq", ""), ("none of them", ""), ("English, Hindi", ""), ("", ""),
    (["en", "de"], ""), (None, ""), (7, ""),
]  # fmt: skip


@pytest.mark.parametrize(("value", "tag"), LANGUAGES, ids=[str(each[0]) for each in LANGUAGES])
def test_a_language_is_told_or_left_out(value: Any, tag: str) -> None:
    assert language(value, []) == tag


def test_of_several_languages_the_text_tells() -> None:
    repairs: list[str] = []
    text = "Die Brücke wurde nach dem Bericht der Stadt nicht repariert, und das ist so geblieben."
    assert language(["en", "de"], repairs, text=text) == "de"
    assert "en, de" in repairs[-1]
