"""The page at `/`: the desk for who is logged in; for everybody else what this site is, and the ways in."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.publication.site.name import published_name
from factcheck.set_up.administrators import administrators, can_log_in


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponseRedirect(reverse("admin:index"))
    is_set_up = administrators().filter(can_log_in()).exists()
    return render(request, "start.html", {"is_set_up": is_set_up, "organisation": published_name()})
