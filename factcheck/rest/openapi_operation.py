"""How every operation of the REST interface is described in OpenAPI, beyond what its view says of itself."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": '^("[!#-\\[\\]-~]{1,253}"|[!#-\\[\\]-~]{1,253})$'},
    OpenApiParameter.HEADER,
    description="Makes the write safe to send again: made anew for each write, the same each time it is sent.",
)


class Operation(AutoSchema):
    """Describes the Idempotency-Key of every operation that writes."""

    def get_override_parameters(self) -> list[Any]:
        declared = [*super().get_override_parameters()]
        if self.method in ("POST", "PATCH") and not getattr(self.view, "only_asks", False):
            declared.append(IDEMPOTENCY_KEY)
        return declared
