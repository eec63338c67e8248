"""What may be told of a notice outside the desk: its kind, an id, a link, and words of what is published alone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from claims.models import Claim, Notice, Restriction
from claims.notifying.inert import inert
from claims.permissions import User
from claims.publication.words import last_publications
from claims.visibility import hidden_claims
from sources import site_address


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
    keys = {notice.claim_id for notice in rows if notice.claim_id is not None}
    ids = dict(Claim.objects.filter(pk__in=keys).values_list("pk", "public_id"))
    words = _published_words(keys)
    root = site()
    return {
        notice.pk: About(
            id=ids.get(notice.claim_id or 0, ""),
            words=words.get(notice.claim_id or 0, ""),
            url=root + (notice.path if _is_plain(notice.path) else reverse("desk:notices")),
            claim=notice.claim_id,
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
