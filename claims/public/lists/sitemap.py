"""The sitemap of readers' pages, and what is asked of crawlers.

A part holds the claims whose keys are in one range, so that a claim stays in its part whatever is published later.
`lastmod` is the day of a claim's last change.
"""

from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from claims.models.publication import ClaimVersionQuerySet
from claims.public.bodies import current
from claims.public.lists.facets import topic_names
from claims.public.page import base_of, finished, readers_page
from claims.publication.site.current_claims import days_of_parts

PART = 5_000
"""Keys of a part: at most as many claims. A sitemap may have 50,000 addresses."""
_MOST_TOPICS = 5_000
_MOST_PARTS = 10**12
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGES = ("home", "topics", "speakers", "organisations", "corrections", "method", "policy", "about")
_CLOSED = ("/admin/", "/api/", "/account/", "/t/", "/search?", "/ask?", "/report", "/complaints/", "/claims/*/report")


@readers_page
def index(request: HttpRequest) -> HttpResponse:
    """The parts of the sitemap, each with the day of its last change."""
    base = base_of(request)
    parts = [(f"{base}{reverse('readers:sitemap_pages')}", "")]
    for part, last in days_of_parts(PART):
        parts.append((f"{base}{reverse('readers:sitemap_part', args=[part])}", last))
    return _xml("sitemapindex", "sitemap", parts)


@readers_page
def pages(request: HttpRequest) -> HttpResponse:
    """The part with the pages that are no claims."""
    base = base_of(request)
    found = [(f"{base}{reverse(f'readers:{name}')}", "") for name in _PAGES]
    found += [(f"{base}{reverse('readers:topic', args=[name])}", "") for name in topic_names(_MOST_TOPICS)]
    return _xml("urlset", "url", found)


@readers_page
def part(request: HttpRequest, number: int) -> HttpResponse:
    """The part with the claims whose keys are in this range."""
    if number > _MOST_PARTS:
        raise Http404
    first = number * PART
    rows: Any = _claims().filter(claim_id__gte=first, claim_id__lt=first + PART).order_by("claim_id")
    claims = base_of(request) + reverse("readers:claim", args=["-"]).removesuffix("-")  # reversed once, not 5,000 times
    found = [
        (f"{claims}{name}", _day(changed_at)) for name, changed_at in rows.values_list("claim_public_id", "changed_at")
    ]
    if not found:
        raise Http404
    return _xml("urlset", "url", found)


@readers_page
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers are asked to leave alone."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _CLOSED)]
    lines += ["", f"Sitemap: {base_of(request)}{reverse('readers:sitemap')}", ""]
    return finished("\n".join(lines).encode(), "text/plain; charset=utf-8")


def _claims() -> ClaimVersionQuerySet:
    return current().standing_alone()


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


def _xml(root: str, name: str, addresses: list[tuple[str, str]]) -> HttpResponse:
    lines = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">']
    for address, day in addresses:
        last = f"<lastmod>{day}</lastmod>" if day else ""
        lines.append(f"<{name}><loc>{escape(address)}</loc>{last}</{name}>")
    lines.append(f"</{root}>\n")
    return finished("\n".join(lines).encode(), "application/xml; charset=utf-8")
