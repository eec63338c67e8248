"""The page at `/`: the desk for who is logged in; for everybody else what this site is, and the ways in."""

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.models import FacetCount, Organisation, PublicationBody
from claims.models.publication import Audience
from claims.publication import body_parts
from factcheck.set_up.administrators import administrators, can_log_in


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponseRedirect(reverse("admin:index"))
    is_set_up = administrators().filter(can_log_in()).exists()
    return render(request, "start.html", {"is_set_up": is_set_up, "organisation": published_name()})


def published_name() -> str:
    """The name of our organisation as readers were last told it; empty as long as it published nothing."""
    ours = Organisation.objects.filter(is_ours=True).values("public_id")
    facets = FacetCount.objects.filter(
        audience=Audience.PUBLIC, kind=FacetCount.Kind.ORGANISATION, bodies__gt=0, newest__isnull=False, name__in=ours
    )
    facet = facets.order_by("-bodies", "name").first()
    if facet is None or facet.newest is None:
        return ""
    body = PublicationBody.objects.filter(publication__sequence=facet.newest).first()
    named = body_parts.organisations(orjson.loads(bytes(body.json))) if body is not None else ()
    return next((str(each["name"]) for each in named if each["id"] == facet.name), "")
