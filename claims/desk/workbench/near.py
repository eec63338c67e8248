"""The claims near to one, and near to what is typed: what claims/desk/similar_claims.py finds, as part of a screen."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims.desk.shell.screen import render
from claims.desk.similar_claims import similar_claims
from claims.permissions import may_edit
from claims.visibility import visible_claims


def of_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """The claims near to this one: a part of its page with `?part`, else a page."""
    claim = get_object_or_404(visible_claims(request.user), pk=pk)
    similar = similar_claims(claim.text, claim.language, request.user, but=claim.pk)
    return _shown(request, {"similar": similar, "claim": claim, "is_asked": True}, "part" in request.GET)


@require_POST
def of_text(request: HttpRequest) -> HttpResponse:
    """The claims near to what is typed. It is neither stored nor logged."""
    if not may_edit(request.user):
        raise PermissionDenied
    text = request.POST.get("text", "").strip()
    similar = similar_claims(text, request.POST.get("language", ""), request.user)
    return _shown(request, {"similar": similar, "is_asked": bool(text)}, "part" in request.POST)


def _shown(request: HttpRequest, context: dict[str, object], is_part: bool) -> HttpResponse:
    template = "desk/workbench/near_list.html" if is_part else "desk/workbench/near.html"
    return render(request, template, context, title=_("Claims near to it"), item="claims")
