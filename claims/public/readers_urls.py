"""Routes of readers' pages, which factcheck/readers serves ahead of sessions, also where the desk has its own `/`."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from claims.public.asking.ask import ask
from claims.public.claim import claim
from claims.public.complaints.corrections import corrections
from claims.public.complaints.corrections import feed as corrections_feed
from claims.public.complaints.private import complaint
from claims.public.complaints.report import report
from claims.public.embed.card import embed
from claims.public.embed.oembed import oembed
from claims.public.history import before_and_after
from claims.public.lists import feed, pages, sitemap
from claims.public.lists.search import search
from claims.public.page import readers_page
from claims.public.proof.log import proof_log, proof_site_log
from claims.public.proof.page import proof, proof_file, proof_script
from claims.public.site_pages.pages import TITLES, shown


@readers_page
def nothing(request: HttpRequest, **arguments: str) -> HttpResponse:
    raise Http404


app_name = "readers"
urlpatterns = [
    path("claims/<str:id>", claim, name="claim"),
    path("claims/<str:id>/changes/<int:sequence>", before_and_after, name="changes"),
    path("claims/<str:id>/proof", proof, name="proof"),
    path("claims/<str:id>/proof.json", proof_file, name="proof_file"),
    path("proof/log", proof_log, name="proof_log"),
    path("proof/site-log", proof_site_log, name="proof_site_log"),
    path("proof/verify_history.py", proof_script, {"name": "verify_history"}, name="proof_script"),
    path("proof/verify_register.py", proof_script, {"name": "verify_register"}, name="proof_register_script"),
    # lists
    path("", pages.home, name="home"),
    path("topics", pages.topic_list, name="topics"),
    path("topics/<str:slug>", pages.topic, name="topic"),
    path("topics/<str:slug>/feed.atom", feed.topic_atom, name="topic_feed"),
    path("speakers", pages.speaker_list, name="speakers"),
    path("speakers/<str:id>", pages.speaker, name="speaker"),
    path("organisations", pages.organisation_list, name="organisations"),
    path("organisations/<str:id>", pages.organisation, name="organisation"),
    path("search", search, name="search"),
    path("feed.atom", feed.atom, name="feed"),
    path("feed.json", feed.json_feed, name="feed_json"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemaps/pages.xml", sitemap.pages, name="sitemap_pages"),
    path("sitemaps/<int:number>.xml", sitemap.part, name="sitemap_part"),
    path("robots.txt", sitemap.robots, name="robots"),
    # corrections and complaints
    path("corrections", corrections, name="corrections"),
    path("corrections.atom", corrections_feed, name="corrections_feed"),
    path("claims/<str:id>/report", report, name="report"),
    path("report", report, name="report_any"),
    path("complaints/<str:token>", complaint, name="complaint"),
    # tips
    path("ask", ask, name="ask"),
    # embedding
    path("embed/<str:id>", embed, name="embed"),
    path("oembed", oembed, name="oembed"),
    # pages that people write
    *(
        each
        for name in TITLES
        for each in (
            path(name, shown, {"name": name}, name=name),
            path(f"{name}/versions/<int:version>", shown, {"name": name}, name=f"{name}_version"),
        )
    ),
]
