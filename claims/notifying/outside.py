"""What may be told of a notice outside the desk: its kind, an id, a link, and words of what is published alone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Model
from django.urls import Resolver404, resolve, reverse

from claims.models import Claim, Notice, Recheck, Restriction, Review, ReviewVersion
from claims.notifying.inert import inert
from claims.permissions import User
from claims.publication.words import last_publications
from claims.visibility import hidden_claims
from sources import site_address

# The routes that lead to what belongs to a claim: whose key they have, and how it leads to the claim.
_ROUTES: dict[str, tuple[type[Model], str]] = {
    "desk:claim": (Claim, "pk"),
    "desk:recheck": (Recheck, "review__claim"),
    "admin:claims_claim_change": (Claim, "pk"),
    "admin:claims_review_change": (Review, "claim"),
    "admin:claims_reviewversion_change": (ReviewVersion, "review__claim"),
    "admin:claims_recheck_change": (Recheck, "review__claim"),
    "desk:suggest": (ReviewVersion, "review__claim"),
}


@dataclass(frozen=True)
class About:
    """What a notice is about, as it may be told outside. `words` are inert, and empty if nothing is published."""

    id: str
    words: str
    url: str
    claim: int | None = None


def site() -> str:
    """The address at which people open the desk, without a slash at the end."""
    return site_address.remembered(settings.DATA).rstrip("/")


def notices_url() -> str:
    return site() + reverse("desk:notices")


def about(notices: Iterable[Notice]) -> dict[int, About]:
    """What each notice is about, by the key of the notice."""
    rows = list(notices)
    claims = {notice.pk: _claim_key(notice.path) for notice in rows}
    keys = {key for key in claims.values() if key is not None}
    ids = dict(Claim.objects.filter(pk__in=keys).values_list("pk", "public_id"))
    words = _published_words(keys & set(ids))
    root = site()
    return {
        notice.pk: About(
            id=ids.get(key, "") if (key := claims[notice.pk]) is not None else "",
            words=words.get(key, "") if key is not None else "",
            url=root + (notice.path if _is_plain(notice.path) else reverse("desk:notices")),
            claim=key if key in ids else None,
        )
        for notice in rows
    }


def restricted(claims: Collection[int]) -> set[int]:
    """Those of the claims that exist for their members alone: no room is told of them."""
    return set(Restriction.objects.filter(claim__in=claims).values_list("claim", flat=True))


def hidden_from(user: User) -> set[int]:
    """The claims of which this person is told nothing, although she got the notice when she could see them."""
    return hidden_claims(user)


def _is_plain(path: str) -> bool:
    """Whether the path can stand in a mail and in a chat as it is: what our own routes are made of."""
    allowed = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-_?=&#.")
    return bool(path) and set(path) <= allowed


def _published_words(claims: Collection[int]) -> dict[int, str]:
    """The texts of claims as the public record has them now; without those whose words were taken out of it."""
    found = last_publications(claims) if claims else {}
    return {key: inert(str(last.words["text"])) for key, last in found.items() if not last.is_redacted}


def _claim_key(path: str) -> int | None:
    try:
        match = resolve(urlsplit(path).path) if path else None
    except (Resolver404, ValueError):
        return None
    if match is None or match.view_name not in _ROUTES:
        return None
    model, way = _ROUTES[match.view_name]
    key: Any = next(iter(match.kwargs.values()), "")
    if not str(key).isdecimal() or len(str(key)) > 18:
        return None
    return model._default_manager.filter(pk=int(key)).values_list(way, flat=True).first()
