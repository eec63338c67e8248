"""Routes of this part of the desk."""

from django.urls import path

from claims.desk.settings.hub import settings, tables
from claims.desk.shell.access import desk_view

urlpatterns = [
    path("settings/", desk_view(settings, right=""), name="settings"),
    path("settings/tables/", desk_view(tables, right=""), name="tables"),
]
