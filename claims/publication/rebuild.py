"""Compare the index (`ClaimVersion`, `FacetCount`) with the publication log, and replace wrong rows in place.

Batches of claims are compared without locks. Claims that differ are locked and compared again; then only their wrong
rows are replaced, under the log's lock like all that is written to the index. Each transaction that changes the index
sets a new epoch, which the response cache compares beside the head of the log. `IndexState` records the progress, so an
interrupted run resumes where it stopped.
"""

import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

import orjson
from django.contrib.postgres.search import SearchVector
from django.db import connection, transaction
from django.db.models import F, Max, Q, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.utils import timezone

from claims.mapped_verdicts import DeskLabels
from claims.models import Claim, ClaimVersion, IndexState, Organisation, Publication, Rating, facet_count
from claims.models.publication import EVERYONE, Audience
from claims.models.verification import Verification
from claims.publication.append import filter_columns, searched_words
from claims.rating_scales.scales import SCALES_VERSION
from sources.database.locks import Lock, held, lock_until_commit

BATCH = 200  # claims compared at once
_LOCKED = 50  # claims locked at once
_COLUMNS = [field.attname for field in ClaimVersion._meta.concrete_fields]
# For a version whose body was redacted and whose row is missing too.
_UNKNOWN: dict[str, Any] = {"verification": Verification.UNCHECKED.value, "language": "und"}

# What the shipped scales of other publishers add to a row.
MAPPED = frozenset({"all_verdicts", "verdict_mapped", "scales_version"})

Row = dict[str, Any]


class RebuildAlreadyRunning(Exception):
    """Another process rebuilds the index. The message is a sentence."""


class Logged(NamedTuple):
    """What the index needs of a publication; `json` is None if the body was redacted."""

    claim_id: int
    claim_public_id: str
    sequence: int
    at: datetime
    audience: str
    json: bytes | None


class _Differences(NamedTuple):
    """Claims whose rows differ from the log, ids of rows to delete, and rows to write; a row to replace is in both."""

    claims: set[int]
    delete: list[int]
    write: list[Row]

    def replace(self, before: Row | None, row: Row | None) -> None:
        self.claims.add((before or row or {})["claim_id"])
        self.delete.extend([before["id"]] if before else [])
        self.write.extend([row] if row else [])


def rebuild_index(
    *, afresh: bool = False, batch: int = BATCH, report: Callable[[IndexState], object] = lambda state: None
) -> IndexState:
    """Make the index equal to the log and return the completed run.

    Resumes an interrupted run unless `afresh`; calls `report` after each batch. Raises `RebuildAlreadyRunning`.
    """
    with held(Lock.REBUILD) as alone:
        if not alone:
            raise RebuildAlreadyRunning("Another rebuild of the index is running; wait for it, or end that process.")
        state, _ = IndexState.objects.get_or_create(pk=1)
        if afresh or state.finished_at is not None:
            start = {"position": None, "claims": 0, "rows": 0, "started_at": timezone.now(), "finished_at": None}
            IndexState.objects.filter(pk=1).update(**start)
        # First, because triggers cannot take a version off a facet that is counted too low.
        state = _save(rows=_recount_facets())
        while claims := claims_after(state.position, batch):
            different = sorted(_differences(claims).claims)
            rows = sum(_replace(different[at : at + _LOCKED]) for at in range(0, len(different), _LOCKED))
            state = _save(position=claims[-1], claims=len(claims), rows=rows)
            report(state)
        return _save(rows=_recount_facets(), finished_at=timezone.now(), epoch=uuid.uuid4())


def index_rows(log: Iterable[Logged], desk: DeskLabels) -> list[Row]:
    """Return the rows of `ClaimVersion` that publishing leaves of one claim's publications, given in their order.

    Each has the text to search as `words`. A redacted body gives neither that nor the columns that lists filter by.
    """
    rows: list[Row] = []
    current: dict[str, Row] = {}
    for publication in log:
        audience = EVERYONE
        if publication.audience == Audience.NEWSROOMS:
            audience = Audience.NEWSROOMS.value
            if EVERYONE in current:
                public = current.pop(EVERYONE)
                public["audience"] = Audience.PUBLIC.value
                rows.append(public | {"audience": audience})
                current = {Audience.PUBLIC.value: public, audience: rows[-1]}
        for ended in (audience,) if audience == Audience.NEWSROOMS else tuple(current):
            if ended in current:
                current.pop(ended)["sequence_to"] = publication.sequence
        rows.append(_row(publication, audience, desk, first=rows[0]["changed_at"] if rows else publication.at))
        current[audience] = rows[-1]
    return rows


def _row(publication: Logged, audience: str, desk: DeskLabels, *, first: datetime) -> Row:
    row: Row = {
        "claim_id": publication.claim_id,
        "claim_public_id": publication.claim_public_id,
        "audience": audience,
        "publication_id": publication.sequence,
        "sequence_from": publication.sequence,
        "sequence_to": None,
        "changed_at": publication.at,
        "first_published_at": first,
        "scales_version": SCALES_VERSION,
    }
    if publication.json is not None:
        body = orjson.loads(publication.json)
        row |= filter_columns(body, desk) | {"words": searched_words(body)}
        row["newest_on"] = date.fromisoformat(row["newest_on"]) if row["newest_on"] else None
    return row


def claims_after(position: int | None, limit: int) -> list[int]:
    """Ids of the next claims that the log or the index names, in order."""
    found: set[int] = set()
    for rows in (Publication.objects.order_by("claim"), ClaimVersion.objects.order_by("claim")):
        if position is not None:
            rows = rows.filter(claim__gt=position)
        found.update(rows.values_list("claim", flat=True).distinct()[:limit])
    return sorted(found)[:limit]


def stale() -> int:
    """The number of current rows whose labels another version of the shipped scales has mapped."""
    return of_other_scales().count()


def of_other_scales() -> QuerySet[ClaimVersion]:
    """The current rows whose labels another version of the shipped scales has mapped."""
    # Less or more, not unequal: an index finds the few rows among all current ones.
    other = Q(scales_version__lt=SCALES_VERSION) | Q(scales_version__gt=SCALES_VERSION)
    return ClaimVersion.objects.filter(other, sequence_to__isnull=True)


def heed_desk_labels() -> int:
    """Map labels anew of organisations whose scale the desk has changed since; returns the rows replaced.

    Does nothing while another process maps labels: an organisation can have more claims than a minute is enough for.
    """
    with held(Lock.LABELS) as alone:
        return _heed_desk_labels() if alone else 0


def _heed_desk_labels() -> int:
    state, _ = IndexState.objects.get_or_create(pk=1)
    events = Rating.pgh_event_model.objects.filter(pgh_id__gt=state.desk_labels_event)  # type: ignore[attr-defined]
    newest = events.aggregate(newest=Max("pgh_id"))["newest"]
    if newest is None:
        return 0
    changed = Organisation.objects.filter(is_ours=False, scales__in=events.values("scale")).distinct()
    rows = sum(_map_again(organisation) for organisation in changed)
    IndexState.objects.filter(pk=1).update(desk_labels_event=newest)
    return rows


def _map_again(organisation: Organisation) -> int:
    """Make the rows of the organisation's claims anew; only those that differ are locked and written."""
    named = ClaimVersion.objects.filter(sequence_to__isnull=True, organisations__contains=[organisation.public_id])
    return _make_again(sorted(named.values_list("claim", flat=True).distinct()))


def map_by_these_scales(*, limit: int = 5_000) -> int:
    """Map labels anew that another version of the shipped scales has mapped, of so many claims; returns the rows.

    Does nothing while another process maps labels.
    """
    with held(Lock.LABELS) as alone:
        claims = of_other_scales().values_list("claim", flat=True).distinct()[:limit] if alone else ()
        return _make_again(sorted(claims))


def _make_again(claims: list[int]) -> int:
    rows = 0
    for at in range(0, len(claims), BATCH):
        different = sorted(_differences(claims[at : at + BATCH]).claims)
        rows += sum(_replace(different[begin : begin + _LOCKED]) for begin in range(0, len(different), _LOCKED))
    return rows


def differing(claims: list[int]) -> set[int]:
    """Those of these claims whose rows differ from the log. Without locks, claims published meanwhile may differ.

    What scales map is left aside: it follows from their version and from the desk's own labels, not from the log.
    """
    return _differences(claims, aside=MAPPED).claims


def _differences(claims: list[int], *, aside: frozenset[str] = frozenset()) -> _Differences:
    """Compare the rows of these claims with the log. Without locks, claims published meanwhile may differ."""
    aside |= {"words"}
    desk = DeskLabels()
    log = Publication.objects.filter(claim__in=claims).order_by("claim", "sequence")
    logged = map(Logged._make, log.values_list("claim", "claim__public_id", "sequence", "at", "audience", "body__json"))
    stored = {_key(row): row for row in ClaimVersion.objects.filter(claim__in=claims).values(*_COLUMNS)}
    found = _Differences(set(), [], [])
    equal: dict[int, Row] = {}
    for _, publications in groupby(logged, lambda publication: publication.claim_id):
        for row in index_rows(publications, desk):
            before = stored.pop(_key(row), None)
            complete = (before or _UNKNOWN) | row
            if before is None or any(before[name] != value for name, value in row.items() if name not in aside):
                found.replace(before, complete)
            elif "words" in row:
                equal[before["id"]] = complete
    for row in stored.values():
        found.replace(row, None)
    for number in _with_other_search({number: row["words"] for number, row in equal.items()}):
        found.replace(equal[number], equal[number])
    return found


def _key(row: Row) -> tuple[int, int, str]:
    return row["claim_id"], row["sequence_from"], row["audience"]


def _with_other_search(words: dict[int, str]) -> list[int]:
    """Ids of the rows whose search vector is not that of the words."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id FROM unnest(%s::bigint[], %s::text[]) AS given (id, words) JOIN claims_claimversion USING (id)
            WHERE search <> to_tsvector('simple', words)
            """,
            [list(words), list(words.values())],
        )
        return [number for (number,) in cursor.fetchall()]


def _replace(claims: list[int]) -> int:
    """Make the rows of these claims equal to the log, in one transaction; returns how many were not."""
    with transaction.atomic():
        _lock_claims(claims)
        found = _differences(claims)
        if found.claims:
            lock_until_commit(Lock.LOG)
            ClaimVersion.objects.filter(pk__in=found.delete).delete()
            ClaimVersion.objects.bulk_create(map(_version, found.write))
            IndexState.objects.filter(pk=1).update(epoch=uuid.uuid4())
        return len(found.delete) + sum("id" not in row for row in found.write)


def _lock_claims(claims: list[int]) -> None:
    """Lock them in the order in which everybody who publishes does, and before the log. Drafts are not held up."""
    list(Claim.objects.select_for_update(no_key=True).filter(pk__in=claims).order_by("pk").values_list("pk"))


def _version(row: Row) -> ClaimVersion:
    columns = {name: value for name, value in row.items() if name not in ("words", "search")}
    search: Any = RawSQL("%s::tsvector", [row.get("search", "")])
    if "words" in row:
        search = SearchVector(Value(row["words"], output_field=TextField()), config="simple")
    return ClaimVersion(**columns, search=search)


def _recount_facets() -> int:
    """Count the facets anew where they are wrong, in one transaction; returns how many were."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({facet_count.WRONG}) AS wrong")  # noqa: S608 - no value is put in
        if cursor.fetchone() == (0,):
            return 0
        with transaction.atomic():
            lock_until_commit(Lock.LOG)
            cursor.execute(facet_count.RECOUNT)
            (wrong,) = cursor.fetchone()
            IndexState.objects.filter(pk=1).update(epoch=uuid.uuid4())
            return int(wrong)


def _save(*, rows: int, claims: int = 0, **columns: Any) -> IndexState:
    IndexState.objects.filter(pk=1).update(claims=F("claims") + claims, rows=F("rows") + rows, **columns)
    return IndexState.objects.get(pk=1)
