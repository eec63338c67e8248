"""Reads through libpq: parameters, errors, transactions, and closed connections."""

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction

from sources.database import prepared_reads
from sources.database.prepared_reads import PreparedStatement
from sources.models import Source

pytestmark = pytest.mark.sql

NAMES = PreparedStatement("test_names", "SELECT name, id FROM sources_source WHERE name = $1 ORDER BY id")


def test_values_are_bound_as_parameters(db) -> None:
    odd = "O'Hara; DROP TABLE “x” -- $1 %s"
    made = Source.objects.create(name=odd)
    assert NAMES.rows(odd.encode()) == [(odd.encode(), str(made.pk).encode())]
    assert NAMES.rows(b"nobody") == []
    assert NAMES.rows(None) == []
    [(value, nothing)] = prepared_reads.rows("SELECT decode($1, 'hex'), NULL::text", b"00ff", binary=True)
    assert (value, nothing) == (b"\x00\xff", None)


def test_reads_take_part_in_the_transaction(db) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Source.objects.create(name="Here")
        assert len(NAMES.rows(b"Here")) == 1
        raise ZeroDivisionError
    assert NAMES.rows(b"Here") == []


def test_errors_are_those_of_django(live_database) -> None:
    with pytest.raises(ProgrammingError, match="no_such_table"):
        prepared_reads.rows("SELECT * FROM no_such_table")
    with pytest.raises(ProgrammingError, match="no_such_table"):
        PreparedStatement("test_wrong", "SELECT * FROM no_such_table").rows()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '50ms'")
    with pytest.raises(OperationalError) as caught:
        prepared_reads.rows("SELECT pg_sleep(20)")
    assert isinstance(caught.value.__cause__, psycopg.errors.QueryCanceled)
    connection.close()


def test_a_closed_connection_is_reopened_except_within_a_transaction(live_database) -> None:
    def end() -> None:
        with psycopg.connect(live_database.url, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    Source.objects.create(name="Here")
    assert len(NAMES.rows(b"Here")) == 1
    end()
    assert len(NAMES.rows(b"Here")) == 1, "prepared again on the new connection"
    end()
    assert len(prepared_reads.rows("SELECT 1")) == 1
    with pytest.raises(OperationalError), transaction.atomic():
        Source.objects.create(name="Lost")
        end()
        NAMES.rows(b"Here")
    connection.close()
    assert NAMES.rows(b"Lost") == []


def test_queries_are_logged(db, django_assert_num_queries) -> None:
    NAMES.rows(b"x")
    with django_assert_num_queries(3) as captured:
        NAMES.rows(b"x")
        prepared_reads.rows("SELECT 1")
        Source.objects.count()
    assert "FROM sources_source WHERE name = $1" in captured[0]["sql"]
