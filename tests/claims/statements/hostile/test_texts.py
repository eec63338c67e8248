"""Reading takes time that grows with the length of a text, whatever the text; importers too."""

import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from claims.imports.formats import stream_parser
from claims.statements.extraction import statements
from claims.statements.speakers.named import NamedInText
from claims.statements.speakers.resolution import Resolver
from claims.visible_text import unreadable

PIECES = {
    "opening marks never closed": "“Rain. ",
    "German opening marks": "„Regen. ",
    "marks of two kinds in turn": "\"'",
    "all marks": "“”\"‘’'«»",
    "apostrophes": "'",
    "old marks": "``",
    "quotations": "“It rained,” said Ida Moe. ",
    "quotations and nothing else": "“A.” ",
    "exclamations": '"No!" Ida Moe said. ',
    "Japanese without spaces": "雨。",
    "nested brackets": "(It rained. ",
    "one word over and over": "said ",
    "names": "Ida Moe ",
    "names and links": "A of ",
    "labels": "A: ",
    "lines": "a\n",
    "labelled lines": "A: b\n",
    "dates": "1.",
    "figures": "€1 ",
    "digits": "1234567890",
    "one word": "a",
    "marks on one letter": "\u0301",
    "right to left": "שלום עולם. ",
    "descriptions": "a minister, the minister said. ",
    "pronouns": "A neighbour came. He said so. ",
    "signatures": "“Rain.”\n— Ida Moe\n",
    "invisible": "\u200b",
}
QUICK = [
    "opening marks never closed",
    "marks of two kinds in turn",
    "quotations",
    "quotations and nothing else",
    "old marks",
    "Japanese without spaces",
    "descriptions",
]


def name(number: int) -> str:
    return "".join(chr(97 + (number // 26**k) % 26) for k in range(4))


def many_people(size: int) -> str:
    return "".join(
        f"{name(n).title()} Moe, a minister, said it rained. The minister said so. " for n in range(size // 70)
    )


def many_bodies(size: int) -> str:
    return "".join(f"The {name(n).title()} Council said it rained. The council said so. " for n in range(size // 60))


FAMILIES: dict[str, Callable[[int], str]] = {
    **{kind: lambda size, piece=piece: (piece * (size // len(piece) + 1))[:size] for kind, piece in PIECES.items()},  # type: ignore[misc]
    "many people of one name": many_people,
    "many bodies of one kind": many_bodies,
}


def seconds(text: str) -> float:
    start = time.process_time()
    statements(text, "en")
    return time.process_time() - start


@pytest.mark.parametrize("kind", [*QUICK, "many people of one name", "many bodies of one kind"])
def test_twice_as_long_takes_little_more_than_twice_the_time(kind: str) -> None:
    family = FAMILIES[kind]
    statements(family(200), "en")
    assert seconds(family(80_000)) <= 6.25 * seconds(family(20_000)) + 0.1  # squared it would be 16


@pytest.mark.long
@pytest.mark.parametrize("kind", FAMILIES)
def test_up_to_a_megabyte(kind: str) -> None:
    family = FAMILIES[kind]
    times = [seconds(family(size)) for size in (250_000, 500_000, 1_000_000)]
    assert all(after <= 2.5 * before + 0.2 for before, after in pairwise(times)), times
    assert times[-1] < 60, "seconds of CPU a megabyte"


def test_a_sentence_ends_where_it_ends_in_a_long_paragraph() -> None:
    """A window of the splitter cuts no sentence."""
    sentence = "The dam of Marlow holds 3.4 million litres, said Mrs. Ida Moe on Jan. 5 in Washington D.C. that year. "
    found = statements((sentence * 200).strip(), "en")
    assert [each.text for each in found] == [sentence.strip()] * 200
    unbroken = "word " * 3_000 + "said Ida Moe. Falk came."
    assert [each.text for each in statements(unbroken, "en")] == [unbroken[:-11].strip(), "Falk came."]


def test_who_is_one_of_very_many_is_not_surely_meant() -> None:
    text = "".join(f"{name(n).title()} Moe said it rained. " for n in range(60)) + "Moe said it stopped. "
    last = statements(text, "en")[-1]
    assert last.speaker == "Moe" and last.speaker_resolved is None
    first = statements(text, "en")[0]
    assert first.speaker_resolved == "Aaaa Moe"


def test_another_of_the_same_office_leaves_a_description_unsure() -> None:
    text = "Ida Moe, the minister, came. Another junior minister left. The minister said that it rained."
    resolver = Resolver(text, "en")
    assert isinstance(resolver.named, NamedInText)
    assert resolver._indefinite()["minister"] == [text.index("Another")]
    assert statements(text, "en")[-1].speaker_resolved is None


def pieces(text: bytes) -> Iterator[bytes]:
    for at in range(0, len(text), 65_536):
        yield text[at : at + 65_536]


@pytest.mark.parametrize(
    "text",
    [b'\\"' * 500_000, b'{"a":' + b'\\"' * 500_000, b'{"a":"' + b"x" * 3_000_000],
    ids=lambda text: ascii(text[:9]),
)
def test_a_stream_without_an_end_is_parsed_in_seconds(text: bytes) -> None:
    start = time.process_time()
    (only,) = stream_parser.values(pieces(text))
    assert isinstance(only, stream_parser.InvalidValue)
    assert len(list(stream_parser.lines(pieces(text)))) == len(list(stream_parser.rows(pieces(text)))) == 1
    assert time.process_time() - start < 3


def test_a_line_of_separators_is_no_value_and_no_error() -> None:
    (only,) = stream_parser.lines([b",,\n"])
    assert only == stream_parser.InvalidValue("The line holds no value.", ",,")


def test_ten_megabytes_are_looked_at_in_seconds() -> None:
    start = time.process_time()
    assert unreadable("\u200b" * 1_000_000) and not unreadable("a " * 5_000_000)
    assert time.process_time() - start < 3
