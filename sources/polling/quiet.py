"""Decide whether a poll is quiet: whether it read other bytes in which nothing that somebody watches has changed.

Each watched passage of the page is compared with the latest snapshot. One that was found there must be untouched
(`sources.quotes.look.untouched`): in the same place and frame, with no new line that could concern it. Where it was
not, or stands among other neighbours, the answer of `look`, asked with the last text in which the passage stood, must
be the same for both texts, and words that stand must be untouched besides: where a notice goes, the answer differs.

What a quiet poll read is not kept, since the sweep would find in it what it has found in the latest snapshot; but a
text is kept after `KEEP_TEXT_AFTER` seconds, and where a suspicion is to be confirmed.

A plan is made before anything is written and without a lock, since bytes are stored before rows. Its `basis` says what
it relies on; where that differs under the lock, the plan is stale.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from sources.changes import change_kinds
from sources.models import Outcome, Page, Passage, Polling, Snapshot, Text
from sources.passages.chosen_copy import follow
from sources.passages.readings import reading_of
from sources.passages.register import quote_of, text_of
from sources.polling.observation import Observation
from sources.quotes.exact_match import TextQuote
from sources.quotes.grade import Grade
from sources.quotes.locate import Result, find_unchanged
from sources.quotes.look import Look, look, untouched
from sources.quotes.stance.findings import Reading
from sources.quotes.surroundings import context

_STANDS = frozenset({Result.INTACT, Result.MOVED})

Basis = tuple[int | None, tuple[int, ...], str, datetime | None, datetime | None]


@dataclass(frozen=True)
class Plan:
    """What to do with one reading. `basis` is None if it relies on nothing that could have changed since."""

    basis: Basis | None = None
    quiet: bool = False
    keep: bool = True
    """Whether its bytes and text are kept."""
    seen: frozenset[int] = frozenset()
    """The watched passages (ids) known to stand in it."""
    lost: frozenset[int] = frozenset()
    """The watched passages that stood in the latest snapshot and were not found in it."""

    def is_stale(self, state: Polling) -> bool:
        return self.basis is not None and self.basis != basis(state)


KEEP = Plan()


def basis(state: Polling) -> Basis:
    """Return what a plan relies on."""
    return (
        state.latest_snapshot_id,
        tuple(state.passages),
        state.last_outcome,
        state.suspected_since,
        state.text_kept_at,
    )


def confirm_after(page: Page) -> timedelta:
    """Return how long text of this page must be missing before it counts as gone."""
    return page.confirm_after or timedelta(seconds=settings.CONFIRM_AFTER)


def plan(readings: Sequence[tuple[Polling, Observation]], now: datetime) -> dict[int, Plan]:
    """Plan what to do with readings of pages, each with new text; returns the plans by page.

    A page without watched passages is not in the result: what was read of it is kept. So is what was read of a page
    whose latest snapshot cannot be compared, since another extractor read it; its plan says what was seen.
    """
    compared: list[tuple[Polling, Observation]] = []
    others: list[tuple[Polling, Observation]] = []
    for state, observation in readings:
        if observation.page_text is not None and state.latest_snapshot is not None and state.passages:
            (compared if _is_comparable(state, observation) else others).append((state, observation))
    return _in_the_same_bytes(others) | _compared(compared, now)


def _in_the_same_bytes(readings: Sequence[tuple[Polling, Observation]]) -> dict[int, Plan]:
    """Plans by which all is kept. A passage stands in the bytes in which it was registered, whatever reads them."""
    if not readings:
        return {}
    wanted = {key: observation.sha256 for state, observation in readings for key in state.passages}
    known = Passage.objects.filter(pk__in=list(wanted)).values_list("pk", "snapshot__blob_id")
    same = frozenset(key for key, sha256 in known if sha256 == wanted[key])
    return {state.page_id: Plan(basis(state), seen=same & frozenset(state.passages)) for state, _ in readings}


def _compared(readings: Sequence[tuple[Polling, Observation]], now: datetime) -> dict[int, Plan]:
    if not readings:
        return {}
    texts = _texts(state.latest_snapshot.text_id for state, _ in readings if state.latest_snapshot is not None)
    passages = Passage.objects.in_bulk([key for state, _ in readings for key in state.passages])
    return {
        state.page_id: _plan(state, observation, texts, [passages[key] for key in state.passages], now)
        for state, observation in readings
    }


def _is_comparable(state: Polling, observation: Observation) -> bool:
    page_text, latest = observation.page_text, state.latest_snapshot
    return (
        page_text is not None
        and latest is not None
        and bool(state.passages)
        and latest.extractor == page_text.extractor_version
    )


def _texts(digests: Iterable[str]) -> dict[str, str]:
    return dict(Text.objects.filter(pk__in=set(digests)).values_list("sha256", "text"))


def _plan(
    state: Polling, observation: Observation, texts: Mapping[str, str], passages: Sequence[Passage], now: datetime
) -> Plan:
    page_text, latest = observation.page_text, state.latest_snapshot
    if page_text is None or latest is None:
        raise ValueError("only readings with new text are compared")
    before = Reading(texts[latest.text_id], latest.title, latest.language)
    after = reading_of(page_text)
    same = after == before
    seen: set[int] = set()
    lost: set[int] = set()
    quiet = _same_page(state, observation, latest)
    stood = Stood(state, latest)
    for passage in passages:
        in_latest = stood.in_latest(passage, before.text)
        if in_latest and untouched(quote_in(passage, before.text, latest.text_id), after, before):
            seen.add(passage.pk)
            continue
        last = stood.reading(passage)
        answers = None if last is None else _answers(passage, last, before, after)
        quiet = quiet and (same or (answers is not None and _is_as_before(*answers, after, before)))
        if in_latest and answers is not None:
            (seen if _says_the_same(answers[1]) else lost).add(passage.pk)
    return Plan(
        basis(state),
        quiet=quiet,
        keep=not quiet or _is_text_due(state, latest, now, same_text=before.text == after.text),
        seen=frozenset(seen),
        lost=frozenset(lost),
    )


def _same_page(state: Polling, observation: Observation, latest: Snapshot) -> bool:
    """Whether address, headline, language and outcome are those of the latest snapshot."""
    now = reading_of(observation.page_text) if observation.page_text is not None else None
    return (
        now is not None
        and (not state.last_outcome or state.last_outcome in Outcome.readable())
        and (now.title, now.language) == (latest.title, latest.language)
        and bool(latest.canonical_url) >= bool(observation.canonical_url)  # the next one could differ unseen
        and not has_moved(state.page, latest, observation)
    )


def has_moved(page: Page, latest: Snapshot, observation: Observation) -> bool:
    """Whether redirects or the page's canonical link lead elsewhere than at the latest snapshot."""
    return change_kinds.moved(latest.final_url or page.url, observation.final_url) or change_kinds.moved(
        latest.canonical_url, observation.canonical_url
    )


def _is_text_due(state: Polling, latest: Snapshot, now: datetime, *, same_text: bool) -> bool:
    """Whether a quiet poll keeps its text: the last one is old, or a suspicion is to be confirmed now."""
    if same_text:
        return False
    if state.suspected_since is not None and now - state.suspected_since >= confirm_after(state.page):
        return True
    return now - (state.text_kept_at or latest.taken_at) >= timedelta(seconds=settings.KEEP_TEXT_AFTER)


def quote_in(passage: Passage, text: str, text_id: str = "") -> TextQuote:
    """Return the words to look for, with their place in this text, in which they stand, if it is not obvious."""
    quote = quote_of(passage)
    if text_id == passage.text_id or text == (anchored := text_of(passage)):
        return quote
    return follow(quote, text, lambda: anchored, copies=passage.copies)


def _answers(passage: Passage, last: Reading, before: Reading, after: Reading) -> tuple[Look, Look]:
    """Return the answers for two texts, compared with the last one in which the passage stood."""
    quote = quote_in(passage, last.text)
    return look(quote, before, last), look(quote, after, last)


class Stood:
    """Says in which texts of a page its passages stood."""

    def __init__(self, state: Polling, latest: Snapshot) -> None:
        self._seen = dict(zip(state.passages, state.seen_at, strict=False))
        self._latest = latest

    def in_latest(self, passage: Passage, text: str) -> bool:
        """Whether the passage was found in the latest snapshot, which has this text."""
        seen_at, requested_at = self._seen.get(passage.pk), self._latest.requested_at
        if passage.snapshot_id == self._latest.pk:
            return True
        if requested_at is None:  # taken by an earlier version
            return find_unchanged(quote_of(passage), text, text) is not None
        return seen_at is not None and seen_at >= requested_at

    def reading(self, passage: Passage) -> Reading | None:
        """Return the last text in which it stood, as the current extractor reads it; None if there is none."""
        extractor = self._latest.extractor
        seen_at = self._seen.get(passage.pk)
        if seen_at is not None:
            last = (
                Snapshot.objects.filter(page=passage.page_id, requested_at__lte=seen_at)
                .order_by("-pk")
                .select_related("text")
                .first()
            )
            if last is not None and last.extractor == extractor:
                return Reading(last.text.text, last.title, last.language)
        if passage.extractor != extractor:
            return None
        return Reading(text_of(passage), passage.snapshot.title, passage.snapshot.language)


def _is_as_before(first: Look, second: Look, after: Reading, before: Reading) -> bool:
    """Whether the answers for the text before and for that after are the same, and no line between them matters."""
    if _answer(first) != _answer(second):
        return False
    start, end = first.check.start, first.check.end
    if first.check.result not in _STANDS or start is None or end is None:
        return True
    here = TextQuote(before.text[start:end], *context(before.text, start, end), start=start)
    return untouched(here, after, before)


def _answer(given: Look) -> tuple[object, ...]:
    check = given.check
    return (check.result, check.found, check.grade, check.surroundings, given.stance, given.needs_second_look)


def _says_the_same(given: Look) -> bool:
    """Whether the words stand, or differ in case, punctuation or typography alone."""
    return given.check.result in _STANDS or given.check.grade is Grade.COSMETIC
