"""The screen of one re-check: what changed, the answers, and what each of them sends."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.desk.rechecks import answers, words
from claims.desk.rechecks.comparison import Comparison, comparisons
from claims.desk.rechecks.going_out import SHOWN, going_out, shown_token
from claims.desk.rechecks.letter_panel import letter_panel
from claims.desk.shell import screen, typed
from claims.desk.shell.verbs import offered, seen_of
from claims.models import Evidence, Recheck, ReviewVersion, SourceRequest
from claims.permissions import may_decide
from claims.reviews import rechecks
from claims.visibility import visible
from claims.watch.review_days import today

ANSWERS = ("still-stands", "update", "correct", "withdraw", "tell", "ask-source", "ask-colleague", "dismiss")
_SHOWN_WITH_PREVIEW = ("still-stands", "tell", "dismiss")
_PLACEHOLDER = "–"
"""A note for the preview: notes never leave the desk."""


def recheck(request: HttpRequest, pk: int) -> HttpResponse:
    """The screen of a re-check, as `answer` of the address or what could not be saved opens it."""
    row = _row(request, pk)
    kept = typed.kept(request.user, f"recheck:{pk}")
    values = {name: found[-1] for name, found in kept.values.items() if found} if kept else {}
    asked = request.GET.get("answer") or values.get("answer") or ANSWERS[0]
    answer = asked if asked in ANSWERS else ANSWERS[0]
    offers = {offer.verb.name: offer for offer in offered(request.user, row)}
    compared = comparisons(row)
    may = may_decide(request.user, row.review.claim) and row.is_open
    published = row.review.latest_published()
    context = {
        "recheck": row,
        "claim": row.review.claim,
        "published": published,
        "open_version": row.review.open_version(),
        "cause": words.cause(row.cause, _worst(row, compared)),
        "grade": words.grade(row.grade),
        "state": words.state(row),
        "comparisons": [_shown(each, published) for each in compared],
        "others": _others(request, row),
        "offers": offers,
        "answer": answer,
        "typed": values,
        "typed_answer": values.get("answer", ""),
        "proposed_note": rechecks.proposed_note(row),
        "broken_quotes": _places(row, values if values.get("answer") == ANSWERS[0] else {}) if may else [],
        "typed_words": any(name.startswith("words-") and text for name, text in values.items()),
        "seen_hash": seen_of(row),
        "colleagues": answers.colleagues(request.user, row) if may else [],
        "letter": letter_panel(row, request.GET.get("page", ""), values if values.get("answer") == "ask-source" else {})
        if may
        else None,
        "letters": letters_of(request.user, row),
        **(_going_out(request, row, answer, _data(values)) if may and _is_to_be_shown(request, answer) else {}),
        "correction_kinds": ReviewVersion.CorrectionKind,
        "today": today(),
        "here": reverse("desk:recheck", args=[row.pk]),
    }
    return screen.render(
        request,
        "desk/rechecks/recheck.html",
        context,
        title=_("Re-check: %(claim)s") % {"claim": " ".join(row.review.claim.text.split())[:80]},
        item="rechecks",
        crumbs=[(_("Re-checks"), reverse("desk:rechecks"))],
    )


def preview(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    """What an answer sends, as a part of the screen; the fields of its form may be posted along. Sends nothing."""
    row = _row(request, pk)
    if answer not in (*_SHOWN_WITH_PREVIEW, "ask-source"):
        raise Http404
    if not may_decide(request.user, row.review.claim) or not row.is_open:
        raise Http404
    return render(
        request, "desk/rechecks/going_out.html", {"answer": answer, **_going_out(request, row, answer, request.POST)}
    )


def _data(values: dict[str, str]) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(values)
    return data


def _going_out(request: HttpRequest, row: Recheck, answer: str, data: QueryDict) -> dict[str, Any]:
    """What the answer sends, with the field that says that it was shown."""
    token = shown_token(row, answer, request.user, data)  # before it is looked at, so that no change slips between
    return {"preview": going_out(row, _act(request, row, answer, data)), "shown_field": SHOWN, "shown_token": token}


def _places(row: Recheck, values: dict[str, str]) -> list[dict[str, Any]]:
    """Each broken quote with where it stands from now on, as it was typed if it was refused."""
    found = []
    for quote in rechecks.broken_on_page(row):
        key = quote.evidence.pk
        proposed = answers.FOUND if quote.proposed else answers.WITHOUT
        found.append(
            {
                "quote": quote,
                "place": values.get(f"place-{key}", proposed),
                "words": values.get(f"words-{key}", ""),
                "copy": values.get(f"copy-{key}", ""),
            }
        )
    return found


def _is_to_be_shown(request: HttpRequest, answer: str) -> bool:
    # Not with each view of the page, because the log is locked meanwhile. The script asks when the answer is in sight.
    return "show" in request.GET and answer in _SHOWN_WITH_PREVIEW


def letters_of(user: Any, row: Recheck) -> list[dict[str, Any]]:
    """The letters about a re-check, newest first, with their answers and verbs."""
    rows = row.source_requests.select_related("page", "sent_by", "drafted_by").prefetch_related("answers__recorded_by")
    rows = rows.order_by("-pk")
    kept = typed.kept_at(user, [f"letter:{each.pk}" for each in rows])
    return [
        {
            "row": each,
            "grade": words.LETTER_GRADES[each.grade],
            "state": words.letter_state(each),
            "is_late": each.state == SourceRequest.State.SENT and each.deadline is not None and each.deadline < today(),
            "offers": {offer.verb.name: offer for offer in offered(user, each)},
            "seen_hash": seen_of(each),
            "typed": {name: found[-1] for name, found in kept.get(f"letter:{each.pk}", {}).items() if found},
        }
        for each in rows
    ]


def _row(request: HttpRequest, pk: int) -> Recheck:
    rows: QuerySet[Recheck] = visible(Recheck.objects.all(), request.user)
    return get_object_or_404(rows.select_related("review__claim", "review__organisation", "seen_by"), pk=pk)


def _act(request: HttpRequest, row: Recheck, answer: str, data: QueryDict) -> Callable[[], object]:
    if answer not in _SHOWN_WITH_PREVIEW:
        return lambda: None
    if answer == "tell":
        return partial(rechecks.confirm, row, actor=request.user)
    note = data.get("note", "").strip() or _PLACEHOLDER
    if answer == "dismiss":
        return partial(rechecks.dismiss, row, actor=request.user, note=note)
    places = answers.chosen_places(data, row)
    copies = answers.chosen_copies(data, places)
    return partial(rechecks.reconfirm, row, actor=request.user, note=note, places=places, copies=copies)


def _worst(row: Recheck, compared: list[Comparison]) -> Any:
    return next((each.check for each in compared if each.check.why == row.cause), None)


def _shown(each: Comparison, published: ReviewVersion | None) -> dict[str, Any]:
    check = each.check
    gone = [piece.text.strip() for piece in each.old if piece.kind == "removed"]
    figures = [text for text in gone if any(character.isdigit() for character in text)]
    ours = f"{published.summary}\n{published.body}" if published is not None else ""
    return {
        "row": each,
        "tag": words.cause(check.why, check),
        "explained": words.explained(check),
        "now": words.now(each.now) if each.now.pk != check.pk else "",
        "requotes": bool(check.after),
        "in_our_words": [text for text in figures if text in ours][:3],
    }


def _others(request: HttpRequest, row: Recheck) -> int:
    """How many other reviews that this person may see rest on one of the sentences."""
    broken = _broken(row)
    if not broken:
        return 0
    rows = Evidence.objects.watched().exclude(version__review=row.review_id)
    found = rows.filter(page__in={page for page, _exact in broken}, exact__in={exact for _page, exact in broken})
    return visible(found, request.user).values("version__review").distinct().count()


def _broken(row: Recheck) -> set[tuple[int | None, str]]:
    return set(row.checks.broken().values_list("evidence__page", "evidence__exact"))
