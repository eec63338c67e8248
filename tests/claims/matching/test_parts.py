"""The parts by which a long text is asked."""

import pytest

from claims.matching.parts import LONG, MOST_PARTS, parts

MESSAGE = (
    "Dear all! The Orrin dam lost a third of its water. Really? " + "Nobody in the papers dares to write about it. " * 6
)


@pytest.mark.parametrize(
    "text",
    [
        "The dam is empty",
        "Really? The dam is quite empty.",
        "Rents rose by 1.5 percent in the U.S. last year.",
        "Yes! No! So!",
        "",
    ],
)
def test_a_short_text_of_one_sentence_has_no_parts(text: str) -> None:
    assert parts(text, "en") == []


def test_sentences_of_a_short_text_are_parts() -> None:
    assert parts("The dam is empty. Wow! Herons are deaf.", "en") == ["The dam is empty.", "Herons are deaf."]
    assert parts("The dam is empty\nHerons are deaf", "") == ["The dam is empty", "Herons are deaf"]
    assert len(parts("大坝是空的。苍鹭是聋的。", "zh")) == 2
    assert len(parts(" ".join(f"Dam {number} is empty." for number in range(15)), "en")) == MOST_PARTS


def test_sentences_of_a_message() -> None:
    found = parts(MESSAGE, "en")
    assert found[0] == "Dear all! The Orrin dam lost a third of its water."
    assert found[1].startswith("Really? Nobody")
    assert len(MESSAGE) > LONG


def test_many_sentences_are_joined() -> None:
    text = "\n".join(f"Sentence number {number} is as long as any of the others." for number in range(100))
    found = parts(text, "en")
    assert 2 <= len(found) <= MOST_PARTS
    assert " ".join(found) == text.replace("\n", " ")


def test_a_text_without_ends_of_sentences_is_cut() -> None:
    assert all(len(part) <= 1_900 for part in parts("word " * 1_900, ""))
    assert len(parts("x" * 10_000, "xx")) <= MOST_PARTS
    assert parts("图书馆关闭了。" * 60, "zh")


def test_a_sentence_that_is_repeated_is_asked_once() -> None:
    assert parts("The Orrin dam is empty again. " * 100, "en") == ["The Orrin dam is empty again."]


def test_a_signature_is_no_part() -> None:
    post = "The dam of Orrin leaks. We have to leave the valley. — Ann Vale (@annvale) May 3, 2029"
    assert parts(post, "en") == ["The dam of Orrin leaks.", "We have to leave the valley."]
    assert parts("The dam of Orrin leaks. — Ann Vale (@annvale) May 3, 2029", "en") == []
