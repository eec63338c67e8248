"""Whom a source means: the head noun decides, and nobody is named where more than one can be meant."""

import pytest

from claims.statements.extracted import Sureness
from claims.statements.sentences import Span
from claims.statements.speakers.resolution import Resolved, Resolver
from tests.claims.statements.speakers.cases import CASES


def resolve(text: str, source: str, language: str = "en") -> Resolved:
    """Whom the last place of `source` in `text` means."""
    at = text.rindex(source)
    span = Span(at, at + len(source))
    cue = Span(span.end, span.end + text.startswith(":", span.end))
    return Resolver(text, language, [span]).resolve(span, cue)


@pytest.mark.parametrize(("language", "text", "source", "name"), CASES)
def test_whom_a_source_means(language: str, text: str, source: str, name: str | None) -> None:
    resolved = resolve(text, source, language)
    assert (resolved.name if resolved.sureness is Sureness.SURE else None) == name, resolved
