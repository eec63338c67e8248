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
from typing import Annotated, Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from claims.json_object import Json
from claims.models.publication import Audience

OMITTED: Any = object()
"""The example of a field that the whole example leaves out."""


class FieldClass(StrEnum):
    """Who makes what stands in a field of the published claim."""

    HUMAN = "human"  # words and choices of people: what an approval covers
    MACHINE = "machine"  # found or assigned by the program: ids, states, times of checks
    DERIVED = "derived"  # a pure function of other fields of the same body
    LOG = "log"  # set by an event of the log: its place, versions, times


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
machine = partial(Meaning, field_class=FieldClass.MACHINE)
derived = partial(Meaning, field_class=FieldClass.DERIVED)
log = partial(Meaning, field_class=FieldClass.LOG)


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


def part(body: Mapping[str, Any], shape: Any, *classes: FieldClass) -> Json:
    """The fields of these classes. A list keeps its length; an object that cannot have such fields is left out."""
    found: Json = {}
    for name, field in fields(shape).items():
        if name not in body or not _classes(field) & set(classes):
            continue
        value = body[name]
        if field.shape is not None and value is not None:
            kept = [part(each, field.shape, *classes) for each in (value if field.many else [value])]
            value = kept if field.many else kept[0]
        found[name] = value
    return found


def _classes(field: Field) -> set[FieldClass | None]:
    if field.shape is None:
        return {field.meaning.field_class}
    return {leaf.meaning.field_class for _, leaf in leaves(field.shape)}


def example(shape: Any) -> Json:
    """An example of the typed dictionary, made of those of its fields."""
    return {name: _example(field) for name, field in fields(shape).items() if field.meaning.example is not OMITTED}


def _example(field: Field) -> Any:
    if field.shape is None or field.meaning.example is not None:
        return field.meaning.example
    one = example(field.shape)
    return [one] if field.many else one
