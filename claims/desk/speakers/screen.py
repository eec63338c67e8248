"""The screen of a speaker: who is meant, under which names, and what the speaker said."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.desk.documents.addresses import statement_address
from claims.desk.documents.progress import claims_of, seen_appearances
from claims.desk.edits import differs
from claims.desk.shell import typed
from claims.desk.shell.labels import in_words, said
from claims.desk.shell.screen import render
from claims.desk.shell.verbs import offered, seen_of
from claims.desk.speakers.namesakes import MOST, namesakes
from claims.models import Claim, Speaker, Statement
from claims.models.verification import Verification, with_verification
from claims.permissions import may_edit
from claims.statements.by_hand.speaker_edits import described
from claims.visibility import visible
from sources.reordered import shown

SHOWN = 50
"""Statements and claims of a page."""


def speaker(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a speaker; `page` is that of the statements."""
    row = Speaker.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    number = _page(request.GET.get("page", ""))
    statements = _statements(row, request.user, number)
    kept = typed.kept(request.user, f"speaker:{pk}")
    context = {
        "speaker": row,
        "values": _values(row, kept.values if kept and "name" in kept.values else {}),
        "kinds": said(Speaker.Kind.choices),
        "offers": {each.verb.name: each for each in offered(request.user, row)},
        "seen": seen_of(row),
        "may_write": may_edit(request.user),
        "differs": differs(row, request.user),
        "twins": [{"row": each, "described": described(each)} for each in namesakes(row)[:MOST]],
        "statements": statements[:SHOWN],
        "claims": _claims(row, request.user),
        "number": number,
        "before": _address(pk, number - 1) if number > 1 else "",
        "after": _address(pk, number + 1) if len(statements) > SHOWN else "",
        "here": request.get_full_path(),
    }
    return render(
        request,
        "desk/speakers/speaker.html",
        context,
        title=shown(row.name),
        item="speakers",
        crumbs=[(_("Speakers"), reverse("desk:speakers"))],
    )


def _values(row: Speaker, kept: Any) -> dict[str, str]:
    saved = {
        "name": row.name,
        "role": row.role,
        "kind": row.kind,
        "wikidata_id": row.wikidata_id,
        "aliases": "\n".join(row.aliases),
    }
    return {name: str((kept.get(name) or [""])[0]) for name in saved} if kept else saved


def _statements(row: Speaker, user: Any, number: int) -> list[dict[str, Any]]:
    first = (number - 1) * SHOWN
    rows = (
        Statement.objects.filter(speaker=row)
        .select_related("document")
        .defer("document__text")
        .order_by("-document__created_at", "document", "start")[first : first + SHOWN + 1]
    )
    found = list(rows)
    claims = claims_of(found, user)
    return [{"row": each, "url": statement_address(each), "claims": claims.get(each.pk, [])} for each in found]


def _claims(row: Speaker, user: Any) -> list[Any]:
    keys = seen_appearances(user).filter(statement__speaker=row).values("claim")
    rows: list[Any] = list(visible(with_verification(Claim.objects.filter(pk__in=keys)), user).order_by("-pk")[:SHOWN])
    for each in rows:
        each.verification_label = in_words(Verification(each.verification).label)
    return rows


def _page(text: str) -> int:
    return min(max(int(text), 1), 10_000) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _address(pk: int, number: int) -> str:
    address = reverse("desk:speaker", args=[pk])
    return f"{address}?page={number}" if number > 1 else address
