"""What many claims share: speakers, organisations, topics and rating scales, as published bodies tell them.

`FacetCount` says which there are, how many current bodies name each, and which of those is the newest, so that no
list has to count or to look through claims.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import ClassVar

import orjson
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.openapi import resources
from claims.api.openapi.operations import detail_operation, list_operation
from claims.api.request.filters import OrganisationQuery, RatingScaleQuery, SpeakerQuery, TopicQuery
from claims.api.request.sparse_fields import select_fields
from claims.api.response import audience_of, etag_response, visible_versions
from claims.json_object import Json
from claims.models import FacetCount, PublicationBody
from claims.publication import body_parts

# The column of versions that has the things of a kind, for the few whose newest body is not known.
_COLUMNS = {
    FacetCount.Kind.SPEAKER: "speakers",
    FacetCount.Kind.ORGANISATION: "organisations",
    FacetCount.Kind.TOPIC: "topics",
    FacetCount.Kind.STEP: "rating_steps",
}


class Mentioned(GenericAPIView[FacetCount]):
    """Things of one kind that bodies name which answer now."""

    anonymous = True
    of_log = True
    kind: ClassVar[FacetCount.Kind]
    things: ClassVar[Callable[[Json], Iterator[Json]]]
    key: ClassVar = "id"

    def facets(self, request: Request) -> QuerySet[FacetCount]:
        return FacetCount.objects.filter(audience=audience_of(request), kind=self.kind, bodies__gt=0)

    def told(self, request: Request, rows: list[FacetCount]) -> list[Json]:
        """Each as the newest body tells it, and in how many claims it is."""
        faces = faces_of(request, rows, self.kind, type(self).things, self.key)
        return [faces[row.name] | {"claims": row.bodies} for row in rows if row.name in faces]


class MentionedList(Mentioned):
    """Those of a kind, by id."""

    keyset: ClassVar = ("name",)

    def get(self, request: Request) -> HttpResponse:
        rows = self.paginate_queryset(self.filter_queryset(self.facets(request))) or []
        fields = self.params.get("fields")  # type: ignore[attr-defined]
        return self.get_paginated_response(
            [orjson.dumps(select_fields(body, fields)) for body in self.told(request, rows)]
        )


class MentionedDetail(Mentioned):
    """One of them."""

    def get(self, request: Request, id: str) -> HttpResponse:
        found = self.told(request, list(self.filter_queryset(self.facets(request)).filter(name=id)))
        if not found:
            raise Http404
        return etag_response(request, orjson.dumps(select_fields(found[0], self.params.get("fields"))))  # type: ignore[attr-defined]


def faces_of(
    request: Request,
    facets: Iterable[FacetCount],
    kind: FacetCount.Kind,
    things: Callable[[Json], Iterator[Json]],
    key: str,
) -> Mapping[str, Json]:
    """By name, what the newest current body says of each. One query, unless a newest body is not known or redacted."""
    newest = {facet.name: facet.newest for facet in facets}
    known = {sequence for sequence in newest.values() if sequence is not None}
    stored = PublicationBody.objects.filter(publication__in=known).values_list("publication", "json") if known else ()
    bodies = {sequence: orjson.loads(bytes(json)) for sequence, json in stored}
    faces = {}
    for name, sequence in newest.items():
        body = bodies.get(sequence) if sequence is not None else None
        if body is None:
            body = _latest_with(request, _COLUMNS[kind], name)
        face = next((thing for thing in things(body) if thing[key] == name), None) if body else None
        if face is not None:
            faces[name] = face
    return faces


def _latest_with(request: Request, column: str, name: str) -> Json | None:
    """The latest body that has the name in this column."""
    having = visible_versions(request).filter(publication__body__isnull=False, **{f"{column}__contains": [name]})
    json = having.order_by("-sequence_from").values_list("publication__body__json", flat=True).first()
    return None if json is None else orjson.loads(bytes(json))


class _Speakers(Mentioned):
    kind = FacetCount.Kind.SPEAKER
    query_class = SpeakerQuery
    things = body_parts.speakers


@list_operation("speakers", SpeakerQuery, resources.MentionedSpeaker, "Speaker")
class SpeakerList(_Speakers, MentionedList):
    """Who made the statements that published claims rest on, by id."""


@detail_operation("speaker", resources.MentionedSpeaker)
class SpeakerDetail(_Speakers, MentionedDetail):
    """One speaker."""


class _Organisations(Mentioned):
    kind = FacetCount.Kind.ORGANISATION
    query_class = OrganisationQuery
    things = body_parts.organisations


@list_operation("organisations", OrganisationQuery, resources.MentionedOrganisation, "Organisation")
class OrganisationList(_Organisations, MentionedList):
    """Whose reviews are published here, by id."""


@detail_operation("organisation", resources.MentionedOrganisation)
class OrganisationDetail(_Organisations, MentionedDetail):
    """One organisation, and the licence of its reviews."""


class _Topics(Mentioned):
    kind = FacetCount.Kind.TOPIC
    query_class = TopicQuery
    things = body_parts.topics
    key = "slug"


@list_operation("topics", TopicQuery, resources.MentionedTopic, "Topic")
class TopicList(_Topics, MentionedList):
    """What published claims are filed under, by slug."""


@detail_operation("topic", resources.MentionedTopic)
class TopicDetail(_Topics, MentionedDetail):
    """One topic. Its id is its slug."""


class _Scales(Mentioned):
    kind = FacetCount.Kind.SCALE
    query_class = RatingScaleQuery

    def told(self, request: Request, rows: list[FacetCount]) -> list[Json]:
        """Each scale of those of its steps that published reviews stand on, from worst to best."""
        if not rows:
            return []
        # ":" ends the id of a scale in the name of a step, and ";" follows it.
        first, last = f"{rows[0].name}:", f"{rows[-1].name};"
        steps = list(
            FacetCount.objects.filter(
                audience=audience_of(request), kind=FacetCount.Kind.STEP, bodies__gt=0, name__gte=first, name__lt=last
            )
        )
        faces = faces_of(request, steps, FacetCount.Kind.STEP, body_parts.rated_steps, "id")
        of_scale: dict[str, list[Json]] = defaultdict(list)
        for step in sorted(steps, key=lambda step: step.newest or 0, reverse=True):
            if step.name in faces:
                of_scale[step.name.partition(":")[0]].append(faces[step.name] | {"claims": step.bodies})
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
class RatingScaleList(_Scales, MentionedList):
    """The scales that published ratings belong to, by id."""


@detail_operation("rating_scale", resources.RatingScale)
class RatingScaleDetail(_Scales, MentionedDetail):
    """One scale, with those of its steps that published reviews stand on."""
