"""The button that marks a notice as read."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from claims import notices


@require_POST
def read(request: HttpRequest, notice: int) -> HttpResponse:
    """Mark it as read and show the page again that has the button. Somebody else's notice stays as it is."""
    notices.mark_read(request.user, notice)
    path = request.POST.get("next", "")
    here = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return HttpResponseRedirect(path if here else reverse("admin:index"))
