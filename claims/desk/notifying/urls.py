"""Routes of notices and chats."""

from typing import Any

from django.urls import path

from claims.desk.notifying import screen, verbs
from claims.desk.shell.access import desk_view

__all__ = ["urlpatterns", "verbs"]  # the import registers the buttons

urlpatterns: list[Any] = [
    path("notices/", desk_view(screen.own_notices, right=""), name="notices"),
    path("notices/read/", desk_view(screen.read_all, right=""), name="notices_read"),
    path("settings/chats/", desk_view(screen.chat_settings, right=""), name="chats"),
]
