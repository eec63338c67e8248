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
class BulkVerb:
    """A verb for several rows of `table`.

    `rule` is the row of the permission table that decides whether a person is offered it; each row is asked again when
    it runs. `choices` are those of the one field `field` that it may need, as the select beside its button.
    """

    table: str
    name: str
    label: Words
    rule: str
    effect: Words = ""
    field: str = ""
    field_label: Words = ""
    choices: Choices | Callable[[User], Choices] = ()
    kind: str = "select"
    """Of the field: select, text or datetime-local."""


@dataclass(frozen=True)
class BulkOffer:
    """A verb as the template shows it."""

    verb: BulkVerb
    url: str
    choices: tuple[tuple[str, Words], ...]


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
        choices = verb.choices(user) if callable(verb.choices) else verb.choices
        offers.append(BulkOffer(verb, url, tuple((str(key), words) for key, words in choices)))
    return offers
