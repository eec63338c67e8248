"""What the parts of matching exchange: entries of the index, matches with their tier and reasons, and search hits.

This module imports the standard library alone, since web processes load it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """What the index knows of one published claim.

    `id` is the public id (`clm_…`) and `sequence` that of the publication the entry was read from. `language` is a
    language tag, or "" when it is not known. `titles` are those of the articles whose reviews rate the claim,
    `speakers` the names of those who made it. A period without an end has `period_end` None; `place` is "" for none.
    `organisations` and `topics` hold the values that the filters of the claims list take.
    """

    id: str
    sequence: int
    text: str
    language: str = ""
    titles: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    period_start: date | None = None
    period_end: date | None = None
    place: str = ""
    organisations: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


class Tier(StrEnum):
    """What a match may be taken for, the surest first.

    `match`: the claim says what the text says. `possible`: a person has to look. `related`: the claim is about
    another year, place, figure or direction, or says the reverse.
    """

    MATCH = "match"
    POSSIBLE = "possible"
    RELATED = "related"


@dataclass(frozen=True, slots=True)
class Why:
    """One reason for a tier: `code`, and the words of the text and of the claim that it rests on ("" without any).

    Codes for it: `same_words, some_words, same_meaning, same_title, part_of_text, same_page`; `some_words` where words
    alone were compared. Codes of a difference, which keeps a
    claim from being a `match`: `number, name, date, period, place, negation, direction, roles, term, certainty,
    word, few_words, foreign_language`.
    """

    code: str
    text: str = ""
    claim: str = ""


TURNING = frozenset({"number", "name", "place", "date", "period", "negation", "direction", "roles", "term"})
"""Codes of differences that make the claim another one."""


def turns(why: Why) -> bool:
    """Whether a difference makes the claim another one: both sides say it, and each says something else.

    A negation is enough on one side. What one side says and the other leaves out makes it doubtful alone.
    """
    return why.code in TURNING and (why.code == "negation" or bool(why.text and why.claim))


@dataclass(frozen=True, slots=True)
class Match:
    """One distinct claim text that answers a text.

    `claims` are the ids of the claims with this normalised text to which `tier` applies, best first. `others` are
    those of the same words about another period or place, each with what differs: they are `related`. `score` is the
    calibrated probability (0 to 1) that the text makes this claim. `terms` are the words of the text, as written,
    that the claim shares. `by_meaning`: whether a leg by meaning compared the two; else `score` rests on words alone,
    and is no probability. `shared` is the share (0 to 1) of the claim's words that the text has,
    without words such as "the".
    """

    claims: tuple[str, ...]
    score: float
    tier: Tier
    why: tuple[Why, ...] = ()
    others: tuple[tuple[str, tuple[Why, ...]], ...] = ()
    terms: tuple[str, ...] = ()
    by_meaning: bool = False
    shared: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One claim that a search found; `score` orders the hits of one search and means nothing across searches."""

    claim: str
    score: float
    terms: tuple[str, ...] = field(default=())
