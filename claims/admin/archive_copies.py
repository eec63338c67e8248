"""Admin: list the archive copies of an evidence's page, and the confirmation screen that requests one."""

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
from sources.admin.archives import archive_disclosure, copy_rows
from sources.models import ArchiveCopy


def context(request: HttpRequest, evidence: Evidence) -> dict[str, Any]:
    """Template variables: the copies of the page, and where to request one or why that is refused."""
    if evidence.page is None:
        return {}
    result: dict[str, Any] = {"copies": copy_rows(evidence.page.archive_copies.all())}
    requested = ArchiveCopy.objects.at(settings.ARCHIVE_SERVICE).filter(snapshot=evidence.snapshot).exists()
    if not settings.ARCHIVE_SERVICE or requested or not may_edit(request.user):
        return result
    if reason := archive_copies.refusal_reason(evidence):
        return result | {"keep_refused": reason}
    return result | {"keep_address": reverse("admin:claims_evidence_keep", args=[evidence.pk])}


def request_view(desk: ClaimsAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show what others will see if the page is sent to the archive; on POST request the copy."""
    evidence: Evidence | None = desk.get_object(request, unquote(object_id))
    if evidence is None:
        return desk._get_obj_does_not_exist_redirect(request, desk.opts, object_id)
    if not may_edit(request.user):
        raise PermissionDenied
    back = HttpResponseRedirect(desk.address_of(evidence))
    if request.method == "POST":
        try:
            archive_copies.request_copy(evidence, actor=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Archive copy requested; the page is sent to the archive within minutes.")
        return back
    if reason := archive_copies.refusal_reason(evidence):
        messages.error(request, reason)
        return back
    return desk.desk_page(
        request,
        "admin/claims/request_archive_copy.html",
        "Request an archive copy?",
        row=evidence,
        page=evidence.page,
        service=settings.ARCHIVE_SERVICE,
        seen=archive_disclosure(),
        early=not archive_copies.is_published(evidence),
        address=desk.address_of(evidence),
    )
