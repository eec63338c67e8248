"""Answer from PostgreSQL while no matcher does: the same words, and claims that share rare ones.

The search index of the published claims is a GIN index, so looking for one word costs as much as there are claims with
it. `ts_rank` over all words of a text takes 200 ms at 758,000 claims; only its rarest words are looked for here, two at
a time. PostgreSQL's statistics name the common ones (`pg_stats`), and every word that they do not name is rare.
"""

import math
import re
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import combinations
from typing import NamedTuple, TypeVar

import orjson
from django.db import Error, connection, transaction

from claims.matching.normalization import normalize
from claims.matching.published_entry import HIDDEN, entry_of
from claims.matching.types import ClaimEntry, Hit, Match, Tier, Why
from claims.models.publication import Audience, visible_to_sql
from sources.database import prepared_reads

Found = TypeVar("Found")

STATEMENT_SECONDS = 0.5
SECONDS, SECONDS_A_TEXT, MOST_SECONDS = 1.0, 0.05, 5.0  # of one request
MOST_CHARACTERS, MOST_WORDS = 10_000, 100  # of a text that are looked at
RARE, COMMON = 0.002, 0.01  # shares of the claims that have a word
MOST_RARE, MOST_OTHERS = 8, 3  # words of a text that are looked for
FEW = 1e-4  # share of the claims among which all words of a text are looked for
MOST_ROWS = 300
LEAST_SHARED = 0.5  # of the weight of a text's words, for a claim to be possible
BEST_SCORE = 0.5  # of what shares words: the probability is not known here

_FREQUENCIES_SECONDS = 600.0
_WORD = re.compile(r"\w+")
_NOT_HIDDEN = ", ".join(f"'{status}'" for status in HIDDEN)
_SELECT = f"""
    SELECT body.json
    FROM claims_claimversion version JOIN claims_publicationbody body ON body.publication_id = version.publication_id
    WHERE version.sequence_to IS NULL AND {visible_to_sql(Audience.NEWSROOMS, table="version")}
        AND version.verification NOT IN ({_NOT_HIDDEN})
        AND ($2::text[] IS NULL OR EXISTS (
            SELECT FROM unnest($2) AS wanted
            WHERE lower(version.language) = lower(wanted) OR starts_with(lower(version.language), lower(wanted) || '-')
        ))
        AND ($3::varchar[] IS NULL OR version.organisations && $3)
        AND ($4::varchar[] IS NULL OR version.topics && $4)
"""  # noqa: S608 - no value is interpolated
# Values are sent apart from the statement, so that no log of the server holds a text.
_BY_WORDS = f"""
    {_SELECT} AND version.search @@ $1::tsquery AND version.claim_public_id <> ALL ($5::varchar[]) LIMIT {MOST_ROWS}
"""
# The operator would have the index look for every word; its function looks at what the rare ones have found.
_BY_ALL_WORDS = f"""
    {_SELECT} AND version.search @@ $1::tsquery AND ts_match_vq(version.search, $5::tsquery) LIMIT {MOST_ROWS}
"""
_BY_QUERY = f"""
    {_SELECT} AND version.search @@ websearch_to_tsquery('simple', $1)
    ORDER BY version.sequence_from DESC LIMIT {MOST_ROWS}
"""
_FILTERS = ("language", "organisation", "topic")
_LEXEMES = f"SELECT lexeme FROM unnest(to_tsvector('simple', $1)) LIMIT {MOST_WORDS}"  # noqa: S608 - a number of ours
_LIMIT = """
    SELECT before.value, set_config('statement_timeout', %s, true)
    FROM (SELECT current_setting('statement_timeout') AS value OFFSET 0) AS before
"""
_STATISTICS = """
    SELECT word, share
    FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS each (word, share)
    WHERE schemaname = current_schema() AND tablename = 'claims_claimversion' AND attname = 'search'
        AND word IS NOT NULL -- the last shares are those of no word
"""


class _Word(NamedTuple):
    """A word as the index holds it, and the share of the claims that have it (0 for rare ones)."""

    lexeme: str
    frequency: float

    @property
    def weight(self) -> float:
        return -math.log(max(self.frequency, 1e-4))

    @property
    def quoted(self) -> str:
        """The word as PostgreSQL's type tsquery takes it."""
        return "'" + self.lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def match(texts: Sequence[str], language: str, limit: int) -> list[list[Match]]:
    """For each text the claims with its words as `match`, and others that share rare words as `possible`.

    A text that PostgreSQL cannot answer in time gets an empty list.
    """
    deadline = time.monotonic() + min(SECONDS + SECONDS_A_TEXT * len(texts), MOST_SECONDS)
    return [_within(deadline, partial(_match, text, limit)) for text in texts]


def search(q: str, limit: int, filters: Mapping[str, Sequence[str]]) -> list[Hit]:
    """Claims with all words of the query, else with some of its rarest; the newest of equal ones first.

    `filters` are `language`, `organisation`, `topic` and `speaker` (a name); of each, one value has to be met.
    """
    return _within(time.monotonic() + SECONDS, lambda: _search(q, limit, filters))


def _within(deadline: float, find: Callable[[], list[Found]]) -> list[Found]:
    """What `find` returns, or an empty list if there is no time left or the database does not answer."""
    left = min(STATEMENT_SECONDS, deadline - time.monotonic())
    if left < 0.005:
        return []
    try:
        with _statements_end_after(left):
            return find()
    except Error:
        return []


@contextmanager
def _statements_end_after(seconds: float) -> Iterator[None]:
    """Within, PostgreSQL cancels what takes longer; the caller's transaction survives that."""
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LIMIT, [f"{round(seconds * 1000)}ms"])
        [before, _now] = cursor.fetchone()
        yield
        if nested:  # else the transaction ends with it
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])


def _match(text: str, limit: int) -> list[Match]:
    words = _words(text)
    if not words:
        return []
    wanted = normalize(text)
    having_all = _read(_BY_ALL_WORDS, _narrow(words).encode(), {}, _all(words).encode()) if wanted else []
    same = [entry for entry in having_all if normalize(entry.text) == wanted]
    found = _same_words(same) if same else []
    if len(found) < limit:
        found += _sharing(text, words, having_all, {entry.id for entry in same})
    return found[:limit]


def _same_words(entries: list[ClaimEntry]) -> list[Match]:
    """The answer of claims with the words of the text; only `possible` if they differ in period or place."""
    entries = sorted(entries, key=lambda entry: -entry.sequence)
    about = {(entry.period_start, entry.period_end, normalize(entry.place)) for entry in entries}
    ids = tuple(entry.id for entry in entries)
    if len(about) > 1:
        return [Match(ids, BEST_SCORE, Tier.POSSIBLE, (Why("same_words"), Why("period")), shared=1.0)]
    return [
        Match(ids, 1.0, Tier.MATCH, (Why("same_words"),), terms=_terms(entries[0].text, entries[0].text), shared=1.0)
    ]


def _sharing(text: str, words: list[_Word], having_all: list[ClaimEntry], but: Collection[str]) -> list[Match]:
    """The claims whose own words share most with the text, as `possible`; equal texts are one answer."""
    by_text: dict[str, list[ClaimEntry]] = {}
    others = _read(_BY_WORDS, _some(words).encode(), {}, _array(entry.id for entry in having_all))
    for entry in having_all + others:
        if entry.id not in but:
            by_text.setdefault(normalize(entry.text), []).append(entry)
    weights = {word.lexeme: word.weight for word in words}
    whole = sum(weights.values())
    found = []
    for same in by_text.values():
        theirs = set(_WORD.findall(same[0].text.casefold()))
        shared = sum(weight for lexeme, weight in weights.items() if lexeme in theirs) / whole
        if shared >= LEAST_SHARED:
            ids = tuple(entry.id for entry in sorted(same, key=lambda entry: -entry.sequence))
            terms = _terms(text, same[0].text)
            theirs_here = len(theirs.intersection(word.casefold() for word in terms)) / max(1, len(theirs))
            why = (Why("some_words"),)
            found.append(Match(ids, BEST_SCORE * shared, Tier.POSSIBLE, why, terms=terms, shared=theirs_here))
    return sorted(found, key=lambda each: -each.score)


def _search(q: str, limit: int, filters: Mapping[str, Sequence[str]]) -> list[Hit]:
    entries = _read(_BY_QUERY, _sent(q), filters)
    score = 1.0
    if not entries and (words := _words(q)):
        entries, score = _read(_BY_WORDS, _some(words).encode(), filters, _array([])), BEST_SCORE
    return [Hit(entry.id, score, _terms(q, entry.text)) for entry in entries[:limit]]


def _words(text: str) -> list[_Word]:
    """The distinct words of a text, the rarest first."""
    lexemes = [bytes(lexeme or b"").decode() for (lexeme,) in prepared_reads.rows(_LEXEMES, _sent(text))]
    frequencies = _frequencies()
    return sorted((_Word(each, frequencies.get(each, 0.0)) for each in lexemes), key=lambda word: word.frequency)


def _sent(text: str) -> bytes:
    return text[:MOST_CHARACTERS].replace("\x00", " ").encode("utf-8", "replace")


def _all(words: list[_Word]) -> str:
    return " & ".join(word.quoted for word in words)


def _narrow(words: list[_Word]) -> str:
    """The rarest words of a text, two or as many more as few claims have together: what has all words has these."""
    count, share = 0, 1.0
    while count < len(words) and (count < 2 or share > FEW):
        share *= max(words[count].frequency, FEW)
        count += 1
    return _all(words[:count])


def _some(words: list[_Word]) -> str:
    """Two of the rarest words of a text; all of them if it has but common ones."""
    rare = [word for word in words if word.frequency < RARE][:MOST_RARE]
    others = [word for word in words if RARE <= word.frequency < COMMON][:MOST_OTHERS]
    if len(rare) + len(others) < 2:
        return _all(words[: MOST_OTHERS + 1])
    return " | ".join(f"({one.quoted} & {other.quoted})" for one, other in combinations(rare + others, 2))


def _read(sql: str, query: bytes, filters: Mapping[str, Sequence[str]], *more: bytes) -> list[ClaimEntry]:
    """The entries of the claims that a query finds; `more` are its values after those of the filters."""
    values = [_array(filters[name]) if name in filters else None for name in _FILTERS]
    rows = prepared_reads.rows(sql, query, *values, *more, binary=True)
    entries = [entry_of(orjson.loads(json)) for (json,) in rows if json is not None]
    if "speaker" in filters:
        wanted = {name.casefold() for name in filters["speaker"]}
        return [entry for entry in entries if wanted & {name.casefold() for name in entry.speakers}]
    return entries


def _array(values: Iterable[str]) -> bytes:
    quoted = (value.replace("\x00", "").replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return ("{" + ",".join(f'"{value}"' for value in quoted) + "}").encode("utf-8", "replace")


def _terms(text: str, claim: str) -> tuple[str, ...]:
    """The words of the text, as written, that the claim has too."""
    theirs = set(_WORD.findall(claim.casefold()))
    return tuple(dict.fromkeys(word for word in _WORD.findall(text) if word.casefold() in theirs))


class _Frequencies:
    """The common words of the index by PostgreSQL's statistics, read again after some minutes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shares: dict[str, float] = {}
        self._until = 0.0

    def __call__(self) -> dict[str, float]:
        if time.monotonic() >= self._until:
            with self._lock:
                rows = prepared_reads.rows(_STATISTICS)
                self._shares = {bytes(word or b"").decode(): float(share or 0) for word, share in rows}
                self._until = time.monotonic() + _FREQUENCIES_SECONDS
        return self._shares


_frequencies = _Frequencies()
