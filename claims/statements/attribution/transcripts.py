"""Recognise transcripts: paragraphs such as `MOE: The dam holds.`, whose label is the source of all that follows."""

from __future__ import annotations

import re
from collections import Counter

from claims.statements.attribution.report import Attribution
from claims.statements.sentences import Span, paragraphs

_UPPERCASE_NAME = r"(?:[A-Z]{2,}[\w.'’-]*|[A-Z]\.)(?:[ ](?:[A-Z]{2,}[\w.'’-]*|[A-Z]\.|\([^)\n]{1,30}\)))*"
_CAPITALISED_NAME = r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov)\.\s)?[A-Z][\w.'’-]+(?:\s[A-Z][\w.'’-]+){0,4}"
_LABEL = re.compile(rf"[\"“]?(?P<name>{_UPPERCASE_NAME}|{_CAPITALISED_NAME}|[QA])(?P<colon>:)\s+(?=\S)")
_MAX_LABEL = 80  # characters
_MIN_PARAGRAPHS = 3  # fewer labelled paragraphs are headings
_NOT_SPEAKERS = frozenset({"note", "update", "correction", "editor's note", "photo", "source", "read more", "related"})


def transcript_attributions(text: str) -> dict[int, Attribution]:
    """The attributions of a transcript, by the offset of their paragraph; empty if the text is not a transcript.

    It is one if three or more paragraphs are labelled and a label occurs twice, or if two labels are in capitals.
    """
    labelled = {}
    for paragraph in paragraphs(text):
        match = _LABEL.match(text, paragraph.start, min(paragraph.end, paragraph.start + _MAX_LABEL))
        if match and match["name"].lower() not in _NOT_SPEAKERS and match.end() < paragraph.end:
            labelled[paragraph] = match
    times = Counter(match["name"] for match in labelled.values())
    uppercase = sum(match["name"].isupper() and len(match["name"]) > 1 for match in labelled.values())
    if not (uppercase >= 2 or (len(labelled) >= _MIN_PARAGRAPHS and max(times.values(), default=0) >= 2)):
        return {}
    return {
        paragraph.start: Attribution(
            source=Span(*match.span("name")),
            cue=Span(*match.span("colon")),
            content=(Span(match.end(), paragraph.end),),
            quoted=True,
            speech=True,
        )
        for paragraph, match in labelled.items()
    }
