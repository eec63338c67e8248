"""How the operations are described in OpenAPI where they are alike."""

from collections.abc import Callable
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
CURSOR = OpenApiParameter("cursor", OpenApiTypes.STR, description="Where the page before ended; from its `next`.")
ID = OpenApiParameter("id", OpenApiTypes.STR, OpenApiParameter.PATH, description="Public id.")

ONE: dict[str, Any] = {"parameters": [ID]}


def listing(query: type[Serializer[Any]], page: type[Serializer[Any]]) -> dict[str, Any]:
    """Arguments of `extend_schema` for a list with these filters and this page."""
    return {"parameters": [query, LIMIT, CURSOR], "responses": page}


def example_of(shape: Any) -> list[OpenApiExample]:
    """What one such answer looks like."""
    return [OpenApiExample("One", value=example(shape), response_only=True)]


def example_of_page(shape: Any) -> list[OpenApiExample]:
    """What a page of a list of these looks like."""
    page = {"results": [example(shape)], "next": None}
    return [OpenApiExample("The last page", value=page, response_only=True)]


def listed(name: str, query: type[Serializer[Any]], shape: Any, title: str) -> Callable[[V], V]:
    """Describes a view that lists these; its docstring is the description."""

    def describe(view: V) -> V:
        operation = extend_schema(
            operation_id=name,
            summary=f"List {name.replace('_', ' ')}",
            description=view.__doc__,
            examples=example_of_page(shape),
            **listing(query, page_of(shape, title, name.replace("_", " "))),
        )
        return extend_schema_view(get=operation)(view)

    return describe


def described(name: str, shape: Any) -> Callable[[V], V]:
    """Describes a view that answers with one of these; its docstring is the description."""

    def describe(view: V) -> V:
        asked = getattr(view, "query_class", None)
        operation = extend_schema(
            operation_id=name,
            summary=f"Get one {name.replace('_', ' ')}",
            description=view.__doc__,
            examples=example_of(shape),
            parameters=[*([asked] if asked else []), ID],
            responses=serializer_of(shape),
        )
        return extend_schema_view(get=operation)(view)

    return describe
