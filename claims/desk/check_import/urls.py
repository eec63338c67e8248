"""Routes of the way out of Check."""

from typing import Any

from django.urls import path

from claims.desk.check_import import screen
from claims.desk.shell.access import desk_view

urlpatterns: list[Any] = [
    path("settings/check/", desk_view(screen.imports, right=""), name="check_imports"),
    path("settings/check/<int:pk>/", desk_view(screen.one_import, right=""), name="check_import"),
    path("settings/check/<int:pk>/report.csv", desk_view(screen.report, right=""), name="check_report"),
]
