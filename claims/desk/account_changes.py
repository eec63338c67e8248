"""The button by which a chief says that she has read of a change of an account that may approve."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from claims import accounts


@require_POST
def read(request: HttpRequest, change: int) -> HttpResponse:
    """Record it, and show the home again. The change stays on the homes of others."""
    if not accounts.hears_of_grants(request.user):
        raise PermissionDenied
    refusal = accounts.mark_read(request.user, change)
    if refusal is not None:
        messages.error(request, refusal)
    return HttpResponseRedirect(reverse("admin:index"))
