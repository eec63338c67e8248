"""The name of our organisation, as readers were last told it."""

import orjson

from claims.models import FacetCount, Organisation, PublicationBody
from claims.models.publication import Audience
from claims.publication import body_parts


def published_name() -> str:
    """The name of our organisation as published; empty as long as it published nothing. Two queries."""
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
