"""What people at the desk do with groups of tips: take, set aside, answer with a claim, merge and split.

Nobody who asked learns of any of it, until a review of the linked claim is published (claims/public/tip_page.py).
"""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.models import Claim, Document, Tip, TipGroup
from claims.permissions import Refused, User, may_answer_tips, may_edit, require
from claims.tips import grouping
from claims.tips.inbox import READER
from claims.visibility import is_visible
from sources.database.audit import acting
from sources.database.locks import Lock, lock_until_commit

_MAY_NOT_EDIT = gettext_noop(
    "You may not decide on tips; ask an administrator for the role of a reporter or an editor."
)
_MAY_NOT_ANSWER = gettext_noop("Editors answer, merge and split tips; ask one.")
_GONE = gettext_noop("These tips were merged with others in the meantime; look at the list.")


def take(tip: Tip, document: Document, *, actor: User) -> None:
    """Record that a document was made of the tip, which takes up its whole group. Raises `Refused`."""
    require(may_edit(actor), _MAY_NOT_EDIT)
    with acting(actor, reason="took up a tip"), transaction.atomic():
        Tip.objects.filter(pk=tip.pk).update(state=Tip.State.TAKEN, document=document)
        if tip.group_id is not None:
            TipGroup.objects.filter(pk=tip.group_id).exclude(state=TipGroup.State.TAKEN).update(
                state=TipGroup.State.TAKEN
            )


def set_aside(group: TipGroup, *, actor: User) -> None:
    """Put the group out of the queue. Raises `Refused`."""
    require(may_edit(actor), _MAY_NOT_EDIT)
    with acting(actor, reason="set tips aside"), transaction.atomic():
        (locked,) = _locked(group)
        if locked.claim_id is not None:
            raise Refused(_("A claim answers these tips; take the link back first."))
        _save(locked, state=TipGroup.State.SET_ASIDE)


def reopen(group: TipGroup, *, actor: User) -> None:
    """Put the group back into the queue as new. Raises `Refused`."""
    require(may_edit(actor), _MAY_NOT_EDIT)
    with acting(actor, reason="put tips back into the queue"), transaction.atomic():
        (locked,) = _locked(group)
        if locked.claim_id is not None:
            raise Refused(_("A claim answers these tips; take the link back first."))
        _save(locked, state=TipGroup.State.NEW)


def link(group: TipGroup, claim: Claim, *, actor: User) -> None:
    """Answer the group with a claim: all who asked see its published review, now or once there is one.

    A claim that was merged into another is followed by whoever reads the answer. Raises `Refused`.
    """
    require(may_answer_tips(actor) and is_visible(claim, actor), _MAY_NOT_ANSWER)
    with acting(actor, reason="answered tips with a claim"), transaction.atomic():
        (locked,) = _locked(group)
        if locked.claim_id == claim.pk:
            raise Refused(_("This claim answers these tips already."))
        if locked.claim_id is not None:
            raise Refused(_("Another claim answers these tips; take that link back first."))
        _save(locked, state=TipGroup.State.TAKEN, claim=claim)


def unlink(group: TipGroup, *, actor: User) -> None:
    """Take a wrong link back: those who asked read "received" again. Raises `Refused`."""
    require(may_answer_tips(actor), _MAY_NOT_ANSWER)
    with acting(actor, reason="took back the claim that answered tips"), transaction.atomic():
        (locked,) = _locked(group)
        if locked.claim_id is None:
            raise Refused(_("No claim answers these tips; this is how it stands now."))
        taken = locked.tips.filter(document__isnull=False).exists()
        _save(locked, state=TipGroup.State.TAKEN if taken else TipGroup.State.NEW, claim=None)


def merge(group: TipGroup, into: TipGroup, *, actor: User) -> TipGroup:
    """Put all tips into another group, which keeps its state; a claim of either answers both. Raises `Refused`."""
    require(may_answer_tips(actor), _MAY_NOT_ANSWER)
    if group.pk == into.pk:
        raise Refused(_("Choose another group to merge these tips with."))
    with acting(actor, reason="merged tips that ask the same"), transaction.atomic():
        gone, stays = _locked(group, into)
        claims = {each.claim_id for each in (gone, stays)} - {None}
        if len(claims) > 1:
            raise Refused(_("Two different claims answer these tips; take one link back first."))
        if gone.claim_id is not None and stays.claim_id is None:
            _save(stays, state=TipGroup.State.TAKEN, claim=gone.claim)
        _move(gone.tips.all(), stays)
        gone.delete()
        grouping.index([stays])
        _recount(stays)
        return stays


def split(group: TipGroup, tips: Collection[int], *, actor: User) -> TipGroup:
    """Put these tips (by key) of the group into a new one of their own, without a claim. Raises `Refused`."""
    require(may_answer_tips(actor), _MAY_NOT_ANSWER)
    with acting(actor, reason="split tips that do not ask the same"), transaction.atomic():
        (stays,) = _locked(group)
        chosen = stays.tips.filter(pk__in=tips)
        number = chosen.count()
        if number == 0 or number != len(set(tips)):
            raise Refused(_("Choose the tips that ask something else, of this group."))
        if number == stays.tips.count():
            raise Refused(_("These are all tips of the group; leave out those that stay."))
        made = TipGroup.objects.create()
        _move(chosen, made)
        grouping.index([stays, made])
        for each in (stays, made):
            _recount(each)
        return made


def _locked(*groups: TipGroup) -> list[TipGroup]:
    """The groups as they are now, in the order given; no tip joins one until the transaction ends."""
    lock_until_commit(Lock.TIPS)
    rows = TipGroup.objects.select_for_update(of=("self",)).in_bulk([each.pk for each in groups])
    if len(rows) != len(groups):
        raise Refused(_(_GONE))
    return [rows[each.pk] for each in groups]


def _save(group: TipGroup, **changes: object) -> None:
    for name, value in changes.items():
        setattr(group, name, value)
    group.save(update_fields=list(changes))


def _move(tips: Iterable[Tip], into: TipGroup) -> None:
    Tip.objects.filter(pk__in=[tip.pk for tip in tips]).update(group=into)


def _recount(group: TipGroup) -> None:
    """Count each sender of the group once again. Whom nobody can tell any more stays as she was counted."""
    seen: set[tuple[str, str]] = set()
    changed: dict[bool, list[int]] = {True: [], False: []}
    rows = group.tips.annotate(reader=READER).order_by("pk")
    for pk, newsroom, reader, digest, counted in rows.values_list(
        "pk", "newsroom", "reader", "sender__digest", "counts"
    ):
        who = (newsroom, reader) if newsroom else ("", digest or "")
        if who == ("", ""):
            continue
        if (who not in seen) != counted:
            changed[not counted].append(pk)
        seen.add(who)
    for counts, keys in changed.items():
        Tip.objects.filter(pk__in=keys).update(counts=counts)
