"""Why two claims cannot be merged or separated as things stand, and what people should look at before they do."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from claims.formats.suspended import shown_rating
from claims.mapped_verdicts import DeskLabels, mapped_verdicts
from claims.models import (
    Amendment,
    AmendmentItem,
    Appearance,
    Claim,
    Merge,
    PublicationBody,
    Recheck,
    Restriction,
    Review,
    ReviewVersion,
)
from claims.publication.words import last_words

_WAITS = (ReviewVersion.State.IN_REVIEW, ReviewVersion.State.APPROVED)


def why_not(kind: str, claim: Claim, into: Claim, *, besides: Merge | None = None) -> str | None:
    """Why the claim cannot become part of the other, or separate from it, as a sentence; None if it can.

    `besides` is the request that is about to be decided.
    """
    if kind == Merge.Kind.MERGE:
        refusal = _not_merged(claim, into) or _restricted(claim, into)
        return refusal or _pending(claim, into, besides) or _suspended(claim, into)
    return _not_separated(claim, into) or _restricted(claim, into) or _pending(claim, into, besides)


def warnings(claim: Claim, into: Claim) -> list[str]:
    """What speaks against a merge, in sentences for the two people who decide."""
    found = []
    for name, one, other in (
        ("language", claim.language, into.language),
        ("period", _period(claim), _period(into)),
        ("place", claim.place, into.place),
    ):
        if one != other:
            found.append(
                f"They differ in {name}: “{one or 'none'}” and “{other or 'none'}”. The same words about another "
                "period or place are another claim."
                if name != "language"
                else f"They are in different languages: “{one}” and “{other}”."
            )
    found += _verdicts_meet(claim, into)
    for each in (claim, into):
        rechecks = Recheck.objects.open().filter(review__claim=each).count()
        if rechecks:
            found.append(
                f"“{each}” needs a re-check. It goes on under the claim that stays, which then needs it as a whole."
            )
    return found


def _verdicts_meet(claim: Claim, into: Claim) -> Iterator[str]:
    """What readers would find side by side under one claim and not understand."""
    ours = Review.objects.filter(origin=Review.Origin.OWN, withdrawn_at__isnull=True)
    ours = ours.filter(versions__state=ReviewVersion.State.PUBLISHED)
    if ours.filter(claim=claim).exists() and ours.filter(claim=into).exists():
        yield "Each has a review of our own desk; readers would find two of ours under one claim."
    one, other = _verdicts(claim), _verdicts(into)
    if one and other and one != other:
        told = [" and ".join(sorted(each)) for each in (one, other)]
        yield f"Their verdicts contradict each other: {told[0]} there, {told[1]} for the claim that stays."


def _verdicts(claim: Claim) -> set[str]:
    """As what the ratings of its reviews count: by their scales, or as their labels are mapped."""
    last = last_words(claim)
    if last is None:
        return set()
    standing = [each for each in last.body["reviews"] if each["withdrawn_at"] is None]
    ratings = [rating for each in standing if (rating := shown_rating(each))]
    mapped = mapped_verdicts(last.body | {"reviews": standing}, DeskLabels())
    return {each["verdict"] for each in [*ratings, *mapped.values()] if each["verdict"]}


def parts_of(claim: Claim) -> list[int]:
    """The keys of the claims that are part of this one, directly or through others, in the order of merging."""
    found: list[int] = []
    level = [claim.pk]
    while level:
        rows = Claim.objects.filter(merged_into__in=level).exclude(pk__in=found).order_by("pk")
        level = list(rows.values_list("pk", flat=True))
        found += level
    return found


def whole(claim: Claim) -> Claim:
    """The claim that this one is part of, through any number of merges; itself if it stands alone."""
    while claim.merged_into is not None:
        claim = claim.merged_into
    return claim


def _not_merged(claim: Claim, into: Claim) -> str | None:
    if claim.pk == into.pk:
        return _("A claim cannot be merged into itself; choose another one.")
    if claim.merged_into is not None:
        return _("“%(claim)s” is part of “%(whole)s” already; separate these two first.") % {
            "claim": claim,
            "whole": whole(claim),
        }
    if into.merged_into is not None:
        return _("“%(claim)s” is part of “%(whole)s”; choose that one as the claim that stays.") % {
            "claim": into,
            "whole": whole(into),
        }
    for each in (claim, into):
        if last_words(each) is None:
            return (
                f"Nothing of “{each}” is published, so there is nothing to merge. Link its statements to the other "
                "claim instead."
            )
        if not PublicationBody.objects.filter(publication=each.publications.latest("version")).exists():
            return f"What “{each}” said was taken out of the log, so it cannot be merged."
    if claim.is_demo != into.is_demo:
        return "A claim of the demonstration cannot be merged with a real one."
    if claim.repeats_id == into.pk or into.repeats_id == claim.pk:
        return "One of these claims repeats the other about another period. Remove that first if it is wrong."
    return None


def _not_separated(claim: Claim, into: Claim) -> str | None:
    if claim.merged_into_id is None:
        return f"“{claim}” is part of no other claim, so there is nothing to separate."
    if claim.merged_into_id != into.pk:
        return f"“{claim}” is not part of “{into}”."
    if into.merged_into is not None:
        return f"“{into}” is part of “{whole(into)}” itself; separate these two first."
    merge = Merge.objects.filter(claim=claim, state=Merge.State.APPROVED).latest("decided_at", "pk")
    moved = Appearance.objects.filter(pk__in=merge.appearances, claim=into).values("statement")
    others = [key for key in parts_of(into) if key not in {claim.pk, *parts_of(claim)}]
    shared = Appearance.objects.filter(claim__in=others, statement__in=moved).select_related("claim").first()
    if shared is not None:
        return f"“{shared.claim}” was merged later and has a statement in common with it; separate that one first."
    return None


def _restricted(claim: Claim, into: Claim) -> str | None:
    """Drafts move with their reviews, and who may read a draft follows from its claim."""
    found = {row.claim_id: row for row in Restriction.objects.filter(claim__in=[claim, into])}
    members = {frozenset(row.members.values_list("pk", flat=True)) for row in found.values()}
    if not found or (len(found) == 2 and len(members) == 1):
        return None
    restricted = claim if claim.pk in found else into
    return (
        f"“{restricted}” is restricted to named members, and its drafts would be seen by others. Lift the restriction, "
        "or restrict both claims to the same members."
    )


def _pending(claim: Claim, into: Claim, besides: Merge | None) -> str | None:
    for each in (claim, into):
        asked = Merge.objects.filter(Q(claim=each) | Q(into=each), state=Merge.State.REQUESTED)
        if (asked.exclude(pk=besides.pk) if besides else asked).exists():
            return f"A merge or separation of “{each}” waits for a second person already; decide on that first."
        if AmendmentItem.objects.filter(claim=each, amendment__state=Amendment.State.SUBMITTED).exists():
            return f"Edits of “{each}” wait for a second person; decide on them first."
        version = ReviewVersion.objects.filter(review__claim=each, state__in=_WAITS).first()
        if version is not None:
            return (
                f"A version of a review of “{each}” is {version.get_state_display()}. Publish it first, or send it "
                "back: its approval would not cover the claim as it will read."
            )
    return None


def _suspended(claim: Claim, into: Claim) -> str | None:
    review = Review.objects.filter(claim__in=[claim, into], suspended_at__isnull=False).select_related("claim").first()
    if review is None:
        return None
    return (
        f"A review of “{review.claim}” is under review, and the claim that stays would be so as a whole. Resume it, "
        "correct it or withdraw it first."
    )


def _period(claim: Claim) -> str:
    days: Iterator[str] = (each.isoformat() if each else "…" for each in (claim.period_start, claim.period_end))
    return "" if claim.period_start is None and claim.period_end is None else " to ".join(days)
