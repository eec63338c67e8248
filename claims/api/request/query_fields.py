"""Serializer fields for query parameters: ids, numbers, URLs, times, `fields` and `include`."""

import functools
import re
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.drainage import set_override
from rest_framework import exceptions, serializers, status

from claims.api.request.body_fields import ErrorMessages, PublicId, StrictChoice, StrictInteger, Timestamp
from claims.publication.description import fields
from sources.http.addresses import canonical

Tree = dict[str, Any]
"""Selected field names, each with the tree of its subfields, or None for all of them."""

MAX_FIELDS = 100
_SLUG = "[A-Za-z0-9_-]+"
_TAG = r"[A-Za-z]{1,3}(-[A-Za-z0-9]{1,8}){0,7}"
_RANGE = rf"(\*|{_TAG})"


class InvalidParameter(exceptions.APIException):
    """A query parameter with an invalid value."""

    status_code = status.HTTP_400_BAD_REQUEST
    problem = "invalid-parameter"

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"{name}: {sentence}")
        self.extra = {"parameter": name}


class Choice(StrictChoice):
    """One of several words; the error lists them."""

    def __init__(self, choices: Any, **options: Any) -> None:
        super().__init__(choices, required=False, **options)


class Id(PublicId):
    """A well-formed public id; an unknown one matches nothing."""

    def __init__(self, prefix: str, **options: Any) -> None:
        super().__init__(prefix, required=False, **options)


class Text(serializers.CharField):
    """A short text."""

    def __init__(self, max_length: int, **options: Any) -> None:
        super().__init__(required=False, max_length=max_length, **options)


class Slug(Text):
    """The slug of a topic; an unknown one matches nothing, its name is refused."""

    def __init__(self, max_length: int, **options: Any) -> None:
        super().__init__(max_length, **options)
        set_override(self, "field", {"type": "string", "pattern": f"^{_SLUG}$", "maxLength": max_length})

    def to_internal_value(self, data: Any) -> str:
        value = super().to_internal_value(data)
        if not re.fullmatch(_SLUG, value):
            raise serializers.ValidationError("Say a slug such as public-works, as /api/v1/topics/ lists them.")
        return value


class LanguageTag(Text):
    """A language tag, or nothing; the name of a language, which would find nothing, is refused."""

    def __init__(self, **options: Any) -> None:
        super().__init__(35, allow_blank=True, **options)
        set_override(self, "field", {"type": "string", "pattern": f"^({_TAG})?$", "maxLength": 35})

    def to_internal_value(self, data: Any) -> str:
        value = super().to_internal_value(data)
        if value and not re.fullmatch(_TAG, value):
            raise serializers.ValidationError("Say the tag of a language, such as en or pt-BR.")
        return value


class LanguageRanges(serializers.CharField):
    """Basic language ranges (RFC 4647, section 3.3.1), separated by commas; its value is a tuple in lower case."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=400, **options)
        set_override(self, "field", {"type": "string", "pattern": f"^{_RANGE}(,{_RANGE}){{0,19}}$", "maxLength": 400})

    def to_internal_value(self, data: Any) -> tuple[str, ...]:  # type: ignore[override]
        ranges = [name.strip() for name in super().to_internal_value(data).split(",")]
        if len(ranges) > 20 or not all(re.fullmatch(_RANGE, name) for name in ranges):
            raise serializers.ValidationError("Say tags of languages, such as en or en-GB, with commas between, or *.")
        return tuple(dict.fromkeys(name.lower() for name in ranges))


class Integer(StrictInteger):
    """A whole number from `least` to `most`, in digits; `advice` is added to the error for another."""

    def __init__(self, least: int, most: int, *, advice: str = "", **options: Any) -> None:
        names = ("invalid", "max_value", "min_value", "max_string_length")
        errors: ErrorMessages = dict.fromkeys(names, f"Say a number from {least} to {most}{advice}.")
        super().__init__(least, most, required=False, error_messages=errors, **options)

    def to_internal_value(self, data: Any) -> int:
        if not (data.isascii() and data.isdigit()):
            self.fail("invalid")
        return serializers.IntegerField.to_internal_value(self, data)


class Url(serializers.CharField):
    """A web URL in any form; the page is looked up by its key, which needs the fragment too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=4_000, **options)

    def to_internal_value(self, data: Any) -> str:
        url: str = super().to_internal_value(data)
        try:
            canonical(url)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error
        return url


class Time(Timestamp):
    """An ISO 8601 time."""

    sentence = "Say a time such as 2026-03-01T09:30:00Z (a + in an address is written %2B)."

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)


class PastTime(Time):
    """An ISO 8601 time that is not in the future."""

    def to_internal_value(self, value: Any) -> Any:
        moment = super().to_internal_value(value)
        if moment > timezone.now():
            raise serializers.ValidationError("This time has not come yet; ask for one in the past.")
        return moment


class Fields(serializers.CharField):
    """Comma-separated names of response fields, `reviews.rating.label` for nested ones; its value is a `Tree`.

    An unknown name is refused, so that a misspelt one does not pass for null.
    """

    def __init__(self, shape: Any, **options: Any) -> None:
        self.shape = shape
        sentence = "Only these fields, with commas: `id` or `reviews.rating.label`; all if it is left out."
        super().__init__(required=False, max_length=4_000, help_text=sentence, **options)

    def to_internal_value(self, data: Any) -> Tree:  # type: ignore[override]
        names = [name.strip() for name in super().to_internal_value(data).split(",")]
        if len(names) > MAX_FIELDS:
            raise serializers.ValidationError(f"Say at most {MAX_FIELDS} fields.")
        selected: Tree = {}
        for name in names:
            _select(selected, name, known_fields(self.shape))
        return selected


def _select(selected: Tree, name: str, known: Tree) -> None:
    """Add the dotted name to the tree. Raises `ValidationError` if there is no such field."""
    steps = name.split(".")
    for depth, step in enumerate(steps):
        if step not in known:
            where = ".".join(steps[:depth])
            among = f"“{where}” has" if where else "there are"
            listed = ", ".join(known) if known else "no fields"
            raise serializers.ValidationError(f"There is no field “{name[:80]}”; {among}: {listed}.")
        last = depth == len(steps) - 1
        if last:
            selected[step] = None
        elif step in selected and selected[step] is None:
            return  # it is selected as a whole already
        else:
            selected = selected.setdefault(step, {})
            known = known[step] or {}


@functools.cache
def known_fields(shape: Any) -> Tree:
    """The tree of all fields of the response."""
    return {name: known_fields(field.shape) if field.shape else None for name, field in fields(shape).items()}


class Include(serializers.CharField):
    """Comma-separated names of optional parts of the response; its value is a set."""

    def __init__(self, choices: Sequence[str], **options: Any) -> None:
        self.choices = choices
        listed = ", ".join(f"`{choice}`" for choice in choices)
        super().__init__(required=False, max_length=200, help_text=f"What else to send, with commas: {listed}.")

    def to_internal_value(self, data: Any) -> frozenset[str]:  # type: ignore[override]
        names = {name.strip() for name in super().to_internal_value(data).split(",")}
        if not names <= set(self.choices):
            raise serializers.ValidationError(f"Say some of: {', '.join(self.choices)}.")
        return frozenset(names)
