"""The private page of a tip, `/t/TOKEN`: whether it was received or answered, and nothing between.

Whoever sends 500 tips must not learn what the desk works on. So a tip that was taken up, set aside or linked to a claim
without a published review reads byte for byte as a new one, after the same statement (claims/public/answers.py).

It is in the language and the frame of readers' pages; where these are switched off, in a frame without links.
"""

from collections.abc import Callable
from functools import wraps

from csp.decorators import csp
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from claims.public.answers import tip_page
from claims.public.page import not_found, page
from claims.tips.inbox import delete_contact

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
_DELETE = "delete-contact"

View = Callable[..., HttpResponseBase]


def _guarded(view: View) -> View:
    """Keep the address of the page, which is all that opens it, from caches, search engines and other sites."""

    @wraps(view)
    def guarded(request: HttpRequest, **arguments: str) -> HttpResponseBase:
        response = view(request, **arguments)
        for name, value in _HEADERS.items():
            response.headers[name] = value
        return response

    return guarded


@csrf_exempt  # the token in the address is the proof; no cookie counts here
@_guarded
@csp(_POLICY)  # type: ignore[arg-type]
@require_http_methods(["GET", "HEAD", "POST"])
def tip(request: HttpRequest, *, token: str) -> HttpResponse:
    """Show what the sender of the tip may know; a POST deletes her contact data first."""
    # Rendered without the request's context: no session is read, and no cookie set.
    with override(settings.READERS_LANGUAGE):
        found = tip_page(token)
        if found is None:
            return not_found(request) if settings.READERS else HttpResponse(render_to_string("404.html"), status=404)
        deleted = request.method == "POST" and _DELETE in request.POST
        if deleted:
            delete_contact(found.tip)
        answer = found.answer
        context = {
            "frame": "readers/base.html" if settings.READERS else "public/bare.html",
            "answer": answer,
            "page": reverse("readers:claim", args=[answer.id]) if answer and settings.READERS else "",
            "deleted": deleted,
            "delete": _DELETE,
            "open": settings.ANONYMOUS_READ,
        }
        return page(request, "public/tip.html", context, title=_("Your tip"), keep=False)
