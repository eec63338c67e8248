"""Recognise transcripts: paragraphs such as `MOE: The dam holds.`, whose label is the source of all that follows.

Labels are those of interviews (`Q:`, `Moe:`), of court and broadcast transcripts (`MS. MOE:`) and of parliaments
(`Ms Ida Moe (Ula) (Lab):`, `The Minister for Works (Tom Falk):`).
"""

from __future__ import annotations

import re
from collections import Counter

from claims.statements.attribution.labels import initials, is_furniture
from claims.statements.attribution.report import Attribution
from claims.statements.sentences import Span, paragraphs

_WORD = r"(?:[A-ZÀ-Þ][\w.'’-]*)"
_LINK = r"(?:the|for|of|and|to|in|de|del|la|las|los|el|y|von|zu|der|die|des|für|und|van|du|di|da|&)"
_LABEL = re.compile(
    rf"(?:\[?\d\d?:\d\d(?::\d\d)?\]?\s+)?[\"“]?"
    rf"(?P<label>{_WORD}(?:[ ](?:{_LINK}[ ]){{0,2}}{_WORD}){{0,9}}(?:[ ]\([^()\n]{{1,60}}\)){{0,3}})"
    rf"(?P<colon>:)\s+(?=\S)"
)
_HONORIFIC = re.compile(
    r"(?:The|Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Dame|Lord|Lady|Hon|Madam|Prof|Sen|Rep|Gov|Herr|Frau|Abg|Sr|Sra|Don|Doña|El|La)\.?\s"
)
_MAX_LABEL = 140  # characters
_MIN_PARAGRAPHS = 3  # fewer labelled paragraphs are headings


def transcript_attributions(text: str) -> dict[int, Attribution]:
    """The attributions of a transcript, by the offset of their paragraph; empty if the text is not a transcript.

    It is one if three or more paragraphs are labelled and a label occurs twice, or if two labels are in capitals, are
    a question and its answer, or hold a title or a place in parentheses.
    """
    labelled: dict[Span, re.Match[str]] = {}
    for paragraph in paragraphs(text):
        match = _LABEL.match(text, paragraph.start, min(paragraph.end, paragraph.start + _MAX_LABEL))
        if match and not is_furniture(match["label"]) and match.end() < paragraph.end:
            labelled[paragraph] = match
    labels = [match["label"] for match in labelled.values()]
    times = Counter(map(_key, labels))
    repeated = len(labels) >= _MIN_PARAGRAPHS and max(times.values(), default=0) > 1
    titled = sum(map(_is_titled, labels)) > 1
    spelled_out = {initials_of(label) for label in labels} & {initials(label) for label in labels} - {""}
    if not (repeated or titled or sum(map(_is_upper, labels)) > 1 or {"q", "a"} <= times.keys()):
        return {}
    return {
        paragraph.start: Attribution(
            source=Span(*match.span("label")),
            cue=Span(*match.span("colon")),
            content=(Span(match.end(), paragraph.end),),
            quoted=False,
            speech=True,
        )
        for paragraph, match in labelled.items()
        if times[_key(match["label"])] > 1
        or _is_upper(match["label"])
        or _is_titled(match["label"])
        or initials_of(match["label"]) in spelled_out
    }


def _key(label: str) -> str:
    """By what two labels are of one speaker: the last word without parentheses."""
    return re.sub(r"\s*\([^()]*\)", "", label).split()[-1].lower()


def initials_of(label: str) -> str:
    """The initials of a name, by which the later labels of an interview may stand for it: `Ida Moe` -> `IM`."""
    return "".join(word[0] for word in label.split()) if " " in label and not _is_upper(label) else ""


def _is_upper(label: str) -> bool:
    return label.isupper()


def _is_titled(label: str) -> bool:
    """Whether the label bears a title or a place or party in parentheses."""
    return _HONORIFIC.match(label) is not None or label.endswith(")")
