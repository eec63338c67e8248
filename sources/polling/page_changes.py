"""Decide which changes one poll adds, and since when a change of the page is suspected."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sources.models import Change, Outcome, Page, Polling, Snapshot
from sources.polling.observation import Observation
from sources.polling.quiet import Plan, confirm_after

Add = Callable[[str, str, Snapshot | None, Snapshot | None], None]
"""Adds a change of this kind and certainty, between these snapshots."""


@dataclass
class PageUpdate:
    """The rows that the poll of one page changes and adds."""

    state: Polling
    observation: Observation
    plan: Plan
    requested_at: datetime | None
    before: Snapshot | None
    """The latest snapshot until now."""
    snapshot: Snapshot | None = None
    text_differs: bool = False
    """Whether a new snapshot has another text."""
    prose_differs: bool = False
    prose_unknown: bool = False
    kinds: list[str] = field(default_factory=list)
    moved: bool = False
    validators_lied: bool = False
    changes: list[Change] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.state.page

    @property
    def concerns(self) -> bool:
        """Whether the text differs in something that somebody watches, as far as that is known."""
        return self.text_differs and not self.plan.quiet

    @property
    def text_id(self) -> str:
        """The sha256 of the text that was read; of the last one kept if its bytes were those of the last read."""
        if self.observation.page_text is not None:
            return self.observation.page_text.sha256
        return self.before.text_id if self.before is not None else ""


def add_changes(update: PageUpdate, now: datetime) -> None:
    """Add the Change rows of this poll, and set since when a change is suspected."""
    add = _adder(update, now)
    if update.state.confirmed_snapshot is None:
        update.state.confirmed_snapshot = update.before or _after(update)
    if update.observation.readable:
        _add_text_changes(update, now, add)
    else:
        _add_failures(update, now, add)
    if update.text_differs and update.plan.quiet:
        _add_quiet_change(update, add)
    # Swept in this order, a passage first missed by this poll does not count as missed twice.
    update.changes.sort(key=lambda change: change.certainty != Change.Certainty.CONFIRMED)


def _add_text_changes(update: PageUpdate, now: datetime, add: Add) -> None:
    """Add the changes of a poll that read the page. It ends what was suspected of failures."""
    state, before, after = update.state, update.before, _after(update)
    is_back = _outcome_class(state.last_outcome) != "readable" and before is not None
    state.unread_since = state.gone_since = None
    state.unread_confirmed = ""
    if is_back:
        add(Change.Kind.BACK, Change.Certainty.CONFIRMED, before, after)
    if update.concerns:
        add(Change.Kind.TEXT, Change.Certainty.SUSPECTED, before, after)
    elif update.moved:
        # Never confirmed: the sweep would count that as the second poll that misses a text.
        add(Change.Kind.MOVED, Change.Certainty.SUSPECTED, before, after)

    confirmed = state.confirmed_snapshot
    returned = confirmed is not None and update.text_id == confirmed.text_id
    if returned and update.plan.lost:
        # What was missing in the confirmed text has been found since, so that it is missed anew.
        state.confirmed_snapshot = before
        state.suspected_since = now
    elif returned:
        state.suspected_since = None
    elif state.suspected_since is None:
        state.suspected_since = now if update.concerns or is_back else None
    elif now - state.suspected_since >= confirm_after(state.page):
        add(Change.Kind.TEXT, Change.Certainty.CONFIRMED, confirmed, after)
        # A difference first found by this poll needs a later poll to confirm it, also if the page stays as it is now.
        state.suspected_since = now if update.concerns else None
        if not (update.concerns and state.passages):
            state.confirmed_snapshot = after


def _add_failures(update: PageUpdate, now: datetime, add: Add) -> None:
    """Add the changes of a poll that could not read the page.

    It says nothing of what was suspected of the text, and one failure says nothing of another: a 404 is confirmed by a
    later one, whatever failed in between. Once that is known, other failures do not unsay it.
    """
    state = update.state
    kind = _outcome_class(update.observation.outcome)
    if update.before is not None and _outcome_class(state.last_outcome) == "readable":
        state.unread_since = now
    if update.before is not None and kind == Change.Kind.GONE:
        state.gone_since = state.gone_since or now
    since = state.gone_since if kind == Change.Kind.GONE else state.unread_since
    known = state.unread_confirmed in (kind, Change.Kind.GONE)
    if since is not None and since < now and not known and now - since >= confirm_after(state.page):
        add(kind, Change.Certainty.CONFIRMED, state.confirmed_snapshot, None)
        state.unread_confirmed = kind
    elif update.before is not None and kind != _outcome_class(state.last_outcome):
        add(kind, Change.Certainty.SUSPECTED, update.before, None)


def _after(update: PageUpdate) -> Snapshot | None:
    return update.state.latest_snapshot if update.observation.readable else None


def _add_quiet_change(update: PageUpdate, add: Add) -> None:
    """Have the sweep look at a text that a quiet poll kept, unless another change has it look there.

    Nothing is suspected, so that no later poll confirms it.
    """
    state = update.state
    if not update.changes:
        add(Change.Kind.TEXT, Change.Certainty.SUSPECTED, update.before, update.snapshot)
    if state.suspected_since is None:
        state.confirmed_snapshot = update.snapshot


def _outcome_class(outcome: str) -> str:
    """Return `readable`, `gone`, or `blocked` for every other failure."""
    if not outcome or outcome in Outcome.readable():
        return "readable"
    return Change.Kind.GONE if outcome == Outcome.GONE else Change.Kind.BLOCKED


def _adder(update: PageUpdate, now: datetime) -> Add:
    def add(kind: str, certainty: str, first: Snapshot | None, last: Snapshot | None) -> None:
        update.changes.append(
            Change(
                page=update.page,
                before=first,
                after=last,
                kind=kind,
                kinds=update.kinds + (["moved"] if update.moved and "moved" not in update.kinds else []),
                certainty=certainty,
                outcome=update.observation.outcome,
                detected_at=now,
            )
        )

    return add
