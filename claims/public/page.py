"""The frame of readers' pages: what each of them has in common, and the headers with which it goes out.

No session, no cookie, no script, nothing from another host. A page depends on `claims.public.state` and its address
alone, so that it may be kept (factcheck/readers/middleware.py); a page that depends on more says so with `keep=False`.
"""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext_lazy as __

from claims.publication.site.name import published_name
from sources.reordered import shown

# No page has a script that could connect anywhere; `connect-src` lets auditors of pages read our robots.txt.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {}"
)
_HEADERS = {
    "Cache-Control": "public, no-cache",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_NAVIGATION = (
    ("home", __("Latest")),
    ("topics", __("Topics")),
    ("method", __("How we check")),
    ("corrections", __("Corrections")),
    ("search", __("Search")),
)
_FOOTER = (
    ("method", __("How we check")),
    ("policy", __("Corrections policy")),
    ("about", __("Who we are")),
    ("corrections", __("Corrections and complaints")),
    ("speakers", __("Speakers")),
    ("organisations", __("Organisations")),
    ("report_any", __("Report an error")),
    ("ask", __("Ask us to check something")),
    ("feed", __("Feed")),
)
ROUTES = "claims.public.readers_urls"
"""Where the routes of all readers' pages are."""
View = Callable[..., HttpResponse]


class Item(NamedTuple):
    """A link of the navigation or the footer."""

    path: str
    label: str


def readers_page(view: View) -> View:
    """Show the view in the language of the site, with the headers of readers' pages; 404 if they are switched off."""

    @wraps(view)
    def served(request: HttpRequest, *args: Any, **arguments: Any) -> HttpResponse:
        if not settings.READERS:
            raise Http404
        methods = getattr(view, "methods", ("GET", "HEAD"))
        if request.method not in methods:
            return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
        with override(settings.READERS_LANGUAGE):
            try:
                response = view(request, *args, **arguments)
            except Http404:
                response = not_found(request)
        framed = getattr(response, "may_be_framed", False)
        response.headers.setdefault("Content-Security-Policy", POLICY.format("*" if framed else "'none'"))
        if not framed:
            response.headers.setdefault("X-Frame-Options", "DENY")
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return served


def counted(view: View) -> View:
    """Count what is asked of the view, with a query or a form, against the limit of the asker's address."""
    view.is_counted = True  # type: ignore[attr-defined]
    return view


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, title: str, status: int = 200, keep: bool = True
) -> HttpResponse:
    """A page for readers from a template that extends readers/base.html.

    `title` stands in the browser's tab before the name of the site. With `keep` the response has an ETag of its bytes,
    and may be kept as long as the state is the same.
    """
    frame = {"title": title, "site": site(request), "here": request.path}
    return html(template, {**frame, **context}, status=status, keep=keep)


def html(template: str, context: dict[str, Any], *, status: int = 200, keep: bool = True) -> HttpResponse:
    """The template as a response of its own; no text of anybody reorders it."""
    text = shown(render_to_string(template, context))
    return finished(text.encode(), "text/html; charset=utf-8", status=status, keep=keep)


def finished(body: bytes, content_type: str, *, status: int = 200, keep: bool = True) -> HttpResponse:
    """A response with these bytes; one that may be kept has the ETag that conditional requests name."""
    response = HttpResponse(body, content_type=content_type, status=status)
    if keep and status == 200:
        response.headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()}"'
        response.of_state = True  # type: ignore[attr-defined]
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def elsewhere() -> HttpResponse:
    """A response in place of which the desk's own page at this address is shown."""
    response = HttpResponse()
    response.is_elsewhere = True  # type: ignore[attr-defined]
    return response


def not_found(request: HttpRequest) -> HttpResponse:
    """The page for an address at which there is nothing, and never was anything public."""
    with override(settings.READERS_LANGUAGE):
        return page(request, "readers/not_found.html", {}, title="404", status=404)


def too_many(request: HttpRequest, retry_after: int) -> HttpResponse:
    """The page for an address from which too much was asked within a minute."""
    with override(settings.READERS_LANGUAGE):
        response = page(request, "readers/too_many.html", {}, title="429", status=429)
    response.headers["Retry-After"] = str(retry_after)
    return response


def site(request: HttpRequest) -> dict[str, Any]:
    """Name, address and language of the site; read once for a request, whatever parts of a page ask for it."""
    found: dict[str, Any] | None = vars(request).get("_site_of_readers")
    if found is None:
        found = vars(request)["_site_of_readers"] = _site(request)
    return found


def _site(request: HttpRequest) -> dict[str, Any]:
    language = get_language_info(settings.READERS_LANGUAGE)
    return {
        "name": published_name() or settings.READERS_DOMAIN or request.get_host(),
        "base": base_of(request),
        "language": settings.READERS_LANGUAGE,
        "direction": "rtl" if language["bidi"] else "ltr",
        "navigation": _items(_NAVIGATION, settings.READERS_LANGUAGE),
        "footer": _items(_FOOTER, settings.READERS_LANGUAGE),
    }


@cache
def _items(links: tuple[tuple[str, Any], ...], language: str) -> tuple[Item, ...]:
    """The links in a language; routes and words are the same for as long as the process lives."""
    with override(language):
        return tuple(Item(reverse(f"readers:{name}"), str(label)) for name, label in links)


def base_of(request: HttpRequest) -> str:
    """Scheme and host of readers' pages, as in https://checks.example."""
    if domain := settings.READERS_DOMAIN or settings.DOMAIN:
        return f"{'https' if settings.HTTPS else request.scheme}://{domain}"
    return f"{request.scheme}://{request.get_host()}"


def address(request: HttpRequest, name: str, *args: Any) -> str:
    """The full address of a readers' page by the name of its route."""
    return base_of(request) + reverse(f"readers:{name}", args=args)
