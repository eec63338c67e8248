"""Routes of working together: presence."""

from typing import Any

from django.urls import path

from claims.desk.shell.access import desk_view
from claims.desk.teamwork import seen_here, verbs  # noqa: F401 - registers its buttons

urlpatterns: list[Any] = [
    path("claims/<int:claim>/presence/", desk_view(seen_here.sign), name="presence"),
]
