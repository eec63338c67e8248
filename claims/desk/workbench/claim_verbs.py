"""The buttons of a claim: save what it says, begin its review, download its saved pages, restore a discarded draft."""

import tempfile
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.desk.shell.verbs import Act, Verb, register
from claims.desk.workbench.saving import begin, save_claim
from claims.desk.workbench.version_verbs import page
from claims.exports import warc
from claims.models import Claim, DiscardedVersion, ReviewVersion
from claims.people import name_of
from claims.permissions import Facts, Refused, allowed, facts
from claims.reviews import workflow
from claims.reviews.drafts import discarded
from claims.reviews.drafts.claim_edits import waiting_versions, why_not_edit
from claims.reviews.evidence import open_page
from sources.admin.base import sentence
from sources.snapshots.store import StorageError


def known(user: Any, claim: Claim) -> Facts:
    """The facts of the person and the claim, kept with this row."""
    kept: dict[int, Facts] = claim.__dict__.setdefault("_facts", {})
    if user.pk not in kept:
        kept[user.pk] = facts(user, claim=claim)
    return kept[user.pk]


def _may(verb: str) -> Any:
    return lambda user, claim: allowed(verb, known(user, claim))


def _is_whole(claim: Claim) -> bool:
    return claim.merged_into_id is None


def _save(act: Act) -> HttpResponseBase:
    waiting = {version.pk for version in waiting_versions(act.row)}
    answer = save_claim(act, act.row)
    if answer is not None:
        return answer
    messages.success(act.request, _("Saved."))
    if waiting - {version.pk for version in waiting_versions(act.row)}:
        messages.warning(
            act.request,
            _("Its review is a draft again, and has to be submitted and approved again. Whoever had approved is told."),
        )
    return HttpResponseRedirect(reverse("desk:claim", args=[act.row.pk]))


def _saving(claim: Claim) -> str:
    """What saving does to a version that waits, said beforehand."""
    waiting = waiting_versions(claim)
    approved = next((version for version in waiting if version.approver is not None), None)
    if approved is not None:
        return _("Makes its review a draft again: the approval by %(name)s is void, and %(name)s is told.") % {
            "name": name_of(approved.approver)
        }
    return _("Makes its review a draft again: it has to be submitted again.") if waiting else ""


def _begin(act: Act) -> HttpResponseBase:
    version = begin(act, act.row)
    messages.success(act.request, _("The review is begun and saved. Nobody outside sees it."))
    return HttpResponseRedirect(page(version))


def _begin_and_submit(act: Act) -> HttpResponseBase:
    version = begin(act, act.row)
    try:
        with transaction.atomic():
            workflow.submit(version, actor=act.user)
    except Refused as refusal:
        messages.error(act.request, _("Saved, but not submitted. %(why)s") % {"why": refusal})
    else:
        messages.success(act.request, _("Submitted. A colleague has to approve it; nothing has gone out."))
    return HttpResponseRedirect(page(version))


def _open_page(act: Act) -> HttpResponseBase:
    """Begin the review with what was typed so far, and read the page that it is to quote."""
    with transaction.atomic():
        version = begin(act, act.row)
    url = act.text("url")[:2000]
    try:
        wanted: object = open_page(version, url, actor=act.user).pk
    except (Refused, ValidationError, ValueError) as refusal:
        messages.error(act.request, sentence(refusal))
        wanted = url
    query = urlencode({"version": version.pk, "attach": wanted})
    return HttpResponseRedirect(f"{reverse('desk:claim', args=[act.row.pk])}?{query}")


def _download(act: Act) -> HttpResponseBase:
    """The claim's saved pages as WARC; not in the REST API, because it holds whole pages of other publishers."""
    file = tempfile.SpooledTemporaryFile(max_size=10_000_000)  # noqa: SIM115 - the response closes it
    try:
        warc.write(act.row, file)
    except (warc.NothingToExport, StorageError) as error:
        file.close()
        raise Refused(str(error)) from error
    file.seek(0)
    name = f"{act.row.public_id}.warc.gz"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/warc")


def _restore(act: Act) -> HttpResponseBase:
    version: ReviewVersion = discarded.restore(act.row, actor=act.user)
    messages.success(act.request, _("Restored as a draft, with its evidence, under the authors that it had."))
    return HttpResponseRedirect(page(version))


register(
    "claim",
    Claim,
    [
        Verb(
            "save",
            gettext_lazy("Save the claim"),
            _save,
            compares=True,
            merges=True,
            may=lambda user, claim: why_not_edit(user, claim) is None,
            when=_is_whole,
            why_not=why_not_edit,
            effect=_saving,
        ),
        Verb(
            "begin-review",
            gettext_lazy("Save as a draft"),
            _begin,
            may=_may("create"),
            when=_is_whole,
            effect=gettext_lazy("Begins the review; nothing goes out."),
        ),
        Verb(
            "submit-review",
            gettext_lazy("Submit for approval"),
            _begin_and_submit,
            may=_may("create"),
            when=_is_whole,
            effect=gettext_lazy("Asks a colleague to approve; nothing goes out."),
            tone="go",
        ),
        Verb(
            "open-page",
            gettext_lazy("Open it"),
            _open_page,
            may=_may("create"),
            when=_is_whole,
            effect=gettext_lazy("Its site sees one request, if we never read it."),
            outside=True,
        ),
        Verb(
            "saved-pages",
            gettext_lazy("Download the saved pages (WARC)"),
            _download,
            rule="write",
            when=_is_whole,
            outside=True,
            effect=gettext_lazy("For you alone. Confidential evidence is left out."),
            rare=True,
        ),
    ],
)
register(
    "discarded",
    DiscardedVersion,
    [
        Verb(
            "restore",
            gettext_lazy("Restore"),
            _restore,
            may=lambda user, row: allowed("write", known(user, row.claim)),
            effect=gettext_lazy("A draft again; nothing goes out."),
        )
    ],
)
