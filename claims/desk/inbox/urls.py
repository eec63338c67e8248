"""Routes of this part of the desk."""

from django.urls import path

from claims.desk.inbox import verbs as verbs
from claims.desk.inbox.feeds import FromFeeds, proposal
from claims.desk.inbox.newsrooms import FromNewsrooms
from claims.desk.inbox.tips import Tips, tips
from claims.desk.shell.access import desk_view

urlpatterns = [
    path("inbox/", desk_view(Tips.screen, right="claims.view_tipgroup"), name="inbox"),
    path("inbox/tips/<int:pk>/", desk_view(tips, right="claims.view_tipgroup"), name="tips"),
    path("inbox/newsrooms/", desk_view(FromNewsrooms.screen, right="claims.view_submission"), name="inbox_newsrooms"),
    path("inbox/feeds/", desk_view(FromFeeds.screen, right="claims.view_proposal"), name="inbox_feeds"),
    path("inbox/feeds/<int:pk>/", desk_view(proposal, right="claims.view_proposal"), name="inbox_feed"),
]
