"""Routes of the documents' screens."""

from typing import Any

from django.urls import path

from claims.desk.documents import listing, paste, screen, verbs
from claims.desk.shell.access import desk_view

__all__ = ["urlpatterns", "verbs"]

urlpatterns: list[Any] = [
    path("documents/", desk_view(listing.documents, "claims.view_document"), name="documents"),
    path("documents/read/", desk_view(paste.read, "claims.view_document"), name="read"),
    path("documents/<int:pk>/", desk_view(screen.document, "claims.view_document"), name="document"),
    path("statements/<int:pk>/", desk_view(screen.statement, "claims.view_document"), name="statement"),
]
