"""The button that marks a notice on one's home as read."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from claims import notices


@require_POST
def read(request: HttpRequest, notice: int) -> HttpResponse:
    """Mark it as read and show the home again. Somebody else's notice stays as it is."""
    notices.mark_read(request.user, notice)
    return HttpResponseRedirect(reverse("admin:index"))
