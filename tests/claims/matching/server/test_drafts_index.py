"""Editors search published claims and drafts at once."""

import time
from collections.abc import Mapping

from claims.matching.engine import Engine
from claims.matching.server.drafts_index import DraftRequests
from claims.matching.server.requests import NotReady, Searchable
from claims.matching.types import ClaimEntry, Hit, Match


def engine(*texts: str) -> Engine:
    made = Engine()
    made.apply([ClaimEntry(f"clm_{text.split()[0].lower()}", 0, text, "en") for text in texts], [])
    return made


def found(requests: DraftRequests, q: str, limit: object = 10) -> object:
    return requests({"ask": "find", "q": q, "limit": limit}, time.monotonic() + 5)


def test_a_search_finds_claims_in_all_states_with_typing_errors_and_accents() -> None:
    published = engine("Été schools closed in Oslo.", "Ferries cost double.")
    drafts = engine("Bridges of the county need repair.", "Schools close early.")
    requests = DraftRequests(lambda: published, lambda: drafts)
    assert found(requests, "brigdes") == {"found": ["clm_bridges"], "degraded": False}
    assert found(requests, "ete") == {"found": ["clm_été"], "degraded": False}
    both = found(requests, "schools")
    assert isinstance(both, dict) and set(both["found"]) == {"clm_été", "clm_schools"}


def test_hits_of_the_two_take_turns_and_are_bounded() -> None:
    class Fixed:
        def __init__(self, *ids: str) -> None:
            self.hits = [Hit(each, 1.0) for each in ids]

        def search(self, q: str, *, limit: int, filters: Mapping[str, tuple[str, ...]]) -> list[Hit]:
            return self.hits[:limit]

        def match(self, texts: list[str], language: str, limit: int) -> list[list[Match]]:
            raise AssertionError

    requests = DraftRequests(lambda: Fixed("a", "b", "c"), lambda: Fixed("x", "y"))
    assert found(requests, "q", 4) == {"found": ["a", "x", "b", "y"], "degraded": False}


def test_an_index_that_is_not_read_yet_is_said() -> None:
    def not_ready() -> Searchable:
        raise NotReady

    requests = DraftRequests(lambda: engine("Ferries cost double."), not_ready)
    assert found(requests, "ferries") == {"found": ["clm_ferries"], "degraded": True}
    assert found(requests, "ferries", "ten") == {"error": "no such request"}
