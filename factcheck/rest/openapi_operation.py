"""The drf-spectacular schema class of all operations; it only adds the Idempotency-Key header to writes."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": '^("[!#-\\[\\]-~]{1,253}"|[!#-\\[\\]-~]{1,253})$'},
    OpenApiParameter.HEADER,
    description="Makes the write safe to retry: a new key for each write, the same key for each retry.",
)


class Operation(AutoSchema):
    """An operation; one that writes takes an Idempotency-Key."""

    def get_override_parameters(self) -> list[Any]:
        declared = [*super().get_override_parameters()]
        if self.method in ("POST", "PATCH") and not getattr(self.view, "only_asks", False):
            declared.append(IDEMPOTENCY_KEY)
        return declared
