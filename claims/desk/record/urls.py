"""Routes of this part of the desk."""

from typing import Any

from django.urls import path
from django.views.generic import RedirectView

urlpatterns: list[Any] = [
    path("record/", RedirectView.as_view(url="/admin/claims/publication/"), name="record"),
]
