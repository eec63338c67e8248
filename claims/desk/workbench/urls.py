"""Routes of this part of the desk."""

from typing import Any

from django.urls import path

from claims.desk.shell.access import desk_view
from claims.desk.workbench import claim_verbs, kept, near, screens

__all__ = ["claim_verbs", "urlpatterns"]

urlpatterns: list[Any] = [
    path("claims/new/", desk_view(screens.new), name="new_claim"),
    path("claims/near/", desk_view(near.of_text), name="near_text"),
    path("claims/<int:pk>/", desk_view(screens.claim), name="claim"),
    path("claims/<int:pk>/near/", desk_view(near.of_claim), name="near_claim"),
    path("claims/<int:pk>/compare/", desk_view(screens.compare), name="compare"),
    path("claims/<int:pk>/history/", desk_view(screens.history), name="claim_history"),
    path("claims/<int:pk>/versions/<int:version>/preview/", desk_view(screens.preview), name="preview"),
    path("reviews/<int:pk>/", desk_view(screens.by_review), name="review"),
    path("versions/<int:pk>/", desk_view(screens.by_version), name="version"),
    path("typed/", desk_view(kept.keep), name="keep_typed"),
]
