"""What editors' screens say of quotes: the state that newsrooms are told, and what is not told to anybody yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from claims.models import Evidence, EvidenceCheck, ReviewVersion
from claims.models.publication import Audience
from claims.publication.quote_state import KEPT, QuoteState, not_stood, quote_states, unreported
from claims.reviews.evidence import QuoteNow, quotes_now

_LABELS = {**dict(EvidenceCheck.Result.choices), KEPT: "broken, kept by a decision"}
_TONES = {KEPT: "warn", EvidenceCheck.Result.UNVERIFIABLE.value: "warn"}


@dataclass(frozen=True)
class QuoteOnScreen:
    """A badge and sentences about one quote. `tone` colours the badge: good, warn or bad."""

    label: str
    tone: str
    checked_at: datetime | None = None
    sentences: tuple[str, ...] = ()
    objection: str = ""
    """Why the version cannot be published with it as it is."""


def on_screen(evidence: Iterable[Evidence]) -> dict[int, QuoteOnScreen]:
    """What to show of each quote that was published, by primary key."""
    rows = {each.pk: each for each in evidence if each.kind == Evidence.Kind.PAGE_QUOTE}
    states, later = quote_states(rows, Audience.NEWSROOMS), unreported(rows)
    return {key: _published(row, states[key], later.get(key, "")) for key, row in rows.items()}


def of_version(version: ReviewVersion) -> dict[int, QuoteOnScreen]:
    """What to show of each quote of a version; of an unpublished one, how its page was last read."""
    if version.state == ReviewVersion.State.PUBLISHED:
        return on_screen(version.evidence.all())
    return {each.evidence.pk: _draft(each) for each in quotes_now(version)}


def standing() -> dict[str, int]:
    """How many quotes published reviews rest on, and how many of them the last look did not find in their place."""
    return {"watched": Evidence.objects.watched().count(), "not_stood": not_stood().count()}


def _published(evidence: Evidence, state: QuoteState, later: str) -> QuoteOnScreen:
    tone = "good" if state.stood else _TONES.get(state.state, "bad")
    sentences = []
    if (accepted := state.stands_as) is not None:
        sentences.append(
            f"Stands as “{accepted.exact}”, accepted by {accepted.anchored_by} on {accepted.anchored_at:%Y-%m-%d}."
        )
    if state.now and not state.stood:
        sentences.append(f"The page has: “{state.now}”")
    if state.decided_at is not None:
        sentences.append(f"Editors decided on {state.decided_at:%Y-%m-%d} that the verdict stands.")
    if evidence.kept_because:
        sentences.append(f"Kept because: {evidence.kept_because}")
    if later:
        tone = "warn" if tone == "good" else tone
        sentences.append(f"At the last look: {_LABELS[later]}. Another look decides before anybody is told.")
    return QuoteOnScreen(_LABELS[state.state], tone, state.checked_at, tuple(sentences))


def _draft(quote: QuoteNow) -> QuoteOnScreen:
    sentences = []
    if quote.anchoring is not None:
        sentences.append(f"Looked for as “{quote.anchoring.exact}”, which editors accepted.")
    if quote.outcome.found:
        sentences.append(f"The page has: “{quote.outcome.found}”")
    if quote.evidence.kept_because:
        sentences.append(f"Kept because: {quote.evidence.kept_because}")
    label = f"{_LABELS[quote.outcome.result]}, as last read"
    objection = quote.objection()
    tone = "bad" if objection else _TONES.get(quote.outcome.result, "warn" if quote.broken else "good")
    read_at = quote.snapshot.taken_at if quote.snapshot else None
    return QuoteOnScreen(label, tone, read_at, tuple(sentences), objection)
