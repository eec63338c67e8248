"""Decide on a re-check at the desk: choose where a quote stands now, see what would leave, and send it once.

A decision is posted twice: first without `seen`, which shows what newsrooms and readers would be told; then from that
page, with the hash of what was shown, which sends it.
"""

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.desk.shell.addresses import number
from claims.desk.shell.labels import in_words
from claims.models import Publication, Recheck
from claims.people import name_of
from claims.permissions import Refused, User
from claims.publication.published_claim import PATHS
from claims.reviews import rechecks
from claims.reviews.preview import FieldChange, preview
from claims.teamwork.colleagues import colleagues as deciders

SEEN = "seen"
FOUND, PASSAGE, WITHOUT = "found", "passage", "without"


def confirm(request: HttpRequest, recheck: Recheck) -> HttpResponse | str:
    act = partial(rechecks.confirm, recheck, actor=request.user)
    return _decide(request, recheck, "Confirm", act) or (
        _("Readers are told that we are looking again. The verdict is unchanged.")
    )


def still_stands(request: HttpRequest, recheck: Recheck) -> HttpResponse | str:
    places = chosen_places(request.POST, recheck)
    act = partial(
        rechecks.reconfirm,
        recheck,
        actor=request.user,
        note=request.POST.get("note", ""),
        places=places,
        copies=chosen_copies(request.POST, places),
    )
    return _decide(request, recheck, "Still stands", act) or _("Settled: the verdict still stands. Readers are told.")


def dismiss(request: HttpRequest, recheck: Recheck) -> HttpResponse | str:
    act = partial(rechecks.dismiss, recheck, actor=request.user, note=request.POST.get("note", ""))
    return _decide(request, recheck, "Dismiss", act) or _("Dismissed as a false alarm. Newsrooms are told.")


def ask(request: HttpRequest, recheck: Recheck) -> str:
    """Put a question on a colleague's home."""
    colleague = colleagues(request.user, recheck).filter(pk=number(request.POST.get("colleague"))).first()
    if colleague is None:
        raise Refused(_("Choose the colleague whom you ask."))
    rechecks.ask(
        recheck,
        actor=request.user,
        colleague=colleague,
        question=request.POST.get("question", "")[:2000],
        path=reverse("desk:recheck", args=[recheck.pk]),
    )
    return _("Asked. %(colleague)s finds the question on Today.") % {"colleague": name_of(colleague)}


def colleagues(user: User, recheck: Recheck) -> QuerySet[Any]:
    """Who may be asked about a re-check: everybody else who can log in and may decide on it."""
    return deciders(recheck.review.claim, right="decide_recheck").exclude(pk=user.pk)


def chosen_places(data: QueryDict, recheck: Recheck) -> dict[int, str | None]:
    """For each broken quote, the words in which the editor says that it stands now; None if it does not.

    A quote without a choice is left out: it stands in the similar sentence that was found, if one was.
    """
    places: dict[int, str | None] = {}
    for quote in rechecks.broken_quotes(recheck):
        choice = data.get(f"place-{quote.evidence.pk}", "")
        if choice == PASSAGE:
            places[quote.evidence.pk] = data.get(f"words-{quote.evidence.pk}", "")
        elif choice == WITHOUT:
            places[quote.evidence.pk] = None
    return places


def chosen_copies(data: QueryDict, quotes: Iterable[int]) -> dict[int, int]:
    """For each of these quotes, which copy of the words the editor means, where a number is given."""
    numbers = {quote: data.get(f"copy-{quote}", "").strip() for quote in quotes}
    return {quote: int(number) for quote, number in numbers.items() if number.isdecimal() and len(number) < 6}


def _decide(request: HttpRequest, recheck: Recheck, label: str, act: Callable[..., object]) -> HttpResponse | None:
    """Run the decision if its confirmation page was seen; else show that page."""
    if seen := request.POST.get(SEEN):
        act(seen=seen)
        return None
    leaving = preview(recheck.review.claim, act)
    context = {
        **admin.site.each_context(request),
        "opts": Recheck._meta,
        "original": recheck,
        "title": f"{label}: send this?",
        "label": label,
        "leaving": [
            {
                "who": "Newsrooms" if each.audience == "newsrooms" else "Readers",
                "event": in_words(Publication.Event(each.event).label) if each.event else "",
                "changes": [_shown(change) for change in each.changes],
            }
            for each in leaving
        ],
        "sent": [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"],
        "seen_field": SEEN,
        "seen": rechecks.shown(recheck),
        "address": reverse("admin:claims_recheck_change", args=[recheck.pk]),
    }
    return TemplateResponse(request, "admin/claims/send_recheck.html", context)


def _shown(change: FieldChange) -> dict[str, object]:
    path = re.sub(r"\[[^]]*\]", "[]", change.path)
    field = PATHS.get(path)
    return {
        "path": change.path,
        "meaning": field.meaning.text if field else "",
        "before": _text(change.before),
        "after": _text(change.after),
    }


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) if value else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
