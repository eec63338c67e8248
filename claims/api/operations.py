"""How the operations are described in OpenAPI where they are alike."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.serializers import Serializer

LIMIT = OpenApiParameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 50}, description="Rows of a page."
)
CURSOR = OpenApiParameter("cursor", OpenApiTypes.STR, description="Where the page before ended; from its `next`.")
ID = OpenApiParameter("id", OpenApiTypes.STR, OpenApiParameter.PATH, description="Public id.")

ONE: dict[str, Any] = {"parameters": [ID]}


def listing(query: type[Serializer[Any]], page: type[Serializer[Any]]) -> dict[str, Any]:
    """Arguments of `extend_schema` for a list with these filters and this page."""
    return {"parameters": [query, LIMIT, CURSOR], "responses": page}
