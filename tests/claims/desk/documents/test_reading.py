"""How a text is cut: parts and pieces together are the text, whatever the statements."""

import random
from dataclasses import dataclass

import pytest

from claims.desk.documents import reading
from claims.desk.documents.reading import PART, paragraphs, part_of, parts


@dataclass(frozen=True)
class Of:
    start: int
    end: int


def text_of(length: int, seed: int) -> str:
    chance = random.Random(seed)
    words = ("dam", "holds", "سد", "घर", "水库", "😀", "\u202e", "and")
    out, made = [], 0
    while made < length:
        out.append(chance.choice(words) + chance.choice([" ", " ", " ", ". ", "\n", "\n\n"]))
        made += len(out[-1])
    return "".join(out)


@pytest.mark.parametrize("seed", range(5))
def test_the_parts_are_the_text(seed: int) -> None:
    text = text_of(90_000, seed)
    found = parts(text)
    assert "".join(text[part.start : part.end] for part in found) == text
    assert [part.number for part in found] == list(range(1, len(found) + 1)) and len(found) > 3
    assert all(part.end - part.start <= PART * 1.25 for part in found)
    assert all(part_of(found, part.start) == part and part_of(found, part.end - 1) == part for part in found)


def test_a_text_without_a_space_has_parts_too() -> None:
    assert len(parts("字" * 100_000)) > 3


@pytest.mark.parametrize("seed", range(10))
def test_pieces_are_the_text_and_lie_in_the_innermost_statement(seed: int) -> None:
    chance = random.Random(seed)
    text = text_of(600, seed)
    cuts = [sorted(chance.sample(range(len(text)), 2)) for _ in range(12)]  # crossing ones too, as newsrooms may send
    statements = [Of(start, end) for start, end in cuts]
    [part] = parts(text)
    found = paragraphs(text, part, statements)
    covered = ""
    for paragraph in found:
        for piece in paragraph.pieces:
            length = sum(run.length for run in piece.runs)
            here = text[piece.start : piece.start + length]
            assert here and "".join(run.shown for run in piece.runs if not run.is_mark) == here.replace("\u202e", "")
            around = [each for each in statements if each.start <= piece.start and piece.start + length <= each.end]
            shortest = min((each.end - each.start for each in around), default=0)
            assert (piece.statement is None) == (not around)
            assert not around or piece.statement.end - piece.statement.start == shortest
            covered += here
    assert "".join(covered.split()) == "".join(text.split())
    first = [piece.statement for paragraph in found for piece in paragraph.pieces if piece.is_first]
    assert len(set(first)) == len(first)


def test_a_short_line_within_a_text_reads_as_a_heading() -> None:
    text = "The city built homes.\n\nMoney from the county\n\nIt received 118 million."
    [part] = parts(text)
    assert [each.is_heading for each in reading.paragraphs(text, part, [])] == [False, True, False]
