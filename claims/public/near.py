"""Published claims that are near another, for its page: ids from the matcher, words from the index."""

from claims.json_object import Json
from claims.matching import client
from claims.matching.current.current_claims import standing
from claims.public.bodies import bodies, current
from claims.public.lists.entry import Entry, entry_of

MOST = 4
_LEAST_SCORE = 0.3


def near_claims(body: Json) -> list[Entry]:
    """At most `MOST` claims that say something near, without those that are withdrawn or part of others."""
    answer = client.match([body["text"][:1_000]], body["language"], MOST * 2)
    wanted = [
        name
        for match in answer.results[0]
        if match.score >= _LEAST_SCORE
        for name in match.claims[:1]
        if name != body["id"]
    ]
    found = {each["id"]: each for each in bodies(standing(current(), wanted))}
    return [entry_of(found[name]) for name in wanted if name in found][:MOST]
