"""What the REST interface says of itself: its root, and its description in OpenAPI 3.1."""

import functools
from typing import Any

import orjson
from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from claims.api.answers import answer
from factcheck.api import PROBLEM, PROBLEMS, refuse_unknown


class Root(APIView):
    """The routes of this interface."""

    anonymous = True

    @extend_schema(
        operation_id="routes", responses={200: {"type": "object", "additionalProperties": {"type": "string"}}}
    )
    def get(self, request: Request) -> Response:
        """Name and address of every list, and of the schema that describes them all."""
        refuse_unknown(request, [])
        names = ("claims", "sources", "changes", "webhooks", "schema")
        return Response({name: reverse(f"api:{name}", request=request) for name in names})


class Schema(APIView):
    """This interface in OpenAPI 3.1. Needs no key, and says nothing of what is in the database."""

    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        refuse_unknown(request, [])
        return answer(request, _schema(), media_type="application/vnd.oai.openapi+json")


@functools.cache
def _schema() -> bytes:
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    return orjson.dumps(generator.get_schema(request=None, public=True))  # type: ignore[no-untyped-call]


def document_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Hook of drf-spectacular: the problems that every operation may answer with."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _PROBLEM_SCHEMA
    for path, operations in result["paths"].items():
        for operation in operations.values():
            codes = {400, 401, 403, 503} | ({404} if "{" in path else set())
            if "requestBody" in operation:
                codes |= {409, 413, 415, 422}
            for code in sorted(codes):
                titles = [title for name, (status_, title) in PROBLEMS.items() if status_ == code]
                operation["responses"][str(code)] = {
                    "description": "; or ".join(titles),
                    "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
    return result


_PROBLEM_SCHEMA = {
    "type": "object",
    "description": "An error as RFC 9457 has it.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "enum": [f"urn:factcheck:problem:{name}" for name in PROBLEMS]},
        "title": {"type": "string", "description": "The same for every problem of this type."},
        "status": {"type": "integer", "description": "The HTTP status again."},
        "detail": {"type": "string", "description": "A sentence that says what to do."},
        "parameter": {"type": "string", "description": "The query parameter it is about."},
        "allowed": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The query parameters that there are.",
        },
    },
}
