"""The button that marks a notice as read."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from claims import notices
from claims.desk.shell.addresses import local_path


@require_POST
def read(request: HttpRequest, notice: int) -> HttpResponse:
    """Mark it as read and show the page again that has the button. Somebody else's notice stays as it is."""
    notices.mark_read(request.user, notice)
    return HttpResponseRedirect(local_path(request.POST.get("next", "")) or reverse("admin:index"))
