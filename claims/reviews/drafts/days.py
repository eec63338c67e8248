"""Days that have begun somewhere on Earth."""

from datetime import date, timedelta

from django.utils import timezone


def is_to_come(day: date) -> bool:
    """Whether it has not begun anywhere on Earth: the first time zone is 14 hours ahead of UTC."""
    return day > (timezone.now() + timedelta(hours=14)).date()
