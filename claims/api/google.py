"""What the routes in Google's shape share: the query parameters that every Google client may send."""

from typing import Any

from rest_framework import serializers

from claims.api.queries import OneOf, Words


class GoogleQuery(serializers.Serializer[Any]):
    """Google's standard parameters. Those that only matter to Google's own servers are taken and change nothing."""

    alt = OneOf(["json"], help_text="The answer is JSON.")
    prettyPrint = OneOf(["true", "false"], help_text="Takes no effect.")
    quotaUser = Words(100, help_text="Takes no effect.")
    key = Words(200, help_text="Your API key, as Google's clients send it.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), "$.xgafv": OneOf(["1", "2"], help_text="Takes no effect.")}

    def narrow(self, rows: Any, asked: dict[str, Any]) -> Any:
        """All of them."""
        return rows


class Number(serializers.CharField):
    """A whole number from `least` to `most`, as an int."""

    def __init__(self, least: int, most: int, **options: Any) -> None:
        self.least, self.most = least, most
        super().__init__(required=False, **options)

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        if not (len(text) <= 10 and text.isascii() and text.isdigit() and self.least <= int(text) <= self.most):
            raise serializers.ValidationError(f"Say a number from {self.least} to {self.most}.")
        return int(text)
