"""What an audit found, and the transaction in which its parts look."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection, transaction


class Finding(NamedTuple):
    """Something that differs from what an honest database holds: the part that found it, and a sentence.

    `seen` is what was found instead, where the sentence does not say it: after a further change it is another.
    """

    part: str
    sentence: str
    seen: str = ""

    def __str__(self) -> str:
        return self.sentence


@contextmanager
def one_moment() -> Iterator[None]:
    """Show one moment of the database to all that is read within, however long it takes, and stop nobody.

    Values read as text look the same on every server. Within another transaction that one's moment is shown.
    """
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not nested:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        fix_text(cursor)
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
        yield


def fix_text(cursor: object) -> None:
    """Until the transaction ends, read our tables and write values as text in one way, whatever is set elsewhere.

    A schema before `public` could answer the audit with views of its own.
    """
    cursor.execute(  # type: ignore[attr-defined]
        "SET LOCAL search_path = public, pg_temp;"
        "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';"
        " SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1"
    )


def unreadable(what: str, error: Exception) -> str:
    """The sentence for what could not be verified because of an error that nobody foresaw."""
    reason = str(error).strip().partition("\n")[0]
    return f"{what} could not be verified: {type(error).__name__}{f' ({reason[:300]})' if reason else ''}."


def some(values: list[object], total: int) -> str:
    """A few of the values for a sentence: `1, 2, 3 and 40 more`."""
    text = ", ".join(map(str, values))
    return f"{text} and {total - len(values):,} more" if total > len(values) else text
