"""The foot bar of the workbench: the steps of a version, the main buttons, and what stands under More."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from claims.models import ReviewVersion

MOST = 3
"""Buttons beside More, so that the bar has one row; the rest stands there."""
_STEPS = (
    (ReviewVersion.State.DRAFT.value, gettext_lazy("Draft")),
    (ReviewVersion.State.IN_REVIEW.value, gettext_lazy("In review")),
    (ReviewVersion.State.APPROVED.value, gettext_lazy("Approved")),
    (ReviewVersion.State.PUBLISHED.value, gettext_lazy("Public")),
)


def foot(offers: Sequence[Any]) -> dict[str, Any]:
    """The offers of the bar, those that go on first if there are too many, and the others."""
    bar = [each for each in offers if not each.verb.rare and each.allowed]
    main = sorted(bar, key=lambda each: (each.verb.tone != "go", -bar.index(each)))[:MOST]
    bar = [each for each in bar if each in main]
    return {"bar": bar, "rare": [each for each in offers if each not in bar]}


def steps(version: ReviewVersion) -> list[tuple[str, bool, bool]]:
    """Each step with whether the version reached it, and whether it is there now."""
    states = [key for key, _label in _STEPS]
    at = states.index(version.state)
    return [(str(label), place <= at, place == at) for place, (_key, label) in enumerate(_STEPS)]
