"""Routes of sources: pages and what became of them, saved pages, comparisons."""

from typing import Any

from django.urls import path

from claims.desk.shell.access import desk_view
from claims.desk.sources import page, saved
from claims.desk.sources import verbs as verbs
from claims.desk.sources.lists import Blind, Changes, Copies, Feeds, Pages, SavedPages

_RIGHT = "sources.view_page"

urlpatterns: list[Any] = [
    path("sources/", desk_view(Pages.screen, _RIGHT), name="sources"),
    path("sources/blind/", desk_view(Blind.screen, _RIGHT), name="blind_pages"),
    path("sources/changes/", desk_view(Changes.screen, _RIGHT), name="changes"),
    path("sources/feeds/", desk_view(Feeds.screen, _RIGHT), name="feeds"),
    path("sources/saved/", desk_view(SavedPages.screen, _RIGHT), name="saved_pages"),
    path("sources/copies/", desk_view(Copies.screen, _RIGHT), name="copies"),
    path("sources/<int:pk>/", desk_view(page.screen, _RIGHT), name="source_page"),
    path("sources/<int:page>/compare/", desk_view(saved.compare, _RIGHT), name="compare_pages"),
    path("sources/saved/<int:pk>/", desk_view(saved.saved, _RIGHT), name="saved_page"),
    path("sources/saved/<int:pk>/page/", desk_view(saved.frame, _RIGHT), name="replay"),
]
