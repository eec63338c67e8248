"""The verbs that a list offers for several of its rows at once.

checkboxes + one verb ──POST desk:bulk──> claims/desk/teamwork/bulk.py, which loops over the verb
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from claims.desk.lists.columns import Words
from claims.desk.lists.filters import Choices
from claims.permissions import User, allowed, facts


@dataclass(frozen=True)
class BulkField:
    """A field of a verb: a select if it has `choices`, else an input of the type `kind`."""

    name: str
    label: Words
    kind: str = "text"
    choices: Choices | Callable[[User], Choices] = ()


@dataclass(frozen=True)
class ShownField:
    """A field as the template shows it."""

    field: BulkField
    choices: tuple[tuple[str, Words], ...]


@dataclass(frozen=True)
class BulkVerb:
    """A verb for several rows of `table`.

    `rule` is the row of the permission table that decides whether a person is offered it; each row is asked again when
    it runs. `fields` are what it may need besides the rows, beside its button.
    """

    table: str
    name: str
    label: Words
    rule: str
    effect: Words = ""
    fields: tuple[BulkField, ...] = ()


@dataclass(frozen=True)
class BulkOffer:
    """A verb as the template shows it."""

    verb: BulkVerb
    url: str
    fields: tuple[ShownField, ...]


def offered(verbs: Sequence[BulkVerb], user: User) -> list[BulkOffer]:
    """The verbs that the user is offered; each is asked for again for every row when it runs."""
    known = facts(user) if verbs else None
    offers = []
    for verb in verbs:
        if known is None or not allowed(verb.rule, known):
            continue
        try:
            url = reverse("desk:bulk", args=[verb.table, verb.name])
        except NoReverseMatch:
            continue
        offers.append(BulkOffer(verb, url, tuple(_shown(field, user) for field in verb.fields)))
    return offers


def _shown(field: BulkField, user: User) -> ShownField:
    choices = field.choices(user) if callable(field.choices) else field.choices
    return ShownField(field, tuple((str(key), words) for key, words in choices))
