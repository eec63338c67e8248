"""The workbench with a page open: choose the sentence, say how it is shown, attach it with one press.

POST open/   an address → the page is read once, if it never was → GET the workbench with ?attach=<page>
POST attach/ the sentences, their place, stance and note → evidence → GET the workbench
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from claims.desk.evidence.cards import remark
from claims.desk.evidence.forms import EvidenceForm
from claims.desk.evidence.sentences import section, span_of
from claims.desk.shell.addresses import number
from claims.desk.shell.screen import render
from claims.models import Evidence, ReviewVersion
from claims.permissions import Refused, may_write
from claims.reviews.evidence import attach_quote, open_page
from claims.visibility import visible
from claims.watch import archive_copies
from sources.admin.base import sentence
from sources.http.addresses import canonical
from sources.models import Page, Polling, Snapshot
from sources.passages.chosen_copy import SHOWN, SeveralPlaces
from sources.quotes.selection import find_copied
from sources.quotes.surroundings import context

EFFECTS = (
    (Evidence.Stance.CONTEXT.value, lazy("Attach: context"), lazy("background")),
    (Evidence.Stance.SUPPORTS.value, lazy("Attach: supports"), lazy("speaks for the claim")),
    (Evidence.Stance.REFUTES.value, lazy("Attach: refutes"), lazy("speaks against the claim")),
)


@dataclass
class Chosen:
    """What was chosen and typed so far; empty on the first look."""

    span: tuple[int, int] | None = None
    exact: str = ""
    copy: int | None = None
    places: list[tuple[str, str]] = field(default_factory=list)
    error: str = ""


def version_for(request: HttpRequest, pk: int) -> ReviewVersion:
    """The version, if this person may see its claim and write it. Raises `Http404` and `PermissionDenied`."""
    rows = ReviewVersion.objects.select_related("review__claim", "review__organisation", "rating")
    version = get_object_or_404(visible(rows, request.user), pk=pk)
    if not may_write(request.user, version) and version.state != ReviewVersion.State.PUBLISHED:
        raise PermissionDenied
    return version


def workbench(version: ReviewVersion, **query: object) -> str:
    """The address of the claim's workbench with this version."""
    address = reverse("desk:claim", args=[version.review.claim_id])
    return f"{address}?{urlencode({'version': version.pk, **query})}"


@require_POST
def open_address(request: HttpRequest, version: int) -> HttpResponseBase:
    """Read the page of an address, and open the workbench with it."""
    row = version_for(request, version)
    url = request.POST.get("url", "").strip()[:2000]
    try:
        page = open_page(row, url, actor=request.user, refetch="refetch" in request.POST)
    except (Refused, ValidationError, ValueError) as refusal:
        messages.error(request, sentence(refusal) if not isinstance(refusal, ValueError) else str(refusal))
        return HttpResponseRedirect(workbench(row, attach=url))
    return HttpResponseRedirect(workbench(row, attach=page.pk))


def screen(request: HttpRequest, version: ReviewVersion) -> HttpResponseBase:
    """The workbench with `?attach=`, an address or the key of a page. Sends nothing to anybody."""
    wanted = request.GET.get("attach", "").strip()
    return _shown(request, version, _page(wanted), address=wanted)


@require_POST
def attach(request: HttpRequest, version: int, page: int) -> HttpResponseBase:
    """Attach what was chosen. A refusal shows the same screen with all that was typed."""
    row = version_for(request, version)
    source = get_object_or_404(Page, pk=page)
    snapshot = (
        Snapshot.objects.select_related("text")
        .filter(page=source, pk=number(request.POST.get("snapshot")) or 0)
        .first()
    )
    if snapshot is None:
        raise Http404
    text = snapshot.text.text
    try:
        span = span_of(request.POST.getlist("s"), len(text))
    except ValueError as error:
        raise Http404 from error
    chosen = Chosen(span, request.POST.get("exact", "").strip(), number(request.POST.get("copy")))
    data = request.POST.copy()
    form = EvidenceForm(data, kind=Evidence.Kind.PAGE_QUOTE)
    if not form.is_valid():
        chosen.error = _("This is not complete yet; see below.")
        return _shown(request, row, source, chosen=chosen, form=form, snapshot=snapshot)
    if not chosen.exact and span is None:
        chosen.error = _("Choose a sentence of the page first.")
        return _shown(request, row, source, chosen=chosen, form=form, snapshot=snapshot)
    try:
        evidence = attach_quote(
            row, url_or_page=source, actor=request.user, **_quote(chosen, text), **_without_kept(form.cleaned_data)
        )
    except (Refused, ValidationError) as refusal:
        if isinstance(refusal.__cause__, SeveralPlaces):
            chosen.places = refusal.__cause__.places
            chosen.error = _("These words stand several times. Choose which of them to watch.")
        else:
            chosen.error = sentence(refusal)
        return _shown(request, row, source, chosen=chosen, form=form, snapshot=snapshot)
    _say(request, evidence)
    return HttpResponseRedirect(f"{workbench(row)}#evidence-{evidence.pk}")


def _without_kept(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("stance", "visibility", "note", "description")}


def _quote(chosen: Chosen, text: str) -> dict[str, Any]:
    """The words, and which of several copies: that within the chosen sentences, else the number that was chosen."""
    if chosen.span is None:
        return {"exact": chosen.exact, "copy": chosen.copy}
    start, end = chosen.span
    if chosen.exact:
        within = [place for place in find_copied(chosen.exact, text) if start <= place[0] and place[1] <= end]
        if not within:
            return {"exact": chosen.exact, "copy": chosen.copy}
        start, end = within[0]
    prefix, suffix = context(text, start, end)
    return {"exact": text[start:end], "prefix": prefix, "suffix": suffix}


def _say(request: HttpRequest, evidence: Evidence) -> None:
    messages.success(
        request, _("Attached to version %(number)d; nothing went out.") % {"number": evidence.version.number}
    )
    if "archive" in request.POST:
        try:
            archive_copies.request_copy(evidence, actor=request.user)
        except Refused as refusal:
            messages.warning(request, str(refusal))


def _page(wanted: str) -> Page | None:
    pages = Page.objects.select_related("source")
    if (key := number(wanted)) is not None:
        return pages.filter(pk=key or 0).first()
    try:
        return pages.filter(url=canonical(wanted)).first() if wanted else None
    except ValueError:
        return None


def _shown(
    request: HttpRequest,
    version: ReviewVersion,
    page: Page | None,
    *,
    address: str = "",
    chosen: Chosen | None = None,
    form: EvidenceForm | None = None,
    snapshot: Snapshot | None = None,
) -> HttpResponseBase:
    chosen = chosen or Chosen()
    state = Polling.objects.select_related("latest_snapshot__text").filter(page=page).first() if page else None
    snapshot = snapshot or (state.latest_snapshot if state else None)
    found, shown = "", None
    if snapshot is not None:
        find = request.GET.get("find", "").strip()[:500]
        at = chosen.span[0] if chosen.span else number(request.GET.get("from")) or 0
        if find:
            places = find_copied(find, snapshot.text.text)
            at, found = (places[0][0], "") if places else (at, _("“%(words)s” does not stand on it.") % {"words": find})
        shown = section(snapshot.text.text, at=at, language=snapshot.language or "en", chosen=chosen.span)
    claim = version.review.claim
    title = _("Attach evidence")
    form = form or EvidenceForm(kind=Evidence.Kind.PAGE_QUOTE, auto_id="quote-%s")
    del form.fields["stance"]  # the button says it
    is_open = version.state != ReviewVersion.State.PUBLISHED
    return render(
        request,
        "desk/evidence/attach.html",
        {
            "claim": claim,
            "version": version,
            "page": page,
            "address": page.url if page is not None else address,
            "snapshot": snapshot,
            "state": state,
            "section": shown,
            "chosen": chosen,
            "places": list(enumerate(chosen.places, 1))[:SHOWN],
            "form": form,
            "not_found": found,
            "find": request.GET.get("find", ""),
            "is_open": is_open,
            "back": workbench(version),
            "sees": sees(page, state),
            "buttons": _buttons(version),
            "may_archive": bool(settings.ARCHIVE_SERVICE),
            "here": page.pk if page is not None else address,
        },
        title=title,
        item="claims",
        crumbs=[(_("Claims"), reverse("desk:claims")), (claim.text, workbench(version))],
        status=200,
    )


def _buttons(version: ReviewVersion) -> list[dict[str, Any]]:
    """The three buttons; the one that fits the rating stands out, and one that contradicts it says so."""
    verdict = version.rating.verdict if version.rating else ""
    fits = {"false": Evidence.Stance.REFUTES.value, "true": Evidence.Stance.SUPPORTS.value}.get(verdict, "refutes")
    return [
        {
            "value": value,
            "label": label,
            "effect": _("although the rating says otherwise") if remark(value, version) else effect,
            "go": value == fits,
        }
        for value, label, effect in EFFECTS
    ]


def sees(page: Page | None, state: Polling | None) -> list[tuple[str, str]]:
    """What the site of a page has seen of us and will see, as pairs of a time and a sentence."""
    name = {"name": settings.FETCH_USER_AGENT}
    every = timesince(timezone.now() - timedelta(seconds=settings.POLL_INTERVAL))
    until_now = (
        _("requests from this server under the name “%(name)s”, as for any page that we watch") % name
        if page is not None and page.watch == Page.Watch.WATCHED
        else _("one request from this server under the name “%(name)s”") % name
        if state is not None and state.latest_snapshot_id
        else _("nothing; opening the page sends one request from this server under the name “%(name)s”") % name
    )
    return [
        (_("Until now"), until_now),
        (_("Until publication"), _("nothing more, unless you read it again")),
        (
            _("After publication"),
            _("a request every %(time)s or so, like any visit: no cookie, no referrer, no word of the claim")
            % {"time": every},
        ),
    ]
