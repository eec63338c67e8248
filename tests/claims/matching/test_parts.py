"""The parts by which a long text is asked."""

from claims.matching.parts import LONG, MOST_PARTS, parts

MESSAGE = (
    "Dear all! The Orrin dam lost a third of its water. Really? " + "Nobody in the papers dares to write about it. " * 6
)


def test_a_short_text_has_no_parts() -> None:
    assert parts("The dam is empty. The ferry is gone.", "en") == []


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
