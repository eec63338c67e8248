"""Merge two published claims, and separate them again: one person asks, another approves what both have read.

The states are drawn in claims/models/amendments/merge.py. An approval moves reviews, topics and links to statements,
and appends an event for each claim concerned, in one transaction.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import orjson
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.accounts import why_not_approve
from claims.json_object import Json
from claims.models import (
    Appearance,
    Claim,
    Merge,
    Publication,
    PublicationBody,
    Recheck,
    Review,
    Statement,
    Topic,
    UnpublishedEdit,
)
from claims.permissions import Refused, User, may_approve_merges, may_request_merges, require
from claims.publication import published_claim
from claims.publication.append import append_together
from claims.publication.words import last_words
from claims.reviews.merge_conflicts import parts_of, why_not
from claims.reviews.merged_claim import Both, brought_by, merged, pointing_to, separated
from claims.visibility import is_visible, visible
from sources.database.audit import acting

_REQUEST = gettext_noop("You may not merge claims; ask an administrator for the role of an editor.")
_APPROVE = gettext_noop("You may not approve merges of claims; ask an administrator for the role of an editor.")
_HIDDEN = gettext_noop("One of these claims is restricted to others; ask one of its members.")
_EVENTS = {Merge.Kind.MERGE: Publication.Event.MERGED, Merge.Kind.UNMERGE: Publication.Event.UNMERGED}


@dataclass(frozen=True)
class Reading:
    """The words of both claims as they read now, and as they will read: what two people have to see."""

    now: Both
    after: Both
    reviews: frozenset[int]
    """Keys of the reviews that move."""
    appearances: frozenset[int]
    """Keys of the links to statements that move."""
    rechecks: tuple[str, ...] = ()
    """Ids of the open re-checks that two claims bring together, which whoever agrees to it has to know."""

    @property
    def topics(self) -> frozenset[str]:
        """Slugs of the topics that the claim that stays gets, or loses."""
        before, after = ({each["slug"] for each in words["topics"]} for words in (self.now.into, self.after.into))
        return frozenset(before ^ after)

    @cached_property
    def sha256(self) -> str:
        """The hash of it; it goes back with the form."""
        words = [self.now.claim, self.now.into, self.after.claim, self.after.into, *self.rechecks]
        return hashlib.sha256(orjson.dumps(words, option=orjson.OPT_SORT_KEYS)).hexdigest()


def reading(kind: str, claim: Claim, into: Claim, *, besides: Merge | None = None) -> Reading:
    """Render both claims as they read now and as they will. Raises `Refused` for claims that cannot be merged so.

    `besides` is the request that is about to be decided.
    """
    if (refusal := why_not(kind, claim, into, besides=besides)) is not None:
        raise Refused(refusal)
    now = Both(_words(claim), _words(into))
    if kind == Merge.Kind.MERGE:
        return _merging(now, claim, into)
    return _separating(now, claim, into)


def request(claim: Claim, into: Claim, *, actor: User, reason: str, shown: str, kind: str = Merge.Kind.MERGE) -> Merge:
    """Ask a second person to merge the claim into another, or to separate the two. Raises `Refused`.

    `shown` is the hash of what the person was shown (`Reading.sha256`), `reason` is for colleagues.
    """
    require(may_request_merges(actor), _REQUEST)
    if not reason.strip():
        raise Refused(_("Say why; colleagues will read it, readers will not."))
    with acting(actor, reason="asked to merge claims"), transaction.atomic():
        claim, into, *_others = _locked(claim, into)
        require(is_visible(claim, actor) and is_visible(into, actor), _HIDDEN)
        found = reading(kind, claim, into)
        if found.sha256 != shown:
            raise Refused(_("The claims no longer read as you were shown. Read them once more."))
        return Merge.objects.create(
            kind=kind,
            claim=claim,
            into=into,
            reason=reason.strip(),
            sha256=found.sha256,
            requested_at=timezone.now(),
            requested_by=actor,
        )


def approve(merge: Merge, *, actor: User, shown: str) -> Merge:
    """Merge or separate the claims, as a second person who has read both as they will read. Raises `Refused`."""
    with acting(actor, reason="approved a merge of claims"), transaction.atomic():
        locked = _open(merge, actor)
        require(may_approve_merges(actor), _APPROVE)
        if locked.requested_by is not None and locked.requested_by.pk == actor.pk:
            raise Refused(_("You asked for this, so somebody else has to approve it. Ask a colleague."))
        if (reason := why_not_approve(actor, [locked.requested_by_id])) is not None:
            raise Refused(reason)
        claim, into, *parts = _locked(locked.claim, locked.into)
        found = reading(locked.kind, claim, into, besides=locked)
        if found.sha256 != locked.sha256:
            raise Refused(_("One of the claims changed after this was asked for. Decline it, read both, and ask anew."))
        if found.sha256 != shown:
            raise Refused(_("The claims no longer read as you were shown. Read them once more."))
        locked.reviews, locked.appearances = sorted(found.reviews), sorted(found.appearances)
        _decide(locked, Merge.State.APPROVED, actor)
        _move(locked, claim, into, topics=found.topics)
        if locked.kind == Merge.Kind.UNMERGE:
            _link_what_imports_brought(found)
        root = into if locked.kind == Merge.Kind.MERGE else claim
        events = [(into, found.after.into), (claim, found.after.claim)]
        event = _EVENTS[Merge.Kind(locked.kind)]
        append_together(events, event=event)
        # Claims that were merged into this one earlier say where they are now.
        pointers = [(part, pointing_to(_words(part), root.public_id)) for part in parts]
        if pointers:
            append_together(pointers, event=Publication.Event.MERGED)
        return locked


def decline(merge: Merge, *, actor: User) -> Merge:
    """Leave both claims as they are: as a second person who disagrees, or as whoever asked. Raises `Refused`."""
    with acting(actor, reason="declined a merge of claims"), transaction.atomic():
        locked = _open(merge, actor)
        own = locked.requested_by is not None and locked.requested_by.pk == actor.pk
        require(may_approve_merges(actor) or (own and may_request_merges(actor)), _APPROVE)
        return _decide(locked, Merge.State.DECLINED, actor)


def waiting(user: User) -> QuerySet[Merge]:
    """The requests that wait for a second person and that this one may see, the oldest first."""
    rows = visible(Merge.objects.filter(state=Merge.State.REQUESTED), user)
    return rows.select_related("claim", "into", "requested_by").order_by("requested_at", "pk")


def _merging(now: Both, claim: Claim, into: Claim) -> Reading:
    rechecks = Recheck.objects.open().filter(review__claim__in=[claim, into])
    both = Q(claim=claim) & ~Q(statement__in=Appearance.objects.filter(claim=into).values("statement"))
    return Reading(
        now=now,
        after=merged(now.claim, now.into),
        reviews=frozenset(claim.reviews.values_list("pk", flat=True)),
        appearances=frozenset(Appearance.objects.filter(both).values_list("pk", flat=True)),
        rechecks=tuple(rechecks.order_by("public_id").values_list("public_id", flat=True)),
    )


def _separating(now: Both, claim: Claim, into: Claim) -> Reading:
    merge = Merge.objects.filter(claim=claim, state=Merge.State.APPROVED).latest("decided_at", "pk")
    before = _words_before(claim)
    gone = {before["id"], *(each["id"] for each in before.get("merged_from", []))}
    leaving = [each for each in now.into.get("merged_from", []) if each["id"] in gone]
    # Those that joined a merged claim since are of its words too (claims/imports/joining/).
    published = {name for each in leaving for name in each["reviews"]} | {each["id"] for each in before["reviews"]}
    # What was published of the claim that stays, after it was merged, is about the words of that one.
    reviews = {
        row.pk: row.public_id
        for row in Review.objects.filter(Q(pk__in=merge.reviews) | Q(public_id__in=published), claim=into)
        if row.public_id in published or row.latest_published() is None
    }
    back = Appearance.objects.filter(pk__in=merge.appearances, claim=into)
    returning = Appearance.objects.filter(Q(pk__in=back.values("pk")) | Q(claim=claim))
    statements = set(returning.values_list("statement__public_id", flat=True))
    after = separated(before, now.into, reviews=published & set(reviews.values()), statements=statements)
    with_it = _statements(after.claim) - _statements(after.into)
    brought = {each["id"] for each in now.into["statements"] if brought_by(each)}
    moving = Q(pk__in=back.exclude(statement__public_id__in=brought | _statements(after.into)).values("pk")) | Q(
        statement__public_id__in=with_it & brought
    )
    there = Appearance.objects.filter(claim=claim).values("statement")
    links = Appearance.objects.filter(moving, claim=into).exclude(statement__in=there)
    return Reading(
        now=now,
        after=after,
        reviews=frozenset(reviews),
        appearances=frozenset(links.values_list("pk", flat=True)),
    )


def _statements(words: Json) -> set[str]:
    return {each["id"] for each in words["statements"]}


def _words(claim: Claim) -> Json:
    last = last_words(claim)
    if last is None:
        raise Refused(_("Nothing of “%(claim)s” is published.") % {"claim": claim})
    return last.words


def _words_before(claim: Claim) -> Json:
    """The words of the claim's last body in which it stood alone."""
    bodies = PublicationBody.objects.filter(publication__claim=claim).order_by("-publication__version")
    for json in bodies.values_list("json", flat=True).iterator(chunk_size=20):
        body: Json = orjson.loads(bytes(json))
        if body["merged_into"] is None:
            return published_claim.words(body)
    raise Refused(_("What “%(claim)s” said before it was merged was taken out of the log.") % {"claim": claim})


def _locked(*claims: Claim) -> list[Claim]:
    """These claims and those that are part of the first, locked in the order of their keys as every verb does."""
    keys = [*(each.pk for each in claims), *parts_of(claims[0])]
    rows = {each.pk: each for each in Claim.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))}
    return [rows[key] for key in keys]


def _open(merge: Merge, actor: User) -> Merge:
    rows = Merge.objects.select_for_update(of=("self",)).select_related("claim", "into", "requested_by")
    locked = rows.get(pk=merge.pk)
    if locked.state != Merge.State.REQUESTED:
        raise Refused(
            _("This is %(state)s already. Reload the page to see it as it is.") % {"state": locked.get_state_display()}
        )
    require(is_visible(locked.claim, actor) and is_visible(locked.into, actor), _HIDDEN)
    return locked


def _decide(merge: Merge, state: Merge.State, actor: User) -> Merge:
    merge.state = state
    merge.decided_at = timezone.now()
    merge.decided_by = actor
    merge.save(update_fields=["state", "decided_at", "decided_by", "reviews", "appearances"])
    return merge


def _link_what_imports_brought(found: Reading) -> None:
    """Link either claim to the statements that imports brought to it, and to no other that they brought."""
    every = [*found.now.into["statements"], *found.after.claim["statements"], *found.after.into["statements"]]
    brought = {each["id"] for each in every if brought_by(each)}
    for words in found.after:
        claim = Claim.objects.get(public_id=words["id"])
        links = Appearance.objects.filter(claim=claim)
        links.filter(statement__public_id__in=brought - _statements(words)).delete()
        lacking = brought & _statements(words) - set(links.values_list("statement__public_id", flat=True))
        for statement in Statement.objects.filter(public_id__in=lacking):
            Appearance.objects.create(claim=claim, statement=statement)


def _move(merge: Merge, claim: Claim, into: Claim, *, topics: Collection[str]) -> None:
    """Move what the merge names, and note that what was edited of either claim may differ from what is published."""
    at = into if merge.kind == Merge.Kind.MERGE else claim
    filed = Topic.objects.filter(slug__in=topics)
    if merge.kind == Merge.Kind.MERGE:
        into.topics.add(*filed)
    else:
        into.topics.remove(*filed)
    Review.objects.filter(pk__in=merge.reviews).update(claim=at)
    Appearance.objects.filter(pk__in=merge.appearances).update(claim=at)
    for each in (claim, into):
        each.refresh_from_db(fields=["merged_into"])
    edited = UnpublishedEdit.objects.filter(claim__in=[claim, into])
    if edited.exists():
        UnpublishedEdit.objects.get_or_create(claim=at, defaults={"changed_at": timezone.now()})
