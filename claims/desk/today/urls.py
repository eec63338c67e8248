"""Routes of this part of the desk."""

from django.urls import path

from claims.desk.shell.access import desk_view
from claims.desk.today.quotes import WatchedQuotes
from claims.desk.today.screen import today

urlpatterns = [
    path("", desk_view(today, right=""), name="today"),
    path("quotes/", desk_view(WatchedQuotes.screen, right="claims.view_evidence"), name="quotes"),
]
