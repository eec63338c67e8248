"""How the desk's operations are described in OpenAPI where they are alike."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.serializers import Serializer

from claims.api.drafts.examples import answered, listed, sent
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
Shape = type[Serializer[Any]]
View = TypeVar("View", bound=Callable[..., Any])


def listing(operation: str, page: Shape, example: Any) -> Callable[[View], View]:
    """GET of a list."""
    return extend_schema(
        operation_id=operation,
        tags=["desk"],
        filters=False,
        parameters=[LIMIT, CURSOR],
        responses={200: page},
        examples=[listed(example)],
    )


def making(
    operation: str, body: Shape, answer: Shape, example: Any, *bodies: Any, again: bool = False
) -> Callable[[View], View]:
    """POST to a list. `again`: what was sent before answers 200."""
    return extend_schema(
        operation_id=operation,
        tags=["desk"],
        request=body,
        responses={201: answer} | ({200: answer} if again else {}),
        examples=[
            *(sent(each, f"Example {number}") for number, each in enumerate(bodies, 1)),
            answered(example, 201),
            *([answered(example, 200)] if again else []),
        ],
    )


def showing(operation: str, answer: Shape, example: Any) -> Callable[[View], View]:
    """GET of one."""
    return extend_schema(
        operation_id=operation,
        tags=["desk"],
        parameters=[ID],
        responses={200: answer},
        examples=[answered(example)],
    )


def changing(operation: str, body: Shape, answer: Shape, example: Any, change: Any) -> Callable[[View], View]:
    """PATCH of one."""
    return extend_schema(
        operation_id=operation,
        tags=["desk"],
        parameters=[ID, _IF_MATCH],
        request=body,
        responses={200: answer},
        examples=[sent(change), answered(example)],
    )


def submitting(operation: str, answer: Shape, example: Any) -> Callable[[View], View]:
    """POST to one, without a body."""
    return extend_schema(
        operation_id=operation,
        tags=["desk"],
        parameters=[ID, _MAY_MATCH],
        request=None,
        responses={200: answer},
        examples=[answered(example)],
    )


def deleting(operation: str) -> Callable[[View], View]:
    """DELETE of one."""
    return extend_schema(operation_id=operation, tags=["desk"], parameters=[ID, _IF_MATCH], responses={204: None})
