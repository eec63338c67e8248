"""What the desk knows about the question of a group: published claims, and claims that nobody outside may know of."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.desk.lists.claim_search import found_claims
from claims.desk.similar_claims import TIERS, is_worth_showing
from claims.matching import draft_client
from claims.models import Claim, ClaimVersion, Tip, TipFingerprint, TipGroup
from claims.models.publication import Audience
from claims.permissions import User
from claims.tips.fingerprint import words
from claims.visibility import visible, visible_claims
from sources.http.url_key import stored_key

SHOWN = 5
_FIRST = 2_000  # characters of a tip
_LOOKED_AT = 300  # drafts that share a long word with the tip
_WORDS = 6
_LEAST_SHARED = 0.3  # of the words of a draft


@dataclass(frozen=True)
class Known:
    """A claim, how near it is in words, and whether the public can read a review of it."""

    claim: Claim
    why: str
    is_published: bool


def known_about(group: TipGroup, user: User) -> list[Known]:
    """The claims that this user may see, the published ones first, then drafts."""
    tip = group.tips.exclude(text="").order_by("pk").first()
    found: dict[int, str] = {}
    if tip is not None:
        found |= _similar(tip, user)
        found |= {pk: "shares words" for pk in _drafts(tip, user) if pk not in found}
    for pk in _at_the_address(group, user):
        found.setdefault(pk, "appears at this address")
    claims = _with_publicity(visible_claims(user).filter(pk__in=found)).in_bulk()
    known = [Known(claims[pk], why, claims[pk].is_public) for pk, why in found.items() if pk in claims]
    return sorted(known, key=lambda each: not each.is_published)


def search(words_: str, user: User) -> list[Known]:
    """The claim with this id, then those that these words find, public ones first."""
    rows = _with_publicity(visible_claims(user).filter(merged_into__isnull=True))
    keys, _by_matcher = found_claims(words_)
    found = {row.pk: row for row in rows.filter(Q(public_id=words_) | Q(pk__in=keys))}
    ranks = {key: rank for rank, key in enumerate(keys)}
    claims = sorted(found.values(), key=lambda row: (row.public_id != words_, not row.is_public, ranks.get(row.pk, 0)))
    return [Known(claim, "", claim.is_public) for claim in claims[:20]]


def similar_groups(group: TipGroup, user: User) -> QuerySet[TipGroup]:
    """Other groups with a text near to one of this group, or with its address."""
    own = TipFingerprint.objects.filter(tip__group=group)
    bands = sorted({band for each in own[:20] for band in each.bands})
    addresses = list(own.exclude(url_sha256="").values_list("url_sha256", flat=True)[:20])
    near = TipFingerprint.objects.filter(Q(bands__overlap=bands) | Q(url_sha256__in=addresses))
    rows = TipGroup.objects.filter(pk__in=near.values("tip__group")[:_LOOKED_AT]).exclude(pk=group.pk)
    return visible(rows, user)


def search_groups(words_: str, group: TipGroup, user: User) -> QuerySet[TipGroup]:
    """Other groups with a tip that has all of these words in its text or address."""
    tips = Tip.objects.filter(group=OuterRef("pk"))
    for word in words_.split():
        tips = tips.filter(Q(text__icontains=word) | Q(url__icontains=word))
    return visible(TipGroup.objects.filter(Exists(tips)).exclude(pk=group.pk), user)


def _similar(tip: Tip, user: User) -> dict[int, str]:
    """What the matcher finds among published claims and drafts."""
    similar = draft_client.similar(tip.text, tip.language, 2 * SHOWN)
    tiers = {each.claim: str(TIERS[each.tier]) for each in similar if is_worth_showing(each)}
    keys = dict(visible_claims(user).filter(public_id__in=tiers).values_list("public_id", "pk"))
    return {keys[name]: tier for name, tier in tiers.items() if name in keys}


def _drafts(tip: Tip, user: User) -> list[int]:
    """Unpublished claims that share words with the tip, those with the largest share first; without the matcher too."""
    asked = words(tip.text)
    if not asked:
        return []
    unpublished = _with_publicity(visible_claims(user)).filter(is_public=False, merged_into__isnull=True)
    ids = draft_client.find(tip.text[:_FIRST], _LOOKED_AT)
    if ids is None:
        longest = sorted(asked, key=lambda word: (-len(word), word))[:_WORDS]
        near_in_words = Q()
        for word in longest:
            near_in_words |= Q(text__icontains=word)
        unpublished = unpublished.filter(near_in_words)
    else:
        unpublished = unpublished.filter(public_id__in=ids)
    shares = {
        pk: len(asked & draft) / len(draft)
        for pk, text in unpublished.order_by("-pk").values_list("pk", "text")[:_LOOKED_AT]
        if (draft := words(text))
    }
    near = [pk for pk, share in shares.items() if share >= _LEAST_SHARED]
    return sorted(near, key=lambda pk: (-shares[pk], -pk))[:SHOWN]


def _at_the_address(group: TipGroup, user: User) -> list[int]:
    urls = group.tips.exclude(url="").order_by("pk").values_list("url", flat=True).distinct()[:SHOWN]
    keys = {key for url in urls if (key := stored_key(url))}
    rows = visible_claims(user).filter(statements__document__url_key__in=keys)
    return list(rows.order_by("-pk").values_list("pk", flat=True).distinct()[:SHOWN]) if keys else []


def _with_publicity(claims: QuerySet[Claim]) -> QuerySet[Any]:
    public = ClaimVersion.objects.current(Audience.PUBLIC).filter(claim=OuterRef("pk"))
    return claims.annotate(is_public=Exists(public))
