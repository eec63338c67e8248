"""The line, the chain and the commitments of the log, and what the database refuses."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.utils import timezone

from claims.models import Claim, Publication, PublicationBody, Review
from claims.models.publication import Audience
from claims.publication import append, log_line
from sources.database.bulk_rows import copy_rows
from tests import factories
from tests.claims.log_verifier import line_of, recomputed

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def some_events() -> Claim:
    claim = factories.published_review().claim
    append.append(claim, event="watch_lost", audience=Audience.NEWSROOMS, review=claim.reviews.get())
    append.append(claim, event="clarified", audience=Audience.PUBLIC)
    return claim


def test_chain_and_commitments_can_be_recomputed_from_the_rows() -> None:
    some_events()
    rows = list(Publication.objects.order_by("sequence").select_related("claim", "review", "body"))
    assert recomputed(rows) == [(row.line_sha256, row.hash) for row in rows]
    for row in rows:
        salt, body = bytes(row.body.salt), bytes(row.body.json)
        assert row.commitment == hashlib.sha256(salt + body).hexdigest()
    assert len({bytes(row.body.salt) for row in rows}) == len(rows) == 3


def test_a_line_has_ten_lines_and_names_no_internal_id() -> None:
    some_events()
    with_review, without = Publication.objects.order_by("-sequence")[1], Publication.objects.latest("sequence")
    assert line_of(with_review).split("\n") == [
        log_line.FORMAT, "2", with_review.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "watch_lost", "newsrooms",
        with_review.public_id, with_review.claim.public_id, with_review.review.public_id, "2", with_review.commitment,
    ]  # fmt: skip
    assert line_of(without).split("\n")[7] == ""


def test_a_row_without_a_hash_is_chained_by_the_database() -> None:
    claim = some_events()
    last = Publication.objects.latest("sequence")
    for number in (1, 2):
        Publication.objects.create(
            sequence=last.sequence + number, at=last.at, event="redacted", audience="public", claim=claim,
            review=claim.reviews.get() if number == 1 else None, version=3 + number, commitment=f"{number}" * 64,
        )  # fmt: skip
    rows = list(Publication.objects.order_by("sequence").select_related("claim", "review"))
    assert recomputed(rows) == [(row.line_sha256, row.hash) for row in rows]


@pytest.mark.parametrize("by_copy", [False, True])
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, None),
        ({"json": b'{"other": 1}'}, "not the one that it commits to"),
        ({"salt": b"x" * 32}, "not the one that it commits to"),
        ({"salt": b"", "json": b"s" * 32 + b"{}"}, "publication_body_salt"),
    ],
)
def test_a_body_that_the_row_does_not_commit_to_is_refused(
    changed: dict[str, Any], sentence: str | None, *, by_copy: bool
) -> None:
    claim = some_events()
    last = Publication.objects.latest("sequence")
    commitment = hashlib.sha256(b"s" * 32 + b"{}").hexdigest()
    row = Publication.objects.create(
        sequence=last.sequence + 1, at=last.at, event="redacted", audience="public", claim=claim, version=4,
        commitment=commitment,
    )  # fmt: skip
    values = {
        "publication_id": row.sequence,
        "json": b"{}",
        "salt": b"s" * 32,
        "words_salt": b"",
        "words_sha256": b"",
    } | changed

    def write() -> None:
        if by_copy:
            copy_rows(PublicationBody, tuple(values), [tuple(values.values())])
        else:
            PublicationBody.objects.create(**values)

    if sentence is None:
        write()
        return
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        write()


@pytest.mark.parametrize("model", [Claim, Review])
def test_public_ids_that_lines_name_never_change(model: Any) -> None:
    some_events()
    with pytest.raises(Error, match="public id"), transaction.atomic():
        model.objects.update(public_id="abc_0000000000000000")
    with pytest.raises(Error, match="public id"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET public_id = public_id || 'x'")
    model.objects.update(public_id=model.objects.get().public_id)


def test_time_does_not_run_backwards() -> None:
    claim = some_events()
    last = Publication.objects.latest("sequence")
    with pytest.raises(IntegrityError, match="dated before"), transaction.atomic():
        Publication.objects.create(
            sequence=last.sequence + 1, at=last.at - timedelta(microseconds=1), event="clarified", audience="public",
            claim=claim, version=9, commitment="0" * 64,
        )  # fmt: skip
    assert timezone.now() >= last.at
