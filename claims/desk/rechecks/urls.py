"""Routes of re-checks."""

from typing import Any

from django.urls import path

from claims.desk.rechecks import screens, verbs  # noqa: F401 - registers the buttons
from claims.desk.rechecks.queue import Rechecks
from claims.desk.shell.access import desk_view

_RIGHT = "claims.view_recheck"
urlpatterns: list[Any] = [
    path("rechecks/", desk_view(Rechecks.screen, _RIGHT), name="rechecks"),
    path("rechecks/<int:pk>/", desk_view(screens.recheck, _RIGHT), name="recheck"),
    path("rechecks/<int:pk>/goes-out/<slug:answer>/", desk_view(screens.preview, _RIGHT), name="recheck_goes_out"),
]
