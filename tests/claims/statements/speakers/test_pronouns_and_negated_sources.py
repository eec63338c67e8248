"""Nobody gets words by a pronoun that can mean two, nor by a sentence that says who did not speak."""

import pytest

from claims.statements.extracted import ExtractedAttribution, Polarity
from claims.statements.extraction import statements


def said(text: str, language: str = "en") -> list[ExtractedAttribution]:
    return [each for statement in statements(text, language) for each in statement.attributions]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Anna Moe is here. Ida Falk came too.\n\nPaul Lund said it holds. She said it was 5 pm.", "en"),
        ("Anna Moe spoke first. Then Ida Falk spoke. The quay is long. She said it was shut.", "en"),
        ("Anna Moe leads the harbour.\n\nThe quay is long.\n\nThe wall is old.\n\nShe said it was shut.", "en"),
        ("Paul Lund kam. Karl Falk kam auch.\n\nDie Mauer ist alt. Er sagte, der Kai sei zu.", "de"),
    ],
)
def test_a_pronoun_that_can_mean_two_or_one_far_off_is_nobody(text: str, language: str) -> None:
    last = said(text, language)[-1]
    assert last.speaker_resolved is None and last.unsure


@pytest.mark.parametrize(
    "text",
    [
        "Ida Moe spoke on Monday. She said the quay holds.",
        "Ida Moe said the quay holds. The wall is old. She said it leaks.",
        "Ida Moe said the quay holds.\n\nShe said it is old.\n\nShe said it is long.",
        "Ida Moe met Paul Lund. She said the quay holds.",
    ],
)
def test_a_pronoun_that_can_mean_one_alone_is_that_one(text: str) -> None:
    assert said(text)[-1].speaker_resolved == "Ida Moe"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Neither Moe nor Falk said the quay was safe.", "en"),
        ("Nobody but Moe said the quay was safe.", "en"),
        ("None but Moe said the quay was safe.", "en"),
        ("No one other than Moe said the quay was safe.", "en"),
        ("Not even Moe said the quay was safe.", "en"),
        ("Weder Moe noch Falk sagten, der Kai sei sicher.", "de"),
        ("Nicht einmal Moe sagte, der Kai sei sicher.", "de"),
        ("Ni Moe ni Falk dijeron que el muelle era seguro.", "es"),
        ("Nadie salvo Moe dijo que el muelle era seguro.", "es"),
    ],
)
def test_who_did_not_speak_has_said_nothing(text: str, language: str) -> None:
    assert all(each.polarity is not Polarity.ASSERTED for each in said(text, language))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Neither Moe nor Falk spoke. Moe said on Monday that it leaks.", "en"),
        ("Weder Moe noch Falk kamen. Moe sagte, der Kai sei dicht.", "de"),
        ("Ni Moe ni Falk hablaron. Moe dijo que el muelle es seguro.", "es"),
    ],
)
def test_a_negation_is_no_part_of_a_name(text: str, language: str) -> None:
    assert said(text, language)[-1].speaker_resolved == "Moe"


@pytest.mark.parametrize("mark", ["\ufeff", "\u200b", "\u00ad", "\u2060"])
@pytest.mark.parametrize("at", ["said", "Ida", "quay", "1931", ".", "I"])
def test_invisible_characters_change_no_reading_and_every_offset_is_exact(mark: str, at: str) -> None:
    text = "Ida Moe said the quay was built in 1931. It is old."
    marked = text.replace(at, at + mark, 1)
    [plain], [found] = said(text), said(marked)
    assert found.speaker_resolved == plain.speaker_resolved == "Ida Moe"
    for was, now in zip(plain.content, found.content, strict=True):
        assert marked[now.start : now.end].replace(mark, "") == text[was.start : was.end]
    for statement in statements(marked):
        assert marked[statement.start : statement.end] == statement.text
        assert all(marked[each.start : each.end] == each.text for each in statement.figures)
        for each in statement.attributions:
            assert marked[each.cue_span.start : each.cue_span.end].replace(mark, "") == each.cue
