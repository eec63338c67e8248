"""Annotate typed dictionaries: the meaning of each JSON field, who makes it, and an example; for OpenAPI and mypy.

    class Topic(TypedDict):
        "What claims are filed under."

        slug: Annotated[str, human("roads")]
        name: Annotated[str, human("Roads", "As readers see it.")]

    fields(Topic)["name"].meaning.example    # "Roads"
    example(Topic)                           # {"slug": "roads", "name": "Roads"}

mypy checks what is written against the same classes. OpenAPI and the examples follow from them.
"""

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from typing import (
    Annotated,
    Any,
    NamedTuple,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from claims.json_object import Json
from claims.models.publication import Audience

OMITTED: Any = object()
"""The example of a field that the whole example leaves out."""


class FieldClass(StrEnum):
    """Who makes what stands in a field of the published claim."""

    HUMAN = "human"  # words and choices of people
    FIXED = "fixed"  # assigned or found by the program when the words were written: ids, snapshots, figures
    LOG = "log"  # set by the publishing of an approved version: numbers and times of versions
    PLACE = "place"  # the event and its place in the log
    MACHINE = "machine"  # found by the program since: states, times of checks
    DERIVED = "derived"  # a pure function of other fields of the same body


# Texts in a format of JSON Schema.
Time = Annotated[str, "date-time"]
Day = Annotated[str, "date"]


@dataclass(frozen=True)
class Meaning:
    """What the annotation of a field says of it. One without a class is for answers that are no published claim.

    `choices` are the values it may have. `schema` replaces what OpenAPI says of its type. `follows_from` names the
    fields that a derived one is made of, with blanks between: for texts a code and its parameters. `audience` is the
    widest that sees it.
    """

    example: Any = None
    text: str = ""
    field_class: FieldClass | None = None
    choices: tuple[str, ...] = ()
    schema: Any = None
    follows_from: str = ""
    audience: Audience = Audience.PUBLIC


human = partial(Meaning, field_class=FieldClass.HUMAN)
fixed = partial(Meaning, field_class=FieldClass.FIXED)
log = partial(Meaning, field_class=FieldClass.LOG)
place = partial(Meaning, field_class=FieldClass.PLACE)
machine = partial(Meaning, field_class=FieldClass.MACHINE)
derived = partial(Meaning, field_class=FieldClass.DERIVED)


@dataclass(frozen=True)
class Field:
    """A field of a typed dictionary. `type` is that of its value, or of the items of its list (`many`).

    Fields that were added later are not required: bodies from before lack them.
    """

    type: Any
    format: str
    many: bool
    nullable: bool
    required: bool
    meaning: Meaning

    @property
    def shape(self) -> Any:
        """The typed dictionary that it holds; None for a plain value."""
        return self.type if is_typeddict(self.type) else None


@cache
def fields(shape: Any) -> dict[str, Field]:
    """The fields of a typed dictionary by name, in the order in which they are written."""
    return {
        name: _field(hint, optional=name in shape.__optional_keys__)
        for name, hint in get_type_hints(shape, include_extras=True).items()
    }


def _field(hint: Any, *, optional: bool) -> Field:
    many = nullable = False
    format_, meaning = "", None
    while (origin := get_origin(hint)) is not None:
        inner, *more = get_args(hint)
        if origin is NotRequired:
            optional = True
        elif origin is Annotated:
            format_ = next((each for each in more if isinstance(each, str)), format_)
            meaning = meaning or next((each for each in reversed(more) if isinstance(each, Meaning)), None)
        elif origin in (Union, types.UnionType) and more == [type(None)]:
            nullable = True
        elif origin is list:
            many = True
        else:
            break
        hint = inner
    return Field(hint, format_, many, nullable, not optional, meaning or Meaning())


def leaves(shape: Any, prefix: str = "") -> Iterator[tuple[str, Field]]:
    """Every plain value with its path: `reviews[].rating.label`. Raises `TypeError` for one that has no class."""
    for name, field in fields(shape).items():
        path = f"{prefix}{name}" + "[]" * field.many
        if field.shape is not None:
            yield from leaves(field.shape, f"{path}.")
        elif field.meaning.field_class is None:
            raise TypeError(f"{shape.__name__}.{name} has no class: say human, machine, derived or log")
        else:
            yield path, field


class _Cut(NamedTuple):
    """What `without` leaves out of a typed dictionary, and the fields in which it has to look further."""

    names: frozenset[str]
    nested: tuple[tuple[str, bool, "_Cut"], ...]


def without(body: Mapping[str, Any], shape: Any, *classes: FieldClass) -> Json:
    """Copy the body without the fields of these classes. Fields that the shape does not describe stay."""
    return _without(body, _cut(shape, frozenset(classes)))


@cache
def _cut(shape: Any, classes: frozenset[FieldClass]) -> _Cut:
    names, nested = set(), []
    for name, field in fields(shape).items():
        found = _classes(field)
        if found <= classes:
            names.add(name)
        elif found & classes:
            nested.append((name, field.many, _cut(field.shape, classes)))
    return _Cut(frozenset(names), tuple(nested))


def _without(body: Mapping[str, Any], cut: _Cut) -> Json:
    kept = {name: value for name, value in body.items() if name not in cut.names}
    for name, many, inner in cut.nested:
        value = kept.get(name)
        if value:
            kept[name] = [_without(each, inner) for each in value] if many else _without(value, inner)
    return kept


def _classes(field: Field) -> frozenset[FieldClass | None]:
    if field.shape is None:
        return frozenset({field.meaning.field_class})
    return frozenset(leaf.meaning.field_class for _, leaf in leaves(field.shape))


def in_order(body: Mapping[str, Any], shape: Any) -> Json:
    """Copy the body with its fields in the order of the shape; fields that it does not describe come last."""
    ordered: Json = {}
    for name, field in fields(shape).items():
        if name in body:
            value = body[name]
            if value and field.shape is not None:
                many = field.many
                value = [in_order(each, field.shape) for each in value] if many else in_order(value, field.shape)
            ordered[name] = value
    return ordered | {name: value for name, value in body.items() if name not in ordered}


def example(shape: Any) -> Json:
    """An example of the typed dictionary, made of those of its fields."""
    return {name: _example(field) for name, field in fields(shape).items() if field.meaning.example is not OMITTED}


def _example(field: Field) -> Any:
    if field.shape is None or field.meaning.example is not None:
        return field.meaning.example
    one = example(field.shape)
    return [one] if field.many else one
