"""Routes of this part of the desk."""

from typing import Any

from django.urls import path
from django.views.generic import RedirectView

urlpatterns: list[Any] = [
    path("rechecks/", RedirectView.as_view(url="/admin/claims/recheck/"), name="rechecks"),
    path("rechecks/<int:pk>/", RedirectView.as_view(url="/admin/claims/recheck/%(pk)s/change/"), name="recheck"),
]
