"""What is published about a text or an address, for readers: ids from the matcher, words from today's public bodies.

    match      a check of just this claim
    possible   a check that may answer; the reader has to look
    related    about another year, place or figure, or the reverse: no answer

Texts are neither stored nor logged.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from claims.matching import client
from claims.matching.current.current_claims import CurrentClaim, current_claims, standing, whole_of
from claims.matching.current.recheck_tier import position, tier_now
from claims.matching.current.same_page import same_page
from claims.matching.language import language_of
from claims.matching.types import Match, Tier
from claims.matching.words.posts import is_address
from claims.models.publication import Audience
from claims.public.bodies import current, current_of
from claims.public.lists.entry import Entry, entry_of

MOST = 5  # claims of each tier
_ASKED = 12  # matches that the matcher is asked for
_PUBLIC = Audience.PUBLIC.value


@dataclass
class Answers:
    """The claims that may answer, by how sure that is. `is_degraded`: found by less than the whole matcher."""

    matches: list[Entry] = field(default_factory=list)
    possible: list[Entry] = field(default_factory=list)
    related: list[Entry] = field(default_factory=list)
    is_degraded: bool = False

    @property
    def found(self) -> bool:
        return bool(self.matches or self.possible or self.related)


@dataclass(frozen=True)
class Hits:
    """A page of what a search found, the best first; `last` is the last claim of a page that has a next one."""

    entries: list[Entry]
    last: str
    place: int
    is_degraded: bool


def answers(text: str, url: str = "") -> Answers:
    """What is published that answers a text, an address where it was seen, or both."""
    found = Answers()
    addresses = [url] if url else []
    if is_address(text):
        addresses.append(text)
        text = ""
    shown: set[str] = set()
    if text.strip():
        language, read_until = language_of(text), position()
        answer = client.match([text], language, _ASKED)
        found.is_degraded = answer.degraded
        matches = answer.results[0]
        claims = current_claims(_PUBLIC, _ids(matches))
        for tier, claim in _tiers(text, language, read_until, matches, claims):
            _add(found, tier, claim, shown)
    for address in addresses:
        pages = same_page(_PUBLIC, address, MOST)
        claims = current_claims(_PUBLIC, _ids(pages))
        for match in pages:
            for name in match.claims:
                if name in claims:
                    _add(found, Tier.POSSIBLE, claims[name], shown)
    return found


def _ids(matches: Iterable[Match]) -> list[str]:
    return [name for match in matches for name in (*match.claims[:MOST], *(each for each, _ in match.others[:MOST]))]


def _tiers(
    text: str, language: str, read_until: int | None, matches: list[Match], claims: dict[str, CurrentClaim]
) -> Iterator[tuple[Tier, CurrentClaim]]:
    for match in matches:
        for name in match.claims[:MOST]:
            if name in claims:
                yield tier_now(match, claims[name], text, language, read_until)[0], claims[name]
        for name, _why in match.others[:MOST]:
            if name in claims:
                yield Tier.RELATED, claims[name]


def _add(found: Answers, tier: Tier, claim: CurrentClaim, shown: set[str]) -> None:
    entries = {Tier.MATCH: found.matches, Tier.POSSIBLE: found.possible, Tier.RELATED: found.related}[tier]
    name = claim.body["id"]
    if name not in shown and len(entries) < MOST:
        shown.add(name)
        entries.append(entry_of(claim.body))


def search(q: str, *, after: str, place: int, length: int, most: int) -> Hits:
    """Claims about some words, from behind the claim `after`; by `place` if that is found no more."""
    answer = client.search(q, most)
    versions = current()
    leads_to = whole_of(versions, {hit.claim for hit in answer.hits})
    shown = set(standing(versions, set(leads_to.values())).values_list("claim_public_id", flat=True))
    names = list(dict.fromkeys(whole for hit in answer.hits if (whole := leads_to.get(hit.claim)) in shown and whole))
    start = names.index(after) + 1 if after in names else min(place, len(names))
    wanted = names[start : start + length]
    by_name = current_of(wanted)
    last = wanted[-1] if start + length < len(names) else ""
    entries = [entry_of(by_name[name]) for name in wanted if name in by_name]
    return Hits(entries, last, start + length, answer.degraded)
