"""Routes of this part of the desk."""

from typing import Any

from django.urls import path
from django.views.generic import RedirectView

urlpatterns: list[Any] = [
    path("documents/", RedirectView.as_view(url="/admin/claims/document/"), name="documents"),
    path("documents/<int:pk>/", RedirectView.as_view(url="/admin/claims/document/%(pk)s/change/"), name="document"),
]
