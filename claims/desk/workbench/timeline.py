"""What happened to a claim, in words: from the audit of its rows and from the public record.

What went out is marked. Edits of one person that follow each other within the hour stand as one line.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from claims.desk.shell.labels import in_words
from claims.desk.workbench.bench import Bench
from claims.models import Claim, Evidence, Publication, Review, ReviewVersion
from claims.models.publication import Audience
from claims.people import name_of
from claims.permissions import User
from claims.reviews.drafts import right_of_reply

SHOWN = 14
MOST = 500
"""Events that are read at most, of each kind."""
_TOGETHER = timedelta(hours=1)
_WORDS = {
    "rating_id": "rating",
    "summary": "summary",
    "body": "body",
    "true_as_of": "date",
    "kind": "kind",
    "correction_kind": "kind",
    "public_note": "note",
    **dict.fromkeys(right_of_reply.FIELDS, "reply"),
    "embargo_until": "embargo",
}
_OF_CLAIM = ("text", "language", "period_start", "period_end", "place", "repeats_id")


@dataclass
class Entry:
    """A line. `tone` is out for what went out, bad for what broke."""

    at: datetime
    template: str
    """The sentence without its names."""
    names: dict[str, Any] = field(default_factory=dict)
    sentence: str = ""
    tone: str = ""
    actor: int | None = None
    quote: str = ""
    """Words that somebody wrote with it."""
    merges: str = ""
    """Entries with the same value, person and hour are one."""
    labels: list[str] = field(default_factory=list)
    program: str = ""
    """The part of the program that did it, if it was no person."""
    key: int = 0


@dataclass
class SentBack:
    """The last sending back of a version that was not submitted again since."""

    at: datetime
    by: str
    by_pk: int | None
    note: str


def timeline(found: Bench, user: User, *, limit: int | None = SHOWN) -> tuple[list[Entry], bool]:
    """The lines, the latest first, and whether there are more."""
    entries = [*_of_claim(found), *_of_versions(found), *_of_evidence(found), *_of_record(found)]
    entries.sort(key=lambda each: (each.at, each.key), reverse=True)
    people = get_user_model()._default_manager.in_bulk({each.actor for each in entries if each.actor})
    lines = []
    for each in _together(entries):
        who = name_of(people[each.actor]) if each.actor in people else each.program or _("Somebody")
        if each.actor == user.pk:
            who = _("You")
        what = ", ".join(dict.fromkeys(each.labels))
        each.sentence = each.template % {**each.names, "who": who, "what": what}
        lines.append(each)
    return (lines, False) if limit is None else (lines[:limit], len(lines) > limit)


def sent_back(found: Bench) -> SentBack | None:
    """Why the open draft lies here again, if somebody sent it back."""
    version = found.open
    if version is None or version.state != ReviewVersion.State.DRAFT:
        return None
    states = [each for each in version_events(found) if each.pgh_obj_id == version.pk]
    for event in sorted(states, key=lambda each: each.pgh_id, reverse=True):
        context = event.pgh_context or {}
        if event.state != ReviewVersion.State.DRAFT:
            return None
        if context.get("reason") == "sent back":
            by = context.get("actor_id")
            person = get_user_model()._default_manager.filter(pk=by).first() if by else None
            name = name_of(person, str(context.get("actor", "")))
            return SentBack(event.pgh_created_at, name, by, str(context.get("note", "")))
    return None


def version_events(found: Bench) -> list[Any]:
    """The audit of the versions of our review, kept with the page."""
    if "_events" not in found.__dict__:
        model: Any = ReviewVersion.pgh_event_model  # type: ignore[attr-defined]
        own = [each.pk for each in _own_versions(found)]
        rows = model.objects.filter(pgh_obj__in=own).order_by("-pgh_id")[:MOST]
        found.__dict__["_events"] = sorted(rows, key=lambda each: each.pgh_id)
    kept: list[Any] = found.__dict__["_events"]
    return kept


def _own_versions(found: Bench) -> list[ReviewVersion]:
    return [
        version
        for review in found.reviews
        if review.origin == Review.Origin.OWN
        for version in review.shown_versions  # type: ignore[attr-defined]
    ]


def _of_versions(found: Bench) -> Iterator[Entry]:
    numbers = {each.pk: each for each in _own_versions(found)}
    several = len({each.review_id for each in numbers.values()}) > 1
    before: dict[int, Any] = {}
    for event in version_events(found):
        version = numbers[event.pgh_obj_id]
        name = {"number": version.number, "organisation": version.review.organisation.name if several else ""}
        yield from _of_version(event, before.get(version.pk), name)
        before[version.pk] = event


def _of_version(event: Any, before: Any, name: dict[str, Any]) -> Iterator[Entry]:
    _state, reason = ReviewVersion.State, _reason(event)
    if before is None or event.pgh_label == "insert":
        told = (
            _("%(who)s restored version %(number)s") if reason == "restored" else _("%(who)s began version %(number)s")
        )
        yield _entry(event, told, name)
    elif event.pgh_label == "delete":
        yield _entry(event, _("%(who)s discarded version %(number)s"), name)
    elif before.state != event.state:
        yield from _moved(event, before, name, reason)
    else:
        changed = [_label(key) for key in _WORDS if getattr(before, key) != getattr(event, key)]
        if changed:
            merges = f"version {event.pgh_obj_id}"
            told = _("%(who)s wrote in version %(number)s: %(what)s")
            yield _entry(event, told, name, merges=merges, labels=list(dict.fromkeys(changed)))


def _moved(event: Any, before: Any, name: dict[str, Any], reason: str) -> Iterator[Entry]:
    state = ReviewVersion.State
    if event.state == state.IN_REVIEW:
        yield _entry(event, _("%(who)s submitted version %(number)s"), name)
    elif event.state == state.APPROVED:
        yield _entry(event, _("%(who)s approved version %(number)s"), name)
    elif event.state == state.PUBLISHED:
        yield _entry(event, _("%(who)s published version %(number)s"), name)
    elif reason == "sent back":
        own = (event.pgh_context or {}).get("actor_id") == event.author_id
        told = _("%(who)s took version %(number)s back") if own else _("%(who)s sent version %(number)s back")
        yield _entry(event, told, name, quote=str((event.pgh_context or {}).get("note", "")))
    else:
        yield _entry(event, _("%(who)s edited version %(number)s, so it is a draft again"), name)


def _label(name: str) -> str:
    return {
        "rating": _("rating"),
        "summary": _("finding"),
        "body": _("how we checked"),
        "date": _("date of the finding"),
        "kind": _("kind of version"),
        "note": _("note for readers"),
        "reply": _("right of reply"),
        "embargo": _("embargo"),
    }[_WORDS[name]]


def _of_evidence(found: Bench) -> Iterator[Entry]:
    model: Any = Evidence.pgh_event_model  # type: ignore[attr-defined]
    own = {each.pk: each.number for each in _own_versions(found)}
    rows = model.objects.filter(version__in=own).order_by("-pgh_id")
    fields = ("pgh_id", "pgh_label", "pgh_created_at", "pgh_context", "version_id", "copied_from_id", "kind")
    for event in rows.only(*fields)[:MOST]:
        name = {"number": own[event.version_id]}
        if event.pgh_label == "insert" and event.copied_from_id is None:
            told = _("%(who)s attached evidence to version %(number)s")
        elif event.pgh_label == "delete":
            told = _("%(who)s removed evidence from version %(number)s")
        elif event.pgh_label == "update":
            told = _("%(who)s changed evidence of version %(number)s")
        else:
            continue
        yield _entry(event, told, name, merges=f"evidence {event.version_id} {event.pgh_label}")


def _of_claim(found: Bench) -> Iterator[Entry]:
    model: Any = Claim.pgh_event_model  # type: ignore[attr-defined]
    before = None
    for event in model.objects.filter(pgh_obj=found.claim.pk).order_by("pgh_id")[:MOST]:
        if before is None:
            yield _entry(event, _("%(who)s made the claim"))
        elif before.text != event.text:
            yield _entry(event, _("%(who)s reworded the claim; before it read:"), quote=before.text)
        elif any(getattr(before, name) != getattr(event, name) for name in _OF_CLAIM):
            yield _entry(event, _("%(who)s changed what the claim is about"), merges="claim")
        before = event
    for link in found.appearances:
        told = _("%(who)s linked a statement")
        yield Entry(link.created_at, told, actor=link.created_by_id, merges="statement", key=link.pk)


def _of_record(found: Bench) -> Iterator[Entry]:
    rows = Publication.objects.filter(claim=found.claim).order_by("-sequence").defer("commitment")[:MOST]
    found.is_on_record = bool(rows)
    for row in rows:
        told = _("Went out to newsrooms: %(event)s, entry %(entry)s")
        if row.audience == Audience.PUBLIC:
            told = _("Went out to everybody: %(event)s, entry %(entry)s")
        names = {"event": in_words(row.get_event_display()), "entry": row.sequence}
        bad = row.event in (Publication.Event.RECHECK_RAISED, Publication.Event.WATCH_LOST)
        yield Entry(row.at, told, names, tone="out bad" if bad else "out", key=row.sequence)


def _reason(event: Any) -> str:
    return str((event.pgh_context or {}).get("reason", ""))


def _entry(event: Any, template: str, names: dict[str, Any] | None = None, **more: Any) -> Entry:
    context = event.pgh_context or {}
    actor = context.get("actor_id")
    program = "" if actor is not None else str(context.get("actor") or "")
    return Entry(event.pgh_created_at, template, names or {}, actor=actor, program=program, key=event.pgh_id, **more)


def _together(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries, those that belong together as the latest of them."""
    last: Entry | None = None
    for each in entries:
        if (
            last is not None
            and last.merges
            and (last.merges, last.actor) == (each.merges, each.actor)
            and last.at - each.at < _TOGETHER
        ):
            last.labels = [*each.labels, *last.labels]
            continue
        if last is not None:
            yield last
        last = each
    if last is not None:
        yield last
