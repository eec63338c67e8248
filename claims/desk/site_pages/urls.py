"""Routes of this part of the desk."""

from typing import Any

from django.urls import path

from claims.desk.shell.access import desk_view
from claims.desk.site_pages import screens, verbs  # noqa: F401 - registers its buttons

urlpatterns: list[Any] = [
    path("settings/pages/", desk_view(screens.site_pages, right=""), name="site_pages"),
    path("settings/pages/<slug:page>/", desk_view(screens.site_page, right=""), name="site_page"),
]
