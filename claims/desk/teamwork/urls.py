"""Routes of working together: presence, conflicts, bulk actions, checklist."""

from typing import Any

from django.urls import path

from claims.desk.shell.access import desk_view
from claims.desk.teamwork import bulk, checklist_screen, conflict, seen_here, verbs  # noqa: F401 - registers its buttons

urlpatterns: list[Any] = [
    path("claims/<int:claim>/presence/", desk_view(seen_here.sign), name="presence"),
    path("conflict/<slug:table>/<int:pk>/<slug:verb>/", desk_view(conflict.resolve), name="resolve"),
    path("bulk/<slug:table>/<slug:verb>/", desk_view(bulk.run), name="bulk"),
    path("settings/checklist/", desk_view(checklist_screen.view), name="checklist"),
]
