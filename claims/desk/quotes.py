"""What editors' screens say of quotes: the state that newsrooms are told, and what is not told to anybody yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import causes
from claims.causes import Cause
from claims.desk.rechecks import words
from claims.models import Anchoring, Evidence, EvidenceCheck, ReviewVersion
from claims.models.publication import Audience
from claims.people import name_of
from claims.publication.freshness import UNKNOWN, Freshness, freshness_on_page
from claims.publication.quote_state import KEPT, QuoteState, elsewhere, quote_states, unreported
from claims.watch.quotes_now import QuoteNow, quotes_now
from claims.watch.watched_passages import NOT_READ
from sources.models import Polling
from sources.outcome import Outcome
from sources.quotes.grade import Grade
from sources.quotes.stance.findings import Stance

GRADES_ON_SCREEN = {
    Grade.SUBSTANCE.value: gettext_lazy("The alteration changes what it says."),
    Grade.WORDING.value: gettext_lazy("Only the wording differs, as far as a machine can tell."),
    Grade.COSMETIC.value: gettext_lazy("Only the typography differs."),
}
STANCES_ON_SCREEN = {
    Stance.STANDS.value: gettext_lazy("The page states it as its own; nothing around it takes it back."),
    Stance.DISOWNED.value: gettext_lazy("Other words on the page seem to take it back."),
    Stance.REATTRIBUTED.value: gettext_lazy("The page seems to ascribe it to somebody else."),
    Stance.REQUALIFIED.value: gettext_lazy("What stands around it seems to change what it says."),
}
_INTRODUCTIONS = {
    Cause.DISOWNED.value: "The words still {stand}. Others on the page {seem} to take them back:",
    Cause.REATTRIBUTED.value: "The words still {stand}. Others on the page {seem} to ascribe them to somebody else:",
    Cause.REQUALIFIED.value: "The words still {stand}. Others on the page {seem} to change what they say:",
}
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
    stance: str = ""
    """What the page makes of it, as a sentence; empty where nobody knows."""
    broke: bool = False
    """Whether it was not in its place, or the page does not stand by it, at the last look."""
    decided: bool = False
    """Whether editors decided that the verdict stands all the same."""
    found: str = ""
    """The state by its name: a result, a cause, or `kept`."""
    grade: str = ""
    seen: str = ""
    """The one of the sentences that says when it was last seen."""


def on_screen(evidence: Iterable[Evidence]) -> dict[int, QuoteOnScreen]:
    """What to show of each quote that was published, by primary key."""
    rows = {each.pk: each for each in evidence if each.kind == Evidence.Kind.PAGE_QUOTE}
    states, later = quote_states(rows, Audience.NEWSROOMS), unreported(rows)
    seen = freshness_on_page((row.public_id for row in rows.values()), audience=Audience.NEWSROOMS)
    unread = _why_unread(rows.values())
    moved = elsewhere(key for key, state in states.items() if state.stood)
    return {
        key: _published(
            row,
            states[key],
            later.get(key),
            seen.get(row.public_id, UNKNOWN),
            unread.get(row.page_id or 0, ""),
            moved.get(key),
        )
        for key, row in rows.items()
    }


def _why_unread(evidence: Iterable[Evidence]) -> dict[int, str]:
    """Why the last poll did not read the pages (primary keys) of these quotes, as it said, where that is so."""
    failed = Polling.objects.filter(page__in={row.page_id for row in evidence}).exclude(last_detail="")
    failed = failed.exclude(last_outcome__in=["", *Outcome.readable()])
    return dict(failed.values_list("page", "last_detail"))


def of_version(version: ReviewVersion) -> dict[int, QuoteOnScreen]:
    """What to show of each quote of a version; of an unpublished one, how its page was last read."""
    if version.state == ReviewVersion.State.PUBLISHED:
        return on_screen(version.evidence.all())
    return {each.evidence.pk: _draft(each) for each in quotes_now(version)}


def _published(
    evidence: Evidence,
    state: QuoteState,
    later: EvidenceCheck | None,
    known: Freshness,
    unread: str,
    moved: EvidenceCheck | None,
) -> QuoteOnScreen:
    tone = "good" if state.stood else _TONES.get(state.state, "bad")
    sentences, seen = [], ""
    if (accepted := state.stands_as) is not None:
        said = {
            "words": accepted.exact,
            "who": name_of(accepted.anchored_by),
            "day": f"{accepted.anchored_at:%Y-%m-%d}",
        }
        sentences.append(_("Stands as “%(words)s”, accepted by %(who)s on %(day)s.") % said)
    if state.grade and not state.broke:
        sentences.append(str(GRADES_ON_SCREEN[state.grade]))
    if state.now:
        sentences.append(_("The page has: “%(words)s”") % {"words": state.now})
    if state.unread:
        sentences.append(NOT_READ)
    if state.notice:
        sentences.append(_("The page says: “%(words)s”") % {"words": state.notice})
    if state.decided_at is not None:
        day = f"{state.decided_at:%Y-%m-%d}"
        sentences.append(_("Editors decided on %(day)s that the verdict stands.") % {"day": day})
    if evidence.kept_because:
        sentences.append(_("Kept because: %(why)s") % {"why": evidence.kept_because})
    if moved is not None:
        day = f"{moved.checked_at:%Y-%m-%d}"
        sentences.append(_("Found at another place on its page on %(day)s.") % {"day": day})
    if known.last_seen_at is not None:
        time = f"{known.last_seen_at.astimezone(UTC):%Y-%m-%d, %H:%M}"
        seen = _("Last seen in its place on %(time)s UTC.") % {"time": time}
        sentences.append(seen)
    if unread:
        sentences.append(_("The last poll could not read the page: %(why)s") % {"why": unread})
    if later is not None:
        tone = "warn" if tone == "good" else tone
        looked = _("At the last look: %(found)s.") % {"found": words.label(later)}
        sentences.append(" ".join([looked, *_what_follows(later)]))
    shown = words.found(state.state, state.grade)
    stance = state.cause if state.cause in causes.OF_STANCE else Stance.STANDS.value if state.stood else ""
    return QuoteOnScreen(
        shown,
        tone,
        state.checked_at,
        tuple(sentences),
        stance=str(STANCES_ON_SCREEN.get(stance, "")),
        broke=state.broke or state.decided_at is not None,
        decided=state.decided_at is not None,
        found=state.state,
        grade=state.grade,
        seen=seen,
    )


def tone(check: EvidenceCheck) -> str:
    """The colour of a badge with `label`: good, warn or bad."""
    if check.broke:
        return "bad"
    return "warn" if check.result == EvidenceCheck.Result.UNVERIFIABLE else "good"


def introduction(check: EvidenceCheck, *, over: bool) -> str:
    """What to say before `check.notice`, for editors; empty without one. `over` if it may be otherwise now."""
    verbs = {"stand": "stood", "seem": "seemed"} if over else {"stand": "stand", "seem": "seem"}
    return _INTRODUCTIONS.get(check.why, "").format(**verbs)


def _what_follows(check: EvidenceCheck) -> list[str]:
    if check.reason == EvidenceCheck.Reason.UNREAD:
        return [NOT_READ]
    if check.comes_and_goes:
        return [_("Its re-check was raised before.")]
    return [_("Another look decides before anybody is told.")] if check.broke else []


def _draft(quote: QuoteNow) -> QuoteOnScreen:
    sentences = []
    anchoring = quote.anchoring
    if anchoring is not None and anchoring.reason == Anchoring.Reason.STILL_STANDS:
        sentences.append(_("Looked for as “%(words)s”, which editors accepted.") % {"words": anchoring.exact})
    elif anchoring is not None and anchoring.exact != quote.evidence.exact:
        sentences.append(_("Looked for as “%(words)s”, as this version reads the page.") % {"words": anchoring.exact})
    if quote.outcome.found:
        says = quote.outcome.cause in causes.OF_STANCE
        sentence = _("The page says: “%(words)s”") if says else _("The page has: “%(words)s”")
        sentences.append(sentence % {"words": quote.outcome.found})
    if quote.sought.unread:
        sentences.append(quote.sought.unread)
    if quote.evidence.kept_because:
        sentences.append(_("Kept because: %(why)s") % {"why": quote.evidence.kept_because})
    outcome = quote.outcome
    found = words.found(outcome.cause or _result(outcome.result), outcome.grade)
    objection = quote.objection()
    tone = "bad" if objection else _TONES.get(quote.outcome.result, "warn" if quote.broken else "good")
    read_at = quote.snapshot.taken_at if quote.snapshot else None
    return QuoteOnScreen(
        _("%(found)s, as last read") % {"found": found},
        tone,
        read_at,
        tuple(sentences),
        objection,
        stance=str(STANCES_ON_SCREEN.get(outcome.stance, "")),
        broke=quote.broken,
        decided=quote.broken and bool(quote.evidence.kept_because.strip()),
        found=outcome.cause or _result(outcome.result),
        grade=outcome.grade,
    )


def _result(result: str) -> str:
    # Where only the typography differs, it stands.
    return result.replace(EvidenceCheck.Result.ALTERED, EvidenceCheck.Result.INTACT)
