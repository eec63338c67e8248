"""What audits and checkpoints say today: that nothing that went out was rewritten."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from claims.accounts import hears_of_grants
from claims.desk.record.lists import tabs
from claims.desk.shell import screen
from claims.proof import reports, stored

_MOST = 50
"""Findings that are shown."""


def proof(request: HttpRequest) -> HttpResponse:
    """The last audit and the last checkpoint. What an audit found is for those who look after accounts and rights."""
    report = reports.newest()
    waiting = stored.undelivered(since_first=True) if settings.CHECKPOINT_TO else []
    may_read = request.user.has_perm("auth.change_user") or hears_of_grants(request.user)
    context = {
        "tabs": tabs("desk:record_proof"),
        "report": report,
        "findings": report.sentences[:_MOST] if report is not None and may_read else [],
        "newest": stored.newest(),
        "is_sent": bool(settings.CHECKPOINT_TO),
        "undelivered_since": waiting[0].at if waiting else None,
    }
    return screen.render(request, "desk/record/proof.html", context, title=_("Proof"), item="record")
