"""Extract the text of Word documents (ECMA-376) as it is printed: the body and the notes.

Words often lie in several runs, so only paragraphs, breaks, tabs and table cells separate them. What is deleted, moved
away, struck out or hidden is left out, by the run's own properties or by its styles.
"""

import io
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from sources.extraction import raised_text
from sources.extraction.readers.result import ReaderResult

MAX_BYTES = 50_000_000
"""Of one part, decompressed."""

_STYLES = "word/styles.xml"
_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")


def read(body: bytes) -> ReaderResult:
    """Extract the text of a Word document. Raises `ValueError` if the bytes are something else."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = set(archive.namelist())
            if _PARTS[0] not in names:
                raise ValueError("This is an archive or another office document, not a page of text.")
            texts, limited = [], False
            styles = _Styles()
            if _STYLES in names and (data := _part(archive, _STYLES)) is not None:
                styles.read(data)
            for name in _PARTS:
                if name not in names:
                    continue
                if (data := _part(archive, name)) is None:
                    limited = True
                    continue
                part = _Part(styles)
                part.read(data)
                texts.append(part.text())
                limited = limited or part.limited
    except (zipfile.BadZipFile, RuntimeError, UnicodeDecodeError, expat.ExpatError) as error:
        raise ValueError(
            "This office document is locked or damaged. Open it and save it again, or paste its text."
        ) from error
    return ReaderResult("\n".join(text for text in texts if text), limited=limited)


def _part(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """Return a part of the archive, or None if it is too large."""
    with archive.open(name) as part:
        data = part.read(MAX_BYTES + 1)
    return data if len(data) <= MAX_BYTES else None


class _Reader:
    """Calls `start`, `end` and `words` for a part, by local names. Entities that it declares are not expanded."""

    def __init__(self) -> None:
        self.limited = False

    def read(self, data: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = lambda name: self.end(name.rpartition(":")[2])
        parser.CharacterDataHandler = self.words
        parser.EntityDeclHandler = self._declared
        parser.DefaultHandler = lambda data: None  # with it set, internal entities are not expanded
        parser.Parse(data, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.start(name.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in attributes.items()})

    def _declared(self, *_: object) -> None:
        self.limited = True

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def words(self, data: str) -> None:
        """Take character data; most parts of a document have none that matter."""


_HIDING = frozenset({"strike", "dstrike", "vanish", "specVanish"})
_OFF = frozenset({"0", "false", "off", "none"})


class _Styles(_Reader):
    """Which properties that hide text each style sets, its bases included."""

    def __init__(self) -> None:
        super().__init__()
        self.own: dict[str, dict[str, bool]] = {}
        self.bases: dict[str, str] = {}
        self._style = ""
        self._in_run = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "style":
            self._style = attributes.get("styleId", "")
            self.own[self._style] = {}
        elif name == "basedOn":
            self.bases[self._style] = attributes.get("val", "")
        elif name == "rPr":
            self._in_run += 1
        elif self._in_run and name in _HIDING and self._style in self.own:
            self.own[self._style][name] = attributes.get("val", "") not in _OFF

    def end(self, name: str) -> None:
        if name == "style":
            self._style = ""
        elif name == "rPr":
            self._in_run -= 1

    def of(self, style: str) -> dict[str, bool]:
        """Return the properties of a style."""
        found: dict[str, bool] = {}
        for _ in range(_MAX_BASES):
            if style not in self.own:
                break
            found = self.own[style] | found
            style = self.bases.get(style, "")
        return found


_MAX_BASES = 20  # styles that rest on each other

# Deleted and moved-away text, old properties of changed text, the reading above ruby characters, and the second form of
# what is there for older versions of Word.
_LEFT_OUT = frozenset({"del", "moveFrom", "rPrChange", "pPrChange", "rt", "Fallback", "instrText", "delText"})
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}


@dataclass
class _Paragraph:
    pieces: list[str] = field(default_factory=list)
    hidden: dict[str, bool] = field(default_factory=dict)
    """The properties of its style."""


class _Part(_Reader):
    """The text of one part, a line for each paragraph."""

    def __init__(self, styles: _Styles) -> None:
        super().__init__()
        self.styles = styles
        self.lines: list[str] = []
        self._open = [_Paragraph()]  # text boxes hold paragraphs within a paragraph
        self._left_out = 0
        self._properties = 0
        self._run: dict[str, bool] = {}
        self._own: dict[str, bool] = {}
        self._raised = False
        self._in_text = False

    def text(self) -> str:
        return "\n".join(self.lines)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._left_out or name in _LEFT_OUT:
            self._left_out += 1
        elif name == "p":
            self._open.append(_Paragraph())
        elif name == "pStyle":
            self._open[-1].hidden = self.styles.of(attributes.get("val", ""))
        elif name == "pPr":
            self._properties += 1
        elif name == "r":
            self._run, self._own, self._raised = {}, {}, False
        elif name == "t":
            self._in_text = True
        elif name in _CHARACTERS:
            self._add(_CHARACTERS[name])
        elif not self._properties:
            self._property(name, attributes.get("val", ""))

    def _property(self, name: str, value: str) -> None:
        if name == "rStyle":
            self._run = self.styles.of(value)
        elif name == "vertAlign":
            self._raised = value == "superscript"
        elif name in _HIDING:
            self._own[name] = value not in _OFF

    def end(self, name: str) -> None:
        if self._left_out:
            self._left_out -= 1
        elif name == "t":
            self._in_text = False
        elif name == "pPr":
            self._properties -= 1
        elif name == "p" and len(self._open) > 1:
            line = "".join(self._open.pop().pieces)
            self.lines += [each for part in line.split("\n") if (each := part.strip())]

    def words(self, data: str) -> None:
        if self._in_text and not self._left_out:
            self._add(data)

    def _add(self, words: str) -> None:
        paragraph = self._open[-1]
        if self._properties or any((paragraph.hidden | self._run | self._own).values()):
            return
        if self._raised:
            words = raised_text.as_characters(words, "".join(paragraph.pieces[-5:])[-40:])
        paragraph.pieces.append(words)
