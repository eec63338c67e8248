"""Screens of saved pages: one of them beside the live page with the quote marked, and two of them compared."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from claims.desk.evidence.live import live_url
from claims.desk.shell.screen import render
from claims.desk.sources import replay
from claims.models import Evidence
from claims.models.watch.anchoring import newest_anchorings
from claims.visibility import visible
from sources.admin.difference import Piece, difference, with_context
from sources.models import Page, Snapshot
from sources.quotes.exact_match import TextQuote

_AROUND = 6_000  # characters on either side of the quote that the text beside the page shows
_NEAR = 400  # characters on either side of a quote within which a change touches it
_MOST_PIECES = 2_000
_MOST_CHOICES = 200


def saved(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One saved page: as a page in a frame, as the text that we read, and the way to the live one."""
    snapshot = get_object_or_404(Snapshot.objects.select_related("page__source", "text", "blob"), pk=pk)
    evidence, quote = _quote(request, snapshot.page_id)
    text = snapshot.text.text
    place = replay.place_of(quote, text)
    start, end = place or (0, 0)
    frame = reverse("desk:replay", args=[snapshot.pk])
    page = snapshot.page
    context = {
        "snapshot": snapshot,
        "page": page,
        "evidence": evidence,
        "quote": quote,
        "found": place is not None,
        "frame": f"{frame}?quote={evidence.pk}#quote" if evidence else frame,
        "before": text[max(0, start - _AROUND) : start],
        "marked": text[start:end],
        "after": text[end : end + 2 * _AROUND],
        "live": live_url(page.url, quote.exact) if quote else page.url,
        "is_cut": start > _AROUND or end + 2 * _AROUND < len(text),
    }
    return _rendered(request, "desk/sources/saved.html", context, page, _("Saved page"))


@xframe_options_sameorigin
def frame(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands in the frame: the saved page, rewritten, under a policy that lets nothing run and nothing load."""
    snapshot = get_object_or_404(Snapshot.objects.select_related("blob"), pk=pk)
    _evidence, quote = _quote(request, snapshot.page_id)
    try:
        response = HttpResponse(replay.document(snapshot, quote), content_type="text/html; charset=utf-8")
    except replay.NoReplay as why:
        response = HttpResponse(str(why), content_type="text/plain; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    response["X-DNS-Prefetch-Control"] = "off"
    response["Referrer-Policy"] = "no-referrer"
    response["Content-Security-Policy"] = replay.POLICY
    return response


def compare(request: HttpRequest, page: int) -> HttpResponseBase:
    """Two saved pages of one page, word by word: what touches a quote, or all of it."""
    row = get_object_or_404(Page.objects.select_related("source"), pk=page)
    choices = list(row.snapshots.order_by("-taken_at", "-pk").only("pk", "taken_at", "page", "text_id")[:_MOST_CHOICES])
    if not choices:
        raise Http404
    evidence, quote = _quote(request, row.pk)
    after = _snapshot(row, request.GET.get("after")) or _snapshot(row, str(choices[0].pk))
    first = str(evidence.snapshot_id) if evidence else str((choices[1] if len(choices) > 1 else choices[0]).pk)
    before = _snapshot(row, request.GET.get("before")) or _snapshot(row, first)
    if before is None or after is None:
        raise Http404
    quotes = [quote] if quote else _quotes_of(request, row)
    pieces = difference(before.text.text, after.text.text)
    whole = "whole" in request.GET or not quotes
    shown = with_context(pieces) if whole else touching(pieces, _places(quotes, before.text.text, after.text.text))
    changed = any(piece.kind in ("removed", "added") for piece in pieces)
    context = {
        "page": row,
        "before": before,
        "after": after,
        "choices": choices,
        "evidence": evidence,
        "quotes": quotes,
        "whole": whole,
        "pieces": shown[:_MOST_PIECES],
        "is_cut": len(shown) > _MOST_PIECES,
        "touches": any(piece.kind in ("removed", "added") for piece in shown),
        "changed": changed,
        "other_extractor": before.extractor != after.extractor,
    }
    return _rendered(request, "desk/sources/compare.html", context, row, _("Compare saved pages"))


def _rendered(request: HttpRequest, template: str, context: dict[str, Any], page: Page, title: str) -> HttpResponseBase:
    above = (page.title or page.url, reverse("desk:source_page", args=[page.pk]))
    crumbs = [(_("Sources"), reverse("desk:sources")), above]
    return render(request, template, context, title=title, item="sources", crumbs=crumbs)


def touching(pieces: Iterable[Piece], places: list[tuple[str, int, int]]) -> list[Piece]:
    """The pieces near the places: (`before` or `after`, start, end). What is left out becomes one `skipped` each."""
    shown: list[Piece] = []
    at = {"before": 0, "after": 0}
    for piece in pieces:
        lengths = {
            "before": 0 if piece.kind == "added" else len(piece.text),
            "after": 0 if piece.kind == "removed" else len(piece.text),
        }
        windows = [
            (max(0, start - _NEAR - at[side]), min(lengths[side], end + _NEAR - at[side]))
            for side, start, end in places
            if start - _NEAR <= at[side] + lengths[side] and end + _NEAR >= at[side]
        ]
        for side, length in lengths.items():
            at[side] += length
        if not windows:
            if not shown or shown[-1].kind != "skipped":
                shown.append(Piece("skipped", " … "))
            continue
        if piece.kind != "same":
            shown.append(piece)
            continue
        first, last = min(start for start, _ in windows), max(end for _, end in windows)
        if first > 0 and (not shown or shown[-1].kind != "skipped"):
            shown.append(Piece("skipped", " … "))
        shown.append(Piece("same", piece.text[first:last]))
        if last < len(piece.text):
            shown.append(Piece("skipped", " … "))
    return shown


def _places(quotes: list[TextQuote], before: str, after: str) -> list[tuple[str, int, int]]:
    places = []
    for quote in quotes:
        for side, text in (("before", before), ("after", after)):
            if (place := replay.place_of(quote, text)) is not None:
                places.append((side, *place))
    return places


def _snapshot(page: Page, key: str | None) -> Snapshot | None:
    if not key or not key.isdecimal() or len(key) > 18:
        return None
    return Snapshot.objects.select_related("text").filter(page=page, pk=int(key)).first()


def _quote(request: HttpRequest, page: int) -> tuple[Evidence | None, TextQuote | None]:
    """The quote that the address names, as it is looked for now, if this person may see its claim."""
    key = request.GET.get("quote", "")
    if not key.isdecimal() or len(key) > 18:
        return None, None
    evidence = visible(Evidence.objects.filter(page=page), request.user).filter(pk=int(key)).first()
    return (evidence, _words(evidence)) if evidence is not None else (None, None)


def _words(evidence: Evidence) -> TextQuote:
    words: Any = newest_anchorings([evidence.pk]).get(evidence.pk, evidence)
    return TextQuote(words.exact, words.prefix, words.suffix)


def _quotes_of(request: HttpRequest, page: Page) -> list[TextQuote]:
    """The quotes of this page that published reviews rest on, as far as this person may see them."""
    rows = list(visible(Evidence.objects.watched().filter(page=page), request.user)[:50])
    newest = newest_anchorings(row.pk for row in rows)
    words: list[Any] = [newest.get(row.pk, row) for row in rows]
    return [TextQuote(each.exact, each.prefix, each.suffix) for each in words]
