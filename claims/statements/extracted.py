"""What is extracted from a document: its statements, with who is said to have said what.

The terms are those of the annotated corpora PARC 3 and PolNeAR: an attribution has a source, a cue and a content.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from claims.statements.figures import Figure
from claims.statements.sentences import Span


class Polarity(StrEnum):
    """Whether a document says that somebody said something. Only an asserted attribution gives anybody words."""

    ASSERTED = "asserted"
    NEGATED = "negated"
    """`never said`, `denied that`, `could not confirm`, `declined to say`."""
    MODAL = "modal"
    """`would say`, `is expected to say`, `will tell MPs`."""
    CONDITIONAL = "conditional"
    """`if she says`, `should he say`."""
    ASKED = "asked"
    """`did he say`, `asked whether she said`."""


class Sureness(StrEnum):
    """How certain it is whom a source as written means."""

    SURE = "sure"
    """One full name that it can mean."""
    PROPOSED = "proposed"
    """A name that it probably means; an editor decides."""
    NONE = "none"
    """Nobody can be named: officials, a friend of somebody, namesakes."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a document says that somebody said: the only form in which an attribution gives anybody words."""

    speaker: str | None
    speaker_resolved: str | None
    speaker_kind: str
    sureness: Sureness
    cue: str
    content: tuple[Span, ...]
    quoted: bool
    proper: bool = False
    role: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ExtractedAttribution:
    """One report of one source within one statement; offsets count characters of the document's text.

    `speaker` is whom the cue names, whatever the polarity, and None where the text names none (an agentless passive);
    who gives somebody words takes them from `assertion`. `speaker_resolved` is a full name only if `sureness` is sure.
    `unsure` says why it is not, as a sentence for editors, else it is empty.
    """

    speaker: str | None
    speaker_span: Span | None
    speaker_resolved: str | None
    speaker_kind: str
    sureness: Sureness
    cue: str
    cue_span: Span
    content: tuple[Span, ...]
    quoted: bool
    polarity: Polarity
    unsure: str = ""
    proper: bool = False
    """Whether `speaker_resolved` is a name by which a speaker can be filed, unlike "the police" and "Ms Orr"."""
    role: frozenset[str] = frozenset()
    """What the text says that the speaker is, as words in small letters: {"works", "minister"}."""

    @property
    def assertion(self) -> Assertion | None:
        """Who said what, if the document says that it was said; None for every other polarity."""
        if self.polarity is not Polarity.ASSERTED:
            return None
        return Assertion(
            speaker=self.speaker,
            speaker_resolved=self.speaker_resolved,
            speaker_kind=self.speaker_kind,
            sureness=self.sureness,
            cue=self.cue,
            content=self.content,
            quoted=self.quoted,
            proper=self.proper,
            role=self.role,
        )

    def as_json(self) -> dict[str, Any]:
        """The attribution as JSON types, as the command `ingest` prints it."""
        return {
            "speaker": self.speaker,
            "speaker_resolved": self.speaker_resolved,
            "speaker_kind": self.speaker_kind,
            "cue": self.cue,
            "content": [list(span) for span in self.content],
            "quoted": self.quoted,
            "polarity": str(self.polarity),
            "unsure": self.unsure,
        }


@dataclass(frozen=True, slots=True)
class ExtractedStatement:
    """One sentence of a document; every offset counts characters of the document's text.

    `content` are the spans of what is said: each part of a quotation split around its cue, or the whole sentence if
    there is no cue. `speaker` is the source as written, None without a cue; `speaker_resolved` is the last full name it
    can refer to, None if none fits. `quoted` is true for a direct quote, false for a paraphrase.
    """

    text: str
    start: int
    end: int
    content: tuple[Span, ...]
    speaker: str | None
    speaker_resolved: str | None
    speaker_kind: str
    cue: str | None
    quoted: bool
    figures: tuple[Figure, ...]
    checkworthy: bool
    checkworthy_score: float
    checkworthy_reasons: tuple[str, ...]
    attributions: tuple[ExtractedAttribution, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The statement as JSON types, as the command prints it."""
        data = asdict(self)
        data["content"] = [list(span) for span in self.content]
        data["figures"] = [asdict(figure) for figure in self.figures]
        data["checkworthy_reasons"] = list(self.checkworthy_reasons)
        data["attributions"] = [attribution.as_json() for attribution in self.attributions]
        return data
