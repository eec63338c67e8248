"""The root of the REST interface, its OpenAPI 3.1 schema, and the documentation page."""

import functools
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from claims.api.response import etag_response
from factcheck.rest.drf import refuse_unknown
from factcheck.rest.middleware import GOOGLE
from factcheck.rest.problems import PROBLEM, PROBLEMS

LISTS = (
    *("claims", "statements", "speakers", "documents", "reviews", "articles", "organisations", "evidence"),
    *("sources", "pages", "snapshots", "changes", "rating-scales", "topics"),
    *("feed", "log", "checkpoints", "datafeed", "dumps", "webhooks", "schema"),
)
_NEED_A_BODY = frozenset({"match", "send_tip"})  # though none of its members is needed by itself


class Root(APIView):
    """The routes of this interface."""

    anonymous = True

    @extend_schema(
        operation_id="routes",
        summary="List the lists",
        responses={200: {"type": "object", "additionalProperties": {"type": "string"}}},
    )
    def get(self, request: Request) -> HttpResponse:
        """Name and address of every list, and of the OpenAPI schema."""
        refuse_unknown(request, [])
        addresses = {name: reverse(f"api:{name}", request=request) for name in LISTS}
        return etag_response(request, orjson.dumps(addresses))


class Schema(APIView):
    """The OpenAPI 3.1 schema. Needs no key, and contains nothing from the database."""

    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        refuse_unknown(request, [])
        return etag_response(request, _schema(), media_type="application/vnd.oai.openapi+json")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show the page on which people read and try the interface. Needs no key, and loads nothing from other hosts."""
    return render(request, "docs.html")


@functools.cache
def _schema() -> bytes:
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    return orjson.dumps(generator.get_schema(request=None, public=True))  # type: ignore[no-untyped-call]


def document_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add error responses, headers and closed bodies to every operation; a hook of drf-spectacular."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {}).update(Problem=_PROBLEM_SCHEMA, GoogleError=_GOOGLE_ERROR_SCHEMA)
    components.setdefault("headers", {}).update(_HEADERS)
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            responses = operation["responses"]
            if method == "get":
                responses.setdefault("304", {"description": "Unchanged: If-None-Match has the current ETag."})
            for code in sorted(_error_codes(path, operation)):
                responses.setdefault(str(code), _error_response(code, google=path.startswith(GOOGLE)))
            for response in responses.values():
                response.setdefault("headers", {}).update(_LIMIT_HEADERS)
            _forbid_unknown_members(operation.get("requestBody", {}), components["schemas"])
            if operation.get("operationId") in _NEED_A_BODY:
                operation["requestBody"]["required"] = True
    return result


def _forbid_unknown_members(part: Any, schemas: dict[str, Any]) -> None:
    """Declare for every object in a request body that it has no other members: the API rejects unknown ones."""
    if isinstance(part, list):
        for each in part:
            _forbid_unknown_members(each, schemas)
    elif isinstance(part, dict):
        if "$ref" in part:
            _forbid_unknown_members(schemas[part["$ref"].rpartition("/")[2]], schemas)
        if "properties" in part:
            if "additionalProperties" in part:
                return
            part["additionalProperties"] = False
        for name, each in part.items():
            if name not in ("example", "examples"):
                _forbid_unknown_members(each, schemas)


def _error_codes(path: str, operation: dict[str, Any]) -> set[int]:
    """HTTP statuses of the problems that the operation may respond with."""
    headers = {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}
    codes = {400, 401, 403, 429, 503}
    if path.endswith(":imageSearch"):
        codes.add(501)
    if path.endswith("/feed/"):
        codes.add(410)
    if "{" in path:
        codes.add(404)
    if "requestBody" in operation:
        codes |= {411, 413, 415, 422}
    if "Idempotency-Key" in headers:
        codes |= {409, 422}
    if "If-Match" in headers:
        codes |= {409, 412, 428}
    return codes


def _error_response(code: int, *, google: bool) -> dict[str, Any]:
    media_type, name = ("application/json", "GoogleError") if google else (PROBLEM, "Problem")
    titles = [title for name, (status_, title) in PROBLEMS.items() if status_ == code]
    described: dict[str, Any] = {
        "description": "; or ".join(titles),
        "content": {media_type: {"schema": {"$ref": f"#/components/schemas/{name}"}}},
    }
    if code in (429, 503):
        described["headers"] = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
    return described


_HEADERS = {
    "RateLimit": {
        "description": "Requests left (r), and the seconds until the limit is whole again (t).",
        "schema": {"type": "string"},
        "example": '"newsroom";r=597;t=1',
    },
    "RateLimitPolicy": {
        "description": "The rate limit: q requests in w seconds.",
        "schema": {"type": "string"},
        "example": '"newsroom";q=600;w=60',
    },
    "RequestId": {
        "description": "Id of the request: the one that was sent in X-Request-ID or Request-Id, or a new one.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 128},
        "example": "5f0c2b9e7a1d4c83b6e0f9a2d7c4185e",
    },
    "RetryAfter": {
        "description": "Seconds to wait before the next try.",
        "schema": {"type": "integer", "minimum": 1},
    },
}
_LIMIT_HEADERS = {
    "X-Request-ID": {"$ref": "#/components/headers/RequestId"},
    "RateLimit": {"$ref": "#/components/headers/RateLimit"},
    "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
}
_GOOGLE_ERROR_SCHEMA = {
    "type": "object",
    "description": "An error in Google's format.",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "status"],
            "properties": {
                "code": {"type": "integer", "description": "The HTTP status again."},
                "message": {"type": "string", "description": "A sentence that says what to do."},
                "status": {"type": "string", "description": "INVALID_ARGUMENT, UNAUTHENTICATED, NOT_FOUND, …"},
                "details": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
            },
        }
    },
}
_PROBLEM_SCHEMA = {
    "type": "object",
    "description": "An error as an RFC 9457 problem.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "enum": [f"urn:factcheck:problem:{name}" for name in PROBLEMS]},
        "title": {"type": "string", "description": "The same for every problem of this type."},
        "status": {"type": "integer", "description": "The HTTP status again."},
        "detail": {"type": "string", "description": "A sentence that says what to do."},
        "parameter": {"type": "string", "description": "The query parameter it is about."},
        "nearest": {"type": "string", "description": "The query parameter whose name is most like it."},
        "allowed": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The query parameters that exist.",
        },
        "errors": {
            "type": "array",
            "description": "What is wrong with the body, place by place.",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON Pointer (RFC 6901) into the body."},
                    "detail": {"type": "string", "description": "A sentence that says what to do."},
                },
            },
        },
        "etag": {"type": "string", "description": "The current ETag."},
        "request_id": {
            "type": "string",
            "description": "Id of the request, as in X-Request-ID: name it if you ask us.",
        },
    },
}
