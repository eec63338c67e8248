"""Screens of evidence that is not watched: upload a file, say what was heard or calculated, look at a file."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from claims.desk.evidence.attach import version_for, workbench
from claims.desk.evidence.files import MOST_BYTES, attach_file, file_for
from claims.desk.evidence.forms import KINDS, EvidenceForm
from claims.desk.shell.screen import render
from claims.models import Evidence, ReviewVersion
from claims.permissions import Refused
from claims.reviews.evidence import add_evidence
from claims.visibility import visible
from sources.admin.base import sentence
from sources.snapshots.default_store import store
from sources.snapshots.store import StorageError

MOST_TEXT = 200_000  # characters of a file's text on one screen


def upload(request: HttpRequest, version: int) -> HttpResponseBase:
    """Upload a file, and rest the version on it."""
    row = version_for(request, version)
    form = EvidenceForm(request.POST or None, kind=Evidence.Kind.FILE)
    error = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            error = _("Choose a file first. What you typed is still here.")
        elif form.is_valid():
            try:
                name = request.POST.get("name", "")
                evidence = attach_file(row, file, actor=request.user, name=name, **form.cleaned_data)
            except (Refused, ValidationError) as refusal:
                error = sentence(refusal)
            else:
                return _attached(request, row, evidence)
    context = {"most": MOST_BYTES // 1_000_000, "name": request.POST.get("name", request.GET.get("name", ""))[:300]}
    return _form(request, "desk/evidence/upload.html", row, form, error, _("Upload a file"), context)


def add(request: HttpRequest, version: int) -> HttpResponseBase:
    """Say what was heard, looked up or calculated: evidence of a kind that has neither page nor file."""
    row = version_for(request, version)
    kind = request.GET.get("kind", "")
    if kind not in KINDS or kind in (Evidence.Kind.PAGE_QUOTE, Evidence.Kind.FILE):
        raise Http404
    form = EvidenceForm(request.POST or None, kind=kind)
    error = ""
    if request.method == "POST" and form.is_valid():
        try:
            evidence = add_evidence(row, kind=kind, actor=request.user, **form.cleaned_data)
        except (Refused, ValidationError) as refusal:
            error = sentence(refusal)
        else:
            return _attached(request, row, evidence)
    return _form(request, "desk/evidence/add_other.html", row, form, error, str(capfirst(str(KINDS[kind]))), {})


def _attached(request: HttpRequest, version: ReviewVersion, evidence: Evidence) -> HttpResponse:
    messages.success(request, _("Attached to version %(number)d; nothing went out.") % {"number": version.number})
    return HttpResponseRedirect(f"{workbench(version)}#evidence-{evidence.pk}")


def _form(
    request: HttpRequest,
    template: str,
    version: ReviewVersion,
    form: EvidenceForm,
    error: str,
    title: str,
    context: dict[str, Any],
) -> HttpResponseBase:
    claim = version.review.claim
    return render(
        request,
        template,
        {"version": version, "claim": claim, "form": form, "error": error, "back": workbench(version), **context},
        title=title,
        item="claims",
        crumbs=[(_("Claims"), reverse("desk:claims")), (claim.text, workbench(version))],
    )


def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the sandbox read in a file, and where it is used."""
    found = file_for(request.user, pk)
    if found is None:
        raise Http404
    named = Evidence.objects.filter(kind=Evidence.Kind.FILE, file_sha256=found.sha256)
    uses = visible(named.select_related("version__review__claim"), request.user).order_by("-pk")[:50]
    text = found.text.text if found.text else ""
    context = {"file": found, "uses": uses, "text": text[:MOST_TEXT], "cut": len(text) > MOST_TEXT}
    return render(request, "desk/evidence/file.html", context, title=found.name, item="claims")


def file_bytes(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes as they were uploaded, to be saved, never to be shown by a browser."""
    found = file_for(request.user, pk)
    if found is None:
        raise Http404
    try:
        data = store().get(found.sha256)
    except StorageError as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
