"""Prepared writes: one plan per connection, within the transaction, with Django's errors."""

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from sources.database import prepared_writes
from sources.models import Blob, Change, Page, Snapshot, Text
from sources.polling import snapshot_rows
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def test_a_statement_is_prepared_once_a_connection() -> None:
    statement = "SELECT n + 1 FROM unnest(%b::int[]) AS n"
    assert prepared_writes.run(statement, [[1, 2]]) == [(2,), (3,)]
    assert prepared_writes.run(statement, [[70_000]]) == [(70_001,)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT n + 1 FROM unnest%'")
        assert cursor.fetchone()[0] <= 2, "one for each type of number that the values need"


def test_writes_are_rolled_back_with_the_transaction() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        snapshot_rows.insert_texts([Text(sha256="a" * 64, text="one")])
        assert Text.objects.filter(sha256="a" * 64).exists()
        raise RuntimeError
    assert not Text.objects.filter(sha256="a" * 64).exists()


def test_errors_are_those_of_django() -> None:
    with pytest.raises(DataError), transaction.atomic():
        snapshot_rows.insert_blobs([Blob(sha256="b" * 65, size=1)])
    with pytest.raises(IntegrityError), transaction.atomic():
        prepared_writes.run("INSERT INTO sources_blob (sha256, size, media_type) VALUES (%s, -1, '')", ["c" * 64])


def test_snapshots_and_changes_are_as_the_models_would_write_them() -> None:
    page: Page = factories.page()
    first = page.snapshots.get()
    fields = {
        "page": page,
        "taken_at": timezone.now(),
        "origin": Snapshot.Origin.POLL,
        "status": 200,
        "final_url": "https://a.example/\u00e4?x=1",
        "canonical_url": "",
        "headers": [["Content-Type", "text/html"], ["X-Quote", "\"'\\ \u00e9 \U0001f600"]],
        "blob": first.blob,
        "text": first.text,
        "title": "“A”, {B} and NULL",
        "language": "de",
        "extractor": "test 1",
        "flags": ["bad_bytes", "cleaned"],
    }
    taken = [Snapshot(**fields), Snapshot(**{**fields, "flags": [], "status": None, "headers": []})]
    snapshot_rows.insert_snapshots(taken)
    for made in taken:
        kept = Snapshot.objects.get(pk=made.pk)
        names = [name.attname for name in Snapshot._meta.concrete_fields]
        assert [getattr(kept, name) for name in names] == [getattr(made, name) for name in names]
    change = {"page": page, "outcome": "ok", "certainty": "suspected", "detected_at": timezone.now()}
    snapshot_rows.insert_changes(
        [
            Change(**change, before=taken[0], after=taken[1], kind="text", kinds=["figures", "headline"]),
            Change(**change, before=taken[0], after=None, kind="gone"),
        ]
    )
    rows = Change.objects.order_by("pk").values_list("before", "after", "kind", "kinds")
    assert list(rows) == [
        (taken[0].pk, taken[1].pk, "text", ["figures", "headline"]),
        (taken[0].pk, None, "gone", []),
    ]
