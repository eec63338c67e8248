"""Validate JSON request bodies: strict fields, unknown ones refused, each error with its JSON Pointer (RFC 9457).

`read(Body, request.data)` returns the validated values or raises REST framework's `ValidationError`.
"""

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from rest_framework import exceptions, serializers, status

from claims.api.openapi.bounded_list import Items as Items
from claims.visible_text import NO_LANGUAGE, is_language_tag, unreadable

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_MOST_NAMED = 20  # unknown fields of a body
ErrorMessages = dict[str, Any]


class Conflict(exceptions.APIException):
    """The request is valid, but the present state of its object does not allow it."""

    status_code = status.HTTP_409_CONFLICT
    problem = "conflict"


class Body(serializers.Serializer[Any]):
    """A JSON object with these fields and no others.

    Null for a field that may be left out leaves it out: many clients send every field that they know.

    `read_only_names` are response fields that cannot be sent; the error for them says so instead of “unknown”.
    """

    read_only_names: frozenset[str] = frozenset()

    def get_fields(self) -> dict[str, serializers.Field]:  # type: ignore[type-arg]
        """The fields; of those that may be left out, null is valid too."""
        fields: dict[str, Any] = super().get_fields()
        for field in fields.values():
            if not field.required and not field.allow_null:
                field.allow_null = field.null_leaves_out = True
        return fields

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError({"non_field_errors": ["Send a JSON object."]})
        left_out = {name for name, field in self.fields.items() if getattr(field, "null_leaves_out", False)}
        data = {name: value for name, value in data.items() if value is not None or name not in left_out}
        others = islice((name for name in data if name not in self.fields), _MOST_NAMED)
        refused = {name: [self._why_refused(name)] for name in others}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**error.detail, **refused}) from error  # type: ignore[dict-item]
        if refused:
            raise serializers.ValidationError(refused)
        return values

    def _why_refused(self, name: str) -> str:
        if name in self.read_only_names:
            return f"“{name}” is read-only; leave it out."
        return f"There is no field “{name[:60]}” here; allowed: {', '.join(sorted(self.fields))}."


class Line(serializers.CharField):
    """A string of one line, without control characters; no number is accepted.

    `shown`: readers see it as words of ours or as a name, so that it must read as it is stored.
    """

    def __init__(self, max_length: int, **options: Any) -> None:
        self.lines = options.pop("lines", False)
        self.shown = options.pop("shown", False)
        if options.get("allow_blank"):
            options["allow_null"] = True
        super().__init__(max_length=max_length, **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """As of any field, and null for a text that may be left out: "" in the columns, null in answers."""
        return "" if data is None and self.allow_null and self.allow_blank else super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if _CONTROL.search(data) or (not self.lines and "\n" in data):
            more = "; write line ends as \\n" if self.lines else " and line ends"
            raise serializers.ValidationError(f"Leave out control characters{more}.")
        if self.shown and data.strip() and (reason := unreadable(data)):
            raise serializers.ValidationError(reason)
        return super().to_internal_value(data)


class Lines(Line):
    """A string of several lines."""

    def __init__(self, max_length: int, **options: Any) -> None:
        super().__init__(max_length, lines=True, **options)


class Language(Line):
    """A BCP 47 language tag."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "BCP 47, for example en or pt-BR.")
        super().__init__(35, **options)

    def to_internal_value(self, data: Any) -> str:
        value = super().to_internal_value(data)
        if value and not is_language_tag(value):
            raise serializers.ValidationError(NO_LANGUAGE)
        return value


class HttpUrl(Line):
    """An http or https URL."""

    def __init__(self, **options: Any) -> None:
        super().__init__(2000, **options)

    def to_internal_value(self, data: Any) -> str:
        value = super().to_internal_value(data)
        if value:
            try:
                URLValidator(schemes=["http", "https"])(value)
            except ValidationError as error:
                raise serializers.ValidationError("Say a URL that starts with http:// or https://.") from error
        return value


class StrictInteger(serializers.IntegerField):
    """A whole number from `least` to `most`, and no text that looks like one."""

    def __init__(self, least: int, most: int, **options: Any) -> None:
        super().__init__(min_value=least, max_value=most, **options)

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictBoolean(serializers.BooleanField):
    """true or false, and no words for them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=str(data)[:60])
        return data


class StrictChoice(serializers.ChoiceField):
    """One of several words; the error lists them."""

    def __init__(self, choices: Any, **options: Any) -> None:
        listed = ", ".join(str(choice) for choice in choices)
        errors: ErrorMessages = {"invalid_choice": f"Say one of: {listed}."}
        super().__init__(choices=list(choices), error_messages=errors, **options)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=str(data)[:60])
        return super().to_internal_value(data)


class PublicId(serializers.RegexField):
    """A well-formed public id, which need not exist."""

    def __init__(self, prefix: str, **options: Any) -> None:
        errors: ErrorMessages = {"invalid": f"Say an id such as {prefix}_4v9k2m0t7q8x1z3b."}
        super().__init__(rf"^{prefix}_[0-9a-z]{{16}}\Z", error_messages=errors, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Day(serializers.DateField):
    """An ISO 8601 date."""

    def __init__(self, **options: Any) -> None:
        sentence = "Say a day such as 2026-03-01."
        errors: ErrorMessages = {"invalid": sentence, "datetime": sentence}
        super().__init__(error_messages=errors, **options)


class Timestamp(serializers.DateTimeField):
    """An ISO 8601 time; UTC if it has no offset."""

    sentence = "Say a time such as 2026-03-01T09:30:00Z."

    def __init__(self, **options: Any) -> None:
        errors: ErrorMessages = dict.fromkeys(("invalid", "date", "overflow"), self.sentence)
        super().__init__(error_messages=errors, **options)

    def to_internal_value(self, value: Any) -> Any:
        try:
            return super().to_internal_value(value)
        except OverflowError:
            self.fail("invalid", format="ISO 8601")


def read(body: type[Body], data: Any) -> dict[str, Any]:
    """The validated data with defaults filled in. Raises `ValidationError`."""
    serializer = body(data=[] if data is None else data)  # null is refused as what is no object
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def read_change(body: type[Body], data: Any, current: Mapping[str, Any]) -> dict[str, Any]:
    """The current values with those of `data` in their place, validated. Raises `ValidationError`.

    As in JSON Merge Patch (RFC 7396), except that nested objects are replaced as a whole.
    """
    if isinstance(data, Mapping):
        data = {**{name: current[name] for name in map(str, body().fields) if name in current}, **data}
    return read(body, data)


def as_json(data: Mapping[str, Any]) -> dict[str, Any]:
    """Validated data as JSON types: dates and times become strings."""
    plain: dict[str, Any] = orjson.loads(orjson.dumps(data))
    return plain


def invalid(pointer: str, *sentences: str) -> serializers.ValidationError:
    """A ValidationError with these sentences for the field at the JSON Pointer."""
    detail: Any = list(sentences)
    for step in reversed(pointer.split("/")[1:]):
        detail = {step: detail}
    return serializers.ValidationError(detail)
