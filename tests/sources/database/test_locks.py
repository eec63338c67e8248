"""Advisory locks: one list of numbers, each taken and given back as it says."""

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from sources.database import locks
from sources.database.locks import Lock

pytestmark = pytest.mark.sql

ROOT = Path(__file__).resolve().parents[3]
FUNCTION = re.compile(r"\bpg_(?:try_)?advisory_\w*lock\w*\(")


def locked_elsewhere(source: str) -> list[str]:
    """Texts of a module that lock something, unless what they lock is a member of `Lock` put into them."""
    found = []
    inside: set[ast.AST] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            inside |= set(node.values)
            for part, after in zip(node.values, [*node.values[1:], None], strict=True):
                text = part.value if isinstance(part, ast.Constant) else ""
                calls = [match.end() for match in FUNCTION.finditer(text)]
                named = isinstance(after, ast.FormattedValue) and ast.unparse(after.value).startswith("Lock.")
                found += [text for end in calls if end != len(text) or not named]
        elif isinstance(node, ast.Constant) and node not in inside and isinstance(node.value, str):
            found += [node.value] if FUNCTION.search(node.value) else []
    return found


def test_every_number_is_on_the_list_once() -> None:
    """`@unique` refuses a second name of one number; nobody else may lock by a number of its own."""
    assert len(set(map(int, Lock))) == len(Lock.__members__)
    elsewhere = {}
    for app in ("sources", "claims", "factcheck"):
        for path in (ROOT / app).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            if "migrations" not in path.parts and name != "sources/database/locks.py":
                elsewhere[name] = locked_elsewhere(path.read_text())
    assert len(elsewhere) > 100
    assert {name: found for name, found in elsewhere.items() if found} == {}


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ('cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])', True),
        ('sql = f"PERFORM pg_advisory_xact_lock({NUMBER}); RETURN NULL;"', True),
        ('sql = f"PERFORM pg_advisory_xact_lock(12); {Lock.LOG}"', True),
        ('sql = "WHERE pg_try_advisory_xact_lock(73614, page)"', True),
        ('sql = f"PERFORM pg_advisory_xact_lock({Lock.LOG}); RETURN NULL;"', False),
        ('topic = "an advisory survey"', False),
    ],
)
def test_a_number_of_ones_own_is_found(source: str, wrong: bool) -> None:
    assert bool(locked_elsewhere(source)) is wrong


@contextmanager
def another_session() -> Iterator[Any]:
    other = connection.copy()
    with other.cursor() as cursor:
        yield cursor
    other.close()


@pytest.fixture
def elsewhere(db: None) -> Iterator[Any]:
    """A cursor of another session."""
    with another_session() as cursor:
        yield cursor


def free(elsewhere: Any, *numbers: int) -> bool:
    """Whether another session could take the lock; it gives it back."""
    places = ", ".join(["%s"] * len(numbers))
    elsewhere.execute(f"SELECT pg_try_advisory_lock({places})", [int(each) for each in numbers])
    (taken,) = elsewhere.fetchone()
    if taken:
        elsewhere.execute(f"SELECT pg_advisory_unlock({places})", [int(each) for each in numbers])
    return bool(taken)


def test_a_lock_is_held_for_as_long_as_it_says(live_database: object, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), another_session() as elsewhere:
        for numbers in ((Lock.LOG,), (Lock.SWEEP, 5)):
            with transaction.atomic():
                locks.lock_until_commit(*numbers)
                assert not free(elsewhere, *numbers)
            assert free(elsewhere, *numbers)
            with transaction.atomic():
                assert locks.try_lock_until_commit(*numbers)
                assert not free(elsewhere, *numbers)
            assert free(elsewhere, *numbers)
            with locks.held(*numbers) as taken:
                assert taken and not free(elsewhere, *numbers)
                with transaction.atomic():
                    pass
                assert not free(elsewhere, *numbers)
            assert free(elsewhere, *numbers)


def test_what_another_session_holds_is_not_taken_and_not_given_back(elsewhere: Any) -> None:
    elsewhere.execute("SELECT pg_advisory_lock(%s), pg_advisory_lock(%s, 7)", [int(Lock.DUMP), int(Lock.SWEEP)])
    assert not locks.try_lock_until_commit(Lock.DUMP)
    with locks.held(Lock.DUMP) as taken:
        assert not taken
    with transaction.atomic():
        assert locks.try_each_until_commit(Lock.SWEEP, [6, 7, 8, 2**31 + 7]) == [6, 8]
        assert not free(elsewhere, Lock.SWEEP, 8)
    elsewhere.execute("SELECT pg_advisory_unlock(%s), pg_advisory_unlock(%s, 7)", [int(Lock.DUMP), int(Lock.SWEEP)])
    assert elsewhere.fetchone() == (True, True)


def test_a_lock_ends_with_the_block_that_failed(elsewhere: Any) -> None:
    with pytest.raises(ValueError), locks.held(Lock.IMPORT):
        raise ValueError
    assert free(elsewhere, Lock.IMPORT)
