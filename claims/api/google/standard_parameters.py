"""Google's standard query parameters (fields, prettyPrint, key, …), and JSON responses formatted by them."""

from typing import Any

import orjson
from django.http import HttpResponse
from drf_spectacular.drainage import set_override
from rest_framework import serializers
from rest_framework.request import Request

from claims.api.request.query_fields import Choice, Text
from claims.api.response import etag_response
from claims.formats.google_factcheck import Mask

JSON = "application/json; charset=UTF-8"
MAX_MASK = 1_000  # characters


class MaskField(serializers.CharField):
    """A partial response: `claims(text,claimReview/url),nextPageToken`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)
        set_override(self, "field", {"type": "string", "maxLength": MAX_MASK})

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        if len(text) > MAX_MASK:  # CharField's own validator would measure the parsed mask
            raise serializers.ValidationError(f"Say at most {MAX_MASK:,} characters.")
        try:
            return Mask.read(text)
        except ValueError as error:
            raise serializers.ValidationError(f"Say names as in claims(text,claimReview/url): {error}.") from error


class GoogleQuery(serializers.Serializer[Any]):
    """Google's standard parameters. Those that only matter to Google's own servers are taken and change nothing."""

    alt = Choice(["json"], help_text="The answer is JSON.")
    prettyPrint = Choice(["true", "false"], help_text="With line breaks and indentation (true unless given).")
    fields = MaskField(help_text="What of the answer to send.")  # type: ignore[assignment]
    quotaUser = Text(100, help_text="Takes no effect.")
    uploadType = Text(100, help_text="Takes no effect.")
    upload_protocol = Text(100, help_text="Takes no effect.")
    key = Text(200, help_text="Your API key, as Google's clients send it.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), "$.xgafv": Choice(["1", "2"], help_text="Takes no effect.")}

    def narrow(self, rows: Any, params: dict[str, Any]) -> Any:
        """All of them."""
        return rows


def google_answer(request: Request, body: dict[str, Any], params: dict[str, Any]) -> HttpResponse:
    """The response with this body, cut and indented by the standard parameters."""
    partial = params["fields"].of(body) if "fields" in params else body
    pretty = params.get("prettyPrint") != "false"
    return etag_response(request, orjson.dumps(partial, option=orjson.OPT_INDENT_2 if pretty else 0), media_type=JSON)
