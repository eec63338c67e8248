"""Routes that list the daily dumps of public data and serve their files."""

from typing import Any

import orjson
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api import concurrency
from claims.api.openapi.serializers import serializer_of
from claims.api.openapi.streams import DumpPage
from claims.api.response import etag_response, not_modified, origin
from claims.exports import dumps
from claims.models import ClaimVersion
from claims.publication.description import example

_LARGE_FILE = 1_000_000  # bytes
_NAME = OpenApiParameter("name", OpenApiTypes.STR, OpenApiParameter.PATH, description="Of a file, as listed.")


class DumpList(GenericAPIView[ClaimVersion]):
    """The dumps there are."""

    anonymous = True

    @extend_schema(
        operation_id="dumps",
        responses=serializer_of(DumpPage),
        examples=[OpenApiExample("One dump", example(DumpPage), response_only=True)],
    )
    def get(self, request: Request) -> HttpResponse:
        """The daily dumps of what is public, the newest first: how far each went, and its files.

        Go on from a dump with the change feed, or take a later one. A dump that holds what was redacted since is
        not there any more.
        """
        self.filter_queryset(ClaimVersion.objects.none())
        results = [_manifest(manifest, f"{origin(request)}{request.path}") for manifest in dumps.manifests()]
        return etag_response(request, orjson.dumps({"results": results, "next": None}))


class DumpFile(GenericAPIView[ClaimVersion]):
    """A file of a dump."""

    anonymous = True

    @extend_schema(
        operation_id="dump",
        parameters=[_NAME],
        responses={
            (200, "application/gzip"): OpenApiTypes.BINARY,
            (200, "application/json"): OpenApiTypes.OBJECT,
            (200, "text/plain"): OpenApiTypes.STR,
        },
    )
    def get(self, request: Request, name: str) -> HttpResponseBase:
        """A file of a dump: claims and log as NDJSON, reviews as CSV (gzipped), the manifest, or the SHA256SUMS.

        The ETag is its sha256. Cells of the CSV that a spreadsheet would take for a formula begin with '.
        """
        self.filter_queryset(ClaimVersion.objects.none())
        file = dumps.find(name)
        if file is None:
            raise Http404
        if (unchanged := not_modified(request, file.sha256)) is not None:
            return unchanged
        return _file_response(file)


def _file_response(dump_file: dumps.DumpFile) -> HttpResponseBase:
    try:
        file: Any = dump_file.path.open("rb")
    except FileNotFoundError as error:  # deleted since it was found
        raise Http404 from error
    response = FileResponse(file, as_attachment=True, filename=dump_file.path.name, content_type=dump_file.media_type)
    response.headers["ETag"] = f'"{dump_file.sha256}"'
    if int(response.headers["Content-Length"]) > _LARGE_FILE:
        if not concurrency.LONG_RESPONSES.acquire():
            response.close()
            raise concurrency.Busy
        pieces: Any = response.streaming_content
        response.streaming_content = concurrency.LONG_RESPONSES.hold(iter(pieces))
    return response


def _manifest(manifest: dict[str, Any], address: str) -> dict[str, Any]:
    """The manifest with the URLs of its files."""
    name = manifest["name"]
    files = [file | {"url": f"{address}{file['name']}"} for file in manifest["files"]]
    others = {"manifest": f"{address}{name}-manifest.json", "sums": f"{address}{name}-SHA256SUMS"}
    return manifest | {"files": files} | others
