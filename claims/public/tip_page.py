"""The private page of a tip, `/t/TOKEN`: whether it was received or answered, and nothing between.

Whoever sends 500 tips must not learn what the desk works on. So a tip that was taken up, set aside or linked to a claim
without a published review reads byte for byte as a new one, after the same statement (claims/public/answers.py).
"""

from collections.abc import Callable
from functools import wraps

from csp.decorators import csp
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from claims.public.answers import tip_page
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
    # Rendered without the request: no session is read, and no cookie set.
    page = tip_page(token)
    if page is None:
        return HttpResponse(render_to_string("404.html"), status=404)
    deleted = request.method == "POST" and _DELETE in request.POST
    if deleted:
        delete_contact(page.tip)
    context = {"answer": page.answer, "deleted": deleted, "delete": _DELETE, "open": settings.ANONYMOUS_READ}
    return HttpResponse(render_to_string("public/tip.html", context))
