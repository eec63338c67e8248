"""A database for the legs in PostgreSQL."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections

from claims.matching.postgresql.database import MatcherDatabase
from factcheck.embedded import postgres

_TABLES = ("claim", "term", "vector")


@pytest.fixture(scope="session")
def matcher_database_url(migrated_template: str) -> Iterator[str]:
    """An empty database of the cluster that the run has of its own, where its superuser makes the extensions."""
    known = connections["owner"].settings_dict
    superuser = {"host": known["HOST"], "port": known["PORT"] or 5432, "user": postgres.ROLES["superuser"]}
    name = f"factcheck_matcher_{os.getpid()}"
    try:
        connection = psycopg.connect(dbname="postgres", autocommit=True, **superuser)
    except psycopg.OperationalError:
        pytest.skip("needs a superuser, who makes the extensions")
    connection.execute(f"CREATE DATABASE {name}".encode())
    yield psycopg.conninfo.make_conninfo(dbname=name, **superuser)
    connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
    connection.close()


@pytest.fixture(scope="session")
def shared_matcher_database(matcher_database_url: str) -> Iterator[MatcherDatabase]:
    database = MatcherDatabase(matcher_database_url)
    yield database
    database.close()


@pytest.fixture
def matcher_database(shared_matcher_database: MatcherDatabase) -> MatcherDatabase:
    """The same database for every test, empty at its beginning."""
    with shared_matcher_database.writing() as connection:
        connection.rollback()
        for table in _TABLES:
            connection.execute(f"DELETE FROM factcheck_matching.{table}".encode())
    shared_matcher_database.commit()
    return shared_matcher_database
