"""What changed on a claim's page, day by day, from the public events of the log; before and after of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from claims.formats.suspended import is_suspended
from claims.json_object import Json
from claims.public import wording
from claims.public.bodies import event_bodies, parsed, public_claim, review_of
from claims.public.page import page, readers_page
from claims.publication.log_reader import CHANGES, Event
from claims.publication.published_claim import words
from sources.quotes import word_diff
from sources.timestamp import timestamp


@dataclass(frozen=True)
class Entry:
    """An event of a claim."""

    sequence: int
    on: str
    label: str
    note: str
    organisation: str
    rating_before: str
    rating_after: str
    has_before: bool
    """Whether there are words before it that differ."""


@dataclass(frozen=True)
class Part:
    """A text that changed: its name, and its pieces (`=`, `-`, `+`)."""

    name: str
    pieces: word_diff.Diff


def entries(events: Sequence[Event], now: Json) -> list[Entry]:
    """The events of a claim as entries, the newest first; without verdicts of reviews that are under review `now`."""
    found: list[Entry] = []
    before: Json | None = None
    for event in events:
        body = parsed(event)
        found.append(_entry(event, body, before, now))
        before = body if body is not None else before
    return found[::-1]


def why_no_verdict(now: Json | None, review: str | None) -> str:
    """Why no verdict of the review stands, by the current body of its claim; empty if one does."""
    if now is None:
        return wording.event("redacted")
    if now["merged_into"]:
        return wording.event("merged")
    current = review_of(now, review)
    if current is None or current["withdrawn_at"]:
        return wording.event("withdrawn")
    return wording.event("suspended") if is_suspended(current) else ""


def _entry(event: Event, body: Json | None, before: Json | None, now: Json) -> Entry:
    review = review_of(body, event.review)
    earlier = review_of(before, event.review)
    last = review["history"][-1] if review and review["history"] else {}
    is_news = event.event in CHANGES and review is not None
    old, new = ("", "") if is_suspended(review_of(now, event.review) or {}) else (_label(earlier), _label(review))
    return Entry(
        sequence=event.sequence,
        on=wording.day(timestamp(event.at)),
        label=wording.event(event.event, last.get("correction_kind")),
        note=(last.get("public_note") or "") if is_news else "",
        organisation=review["organisation"]["name"] if review and is_news else "",
        rating_before=old if is_news and old != new else "",
        rating_after=new if is_news and old != new else "",
        has_before=None not in (before, body) and event.event in CHANGES and words(body or {}) != words(before or {}),
    )


@readers_page
def before_and_after(request: HttpRequest, id: str, sequence: int) -> HttpResponse:
    """What an event changed on the page of a claim, word by word."""
    event, previous = event_bodies(id, sequence)
    if event is None:
        raise Http404
    body = parsed(event)
    before = parsed(previous) if previous else None
    found = public_claim(id)
    now = found.body if found else None
    if body is None or now is None:
        return page(request, "readers/removed.html", {"id": id}, title=_("Words removed"), status=410)
    context = {
        "id": id,
        "text": body["text"],
        "language": body["language"],
        "entry": _entry(event, body, before, now),
        "parts": parts(before, body, now) if before else [],
        "fell": "" if event.event == "withdrawn" else why_no_verdict(now, event.review),
    }
    return page(request, "readers/before_and_after.html", context, title=_("Before and after"))


def parts(before: Json, after: Json, now: Json) -> list[Part]:
    """Each text that readers see and that differs between two bodies of a claim.

    Of a review that is under review `now` nothing but what it rests on is shown, as on the page of the claim.
    """
    found = []
    if before["text"] != after["text"]:
        found.append(Part(_("The claim"), word_diff.diff(before["text"], after["text"])))
    for review in after["reviews"]:
        old = review_of(before, review["id"])
        if old is None:
            continue
        name = review["organisation"]["name"]
        texts = [(_("What it rests on"), _quotes(old), _quotes(review))]
        if not is_suspended(review_of(now, review["id"]) or {}):
            texts[:0] = [
                (_("Verdict"), _label(old), _label(review)),
                (_("Finding"), old["summary"] or "", review["summary"] or ""),
                (_("How we checked"), old["body"] or "", review["body"] or ""),
            ]
        for title, one, two in texts:
            if one != two:
                found.append(Part(f"{name}: {title}" if len(after["reviews"]) > 1 else title, word_diff.diff(one, two)))
    return found


def _label(review: Json | None) -> str:
    return str(review["rating"]["label"]) if review and review["rating"] else ""


def _quotes(review: Json) -> str:
    """The quotes that anybody may see, a line each."""
    quotes = (item["quote"]["exact"] for item in review["evidence"] if item.get("quote"))
    return "\n".join(f"“{each}”" for each in quotes)
