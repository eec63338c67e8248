"""The buttons of a version of a page of the site that waits for a second person."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.desk.shell.verbs import Act, Verb, register
from claims.models import PageProposal
from claims.site_pages import proposals


def _approve(act: Act) -> str:
    proposals.approve(act.row, actor=act.user)
    return _("Approved. Readers read this version from now on.")


def _decline(act: Act) -> str:
    proposals.decline(act.row, actor=act.user)
    return _("Declined. The page stays as it is.")


def _may_approve(user: Any, row: PageProposal) -> bool:
    return proposals.may_approve_pages(user) and row.submitted_by_id != user.pk


def _may_decline(user: Any, row: PageProposal) -> bool:
    return proposals.may_approve_pages(user)


def _why_not(user: Any, row: PageProposal) -> str:
    return _("You submitted it: ask a colleague.") if row.submitted_by_id == user.pk else ""


def _waits(row: PageProposal) -> bool:
    return row.state == PageProposal.State.SUBMITTED


register(
    "page-proposal",
    PageProposal,
    [
        Verb(
            "approve",
            gettext_lazy("Approve and publish"),
            _approve,
            may=_may_approve,
            when=_waits,
            why_not=_why_not,
            tone="go",
            effect=gettext_lazy("Readers read it at once, and for ever among the versions"),
        ),
        Verb(
            "decline",
            gettext_lazy("Decline"),
            _decline,
            may=_may_decline,
            when=_waits,
            effect=gettext_lazy("The page stays as it is"),
        ),
    ],
)
