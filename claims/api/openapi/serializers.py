"""Create serializers from typed dictionaries, for drf-spectacular only; they validate and serialize nothing."""

from collections.abc import Collection
from functools import cache
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.publication.description import Field, fields

Serializer = serializers.Serializer[Any]
_KINDS: dict[tuple[Any, str], type[serializers.Field[Any, Any, Any, Any]]] = {
    (str, ""): serializers.CharField,
    (str, "date"): serializers.DateField,
    (str, "date-time"): serializers.DateTimeField,
    (bool, ""): serializers.BooleanField,
    (int, ""): serializers.IntegerField,
    (float, ""): serializers.FloatField,
}


@cache
def serializer_of(shape: Any) -> type[Serializer]:
    """The serializer of a typed dictionary. Its name is that of the component in OpenAPI."""
    members = {name: _field(field) for name, field in fields(shape).items()}
    return type(f"{shape.__name__}Serializer", (serializers.Serializer,), {"__doc__": shape.__doc__, **members})


@cache
def page_of(shape: Any, name: str, things: str) -> type[Serializer]:
    """The serializer of one page of a list."""
    members = {
        "__doc__": f"A page of {things}.",
        "results": serializer_of(shape)(many=True),
        "next": serializers.CharField(allow_null=True, help_text="Address of the next page; null on the last."),
        "total": serializers.IntegerField(
            required=False, min_value=0, help_text="Rows of all pages; left out where they would have to be counted."
        ),
    }
    return type(f"{name}PageSerializer", (serializers.Serializer,), members)


def _field(field: Field) -> Any:
    meaning = field.meaning
    options: dict[str, Any] = {}
    if field.nullable:
        options["allow_null"] = True
    if not field.required:
        options["required"] = False
    if meaning.text:
        options["help_text"] = meaning.text
    if meaning.schema is not None:
        return extend_schema_field(meaning.schema)(type("DescribedField", (serializers.JSONField,), {}))(**options)
    if field.shape is not None:
        return serializer_of(field.shape)(many=field.many, **options)
    if field.many:
        return serializers.ListField(child=_plain(field), **options)
    return _plain(field, **options)


def _plain(field: Field, **options: Any) -> Any:
    choices: Collection[str] = field.meaning.choices
    if choices:
        return serializers.ChoiceField(choices=list(choices), **options)
    return _KINDS[field.type, field.format](**options)
