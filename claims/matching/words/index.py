"""The tantivy index of the leg by words: its fields, how an entry becomes a document, and a part that is searched.

| field | holds |
| --- | --- |
| words | folded words of the text, with positions: phrases, prefixes, languages that are not known |
| stems | stems of the text by its language |
| titles, title_stems | the same of the titles of its articles, which often say the verdict and so weigh less |
| about | folded words of its speakers and its place |
| language, organisation, topic, speaker | values to filter by |
| row | number of the document in its part |
| text_hash | 64 bits of the normalised text, by which claims of the same words count as one |

tantivy splits each field at spaces alone: `analysis.py` has made the terms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

from claims.matching.normalization import text_hash
from claims.matching.types import ClaimEntry
from claims.matching.words.analysis import stems, words
from claims.matching.words.folding import fold

WEIGHED = ("words", "stems", "titles", "title_stems", "about")
FILTERS = ("language", "organisation", "topic", "speaker")
_WITH_POSITIONS = ("words", "titles", "about")
_BUILDING_MEMORY = 200_000_000  # bytes; the writer of a base
_MOST_LANGUAGES = 5
_TAIL_MEMORY = 15_000_000  # bytes; the least that tantivy takes


def schema() -> tantivy.Schema:
    """The fields of an index."""
    builder = tantivy.SchemaBuilder()
    for name in WEIGHED:
        option = "position" if name in _WITH_POSITIONS else "freq"
        builder.add_text_field(name, tokenizer_name="whitespace", index_option=option)
    for name in FILTERS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_unsigned_field("text_hash", fast=True)
    return builder.build()


SCHEMA = schema()


def document(entry: ClaimEntry, row: int) -> tantivy.Document:
    """The document of an entry."""
    text_words = words(entry.text)
    titles = [words(title) for title in entry.titles]
    built = tantivy.Document()
    built.add_unsigned("row", row)
    built.add_unsigned("text_hash", text_hash(entry.text))
    built.add_text("words", " ".join(text_words))
    built.add_text("stems", " ".join(stems(text_words, entry.language)))
    for title in titles:
        built.add_text("titles", " ".join(title))
        built.add_text("title_stems", " ".join(stems(title, entry.language)))
    for name in (*entry.speakers, entry.place):
        if about := words(name):
            built.add_text("about", " ".join(about))
    for field, values in filter_values(entry).items():
        for value in values:
            built.add_text(field, value)
    return built


def filter_values(entry: ClaimEntry) -> dict[str, tuple[str, ...]]:
    """What an entry is found by, for each filter; a language has its ranges (RFC 4647), as `pt` for `pt-BR`."""
    tags = entry.language.lower().replace("_", "-").split("-") if entry.language else []
    return {
        "language": tuple("-".join(tags[: end + 1]) for end in range(len(tags))),
        "organisation": entry.organisations,
        "topic": entry.topics,
        "speaker": tuple(fold(name) for name in entry.speakers),
    }


def write_index(folder: Path, entries: Iterable[ClaimEntry]) -> list[str]:
    """Write an index of entries into an empty folder; returns their ids by row. One thread, 200 MB."""
    index = tantivy.Index(SCHEMA, path=str(folder))
    writer = index.writer(_BUILDING_MEMORY, 1)
    ids = []
    for row, entry in enumerate(entries):
        writer.add_document(document(entry, row))
        ids.append(entry.id)
    writer.commit()
    writer.wait_merging_threads()
    return ids


@dataclass(frozen=True, slots=True)
class Part:
    """An index as it is searched: the base on disk, or the tail in memory. Never changes.

    `id` gives the id of a row, `is_hidden` whether a row has been removed or replaced since.
    """

    searcher: tantivy.Searcher
    id: Callable[[int], str]
    is_hidden: Callable[[int], bool]

    @property
    def size(self) -> int:
        """The number of documents, hidden ones of a base included."""
        return int(self.searcher.num_docs)


def languages_of(parts: Sequence[Part]) -> tuple[str, ...]:
    """The primary tags of the languages that most claims are in, for texts whose language is not known."""
    counted: Counter[str] = Counter()
    for part in parts:
        for tag, claims in part.searcher.terms_with_prefix("language", ""):
            if "-" not in tag:
                counted[tag] += claims
    return tuple(tag for tag, _ in counted.most_common(_MOST_LANGUAGES))


class Tail:
    """An index in memory that takes what came since the base was built. One thread writes."""

    def __init__(self) -> None:
        self._index = tantivy.Index(SCHEMA)
        self._writer = self._index.writer(_TAIL_MEMORY, 1)
        self._ids: list[str] = []
        self._rows: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, entry: ClaimEntry) -> None:
        """Add an entry in place of the one with its id."""
        self.remove(entry.id)
        self._rows[entry.id] = len(self._ids)
        self._writer.add_document(document(entry, len(self._ids)))
        self._ids.append(entry.id)

    def remove(self, claim: str) -> None:
        """Remove the entry of a claim, if there is one."""
        if (row := self._rows.pop(claim, None)) is not None:
            # by term, tantivy-py looks for a signed number and deletes nothing
            self._writer.delete_documents_by_query(tantivy.Query.term_query(SCHEMA, "row", row))

    def commit(self) -> Part:
        """The tail with all that was added and removed so far."""
        self._writer.commit()
        self._index.reload()
        return Part(self._index.searcher(), self._ids.__getitem__, lambda row: False)
