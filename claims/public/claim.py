"""The page of a claim: its verdicts, what they rest on and whether that still stands, who said it, and what changed.

The address answers for ever. A claim that is part of another names that one; of a withdrawn or suspended review no
verdict is shown as standing; a claim whose words were removed says so.
"""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from claims.formats.as_reviewed import as_reviewed
from claims.formats.dated import first_published_at
from claims.formats.suspended import is_suspended
from claims.json_object import Json
from claims.public import wording
from claims.public.bodies import PublicClaim, events_of, public_claim, web_address, whole_of
from claims.public.embed.block import frame, plain_block
from claims.public.history import entries
from claims.public.line import Line, line_of
from claims.public.markup import rendered
from claims.public.markup_of_reviews import reviews_json_ld
from claims.public.near import near_claims
from claims.public.page import address, page, readers_page
from claims.watch.public_watch import PublicWatch, public_watch


@dataclass(frozen=True)
class Evidence:
    """A piece of evidence as a card."""

    stance: str
    state: str
    tone: str
    """ok, off or dim, as the line is drawn."""
    quote: str = ""
    language: str = ""
    accepted: str = ""
    note: str = ""
    now: str = ""
    wording: str = ""
    description: str = ""
    url: str = ""
    title: str = ""
    source: str = ""
    saved_on: str = ""
    saved_day: str = ""
    """The same day by ISO 8601, as Robust Links name the version that is meant."""
    seen_on: str = ""
    line: Line | None = None
    watched: bool = False
    what: str = ""
    """What it is, where it has no page: a letter, a broadcast, a value of a dataset."""


@dataclass(frozen=True)
class Reply:
    """Whom the desk asked to respond, and the answer, or until when none came."""

    asked: str
    asked_on: str
    answered_on: str
    answer: str
    url: str
    none_by: str


@dataclass(frozen=True)
class Review:
    """One organisation's review as it is shown."""

    id: str
    organisation: str
    label: str
    """The rating as its publisher words it; empty if none stands."""
    step: int | None
    steps: range
    display: str
    display_is_ours: bool
    summary: str
    body: SafeString | str
    note: str
    language: str
    claim_reviewed: str
    published_on: str
    changed_on: str
    as_of: str
    withdrawn_on: str
    suspended_on: str
    standing: str
    article_url: str
    article_title: str
    is_own: bool
    replies: tuple[Reply, ...]
    evidence: tuple[Evidence, ...]

    @property
    def stands(self) -> bool:
        return not self.withdrawn_on and not self.suspended_on


@dataclass(frozen=True)
class Said:
    """A statement that makes the claim."""

    text: str
    language: str
    speaker: str
    speaker_id: str
    role: str
    said_by: str
    denied: bool
    title: str
    url: str
    publisher: str
    on: str


@readers_page
def claim(request: HttpRequest, id: str) -> HttpResponse:
    """The page of the claim with this public id."""
    found = public_claim(id)
    if found is None:
        raise Http404
    if found.body is None:
        return page(request, "readers/removed.html", {"id": id}, title=_("Words removed"), status=410)
    if found.body["merged_into"]:
        whole = whole_of(found)
        context = {"text": found.body["text"], "language": found.body["language"], "whole": whole}
        return page(request, "readers/merged.html", context, title=_("Part of another claim"))
    context = shown_claim(found) | {
        "json_ld": reviews_json_ld(request, found.body),
        "history": entries(events_of(id), found.body),
        "near": near_claims(found.body),
        "permanent": address(request, "claim", id),
        "embed_frame": frame(request, id, found.body["text"], found.body["language"]),
        "embed_block": plain_block(request, id, found.body["text"], found.body["language"]),
    }
    context["description"] = _description(context)
    return page(request, "readers/claim.html", context, title=_title(context))


def shown_claim(found: PublicClaim) -> dict[str, Any]:
    """What a page or a card shows of a claim that stands alone."""
    body = found.body or {}
    evidence = [item["id"] for review in body["reviews"] for item in review["evidence"] if item["watchable"]]
    watch = public_watch(evidence)
    verification = body["verification"]
    return {
        "id": found.id,
        "sequence": found.sequence,
        "text": body["text"],
        "language": body["language"],
        "demo": body["demo"],
        "topics": body["topics"],
        "place": body["place"],
        "period": _period(body["period"]),
        "status": verification["status"],
        "status_words": wording.status(verification["status"]),
        "since": wording.day(verification["since"]) if verification["since"] else "",
        "because": _because(verification),
        "said": [_said(each) for each in body["statements"]],
        "reviews": [_review(body, each, watch) for each in body["reviews"]],
        "changed_on": wording.day(body["changed_at"]),
    }


def _title(context: dict[str, Any]) -> str:
    """The claim and, while one verdict stands, that: what a search engine or a tab shows must not outlive it.

    A verdict of another publisher has no place there: beside the name of this site it would read as ours.
    """
    labels = {review.label for review in context["reviews"] if review.stands and review.label}
    if context["status"] == "withdrawn":
        return _("Withdrawn: %(claim)s") % {"claim": context["text"]}
    if len(labels) == 1 and context["status"] == "checked" and all(review.is_own for review in context["reviews"]):
        return _("%(claim)s %(verdict)s") % {"claim": context["text"], "verdict": labels.pop()}
    return str(context["text"])


def _description(context: dict[str, Any]) -> str:
    """What others show of the page: the finding while it stands, else that it does not."""
    if context["status"] != "checked":
        return f"{context['status_words'].capitalize()}: {context['text']}"
    first = next((review for review in context["reviews"] if review.stands), None)
    if first is None:
        return ""
    whose = "" if first.is_own else f"{first.organisation}:"
    return " ".join(filter(None, (whose, f"{first.label}." if first.label else "", first.summary)))[:300]


def _period(period: Json | None) -> str:
    if not period or not (period["start"] or period["end"]):
        return ""
    if period["start"] and period["end"]:
        return _("%(start)s to %(end)s") % {"start": wording.day(period["start"]), "end": wording.day(period["end"])}
    if period["start"]:
        return _("since %(start)s") % {"start": wording.day(period["start"])}
    return _("until %(end)s") % {"end": wording.day(period["end"])}


def _because(verification: Json) -> list[str]:
    """Why it is being looked at again, in sentences that name no cause but what was seen."""
    return list(dict.fromkeys(wording.cause(each) for each in verification["because"]))


def _said(statement: Json) -> Said:
    document, speaker = statement["document"], statement["speaker"] or {}
    attributions = statement.get("attributions") or []
    return Said(
        text=statement["text"],
        language=document["language"],
        speaker=speaker.get("name") or "",
        speaker_id=speaker.get("id") or "",
        role=speaker.get("role") or "",
        said_by=statement["speaker_as_written"] or "",
        denied=bool(attributions) and all(each["polarity"] == "negated" for each in attributions) and not speaker,
        title=document["title"] or "",
        url=web_address(document["url"]),
        publisher=document["publisher"] or "",
        on=wording.day(document["published_on"]) if document["published_on"] else "",
    )


def _review(claim: Json, review: Json, watch: dict[str, PublicWatch]) -> Review:
    suspended = is_suspended(review)
    stands = not suspended and not review["withdrawn_at"]
    rating = review["rating"] if stands else None
    display, ours = wording.display(review)
    article = review["article"] or {}
    published, language = first_published_at(review), article.get("language") or claim["language"]
    cards = tuple(_evidence(item, watch.get(item["id"])) for item in review["evidence"])
    seen = [watch[item["id"]].seen_on for item in review["evidence"] if item["id"] in watch]
    oldest = min(filter(None, seen)).isoformat() if seen and all(seen) else None
    step, steps = _steps(rating)
    return Review(
        id=review["id"],
        organisation=review["organisation"]["name"],
        label=rating["label"] if rating else "",
        step=step,
        steps=steps,
        display=display,
        display_is_ours=ours,
        summary="" if suspended else review["summary"] or "",
        body="" if suspended else rendered(review["body"] or ""),
        note=review["public_note"] or "",
        language=language,
        claim_reviewed=as_reviewed(claim, review)["text"],
        published_on=wording.day(published) if published else "",
        changed_on=wording.day(review["published_at"]) if review["version"] > 1 else "",
        as_of=wording.day(review["true_as_of"]) if review["true_as_of"] else "",
        withdrawn_on=wording.day(review["withdrawn_at"]) if review["withdrawn_at"] else "",
        suspended_on=wording.day(review["suspended_since"]) if suspended else "",
        standing=wording.quotes_standing([item["state"] for item in review["evidence"]], oldest) if stands else "",
        article_url=web_address(article.get("url")),
        article_title=article.get("title") or "",
        is_own=review["origin"] == "own",
        replies=() if suspended else tuple(_reply(each) for each in review.get("right_of_reply", ())),
        evidence=cards,
    )


def _reply(reply: Json) -> Reply:
    answered, silent = reply["answered_on"], reply["no_answer_by"]
    return Reply(
        asked=reply["asked"],
        asked_on=wording.day(reply["asked_on"]),
        answered_on=wording.day(answered) if answered else "",
        answer=reply["answer"] or "",
        url=web_address(reply["answer_url"]),
        none_by=wording.day(silent) if silent else "",
    )


def _steps(rating: Json | None) -> tuple[int | None, range]:
    """The place of a rating on its scale, if that has whole steps that can be drawn: the worst is the first."""
    if not rating or None in (rating["value"], rating["worst"], rating["best"]):
        return None, range(0)
    value, worst, best = rating["value"], rating["worst"], rating["best"]
    if not (worst <= value <= best and 2 <= best - worst + 1 <= 9) or any(each % 1 for each in (value, worst, best)):
        return None, range(0)
    return int(value - worst) + 1, range(1, int(best - worst) + 2)


def _evidence(item: Json, watched: PublicWatch | None) -> Evidence:
    common: dict[str, Any] = {
        "stance": wording.stance(item["stance"]),
        "state": wording.state(item["state"]),
        "tone": _tone(item["state"]),
        "note": item.get("note") or "",
        "description": item["description"] or "",
        "what": wording.without_page(item),
    }
    if item["visibility"] != "public" or "page" not in item:
        return Evidence(**common)
    named, source, saved = item["page"], item.get("source") or {}, item.get("snapshot") or {}
    saved_at = saved.get("taken_at", "")
    return Evidence(
        **common,
        quote=item["quote"]["exact"] if item.get("quote") else "",
        language=source.get("language", ""),
        accepted=item["stands_as"]["exact"] if item.get("stands_as") else "",
        now=item.get("now") or "",
        wording=wording.quote(item),
        url=web_address(named["url"]),
        title=named["title"] or named["url"],
        source=source.get("name", ""),
        saved_on=wording.day(saved_at) if saved_at else "",
        saved_day=saved_at[:10],
        seen_on=wording.day(watched.seen_on) if watched and watched.seen_on else "",
        line=line_of(watched) if watched else None,
        watched=watched is not None,
    )


def _tone(state: str) -> str:
    if state in ("intact", "moved"):
        return "ok"
    return "dim" if state in ("unverifiable", "not_watchable") else "off"
