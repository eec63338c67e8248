"""Serve what many claims share: speakers, organisations, topics and rating scales, as published bodies have them.

`FacetCount` holds which there are, how many current bodies name each, and which of those is the newest, so that lists
need neither count nor scan claims.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

import orjson
from django.db.models import Count, QuerySet, Subquery
from django.http import Http404, HttpResponse
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.openapi import resources
from claims.api.openapi.operations import detail_operation, list_operation
from claims.api.published.newest_bodies import NewestBodies
from claims.api.request.filters import OrganisationQuery, RatingScaleQuery, SpeakerQuery, TopicQuery
from claims.api.request.sparse_fields import select_fields
from claims.api.response import audience_of, etag_response
from claims.json_object import Json
from claims.models import FacetCount
from claims.publication import body_parts


class FacetView(GenericAPIView[FacetCount]):
    """Entities of one kind that current bodies name."""

    anonymous = True
    of_log = True
    kind: ClassVar[FacetCount.Kind]
    entities: ClassVar[Callable[[Json], Iterator[Json]]]
    key: ClassVar = "id"

    def facets(self, request: Request) -> QuerySet[FacetCount]:
        return FacetCount.objects.filter(audience=audience_of(request), kind=self.kind, bodies__gt=0)

    def represented(self, request: Request, rows: list[FacetCount]) -> list[Json]:
        """Each as the newest body has it, with the number of claims that name it."""
        shown = newest_representations(request, rows, self.kind, type(self).entities, self.key)
        return [shown[row.name] | {"claims": row.bodies} for row in rows if row.name in shown]


class FacetList(FacetView):
    """The entities of a kind, by id."""

    keyset: ClassVar = ("name",)

    def get(self, request: Request) -> HttpResponse:
        facets = self.filter_queryset(self.facets(request))
        counted = {"q", "site"}.isdisjoint(self.params)  # type: ignore[attr-defined]
        if counted:
            facets = facets.annotate(total=Subquery(facets.values("kind").annotate(all=Count("pk")).values("all")))
        rows: list[Any] = self.paginate_queryset(facets) or []
        if counted and (rows or "cursor" not in request.query_params):
            self.paginator.total = rows[0].total if rows else 0  # type: ignore[union-attr]
        fields = self.params.get("fields")  # type: ignore[attr-defined]
        query = self.query_class()  # type: ignore[attr-defined]
        return self.get_paginated_response(
            [
                orjson.dumps(select_fields(body, fields))
                for body in self.represented(request, rows)
                if query.matches(body, self.params)  # type: ignore[attr-defined]
            ]
        )


class FacetDetail(FacetView):
    """One entity."""

    def get(self, request: Request, id: str) -> HttpResponse:
        found = self.represented(request, list(self.filter_queryset(self.facets(request)).filter(name=id)))
        if not found:
            raise Http404
        return etag_response(request, orjson.dumps(select_fields(found[0], self.params.get("fields"))))  # type: ignore[attr-defined]


def newest_representations(
    request: Request,
    facets: Iterable[FacetCount],
    kind: FacetCount.Kind,
    entities: Callable[[Json], Iterator[Json]],
    key: str,
) -> Mapping[str, Json]:
    """By name, each entity as its newest current body has it. One query, unless that body is unknown or redacted."""
    newest = {facet.name: facet.newest for facet in facets}
    bodies = NewestBodies(request, newest.values())
    found = {name: bodies.find(name, sequence, kind, entities, key) for name, sequence in newest.items()}
    return {name: entity for name, entity in found.items() if entity is not None}


class _Speakers(FacetView):
    kind = FacetCount.Kind.SPEAKER
    query_class = SpeakerQuery
    entities = body_parts.speakers


@list_operation("speakers", SpeakerQuery, resources.MentionedSpeaker, "Speaker")
class SpeakerList(_Speakers, FacetList):
    """Who made the statements that published claims rest on, by id."""


@detail_operation("speaker", resources.MentionedSpeaker)
class SpeakerDetail(_Speakers, FacetDetail):
    """One speaker."""


class _Organisations(FacetView):
    kind = FacetCount.Kind.ORGANISATION
    query_class = OrganisationQuery
    entities = body_parts.organisations


@list_operation("organisations", OrganisationQuery, resources.MentionedOrganisation, "Organisation")
class OrganisationList(_Organisations, FacetList):
    """Whose reviews are published here, by id."""


@detail_operation("organisation", resources.MentionedOrganisation)
class OrganisationDetail(_Organisations, FacetDetail):
    """One organisation, and the licence of its reviews."""


class _Topics(FacetView):
    kind = FacetCount.Kind.TOPIC
    query_class = TopicQuery
    entities = body_parts.topics
    key = "slug"


@list_operation("topics", TopicQuery, resources.MentionedTopic, "Topic")
class TopicList(_Topics, FacetList):
    """What published claims are filed under, by slug."""


@detail_operation("topic", resources.MentionedTopic)
class TopicDetail(_Topics, FacetDetail):
    """One topic. Its id is its slug."""


class _Scales(FacetView):
    kind = FacetCount.Kind.SCALE
    query_class = RatingScaleQuery

    def represented(self, request: Request, rows: list[FacetCount]) -> list[Json]:
        """Each scale with those of its steps that published reviews use, from worst to best."""
        if not rows:
            return []
        # In the name of a step ":" follows the id of its scale, and ";" is the next character.
        first, last = f"{rows[0].name}:", f"{rows[-1].name};"
        steps = list(
            FacetCount.objects.filter(
                audience=audience_of(request), kind=FacetCount.Kind.STEP, bodies__gt=0, name__gte=first, name__lt=last
            )
        )
        shown = newest_representations(request, steps, FacetCount.Kind.STEP, body_parts.rated_steps, "id")
        of_scale: dict[str, list[Json]] = defaultdict(list)
        for step in sorted(steps, key=lambda step: step.newest or 0, reverse=True):
            if step.name in shown:
                of_scale[step.name.partition(":")[0]].append(shown[step.name] | {"claims": step.bodies})
        return [_scale(of_scale[row.name]) for row in rows if of_scale[row.name]]


def _scale(steps: list[Json]) -> Json:
    latest = steps[0]
    ratings = sorted(steps, key=lambda step: step["value"])
    return {
        **latest["scale"],
        "organisation": latest["organisation"],
        "worst": latest["worst"],
        "best": latest["best"],
        "ratings": [{name: step[name] for name in ("label", "value", "verdict", "claims")} for step in ratings],
    }


@list_operation("rating_scales", RatingScaleQuery, resources.RatingScale, "RatingScale")
class RatingScaleList(_Scales, FacetList):
    """The scales that published ratings belong to, by id."""


@detail_operation("rating_scale", resources.RatingScale)
class RatingScaleDetail(_Scales, FacetDetail):
    """One scale, with those of its steps that published reviews stand on."""
