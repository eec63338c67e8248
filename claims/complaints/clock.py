"""The clock of complaints: seven working days, as the EFCSN's code asks. Pure.

Saturdays and Sundays do not count. Public holidays do: which ones there are depends on the place, and a desk that
counts them is never later than it promised. Days are those of UTC.
"""

from datetime import date, timedelta

DAYS = 7
"""Working days within which a complaint is answered."""
_SATURDAY, _WEEK = 5, 7


def due(received: date) -> date:
    """The last day for the answer. The day of receipt is not counted."""
    day, left = received, DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return day


def working_days(first: date, last: date) -> int:
    """The working days after the first day, up to and with the last; 0 if that is no later."""
    if last <= first:
        return 0
    weeks, rest = divmod((last - first).days, _WEEK)
    odd = sum((first + timedelta(days=each)).weekday() < _SATURDAY for each in range(1, rest + 1))
    return weeks * _SATURDAY + odd
