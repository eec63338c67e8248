"""Routes of the speakers' screens."""

from typing import Any

from django.urls import path

from claims.desk.shell.access import desk_view
from claims.desk.speakers import listing, screen, verbs

__all__ = ["urlpatterns", "verbs"]

urlpatterns: list[Any] = [
    path("speakers/", desk_view(listing.speakers, "claims.view_speaker"), name="speakers"),
    path("speakers/<int:pk>/", desk_view(screen.speaker, "claims.view_speaker"), name="speaker"),
]
