"""Make the stored keys of addresses anew, and those of imported records and the index that rest on them.

`manage.py migrate` does it after an upgrade, and `manage.py rebuild_index --afresh` whenever somebody asks, once the
rules have another version (`URL_KEY_VERSION`, sources/http/url_key.py); until then the importer refuses to run, since
it would take known records for new ones. Rows are read and written in batches, each in a transaction of its own, so
a run that was broken off is run again. Addresses, words and bodies stay as they are.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson
from django.db import connections, transaction

from claims.imports.formats.records import claim_sha, record_key
from claims.models import IndexState
from claims.permissions import Refused
from claims.publication import body_parts
from sources.database.bulk_rows import array_text
from sources.http.url_key import URL_KEY_VERSION, stored_key

BATCH = 5_000  # ids
ADDRESSES = (
    ("claims_article", "url"),
    ("claims_document", "url"),
    ("claims_proposal", "url"),
    ("claims_markuppage", "page_url"),
    ("sources_page", "url"),
)
"""Tables with the key of an address, and the column of that."""

Report = Callable[[str], object]


def are_current(*, using: str = "default") -> bool:
    """Whether the stored keys were made by the rules of this version."""
    stored = IndexState.objects.using(using).filter(pk=1).values_list("url_key_version", flat=True).first()
    return stored in {None, URL_KEY_VERSION}


def require_current() -> None:
    """Raise `Refused` unless the stored keys were made by the rules of this version."""
    if not are_current():
        raise Refused(
            "The stored keys of addresses were made by the rules of another version; run manage.py migrate first."
        )


def make_all(*, using: str = "default", batch: int = BATCH, report: Report = lambda sentence: None) -> None:
    """Make every stored key anew and note the version of the rules. A second run changes nothing."""
    for table, column in ADDRESSES:
        report(f"{table}: {_make_of_addresses(using, table, column, batch):,} keys made anew")
    report(f"claims_importedrecord: {_make_of_records(using, batch):,} keys made anew")
    report(f"claims_claimversion: {_make_of_index(using, batch):,} rows made anew")
    with connections[using].cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO claims_indexstate (id, epoch, claims, rows, started_at, finished_at, url_key_version)
            VALUES (1, gen_random_uuid(), 0, 0, now(), now(), %(version)s)
            ON CONFLICT (id) DO UPDATE SET epoch = gen_random_uuid(), url_key_version = %(version)s
            """,
            {"version": URL_KEY_VERSION},
        )


def _ranges(using: str, table: str, column: str, batch: int) -> Iterator[tuple[int, int]]:
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT min({column}), max({column}) FROM {table}")  # noqa: S608 - names of ours
        first, last = cursor.fetchone()
    if first is not None:
        yield from ((start, start + batch) for start in range(first, last + 1, batch))


def _make_of_addresses(using: str, table: str, column: str, batch: int) -> int:
    changed = 0
    for start, end in _ranges(using, table, "id", batch):
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute(
                f"SELECT id, {column}, url_key FROM {table} WHERE id >= %s AND id < %s AND {column} <> ''",  # noqa: S608
                [start, end],
            )
            keys = [(id, key) for id, url, before in cursor.fetchall() if (key := stored_key(url)) != before]
            _update(cursor, table, "url_key = new.key", keys)
        changed += len(keys)
    return changed


def _update(cursor: Any, table: str, change: str, rows: Sequence[tuple[int, str]]) -> None:
    if rows:
        cursor.execute(
            f"UPDATE {table} AS row SET {change} FROM unnest(%s::bigint[], %s::text[]) AS new (id, key)"  # noqa: S608
            " WHERE row.id = new.id",
            [array_text([id for id, _ in rows]), array_text([key for _, key in rows])],
        )


def _make_of_records(using: str, batch: int) -> int:
    """The keys of imported records, from their stored addresses and claims.

    Of two records that turn out to be of one page the first keeps the key; the other keeps its old one, by which no
    import finds it: its review stays as it is.
    """
    changed = 0
    for start, end in _ranges(using, "claims_importedrecord", "review_id", batch):
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute(
                """
                SELECT record.review_id, record.key, record.claim_sha, article.url,
                    claim.text, claim.period_start, claim.period_end, claim.place
                FROM claims_importedrecord AS record
                JOIN claims_review AS review ON review.id = record.review_id
                JOIN claims_article AS article ON article.id = review.article_id
                JOIN claims_claim AS claim ON claim.id = review.claim_id
                WHERE record.review_id >= %s AND record.review_id < %s ORDER BY record.review_id
                """,
                [start, end],
            )
            made: dict[str, tuple[int, str]] = {}
            for review, before, sha, url, text, first, last, place in cursor.fetchall():
                sha = sha or claim_sha(text, (first, last), place)
                if (key := record_key(url, sha)) != before:
                    made.setdefault(key, (review, sha))
            cursor.execute(
                "SELECT key FROM claims_importedrecord WHERE key = ANY(%s::text[])", [array_text(list(made))]
            )
            for (taken,) in cursor.fetchall():
                del made[taken]
            cursor.execute(
                """
                UPDATE claims_importedrecord AS row SET key = new.key, claim_sha = new.sha
                FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS new (id, key, sha) WHERE row.review_id = new.id
                """,
                [
                    array_text([review for review, _ in made.values()]),
                    array_text(list(made)),
                    array_text([sha for _, sha in made.values()]),
                ],
            )
        changed += len(made)
    return changed


def _make_of_index(using: str, batch: int) -> int:
    """The ids and keys by which lists find the parts of a body, as `rebuild_index` would write them."""
    changed = 0
    for start, end in _ranges(using, "claims_claimversion", "id", batch):
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute(
                """
                SELECT version.id, version.contained_ids, body.json FROM claims_claimversion AS version
                JOIN claims_publicationbody AS body ON body.publication_id = version.publication_id
                WHERE version.id >= %s AND version.id < %s AND body.json IS NOT NULL
                """,
                [start, end],
            )
            rows = [
                (id, array_text(now))
                for id, before, json in cursor.fetchall()
                if (now := body_parts.contained_ids(orjson.loads(bytes(json)))) != before
            ]
            _update(cursor, "claims_claimversion", "contained_ids = new.key::text[]", rows)
        changed += len(rows)
    return changed
