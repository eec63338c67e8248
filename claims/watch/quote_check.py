"""Check whether one quote still stands in one snapshot of its page, and build the EvidenceCheck row of the result.

Looked for is the quote's passage: that of its newest anchoring, if it has one. The caller decides what follows:
`claims.reviews.evidence` before publishing, `claims.watch.sweep_affected` after a change of the page.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from claims import causes
from claims.causes import Cause
from claims.models import Anchoring, Evidence, EvidenceCheck, Recheck
from sources.models import Change, Passage, Snapshot
from sources.passages import readings, register
from sources.passages.chosen_copy import follow
from sources.passages.readings import SnapshotReading
from sources.quotes.exact_match import TextQuote
from sources.quotes.look import RULES, Look, look
from sources.quotes.stance.findings import Reading


@dataclass(frozen=True)
class QuoteResult:
    """The result of one check. `found`, `diff` and `kinds` are those of an alteration, or empty.

    Where the page's stance is the cause, `found` are the words that it follows from.
    """

    result: str
    found: str = ""
    surroundings: str = ""
    diff: tuple[Any, ...] = ()
    kinds: tuple[str, ...] = ()
    grade: str = ""
    stance: str = ""
    cause: str = ""
    needs_second_look: bool = False
    """Whether a later poll must find the same before anybody is told."""
    passage_id: int | None = None
    before_id: int | None = None
    """The snapshot with which this one was compared."""
    version: str = RULES
    unread: bool = False
    """Whether nobody could look because this version does not read the passage where it stood."""

    @property
    def broke(self) -> bool:
        """Whether the quote has to be looked at again."""
        return bool(self.cause)


UNREADABLE = QuoteResult(EvidenceCheck.Result.UNVERIFIABLE.value)
"""The page could not be read, so nothing is known about the quote."""
PAGE_GONE = replace(UNREADABLE, cause=Cause.PAGE_GONE.value, needs_second_look=True)
"""The page says that it is gone (404 or 410)."""
UNREAD = replace(UNREADABLE, unread=True)
"""This version does not read the passage in the bytes in which it stood."""


def unread_page(change: Change, passage: Passage | None) -> QuoteResult:
    """The result after a change that left no text to look at."""
    found = PAGE_GONE if change.kind == Change.Kind.GONE else UNREADABLE
    return replace(found, passage_id=passage.pk if passage is not None else None)


def check_quote(
    sought: TextQuote | Passage,
    snapshot: Snapshot,
    *,
    before: Snapshot | None = None,
    read: Callable[[Snapshot], SnapshotReading] = readings.read,
) -> QuoteResult:
    """Look for a passage, or for words without one, in a snapshot of its page.

    `before` is the last snapshot in which it stood. All are read by the extractor of this version, by `read`. The
    passage must have been read by it too. Raises `readings.Unreadable` if bytes give no text any more.
    """
    now = read(snapshot)
    last = _last(sought, before, read)
    looked = look(_quote(sought, last, read), now.reading, last)
    return replace(
        _result(looked),
        passage_id=sought.pk if isinstance(sought, Passage) else None,
        before_id=before.pk if before is not None else None,
        version=version(now.extractor),
    )


def version(extractor: str) -> str:
    """What is stored with a check: the version of the rules, and the extractor whose texts were compared."""
    return f"{RULES} {extractor}"[:60]


def _last(
    sought: TextQuote | Passage, before: Snapshot | None, read: Callable[[Snapshot], SnapshotReading]
) -> Reading | None:
    if before is None:
        return None
    if isinstance(sought, Passage) and before.pk == sought.snapshot_id and read is readings.read:
        return Reading(register.text_of(sought), before.title, before.language)
    return read(before).reading


def _quote(sought: TextQuote | Passage, last: Reading | None, read: Callable[[Snapshot], SnapshotReading]) -> TextQuote:
    """The words to look for. `start` is the place in `last`, where several copies stand in it."""
    if isinstance(sought, TextQuote):
        return sought
    quote = register.quote_of(sought)
    if last is None:
        return quote

    def anchored() -> str:
        return register.text_of(sought) if read is readings.read else read(sought.snapshot).text

    if sought.copies > 1 and last.text == anchored():
        return quote
    return follow(quote, last.text, anchored, copies=sought.copies)


def _result(looked: Look) -> QuoteResult:
    if looked.damaged:
        return UNREADABLE
    check, stance = looked.check, looked.stance.value
    grade = check.grade.value if check.grade else ""
    row = causes.judge(check.result.value, grade=grade, stance=stance)
    found = (check.found or "") if check.result.value == EvidenceCheck.Result.ALTERED else ""
    of_stance = row.cause in causes.OF_STANCE
    return QuoteResult(
        result=check.result.value,
        found=looked.because if of_stance else found,
        surroundings=check.surroundings or "",
        diff=tuple(check.diff) if found and not of_stance else (),
        kinds=tuple(sorted(check.changes)) if found and not of_stance else (),
        grade=grade,
        stance=stance,
        cause=str(row.cause),
        needs_second_look=looked.needs_second_look,
    )


def new_check(
    evidence: Evidence,
    outcome: QuoteResult,
    *,
    reason: str,
    snapshot: Snapshot | None,
    anchoring: Anchoring | None = None,
    recheck: Recheck | None = None,
    change: Change | None = None,
) -> EvidenceCheck:
    """An unsaved EvidenceCheck that records the result, dated now."""
    return EvidenceCheck(
        evidence=evidence,
        reason=EvidenceCheck.Reason.UNREAD if outcome.unread else reason,
        change=change,
        snapshot=snapshot,
        recheck=recheck,
        anchoring=anchoring,
        passage_id=outcome.passage_id,
        before_id=outcome.before_id,
        result=outcome.result,
        cause=outcome.cause,
        grade=outcome.grade,
        stance=outcome.stance,
        version=outcome.version,
        found=outcome.found,
        surroundings=outcome.surroundings,
        diff=list(outcome.diff),
        kinds=list(outcome.kinds),
        checked_at=timezone.now(),
    )
