"""Transcripts: `MOE: The dam holds.` at the start of a paragraph, its label being the source of all of it."""

from __future__ import annotations

import re
from collections import Counter

from claims.statements.attribution.cues import Attribution
from claims.statements.sentences import Span, paragraphs

_SHOUTED = r"(?:[A-Z]{2,}[\w.'’-]*|[A-Z]\.)(?:[ ](?:[A-Z]{2,}[\w.'’-]*|[A-Z]\.|\([^)\n]{1,30}\)))*"
_NAMED = r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov)\.\s)?[A-Z][\w.'’-]+(?:\s[A-Z][\w.'’-]+){0,4}"
_LABEL = re.compile(rf"[\"“]?(?P<name>{_SHOUTED}|{_NAMED}|[QA])(?P<colon>:)\s+(?=\S)")
_LONGEST = 80  # characters of a label
_FEWEST = 3  # labelled paragraphs, from which on they are a transcript's rather than headings
_NOT_SPEAKERS = frozenset({"note", "update", "correction", "editor's note", "photo", "source", "read more", "related"})


def transcribed(text: str) -> dict[int, Attribution]:
    """What is transcribed, by the offset of its paragraph; empty unless the text holds a transcript.

    A text holds one if three paragraphs or more are labelled and a label comes twice, or two are in capitals.
    """
    labelled = {}
    for paragraph in paragraphs(text):
        match = _LABEL.match(text, paragraph.start, min(paragraph.end, paragraph.start + _LONGEST))
        if match and match["name"].lower() not in _NOT_SPEAKERS and match.end() < paragraph.end:
            labelled[paragraph] = match
    times = Counter(match["name"] for match in labelled.values())
    shouted = sum(match["name"].isupper() and len(match["name"]) > 1 for match in labelled.values())
    if not (shouted >= 2 or (len(labelled) >= _FEWEST and max(times.values(), default=0) >= 2)):
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
