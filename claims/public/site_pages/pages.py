"""How we check, the corrections policy and who we are: the newest version, and each that came before.

As long as nothing is approved, a page says what the product does by itself, and promises nothing.
"""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as __

from claims.public import wording
from claims.public.markup import rendered
from claims.public.page import page, readers_page
from claims.publication.site.log import Kind, SiteEvent, site_events

TITLES = {"method": __("How we check"), "policy": __("Corrections policy"), "about": __("Who we are")}


@dataclass(frozen=True)
class Version:
    """A version and the days on which it was in force; `until` is empty for the newest."""

    number: int
    since: str
    until: str


@readers_page
def shown(request: HttpRequest, name: str, version: int | None = None) -> HttpResponse:
    """The page with this name, as it is or in an earlier version."""
    events = site_events(Kind.PAGE_PUBLISHED, subject=name)
    versions = _versions(events)
    found = next((each for each in events if version in (None, each.body["version"])), None)
    if version is not None and found is None:
        raise Http404
    number = found.body["version"] if found else None
    context = {
        "name": name,
        "heading": TITLES[name],
        "html": rendered(found.body["text"], top=2) if found else "",
        "version": next((each for each in versions if each.number == number), None),
        "versions": versions,
        "is_old": version is not None and found is not events[0],
    }
    return page(request, "readers/site_pages/page.html", context, title=str(TITLES[name]))


def _versions(events: list[SiteEvent]) -> list[Version]:
    """Each with its days, the newest first."""
    found = []
    until = ""
    for event in events:
        since = wording.day(event.at.date())
        found.append(Version(event.body["version"], since, until))
        until = since
    return found
