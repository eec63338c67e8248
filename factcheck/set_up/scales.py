"""The rating scales that an empty desk can begin with (scales.toml)."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from claims.models import Organisation, Rating, RatingScale, Verdict
from claims.permissions import Refused, User, may_define_scales, require
from sources.database.audit import acting

_FILE = Path(__file__).with_name("scales.toml")


@dataclass(frozen=True)
class Step:
    """One step: its number, its label for readers, its common meaning."""

    value: int
    label: str
    verdict: Verdict


@dataclass(frozen=True)
class Scale:
    """A scale to choose; `advice` says for whom it is."""

    key: str
    name: str
    advice: str
    steps: tuple[Step, ...]


def read() -> dict[str, Scale]:
    """The scales on offer, by key."""
    found = tomllib.loads(_FILE.read_text())["scale"]
    return {
        each["key"]: Scale(
            each["key"],
            each["name"],
            each["for"],
            tuple(Step(step["value"], step["label"], Verdict(step["verdict"])) for step in each["steps"]),
        )
        for each in found
    }


def define(scale: Scale, *, organisation: Organisation, actor: User) -> RatingScale:
    """Give the organisation this scale. Raises `Refused`."""
    require(may_define_scales(actor), _("You may not define scales; ask an administrator for the role of a chief."))
    try:
        with acting(actor, reason="defined a scale at the set-up"), transaction.atomic():
            made = RatingScale.objects.create(organisation=organisation, name=scale.name)
            for step in scale.steps:
                Rating.objects.create(scale=made, label=step.label, value=step.value, verdict=step.verdict)
            return made
    except IntegrityError as error:
        raise Refused(
            _("%(organisation)s has a scale “%(name)s” already.") % {"organisation": organisation, "name": scale.name}
        ) from error
