"""Write many rows at once: COPY them into a model's table, and format Python lists as PostgreSQL array literals."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import orjson
from django.db import connection, models


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows, whose values are in the order of `columns`, into the model's table, within the transaction."""
    if not rows:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    json = [place for place, name in enumerate(columns) if isinstance(model._meta.get_field(name), models.JSONField)]
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,  # Django's cursor does not translate the errors of COPY
        cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy,
    ):
        for row in rows:
            if json:
                row = list(row)
                for place in json:
                    row[place] = None if row[place] is None else orjson.dumps(row[place]).decode()
            copy.write_row(row)


def array_text(values: Collection[Any]) -> str:
    """Format the values as a PostgreSQL array literal, for one parameter, ten times as fast as psycopg does."""
    if not values:
        return "{}"
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int | float):
        return str(value)
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'


def ids_of(sql: str, *lists: list[str]) -> list[int]:
    """The ids that a query finds; each list is passed as one array, not as a parameter a value."""
    with connection.cursor() as cursor:
        cursor.execute(sql, [array_text(each) for each in lists])
        return [number for (number,) in cursor.fetchall()]
