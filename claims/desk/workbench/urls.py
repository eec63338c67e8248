"""Routes of this part of the desk."""

from typing import Any

from django.urls import path
from django.views.generic import RedirectView

urlpatterns: list[Any] = [
    path("claims/new/", RedirectView.as_view(url="/admin/claims/claim/add/"), name="new_claim"),
    path("claims/<int:pk>/", RedirectView.as_view(url="/admin/claims/claim/%(pk)s/change/"), name="claim"),
]
