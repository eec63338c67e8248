"""Decide who may do what at the desk; define `Refused`.

Each rule is a function of `Facts` alone: the rights of a person's roles (claims/roles.py), the state of a version, and
how the person stands to it. `facts` collects them, and `may_…` puts both together for callers. docs/roles.md holds the
whole table, from which the tests are generated.

A newsroom that writes by API acts through a service user that cannot log in. It may write and submit its own drafts;
approving, publishing and deciding are left to people.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims import accounts
from claims.authorship import Contribution, contributions, described
from claims.models import Claim, GuestApproval, Restriction, ReviewVersion, Sender

# Django's user model is swappable, and its stubs give two unrelated types for it.
User = Any

_DRAFT, _IN_REVIEW, _APPROVED = (state.value for state in list(ReviewVersion.State)[:3])
_REMEDY = gettext_noop("An editor has to set it back to what was there before, save, and write it again.")
_REMEDIES = {
    "version": gettext_noop(
        "Its author has to set it back to what is published (or empty it), save, and write it again."
    ),
    "evidence": gettext_noop("Its author has to remove it and attach it again."),
    "claim": gettext_noop(
        "An editor has to set it back to what is published, save, and write it again; a claim that was never "
        "published has to be made again."
    ),
    "statements": gettext_noop("An editor has to unlink the statement and link it again."),
    "topics": gettext_noop("An editor has to remove the topic and add it again."),
}


class Refused(Exception):
    """An action was refused and changed nothing. The message is a sentence that says what to do."""


@dataclass(frozen=True)
class Facts:
    """What a rule may look at. Of an action that is on no version, `state` is empty."""

    rights: frozenset[str] = frozenset()
    state: str = ""
    is_author: bool = False
    is_guest: bool = False  # invited to approve this one version
    is_newsroom: bool = False  # the service user of a newsroom
    is_hidden: bool = False  # the claim is restricted to others
    is_made: bool = False  # one person may be behind this account and an author's: claims/accounts.py

    def has(self, right: str) -> bool:
        """Whether a role of the person gives this right; never for a claim that she may not see."""
        return right in self.rights and not self.is_hidden


Rule = Callable[[Facts], bool]


def _writes(facts: Facts) -> bool:
    return facts.has("claims.change_reviewversion")


def _edits(facts: Facts) -> bool:
    # Whoever publishes has the duties of an editor; a reporter has not.
    return facts.has("claims.publish_review")


def _edits_version(facts: Facts) -> bool:
    if facts.is_hidden:
        return False
    if facts.is_newsroom:
        return facts.is_author and facts.state == _DRAFT
    if facts.state == _DRAFT:
        return _writes(facts)
    return facts.state in (_IN_REVIEW, _APPROVED) and (_edits(facts) or (_writes(facts) and facts.is_author))


def _submits(facts: Facts) -> bool:
    return facts.state == _DRAFT and _edits_version(facts)


def _approves(facts: Facts) -> bool:
    invited = facts.is_guest and not facts.is_hidden
    if facts.is_author or facts.is_made:
        return False
    return facts.state == _IN_REVIEW and (facts.has("claims.approve_review") or invited)


def _suggests(facts: Facts) -> bool:
    return facts.state == _IN_REVIEW and not facts.is_author and facts.has("claims.approve_review")


def _decides_on_suggestion(facts: Facts) -> bool:
    return facts.is_author and not facts.is_newsroom and _edits_version(facts)


def _publishes(facts: Facts) -> bool:
    return facts.state == _APPROVED and _edits(facts)


def _sends_back(facts: Facts) -> bool:
    if facts.state == _IN_REVIEW and facts.is_guest and not facts.is_hidden:
        return True
    return facts.state in (_IN_REVIEW, _APPROVED) and (_edits(facts) or (_writes(facts) and facts.is_author))


def _discards(facts: Facts) -> bool:
    if facts.state == _DRAFT and facts.is_author:
        return _creates(facts)
    return facts.state in (_DRAFT, _IN_REVIEW, _APPROVED) and _edits(facts)


def _creates(facts: Facts) -> bool:
    return _writes(facts) or (facts.is_newsroom and not facts.is_hidden)


def _with(right: str) -> Rule:
    return lambda facts: facts.has(right)


RULES: dict[str, Rule] = {
    "write": _writes,
    "create": _creates,
    "edit a version": _edits_version,
    "submit": _submits,
    "send back": _sends_back,
    "approve": _approves,
    "suggest": _suggests,
    "decide on a suggestion": _decides_on_suggestion,
    "publish": _publishes,
    "discard": _discards,
    "start the next version": _writes,
    "comment": _writes,
    "assign": _writes,
    "set a timer": _publishes,
    "decide on a re-check": _with("claims.decide_recheck"),
    "ask the source": _with("claims.decide_recheck"),
    "set a day of review": _with("claims.decide_recheck"),
    "suspend": _with("claims.suspend_review"),
    "resume": _with("claims.approve_review"),
    "submit edits of published claims": _writes,
    "approve edits of published claims": _with("claims.approve_review"),
    "decide on an import": _with("claims.change_importconflict"),
    "ask to merge claims": _edits,
    "approve a merge of claims": _with("claims.approve_review"),
    "answer tips": _edits,
    "answer complaints": _edits,
    "define scales and organisations": _with("claims.change_ratingscale"),
    "restrict a claim": _with("claims.change_restriction"),
    "invite a guest": _with("claims.change_guestapproval"),
    "look after watched pages": _with("sources.change_page"),
    "read feeds": _with("sources.change_feed"),
    "take over from Check": _edits,
    "write a page of the site": _edits,
    "approve a page of the site": _with("claims.approve_review"),
    "manage chats": _with("claims.change_chatwebhook"),
    "manage accounts": _with("auth.change_user"),
    "manage newsrooms and keys": _with("newsrooms.change_apikey"),
}
"""Each verb of the desk with its rule; docs/roles.md has a row for every outcome."""


def allowed(verb: str, facts: Facts) -> bool:
    """Whether the facts permit the verb."""
    return RULES[verb](facts)


def rights(user: User) -> frozenset[str]:
    """The permissions that roles or an administrator assigned to the user.

    Django grants a superuser every permission; here she has those of her roles, as anybody else.
    """
    if not user.is_active:
        return frozenset()
    if not user.is_superuser:
        return frozenset(user.get_all_permissions())
    if not hasattr(user, "_rights"):  # kept as long as Django keeps those of other people
        assigned = Permission.objects.filter(Q(group__user=user.pk) | Q(user=user.pk))
        names = assigned.values_list("content_type__app_label", "codename")
        user._rights = frozenset(f"{app}.{name}" for app, name in names)
    return frozenset(user._rights)


def hidden_restrictions(user: User) -> QuerySet[Restriction]:
    """The restrictions that keep claims from this user: chiefs and members see through them."""
    if "claims.change_restriction" in rights(user):
        return Restriction.objects.none()
    members = Restriction.members.through.objects.filter(restriction=OuterRef("pk"), user=user.pk)
    return Restriction.objects.filter(~Exists(members))


_remembered: ContextVar[dict[Any, Any] | None] = ContextVar("remembered", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Collect the same facts once within: for a page that asks for many verbs of a row, and changes no facts.

    Within another one it is part of that.
    """
    if _remembered.get() is not None:
        yield
        return
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def forget() -> None:
    """Collect all facts anew, within `remembering` as well: for whoever changes one of them."""
    if (known := _remembered.get()) is not None:
        known.clear()


def is_remembering() -> bool:
    """Whether the caller runs within `remembering`."""
    return _remembered.get() is not None


def remembered(key: Any, find: Callable[[], Any]) -> Any:
    """What `find` returns, within `remembering` from its first call."""
    known = _remembered.get()
    if known is None:
        return find()
    if key not in known:
        known[key] = find()
    return known[key]


def facts(
    user: User, version: ReviewVersion | None = None, *, claim: Claim | None = None, writers: Collection[int] = ()
) -> Facts:
    """Collect what the rules look at: of an action on a version, on a claim, or on neither.

    `writers` are the users who wrote the version, if they were asked for; its author counts in any case.
    """
    if version is None:
        return remembered(("claim", user.pk, claim and claim.pk), lambda: _of_claim(user, claim))  # type: ignore[no-any-return]
    key = ("version", user.pk, version.pk, version.state, version.author_id, frozenset(writers))
    return remembered(key, lambda: _of_version(user, version, writers))  # type: ignore[no-any-return]


def _of_claim(user: User, claim: Claim | None) -> Facts:
    hidden = claim is not None and _is_hidden(user, claim.pk)
    return Facts(rights=rights(user), is_newsroom=is_newsroom(user), is_hidden=hidden)


def _of_version(user: User, version: ReviewVersion, writers: Collection[int]) -> Facts:
    return Facts(
        rights=rights(user),
        state=version.state,
        is_author=version.author_id == user.pk,
        is_guest=_is_guest(user, version),
        is_newsroom=is_newsroom(user),
        is_hidden=_is_hidden_review(user, version),
        is_made=version.state == _IN_REVIEW and bool(accounts.same_hand(user, [version.author_id, *writers])),
    )


def _is_hidden(user: User, claim: int) -> bool:
    if _remembered.get() is not None:
        return claim in hidden_claims(user)
    return hidden_restrictions(user).filter(claim=claim).exists()


def _is_hidden_review(user: User, version: ReviewVersion) -> bool:
    if _remembered.get() is not None:
        return version.review.claim_id in hidden_claims(user)
    return hidden_restrictions(user).filter(claim__reviews=version.review_id).exists()


def hidden_claims(user: User) -> set[int]:
    """The keys of the claims that are restricted to others."""
    return remembered(  # type: ignore[no-any-return]
        ("hidden", user.pk), lambda: set(hidden_restrictions(user).values_list("claim", flat=True))
    )


def _is_guest(user: User, version: ReviewVersion) -> bool:
    # What a guest may do, she may while it is in review.
    if version.state != _IN_REVIEW or not user.is_active:
        return False
    return GuestApproval.objects.active().filter(version=version, user=user.pk).exists()


def is_newsroom(user: User) -> bool:
    """Whether the user is the service user of a newsroom rather than a person."""
    return not user.is_active and Sender.objects.filter(user=user.pk).exists()


def may_edit(user: User, claim: Claim | None = None) -> bool:
    """Write claims, statements, evidence and drafts; on this claim, if one is given."""
    return allowed("write", facts(user, claim=claim))


def may_create(user: User, claim: Claim | None = None) -> bool:
    """Start a review, create a claim, link a statement: people who write, and newsrooms with their own rows."""
    return allowed("create", facts(user, claim=claim))


def may_write(user: User, version: ReviewVersion) -> bool:
    """Edit this version and its evidence."""
    return allowed("edit a version", facts(user, version))


def may_submit(user: User, version: ReviewVersion) -> bool:
    """Submit this draft."""
    return allowed("submit", facts(user, version))


def may_send_back(user: User, version: ReviewVersion) -> bool:
    """Return this version to its author."""
    return allowed("send back", facts(user, version))


def may_discard(user: User, version: ReviewVersion) -> bool:
    """Delete this unpublished version."""
    return allowed("discard", facts(user, version))


def may_approve(user: User, version: ReviewVersion, changes: Sequence[Contribution] | None = None) -> bool:
    """Approve what somebody else wrote: nobody who wrote a part of it. A trigger of the database asks the same.

    `changes` are the contributions to the version, if they are known.
    """
    changes = contributions(version.pk) if changes is None else changes
    writers = {change.user_id for change in changes if change.user_id is not None}
    known = replace(facts(user, version, writers=writers), is_author=user.pk in writers)
    return allowed("approve", known) and authorship_refusal(user, changes) is None


def may_suggest(user: User, version: ReviewVersion) -> bool:
    """Suggest a change of what others wrote, while it is in review."""
    return allowed("suggest", replace(facts(user, version), is_author=is_writer(user, version)))


def may_decide_on_suggestion(user: User, version: ReviewVersion) -> bool:
    """Accept or decline what was suggested: those who wrote the version."""
    return allowed("decide on a suggestion", replace(facts(user, version), is_author=is_writer(user, version)))


def is_writer(user: User, version: ReviewVersion) -> bool:
    """Whether the audit counts the user as an author of the version."""
    return any(change.user_id == user.pk for change in contributions(version.pk))


def authorship_refusal(user: User, changes: Iterable[Contribution]) -> str | None:
    """Why the user cannot approve a version with these changes, in a sentence that says what to do; else None."""
    changes = list(changes)
    own = [change for change in changes if change.user_id == user.pk]
    if own:
        return _("You wrote part of this version (%(parts)s), so somebody else has to approve it. Ask a colleague.") % {
            "parts": described(own)
        }
    unknown = next((change for change in changes if change.user_id is None), None)
    if unknown is None:
        return None
    return _("The audit does not say who changed this: %(parts)s. %(remedy)s") % {
        "parts": described([unknown]),
        "remedy": _(_REMEDIES.get(unknown.part, _REMEDY)),
    }


def may_publish(user: User, version: ReviewVersion) -> bool:
    """Publish what another person has approved."""
    return allowed("publish", facts(user, version))


def may_decide(user: User, claim: Claim | None = None) -> bool:
    """Confirm, dismiss and resolve re-checks; those of this claim, if one is given."""
    return allowed("decide on a re-check", facts(user, claim=claim))


def may_decide_on_import(user: User, claim: Claim | None = None) -> bool:
    """Decide which of two records of a publisher is taken."""
    return allowed("decide on an import", facts(user, claim=claim))


def may_restrict(user: User, claim: Claim | None = None) -> bool:
    """Restrict a claim to named members, or lift the restriction."""
    return allowed("restrict a claim", facts(user, claim=claim))


def may_invite(user: User, claim: Claim | None = None) -> bool:
    """Invite a guest to approve a version, or take the invitation back."""
    return allowed("invite a guest", facts(user, claim=claim))


def may_suspend(user: User, claim: Claim | None = None) -> bool:
    """Put a published review under review, at once and alone; ask to resume it, or keep it suspended."""
    return allowed("suspend", facts(user, claim=claim))


def may_resume(user: User, claim: Claim | None = None) -> bool:
    """Let the verdict of a suspended review stand again, when somebody else has asked for it."""
    return allowed("resume", facts(user, claim=claim))


def may_submit_edits(user: User) -> bool:
    """Submit what was edited of published claims, for a second person to approve."""
    return allowed("submit edits of published claims", Facts(rights=rights(user)))


def may_approve_edits(user: User) -> bool:
    """Publish such edits, when somebody else submitted them and others made them."""
    return allowed("approve edits of published claims", Facts(rights=rights(user)))


def may_request_merges(user: User) -> bool:
    """Ask for two published claims to be merged, or separated, by a second person."""
    return allowed("ask to merge claims", Facts(rights=rights(user)))


def may_approve_merges(user: User) -> bool:
    """Merge or separate claims, when somebody else has asked for it."""
    return allowed("approve a merge of claims", Facts(rights=rights(user)))


def may_answer_tips(user: User) -> bool:
    """Link groups of tips to the claim that answers them, merge them and split them."""
    return allowed("answer tips", Facts(rights=rights(user)))


def may_answer_complaints(user: User, claim: Claim | None = None) -> bool:
    """Take complaints over and answer them; of a claim, whoever wrote nothing of it (claims/complaints/desk.py)."""
    return allowed("answer complaints", facts(user, claim=claim))


def may_define_scales(user: User) -> bool:
    """Define rating scales, and retire their steps."""
    return allowed("define scales and organisations", Facts(rights=rights(user)))


def may_comment(user: User, claim: Claim | None = None) -> bool:
    """Comment on this claim, settle comments, and take them up again."""
    return allowed("comment", facts(user, claim=claim))


def may_assign(user: User, claim: Claim | None = None) -> bool:
    """Say who works on this claim, and until when."""
    return allowed("assign", facts(user, claim=claim))


def may_set_timer(user: User, version: ReviewVersion) -> bool:
    """Let this approved version be published at a time, as this user."""
    return allowed("set a timer", facts(user, version))


def require(permitted: bool, sentence: str) -> None:
    """Raise `Refused` with the sentence, in the language of whoever asks, unless `permitted`."""
    if not permitted:
        raise Refused(_(sentence))
