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
    texts = [
        (_("The claim"), before["text"], after["text"]),
        (_("Place and time"), _place(before), _place(after)),
        (_("Who said it, and where"), _said(before), _said(after)),
    ]
    for review in after["reviews"]:
        if (old := review_of(before, review["id"])) is not None:
            whose = f"{review['organisation']['name']}: " if len(after["reviews"]) > 1 else ""
            is_hidden = is_suspended(review_of(now, review["id"]) or {})
            texts += [(whose + title, one, two) for title, one, two in _of_review(old, review, is_hidden=is_hidden)]
    return [Part(title, word_diff.diff(one, two)) for title, one, two in texts if one != two]


def _of_review(old: Json, new: Json, *, is_hidden: bool) -> list[tuple[str, str, str]]:
    rests_on = (_("What it rests on"), _evidence(old), _evidence(new))
    if is_hidden:
        return [rests_on]
    return [
        (_("Verdict"), _label(old), _label(new)),
        (_("Finding"), old["summary"] or "", new["summary"] or ""),
        (_("As things stood on"), _as_of(old), _as_of(new)),
        (_("How we checked"), old["body"] or "", new["body"] or ""),
        (_("Right of reply"), _replies(old), _replies(new)),
        rests_on,
    ]


def _label(review: Json | None) -> str:
    return str(review["rating"]["label"]) if review and review["rating"] else ""


def _as_of(review: Json) -> str:
    return wording.day(review["true_as_of"]) if review["true_as_of"] else ""


def _place(claim: Json) -> str:
    period = claim["period"] or {}
    days = [wording.day(each) if each else "" for each in (period.get("start"), period.get("end"))]
    return ", ".join(filter(None, (claim["place"], " – ".join(days) if any(days) else "")))


def _said(claim: Json) -> str:
    """A line for each statement: who said it, and the words."""
    lines = []
    for each in claim["statements"]:
        who = (each["speaker"] or {}).get("name") or each["speaker_as_written"]
        lines.append(": ".join(filter(None, (who, f"“{each['text']}”"))))
    return "\n".join(lines)


def _replies(review: Json) -> str:
    """A line for each who was asked to respond."""
    lines = []
    for each in review.get("right_of_reply", ()):
        days = (each["asked_on"], each["answered_on"], each["no_answer_by"])
        said = [each["asked"], *(wording.day(day) for day in days if day), each["answer"], each["answer_url"]]
        lines.append(", ".join(filter(None, said)))
    return "\n".join(lines)


def _evidence(review: Json) -> str:
    """A line for each piece of evidence: how it stands to the claim, and what anybody may see of it."""
    lines = []
    for item in review["evidence"]:
        quote = f"“{item['quote']['exact']}”" if item.get("quote") else ""
        said = (quote, item["description"], wording.without_page(item), item.get("note"))
        lines.append(f"{wording.stance(item['stance'])}: {' · '.join(filter(None, said))}")
    return "\n".join(lines)
