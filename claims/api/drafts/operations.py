"""OpenAPI decorators of the draft routes: list, create, get, update, submit and delete, with tags and examples."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.serializers import CharField, Serializer

from claims.api.drafts.examples import list_example, request_example, response_example
from claims.api.openapi.operations import CURSOR, ID, LIMIT

_IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="ETag of the draft as you have seen it, or *.",
)
_MAY_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="ETag of the draft as you have seen it."
)
SerializerClass = type[Serializer[Any]]
View = TypeVar("View", bound=Callable[..., Any])


def list_rows(operation: str, one: SerializerClass, example: Any) -> Callable[[View], View]:
    """GET of a list of drafts."""
    fields = {
        "__doc__": "A page of drafts.",
        "results": one(many=True),
        "next": CharField(allow_null=True, help_text="Address of the next page; null on the last."),
    }
    page = type(f"{one.__name__}Page", (Serializer,), fields)
    return extend_schema(
        operation_id=operation,
        tags=["desk"],
        filters=False,
        parameters=[LIMIT, CURSOR],
        responses={200: page},
        examples=[list_example(example)],
    )


def create(
    operation: str, body: SerializerClass, answer: SerializerClass, example: Any, *bodies: Any, repeatable: bool = False
) -> Callable[[View], View]:
    """POST of a new draft. `repeatable`: a row that was sent before answers 200."""
    return extend_schema(
        operation_id=operation,
        tags=["desk"],
        request=body,
        responses={201: answer} | ({200: answer} if repeatable else {}),
        examples=[
            *(request_example(each, f"Example {number}") for number, each in enumerate(bodies, 1)),
            response_example(example, 201),
            *([response_example(example, 200)] if repeatable else []),
        ],
    )


def get(operation: str, answer: SerializerClass, example: Any) -> Callable[[View], View]:
    """GET of one draft."""
    return _draft_operation(operation, [ID], answer, response_example(example))


def update(
    operation: str, body: SerializerClass, answer: SerializerClass, example: Any, change: Any
) -> Callable[[View], View]:
    """PATCH of one draft, with If-Match."""
    examples = (request_example(change), response_example(example))
    return _draft_operation(operation, [ID, _IF_MATCH], answer, *examples, request=body)


def submit(operation: str, answer: SerializerClass, example: Any) -> Callable[[View], View]:
    """POST to one draft, without a body."""
    return _draft_operation(operation, [ID, _MAY_MATCH], answer, response_example(example), request=None)


def delete(operation: str) -> Callable[[View], View]:
    """DELETE of one draft, with If-Match."""
    return extend_schema(operation_id=operation, tags=["desk"], parameters=[ID, _IF_MATCH], responses={204: None})


def _draft_operation(
    operation: str, parameters: list[Any], answer: SerializerClass, *examples: Any, **options: Any
) -> Callable[[View], View]:
    return extend_schema(
        operation_id=operation,
        tags=["desk"],
        parameters=parameters,
        responses={200: answer},
        examples=list(examples),
        **options,
    )
