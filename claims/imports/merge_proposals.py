"""Claims of this desk and others that say the same: what an editor does about them.

    importer, matcher ──> MergeProposal ──> two people merge the claims (claims/reviews/merging.py)
                               └──dismiss──> dismissed; it is not proposed again

Nothing is merged here.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims.models import MergeProposal
from claims.permissions import Refused, User, may_edit, require
from claims.visibility import is_visible
from sources.database.audit import acting

_MAY_NOT = "You may not decide on proposals; ask an administrator for the role of a reporter or an editor."


def open_proposals() -> QuerySet[MergeProposal]:
    """Those that nobody has dismissed, of claims that are not merged."""
    return MergeProposal.objects.filter(dismissed_at=None, claim__merged_into=None, into__merged_into=None)


def dismiss(proposal: MergeProposal, *, actor: User) -> MergeProposal:
    """Leave the claims apart. Raises `Refused`."""
    require(may_edit(actor) and is_visible(proposal, actor), _MAY_NOT)
    with acting(actor, reason="dismissed a proposal to merge claims"), transaction.atomic():
        locked = MergeProposal.objects.select_for_update().get(pk=proposal.pk)
        if locked.dismissed_at is not None:
            raise Refused("This proposal is dismissed already.")
        locked.dismissed_at, locked.dismissed_by = timezone.now(), actor
        locked.save(update_fields=["dismissed_at", "dismissed_by"])
        return locked
