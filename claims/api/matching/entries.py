"""Make the entries of an answer: the matches of a text with their claims and reviews as the asker may see them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from claims.api.matching.resources import NEEDS_RECHECK, STANDS, SUSPENDED
from claims.formats.suspended import is_suspended
from claims.json_object import Json
from claims.matching.current.current_claims import CurrentClaim
from claims.matching.current.recheck_tier import tier_now
from claims.matching.normalization import normalize
from claims.matching.types import Match, Tier, Why
from claims.models.verification import Verification

MOST_CLAIMS = 50  # of one entry, in the same words
MOST_OTHERS = 10


class Asked(NamedTuple):
    """A text that was sent, its language ("" if that is not known), and how far the matcher had read the log then."""

    text: str
    language: str
    read_until: int | None = None


def ids_of(matches: Iterable[Match]) -> Iterator[str]:
    """The ids of claims that the entries of these matches may show."""
    for match in matches:
        yield from match.claims[:MOST_CLAIMS]
        yield from (name for name, _ in match.others[:MOST_OTHERS])


def entries(asked: Asked, matches: Sequence[Match], claims: Mapping[str, CurrentClaim], limit: int) -> list[Json]:
    """At most `limit` entries of one text, in the order of the matches; a claim is in one of them alone."""
    found: list[Json] = []
    shown: set[str] = set()
    for match in matches:
        if len(found) == limit:
            break
        entry = _entry(asked, match, claims, shown)
        if entry is not None:
            found.append(entry)
    return found


def _entry(asked: Asked, match: Match, claims: Mapping[str, CurrentClaim], shown: set[str]) -> Json | None:
    """The entry of a match; None if no claim of it may be shown, or all were."""
    same = _same_words([claims[name] for name in match.claims[:MOST_CLAIMS] if name in claims], shown)
    if not same:
        return None
    tier, why = tier_now(match, same[0], *asked)
    others = []
    for name, differing in match.others[:MOST_OTHERS]:
        if name in claims and (claim := claims[name]).body["id"] not in shown:
            shown.add(claim.body["id"])
            others.append(
                {
                    "claim": _claim(claim.body),
                    "tier": Tier.RELATED.value,
                    "why": _reasons(differing),
                    "reviews": _reviews([claim]),
                }
            )
    return {
        "claim": _claim(same[0].body),
        "claims": [claim.body["id"] for claim in same],
        "score": round(match.score, 4),
        "tier": tier.value,
        "why": _reasons(why),
        "matched_terms": list(match.terms),
        "reviews": _reviews(same),
        "others": others,
    }


def _same_words(claims: Sequence[CurrentClaim], shown: set[str]) -> list[CurrentClaim]:
    """Those that were not shown yet and have the words of the first: the matcher may have read earlier ones."""
    found: list[CurrentClaim] = []
    for claim in claims:
        if claim.body["id"] in shown:
            continue
        if not found or normalize(claim.body["text"]) == normalize(found[0].body["text"]):
            found.append(claim)
            shown.add(claim.body["id"])
    return found


def _reasons(why: Iterable[Why]) -> list[Json]:
    return [{"code": each.code, "text": each.text or None, "claim": each.claim or None} for each in why]


def _claim(body: Json) -> Json:
    kept = {name: body[name] for name in ("id", "url", "text", "language", "period", "place", "topics")}
    status = {name: body["verification"][name] for name in ("status", "since")}
    return kept | {"verification": status}


def _reviews(claims: Iterable[CurrentClaim]) -> list[Json]:
    return [
        _review(review, claim) for claim in claims for review in claim.body["reviews"] if not review["withdrawn_at"]
    ]


def _review(review: Json, claim: CurrentClaim) -> Json:
    """A review in short. One that is suspended shows neither its rating nor its finding, which its headline may say."""
    state = _state(review, claim.body["verification"])
    hidden = state == SUSPENDED
    found: Json = {
        "id": review["id"],
        "url": f"/api/v1/reviews/{review['id']}/",
        "claim": claim.body["id"],
        "state": state,
        "organisation": review["organisation"],
        "article": None if hidden else review["article"],
        "rating": None if hidden else review["rating"],
    }
    if not hidden and (mapped := claim.verdict_mapped.get(review["id"])):
        found["verdict_mapped"] = mapped
    rest: dict[str, Any] = {
        "summary": None if hidden else review["summary"] or None,
        "true_as_of": None if hidden else review["true_as_of"],
        "first_published_at": None if review.get("undated") else review["first_published_at"],
        "attribution": None if hidden else review["attribution"],
        "display": review["display"],
        "origin": review["origin"],
        "licence": review["licence"],
    }
    return found | rest


def _state(review: Json, verification: Json) -> str:
    if is_suspended(review):
        return SUSPENDED
    broken = {cause["review"] for cause in verification["because"]}
    unclear = not broken and verification["status"] == Verification.NEEDS_RECHECK  # then any of them may be meant
    return NEEDS_RECHECK if unclear or review["id"] in broken else STANDS
