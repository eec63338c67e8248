"""oEmbed (https://oembed.com, version 1.0): what a CMS puts into an article where somebody pastes a claim's address."""

from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from claims.public.bodies import public_claim, whole_of
from claims.public.embed.block import LEAST_WIDE, MOST_WIDE, frame, size_of
from claims.public.page import ROUTES, base_of, finished, readers_page, site

_LEAST_HIGH = 200
_AGE = 3600
"""For how many seconds a consumer may keep the response: the frame in it follows the verdict, however old it is."""


@readers_page
def oembed(request: HttpRequest) -> HttpResponse:
    """The rich response for the address of a claim or of its card. 404 for others, 501 for a format but JSON."""
    if request.GET.get("format", "json") != "json":
        return finished(b"This provider answers in JSON alone.\n", "text/plain; charset=utf-8", status=501)
    id = claim_id(request, request.GET.get("url", ""))
    found = public_claim(id) if id else None
    whole = whole_of(found) if found else None
    if whole is None or whole.body is None or whole.body["merged_into"]:
        raise Http404
    text, language = whole.body["text"], whole.body["language"]
    width, height = _most(request, "maxwidth", LEAST_WIDE), _most(request, "maxheight", _LEAST_HIGH)
    size = size_of(text, width=width or MOST_WIDE, **({"height": height} if height else {}))
    name = site(request)["name"]
    document = {
        "version": "1.0",
        "type": "rich",
        "title": text,
        "author_name": name,
        "author_url": f"{base_of(request)}/",
        "provider_name": name,
        "provider_url": f"{base_of(request)}/",
        "cache_age": _AGE,
        "width": size.width,
        "height": size.height,
        "html": frame(request, whole.id, text, language, size),
    }
    response = finished(orjson.dumps(document), "application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def claim_id(request: HttpRequest, url: str) -> str | None:
    """The id of the claim whose page or card has this address on our site; None for any other address."""
    try:
        parts = urlsplit(url)
        match = resolve(parts.path, ROUTES)
    except (ValueError, Resolver404):
        return None
    ours = {request.get_host(), urlsplit(base_of(request)).netloc, settings.DOMAIN, settings.READERS_DOMAIN} - {""}
    if parts.scheme not in ("http", "https") or parts.netloc.lower() not in ours:
        return None
    return str(match.kwargs["id"]) if match.url_name in ("claim", "embed") else None


def _most(request: HttpRequest, name: str, least: int) -> int | None:
    """A limit that the consumer gave; None without one. A card needs some room, so no less than `least`."""
    value = request.GET.get(name, "")
    return max(int(value[:6]), least) if value.isascii() and value.isdigit() else None
