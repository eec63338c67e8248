"""Ask which claims, drafts among them, say nearly what an editor types. For the desk alone.

What newsrooms and readers are answered must not come from here: `claims/api` may not import this module
(tests/test_architecture.py), and drafts are in an index of their own, behind a socket of their own.
"""

from typing import NamedTuple

from django.conf import settings

from claims.matching import client
from claims.matching.types import Tier, Why
from claims.matching.wire import messages, socket_folder
from claims.matching.wire.connection_pool import ConnectionPool, NoAnswer

SECONDS = 5.0  # while it says that it works; an editor types on meanwhile
FIND_SECONDS = 2.0

_pool = ConnectionPool(lambda: socket_folder.socket_path(settings.MATCHER_FOLDER, socket_folder.DRAFTS))


class Similar(NamedTuple):
    """A claim that says nearly the same. `published` is whether newsrooms find it.

    `score` is the probability that the text makes this claim if `by_meaning`; else it orders alone. `terms` are words
    of the text that the claim has too, `shared` the share of the claim's words that the text has.
    """

    claim: str
    tier: Tier
    why: tuple[Why, ...]
    published: bool
    score: float = 0.0
    terms: tuple[str, ...] = ()
    by_meaning: bool = False
    shared: float = 0.0


def similar(text: str, language: str = "", limit: int = 10) -> list[Similar]:
    """The claims nearest to the text, best first; without the matcher, the published ones that PostgreSQL finds."""
    request = {"ask": "similar", "text": client.sendable(text), "language": language, "limit": limit}
    try:
        if settings.MATCHER == "off":
            raise NoAnswer("FACTCHECK_MATCHER=off")
        answer = _pool.ask(request | {"seconds": SECONDS - client.MARGIN_SECONDS}, seconds=SECONDS)
        return [
            Similar(
                claim,
                Tier(tier),
                messages.whys_of_json(why),
                bool(published),
                float(score),
                tuple(terms),
                bool(by_meaning),
                float(shared),
            )
            for claim, tier, why, published, score, terms, by_meaning, shared in answer["similar"]
        ]
    except (NoAnswer, KeyError, TypeError, ValueError):
        [matches] = client.match([text], language, limit).results
        return [
            Similar(claim, each.tier, each.why, True, each.score, each.terms, each.by_meaning, each.shared)
            for each in matches
            for claim in each.claims
        ][:limit]


def find(q: str, limit: int = 500) -> list[str] | None:
    """The ids of the claims that a search finds in any state, best first: with accents folded and typos mended.

    None if the matcher is off, does not answer or has not read all claims yet; the caller then asks the database.
    """
    try:
        if settings.MATCHER == "off":
            return None
        request = {"ask": "find", "q": client.sendable(q), "limit": limit}
        answer = _pool.ask(request | {"seconds": FIND_SECONDS - client.MARGIN_SECONDS}, seconds=FIND_SECONDS)
        found = answer["found"]
        return None if answer.get("degraded") or not isinstance(found, list) else [str(each) for each in found]
    except (NoAnswer, KeyError, TypeError, ValueError):
        return None
