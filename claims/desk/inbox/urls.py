"""Routes of this part of the desk."""

from typing import Any

from django.urls import path
from django.views.generic import RedirectView

urlpatterns: list[Any] = [
    path("inbox/", RedirectView.as_view(url="/admin/claims/tipgroup/"), name="inbox"),
]
