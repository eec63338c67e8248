"""Lists of published claims for readers: the latest, those of a topic, of a speaker, and of an organisation."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from claims.public import wording
from claims.public.bodies import current, web_address
from claims.public.lists.facets import Facet, Kind, facet, having, largest_topics, listed_by_id, topics
from claims.public.lists.names import names
from claims.public.lists.paging import listed
from claims.public.page import elsewhere, page, readers_page

_TOPICS_OF_HOME = 12
_TOPICS_OF_PAGE = 100
_NAMES_OF_PAGE = 100


@readers_page
def home(request: HttpRequest) -> HttpResponse:
    """The latest checks; where nothing is published yet, the desk's own first page."""
    found = listed(current(), request)
    if not found.entries and found.is_first:
        return elsewhere()
    context = {"listed": found, "topics": largest_topics(_TOPICS_OF_HOME)}
    return page(request, "readers/lists/home.html", context, title=_("Latest checks"))


@readers_page
def topic_list(request: HttpRequest) -> HttpResponse:
    """The topics of published claims."""
    found = topics(after=request.GET.get("after", "")[:80], limit=_TOPICS_OF_PAGE + 1)
    more = found[_TOPICS_OF_PAGE - 1].name if len(found) > _TOPICS_OF_PAGE else ""
    context = {"topics": found[:_TOPICS_OF_PAGE], "after": more, "is_first": "after" not in request.GET}
    return page(request, "readers/lists/topics.html", context, title=_("Topics"))


@readers_page
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """The claims that are filed under a topic."""
    found = _found(Kind.TOPIC, slug)
    context = {"topic": found, "listed": listed(having(found, Kind.TOPIC), request)}
    return page(request, "readers/lists/topic.html", context, title=found.shown["name"])


@readers_page
def speaker_list(request: HttpRequest) -> HttpResponse:
    """The speakers of published claims, by name."""
    return _index(request, Kind.SPEAKER, "readers/lists/speakers.html", _("Speakers"))


@readers_page
def organisation_list(request: HttpRequest) -> HttpResponse:
    """The organisations that reviewed published claims, by name."""
    return _index(request, Kind.ORGANISATION, "readers/lists/organisations.html", _("Organisations"))


def _index(request: HttpRequest, kind: Kind, template: str, title: str) -> HttpResponse:
    after = request.GET.get("after", "")
    ids = names(kind).after(after, _NAMES_OF_PAGE + 1)
    if ids is None:
        raise Http404
    found = listed_by_id(kind, ids[:_NAMES_OF_PAGE])
    more = ids[_NAMES_OF_PAGE - 1] if len(ids) > _NAMES_OF_PAGE else ""
    return page(request, template, {"found": found, "after": more, "is_first": not after}, title=title)


@readers_page
def speaker(request: HttpRequest, id: str) -> HttpResponse:
    """The claims that rest on words of a speaker, and who is meant."""
    found = _found(Kind.SPEAKER, id)
    context = {
        "speaker": found.shown,
        "kind": wording.speaker_kind(found.shown["kind"]),
        "claims": found.claims,
        "listed": listed(having(found, Kind.SPEAKER), request),
    }
    return page(request, "readers/lists/speaker.html", context, title=found.shown["name"])


@readers_page
def organisation(request: HttpRequest, id: str) -> HttpResponse:
    """The claims that an organisation reviewed."""
    found = _found(Kind.ORGANISATION, id)
    context = {
        "organisation": found.shown,
        "site_of_it": web_address(found.shown.get("site")),
        "licence": web_address(found.shown.get("licence")),
        "claims": found.claims,
        "listed": listed(having(found, Kind.ORGANISATION), request),
    }
    return page(request, "readers/lists/organisation.html", context, title=found.shown["name"])


def _found(kind: Kind, name: str) -> Facet:
    found = facet(kind, name) if len(name) <= 80 else None
    if found is None:
        raise Http404
    return found
