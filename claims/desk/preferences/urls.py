"""Routes of a person's own settings."""

from typing import Any

from django.urls import path

from claims.desk.preferences import screen
from claims.desk.shell.access import desk_view

urlpatterns: list[Any] = [path("me/", desk_view(screen.own, right=""), name="preferences")]
