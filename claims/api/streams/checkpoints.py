"""Route of the newest checkpoint of the publication log, which needs no key."""

import base64

import orjson
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from claims.api.openapi.serializers import serializer_of
from claims.api.openapi.streams import NewestCheckpoint
from claims.api.response import etag_response
from claims.models import Checkpoint, ClaimVersion
from claims.proof import note, stored
from claims.publication.description import example
from sources.timestamp import timestamp


class Checkpoints(GenericAPIView[ClaimVersion]):
    """The newest checkpoint."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="checkpoints",
        responses=serializer_of(NewestCheckpoint),
        examples=[OpenApiExample("The newest", example(NewestCheckpoint), response_only=True)],
    )
    def get(self, request: Request) -> HttpResponse:
        """The newest signed checkpoint of the publication log, and the public key that verifies it. Needs no key.

        There is a new one every hour; all is null until the first. Keep some: if a later log gives another hash for
        the same size, it was rewritten. docs/proof.md says what a checkpoint proves, and
        docs/verify_history.py verifies one.
        """
        self.filter_queryset(ClaimVersion.objects.none())
        newest = stored.newest()
        body = _described(newest) if newest else dict.fromkeys(NewestCheckpoint.__annotations__)
        return etag_response(request, orjson.dumps(body))


def _described(checkpoint: Checkpoint) -> dict[str, object]:
    origin, public = note.read(checkpoint.text).origin, bytes.fromhex(checkpoint.key)
    name = note.key_id(origin, public).hex()
    return {
        "checkpoint": checkpoint.text,
        "origin": origin,
        "size": checkpoint.size,
        "hash": checkpoint.hash,
        "at": timestamp(checkpoint.at),
        "public_key": checkpoint.key,
        "verifier_key": f"{origin}+{name}+{base64.b64encode(note.ED25519 + public).decode()}",
    }
