"""OpenAPI decorators for the list and detail operations of published routes."""

from collections.abc import Callable
from inspect import getdoc
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from claims.api.openapi.serializers import page_of, serializer_of
from claims.publication.description import example

V = TypeVar("V", bound=type[APIView])

LIMIT = OpenApiParameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 50}, description="Rows of a page."
)
CURSOR = OpenApiParameter("cursor", OpenApiTypes.STR, description="From `next` of the previous page.")
ID = OpenApiParameter("id", OpenApiTypes.STR, OpenApiParameter.PATH, description="Public id.")

ONE: dict[str, Any] = {"parameters": [ID]}


def listing(query: type[Serializer[Any]], page: type[Serializer[Any]]) -> dict[str, Any]:
    """Arguments of `extend_schema` for a list with these filters and this page."""
    return {"parameters": [query, LIMIT, CURSOR], "responses": page}


def list_operation(name: str, query: type[Serializer[Any]], shape: Any, title: str) -> Callable[[V], V]:
    """Decorate a view whose GET lists these; its docstring is the description."""
    things = name.replace("_", " ")
    page = {"results": [example(shape)], "next": None}

    def describe(view: V) -> V:
        operation = extend_schema(
            operation_id=name,
            summary=f"List {things}",
            description=getdoc(view),
            examples=[OpenApiExample("The last page", value=page, response_only=True)],
            **listing(query, page_of(shape, title, things)),
        )
        return extend_schema_view(get=operation)(view)

    return describe


def detail_operation(name: str, shape: Any, responses: Any = None) -> Callable[[V], V]:
    """Decorate a view whose GET answers with one of these; its docstring is the description."""

    def describe(view: V) -> V:
        query = getattr(view, "query_class", None)
        operation = extend_schema(
            operation_id=name,
            summary=f"Get one {name.replace('_', ' ')}",
            description=getdoc(view),
            examples=[OpenApiExample("One", value=example(shape), response_only=True)],
            parameters=[*([query] if query else []), ID],
            responses=responses or serializer_of(shape),
        )
        return extend_schema_view(get=operation)(view)

    return describe
