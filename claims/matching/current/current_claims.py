"""Read claims that the matcher named as the asker may see them now.

The matcher's index may be seconds behind the log. So nothing is taken from it but ids and scores: bodies come from the
current `ClaimVersion` rows of the asker's audience. Withdrawn and redacted claims are left out, and a claim that was
merged leads to the one that it is part of.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db.models import Case, When

from claims.formats.as_now import as_now
from claims.json_object import Json
from claims.models import ClaimVersion
from claims.models.publication import ClaimVersionQuerySet
from claims.models.verification import Verification

_BODY = "publication__body__json"
_MOST_MERGES = 5  # of a claim into another, one after the other


class CurrentClaim(NamedTuple):
    """A claim's current body, and what shipped scales map the labels of its reviews to, by the review's id."""

    body: Json
    verdict_mapped: Mapping[str, Json]
    changed_at: datetime


def current_claims(audience: str, ids: Iterable[str]) -> dict[str, CurrentClaim]:
    """The claims with these ids that the audience may see, by the id as given; two ids may lead to one claim."""
    versions = ClaimVersion.objects.current(audience)
    wanted = set(ids)
    leads_to = whole_of(versions, wanted)
    found = standing(versions, set(leads_to.values()))
    claims = {
        name: CurrentClaim(as_now(orjson.loads(bytes(json))), mapped or {}, changed_at)
        for name, json, mapped, changed_at in found.values_list(
            "claim_public_id", _BODY, "verdict_mapped", "changed_at"
        )
    }
    return {name: claims[whole] for name, whole in leads_to.items() if whole in claims}


def whole_of(versions: ClaimVersionQuerySet, ids: Collection[str]) -> dict[str, str]:
    """For each id that has a version, the claim to show: itself, or the one that it is part of."""
    leads_to: dict[str, str] = {}
    asked = {name: name for name in ids}  # the claim that is looked at now, by the id that led there
    for _ in range(_MOST_MERGES):
        merged = _merged_into(versions, set(asked.values()))
        leads_to |= {name: at for name, at in asked.items() if at in merged and merged[at] is None}
        asked = {name: into for name, at in asked.items() if (into := merged.get(at)) is not None}
        if not asked:
            break
    return leads_to


def standing(versions: ClaimVersionQuerySet, ids: Collection[str]) -> ClaimVersionQuerySet:
    """Those of the versions that are of these claims and may be found: not merged, withdrawn or redacted."""
    shown = versions.filter(claim_public_id__in=ids).standing_alone().exclude(verification=Verification.WITHDRAWN)
    return shown.filter(publication__body__isnull=False)


def _merged_into(versions: ClaimVersionQuerySet, ids: Collection[str]) -> dict[str, str | None]:
    """Of each claim that has a version, the claim that it is part of; None if it stands alone."""
    merged = Case(When(verification=Verification.MERGED, then=_BODY))
    rows: Iterable[tuple[str, Any]] = versions.filter(claim_public_id__in=ids).values_list("claim_public_id", merged)
    return {name: None if json is None else orjson.loads(bytes(json))["merged_into"] for name, json in rows}
