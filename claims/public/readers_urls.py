"""Routes of readers' pages, which factcheck/readers serves ahead of sessions, also where the desk has its own `/`."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from claims.public.claim import claim
from claims.public.embed.card import embed
from claims.public.embed.oembed import oembed
from claims.public.history import before_and_after
from claims.public.page import elsewhere, readers_page


@readers_page
def nothing(request: HttpRequest, **arguments: str) -> HttpResponse:
    raise Http404


@readers_page
def home(request: HttpRequest) -> HttpResponse:
    return elsewhere()


app_name = "readers"
urlpatterns = [
    path("claims/<str:id>", claim, name="claim"),
    path("claims/<str:id>/changes/<int:sequence>", before_and_after, name="changes"),
    path("claims/<str:id>/proof", nothing, name="proof"),
    # lists
    path("", home, name="home"),
    path("topics", nothing, name="topics"),
    path("topics/<str:slug>", nothing, name="topic"),
    path("speakers/<str:id>", nothing, name="speaker"),
    path("organisations/<str:id>", nothing, name="organisation"),
    path("search", nothing, name="search"),
    path("feed.atom", nothing, name="feed"),
    path("feed.json", nothing, name="feed_json"),
    path("sitemap.xml", nothing, name="sitemap"),
    path("robots.txt", nothing, name="robots"),
    # corrections and complaints
    path("corrections", nothing, name="corrections"),
    path("corrections.atom", nothing, name="corrections_feed"),
    path("claims/<str:id>/report", nothing, name="report"),
    path("report", nothing, name="report_any"),
    path("complaints/<str:token>", nothing, name="complaint"),
    # tips
    path("ask", nothing, name="ask"),
    # embedding
    path("embed/<str:id>", embed, name="embed"),
    path("oembed", oembed, name="oembed"),
    # pages that people write
    path("method", nothing, name="method"),
    path("policy", nothing, name="policy"),
    path("about", nothing, name="about"),
]
