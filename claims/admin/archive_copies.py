"""On the desk's pages of evidence: copies of the page at an archive outside, and the screen that asks for one."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from claims.admin.base import ClaimsAdmin
from claims.models import Evidence
from claims.permissions import Refused, may_edit
from claims.watch import archive_copies
from sources.admin.archives import shown_copies, what_is_seen
from sources.models import ArchiveCopy


def context(request: HttpRequest, evidence: Evidence) -> dict[str, Any]:
    """The copies of its page, and whether one of what it quotes can be asked for."""
    if evidence.page is None:
        return {}
    found: dict[str, Any] = {"copies": shown_copies(evidence.page.archive_copies.all())}
    wanted = ArchiveCopy.objects.at(settings.ARCHIVE_SERVICE).filter(snapshot=evidence.snapshot).exists()
    if not settings.ARCHIVE_SERVICE or wanted or not may_edit(request.user):
        return found
    if reason := archive_copies.why_not(evidence):
        return found | {"keep_refused": reason}
    return found | {"keep_address": reverse("admin:claims_evidence_keep", args=[evidence.pk])}


def keep_view(desk: ClaimsAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Naming a page to an archive is an editor's choice, made where it says what others will see."""
    evidence: Evidence | None = desk.get_object(request, unquote(object_id))
    if evidence is None:
        return desk._get_obj_does_not_exist_redirect(request, desk.opts, object_id)
    if not may_edit(request.user):
        raise PermissionDenied
    back = HttpResponseRedirect(desk.address_of(evidence))
    if request.method == "POST":
        try:
            archive_copies.keep(evidence, actor=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "A copy is wanted; the archive is asked within minutes.")
        return back
    if reason := archive_copies.why_not(evidence):
        messages.error(request, reason)
        return back
    return desk.desk_page(
        request,
        "admin/claims/keep.html",
        "Keep a copy at the archive?",
        row=evidence,
        page=evidence.page,
        service=settings.ARCHIVE_SERVICE,
        seen=what_is_seen(),
        early=not archive_copies.is_published(evidence),
        address=desk.address_of(evidence),
    )
