"""Kinds of query parameters: what each may be, and the sentence that refuses what it may not."""

import functools
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from claims.api.request.body_fields import OneWord, Sentences
from sources.http.addresses import canonical

Tree = dict[str, Any]
"""Names of fields, each with the tree below it or None for all there is."""

MAX_FIELDS = 100


class OneOf(OneWord):
    """One of a few words; the error says which."""

    def __init__(self, choices: Any, **options: Any) -> None:
        super().__init__(choices, required=False, **options)


class Id(serializers.RegexField):
    """A public id, known or not: an unknown one finds nothing."""

    def __init__(self, prefix: str, **options: Any) -> None:
        errors: Sentences = {"invalid": f"Say an id such as {prefix}_4v9k2m0t7q8x1z3b."}
        super().__init__(rf"^{prefix}_[0-9a-z]{{16}}\Z", required=False, error_messages=errors, **options)


class Words(serializers.CharField):
    """A short text."""

    def __init__(self, max_length: int, **options: Any) -> None:
        super().__init__(required=False, max_length=max_length, **options)


class Number(serializers.IntegerField):
    """A whole number from `least` to `most`, in digits."""

    def __init__(self, least: int, most: int, **options: Any) -> None:
        names = ("invalid", "max_value", "min_value", "max_string_length")
        errors: Sentences = dict.fromkeys(names, f"Say a number from {least} to {most}.")
        super().__init__(required=False, min_value=least, max_value=most, error_messages=errors, **options)

    def to_internal_value(self, data: Any) -> int:
        if not (data.isascii() and data.isdigit()):
            self.fail("invalid")
        return super().to_internal_value(data)


class Address(serializers.CharField):
    """A URL of the web, in whatever form; becomes the canonical one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=4_000, **options)

    def to_internal_value(self, data: Any) -> str:
        given = super().to_internal_value(data)
        try:
            return canonical(given)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error


class Since(serializers.DateTimeField):
    """A moment."""

    def __init__(self, **options: Any) -> None:
        sentence = "Say a time such as 2026-03-01T09:30:00Z (a + in an address is written %2B)."
        errors: Sentences = {"invalid": sentence, "date": sentence, "overflow": sentence}
        super().__init__(required=False, error_messages=errors, **options)

    def to_internal_value(self, value: Any) -> datetime:
        try:
            moment = super().to_internal_value(value)
        except OverflowError:
            self.fail("invalid", format="ISO 8601")
        return moment


class Past(Since):
    """A moment that has been."""

    def to_internal_value(self, value: Any) -> datetime:
        moment = super().to_internal_value(value)
        if moment > timezone.now():
            raise serializers.ValidationError("This time has not come yet; ask for one in the past.")
        return moment


class Fields(serializers.CharField):
    """Names of fields of the answer with commas between, `reviews.rating.label` for those further in.

    Becomes a `Tree`. A name that the answer does not have is refused: a misspelt one must not pass for null.
    """

    def __init__(self, of: type[serializers.Serializer[Any]], **options: Any) -> None:
        self.of = of
        sentence = "Only these fields, with commas: `id` or `reviews.rating.label`; all if it is left out."
        super().__init__(required=False, max_length=4_000, help_text=sentence, **options)

    def to_internal_value(self, data: Any) -> Tree:  # type: ignore[override]
        names = [name.strip() for name in super().to_internal_value(data).split(",")]
        if len(names) > MAX_FIELDS:
            raise serializers.ValidationError(f"Say at most {MAX_FIELDS} fields.")
        asked: Tree = {}
        for name in names:
            _ask(asked, name, known_fields(self.of))
        return asked


def _ask(asked: Tree, name: str, known: Tree) -> None:
    """Add the dotted name to the tree."""
    steps = name.split(".")
    for depth, step in enumerate(steps):
        if step not in known:
            where = ".".join(steps[:depth])
            among = f"“{where}” has" if where else "there are"
            listed = ", ".join(known) if known else "no fields"
            raise serializers.ValidationError(f"There is no field “{name[:80]}”; {among}: {listed}.")
        last = depth == len(steps) - 1
        if last:
            asked[step] = None
        elif step in asked and asked[step] is None:
            return  # all of it is asked for already
        else:
            asked = asked.setdefault(step, {})
            known = known[step] or {}


@functools.cache
def known_fields(of: type[serializers.Serializer[Any]]) -> Tree:
    """All fields that the answer can have."""
    return _tree(of())


def _tree(serializer: Any) -> Tree:
    found: Tree = {}
    for name, field in serializer.fields.items():
        inner = getattr(field, "child", field)
        found[name] = _tree(inner) if isinstance(inner, serializers.Serializer) else None
    return found


class Include(serializers.CharField):
    """Names of what else the answer should hold, with commas between; becomes a set."""

    def __init__(self, choices: Sequence[str], **options: Any) -> None:
        self.choices = choices
        listed = ", ".join(f"`{choice}`" for choice in choices)
        super().__init__(required=False, max_length=200, help_text=f"What else to send, with commas: {listed}.")

    def to_internal_value(self, data: Any) -> frozenset[str]:  # type: ignore[override]
        names = {name.strip() for name in super().to_internal_value(data).split(",")}
        if not names <= set(self.choices):
            raise serializers.ValidationError(f"Say some of: {', '.join(self.choices)}.")
        return frozenset(names)
