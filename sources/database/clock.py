"""The database's clock, which all hosts share."""

from datetime import datetime

from django.db import connection
from django.db.models import DateTimeField, Func


class ClockTimestamp(Func):
    """The time by the database's clock at this moment, in a query; `Now` is that of the statement's begin."""

    template = "clock_timestamp()"
    output_field = DateTimeField()


def now() -> datetime:
    """The time by the database's clock at this moment, also within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment
