"""Propose merges: claims of this desk, and published claims that say the same in other words.

    beat ──a few claims of this desk──> matcher ──match, same period and place──> MergeProposal ──> an editor decides

Nothing is merged here. A pair that somebody left apart, asked to merge, or separated is not proposed again. Imports
propose claims in the very same words by themselves (claims/imports/merge_proposals.py).
"""

import time
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.json_object import Json
from claims.matching import client
from claims.matching.published_entry import HIDDEN
from claims.matching.types import Tier
from claims.models import Claim, ClaimVersion, Merge, MergeProposal, Review
from claims.models.publication import Audience
from sources.database.audit import acting_as

BATCH = 10
"""Claims of this desk that are looked at by one tick."""
EVERY = 60
"""Seconds from tick to tick: some 14,000 claims a day, then from the first on, since other claims come later."""
MOST_MATCHES = 5
_DESCRIBED = ("language", "period", "place")


def propose_merges(now: float | None = None) -> int:
    """Look at the next few published claims of this desk. Returns the number of new proposals.

    Which are next follows from the time (seconds since 1970), so that nothing has to be kept.
    """
    ours = _ours()
    count = ours.count()
    if not count:
        return 0
    tick = int((time.time() if now is None else now) // EVERY)
    first = tick * BATCH % (-(-count // BATCH) * BATCH)
    bodies = _bodies(ours.order_by("claim_id")[first : first + BATCH])
    if not bodies:
        return 0
    answer = client.match([body["text"] for body in bodies], "", MOST_MATCHES)
    if answer.degraded:
        return 0
    found = 0
    for body, matches in zip(bodies, answer.results, strict=True):
        names = [name for match in matches if match.tier is Tier.MATCH for name in match.claims]
        others = _bodies(_standing().filter(claim_public_id__in=names).exclude(claim_public_id=body["id"]))
        found += sum(_propose(body, other) for other in others if _about_the_same(body, other))
    return found


def _standing() -> QuerySet[ClaimVersion]:
    """Published claims that are neither withdrawn nor part of others."""
    versions = ClaimVersion.objects.current(Audience.NEWSROOMS).filter(publication__body__isnull=False)
    return versions.exclude(verification__in=HIDDEN)


def _ours() -> QuerySet[ClaimVersion]:
    own = Review.objects.filter(claim=OuterRef("claim_id"), origin=Review.Origin.OWN)
    return _standing().filter(Exists(own))


def _bodies(versions: QuerySet[ClaimVersion]) -> list[Json]:
    return [orjson.loads(bytes(json)) for json in versions.values_list("publication__body__json", flat=True)]


def _about_the_same(one: Json, other: Json) -> bool:
    """Whether both are about the same period and place, in one language, and neither repeats the other."""
    repeated = one["id"] == other["repeats"] or other["id"] == one["repeats"]
    return not repeated and all(one[name] == other[name] for name in _DESCRIBED) and one["demo"] == other["demo"]


def _propose(ours: Json, other: Json) -> int:
    """Write a proposal unless the pair, or another one of the claim, was proposed. Returns how many were made."""
    with acting_as("import", reason="proposed a merge: the matcher found that it says the same"), transaction.atomic():
        rows = {row.public_id: row for row in _locked([ours["id"], other["id"]])}
        if len(rows) < 2:
            return 0
        into, claim = rows[ours["id"]], rows[other["id"]]
        if _is_ours(other) and claim.pk < into.pk:
            into, claim = claim, into  # of two of this desk the older one stays
        pair = Q(claim=claim, into=into) | Q(claim=into, into=claim)
        if MergeProposal.objects.filter(pair | Q(claim=claim)).exists() or Merge.objects.filter(pair).exists():
            return 0
        MergeProposal.objects.create(claim=claim, into=into)
        return 1


def _locked(names: Iterable[str]) -> Iterator[Any]:
    rows = Claim.objects.select_for_update().filter(public_id__in=names, merged_into=None)
    yield from rows.order_by("pk")


def _is_ours(body: Json) -> bool:
    return any(review["origin"] == Review.Origin.OWN for review in body["reviews"])
