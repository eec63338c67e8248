"""How the operations are described in OpenAPI where they are alike."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from claims.api.openapi.claim import page_of
from claims.api.openapi.sample_claim import SPECIMENS

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


def example_of(of: type[Serializer[Any]]) -> list[OpenApiExample]:
    """What one such answer looks like."""
    return [OpenApiExample("One", value=SPECIMENS[of.__name__], response_only=True)]


def example_of_page(of: type[Serializer[Any]]) -> list[OpenApiExample]:
    """What a page of a list of these looks like."""
    page = {"results": [SPECIMENS[of.__name__]], "next": None}
    return [OpenApiExample("The last page", value=page, response_only=True)]


def listed(name: str, query: type[Serializer[Any]], of: type[Serializer[Any]], title: str) -> Callable[[V], V]:
    """Describes a view that lists these; its docstring is the description."""

    def describe(view: V) -> V:
        operation = extend_schema(
            operation_id=name,
            summary=f"List {name.replace('_', ' ')}",
            description=view.__doc__,
            examples=example_of_page(of),
            **listing(query, page_of(of, title, name.replace("_", " "))),
        )
        return extend_schema_view(get=operation)(view)

    return describe


def described(name: str, of: type[Serializer[Any]]) -> Callable[[V], V]:
    """Describes a view that answers with one of these; its docstring is the description."""

    def describe(view: V) -> V:
        asked = getattr(view, "query_class", None)
        operation = extend_schema(
            operation_id=name,
            summary=f"Get one {name.replace('_', ' ')}",
            description=view.__doc__,
            examples=example_of(of),
            parameters=[*([asked] if asked else []), ID],
            responses=of,
        )
        return extend_schema_view(get=operation)(view)

    return describe
