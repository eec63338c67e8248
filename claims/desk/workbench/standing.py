"""How a person stands to a version, asked once a page: who wrote it, who may approve it, and why she may not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from claims.accounts import why_not_approve
from claims.authorship import Contribution, contributions
from claims.desk.suggestions import pieces
from claims.models import Claim, Restriction, ReviewVersion, Suggestion
from claims.people import name_of
from claims.permissions import Facts, User, allowed, authorship_refusal, facts
from claims.teamwork.approvers import approvers as approvers_of
from claims.teamwork.colleagues import restriction_of

SHOWN = 12
"""Colleagues that are named as those who may approve."""


def changes(version: ReviewVersion) -> list[Contribution]:
    """The changes that make somebody an author of the version, kept with this row."""
    if not hasattr(version, "_contributions"):
        version._contributions = contributions(version.pk)  # type: ignore[attr-defined]
    found: list[Contribution] = version._contributions  # type: ignore[attr-defined]
    return found


def writers(version: ReviewVersion) -> set[int]:
    return {change.user_id for change in changes(version) if change.user_id is not None}


def known(user: User, version: ReviewVersion) -> Facts:
    """The facts of the person and the version, kept with this row."""
    kept: dict[int, Facts] = version.__dict__.setdefault("_facts", {})
    if user.pk not in kept:
        wrote = writers(version) if version.state == ReviewVersion.State.IN_REVIEW else ()
        kept[user.pk] = facts(user, version, writers=wrote)
    return kept[user.pk]


def may(verb: str) -> Callable[[Any, Any], bool]:
    """The rule of a verb on a version, for the buttons of a page."""
    return lambda user, version: allowed(verb, known(user, version))


def may_approve(user: User, version: ReviewVersion) -> bool:
    """What `claims.permissions.may_approve` answers, from what this page knows already."""
    seen = replace(known(user, version), is_author=user.pk in writers(version))
    return allowed("approve", seen) and authorship_refusal(user, changes(version)) is None


def may_approve_and_publish(user: User, version: ReviewVersion) -> bool:
    seen = replace(known(user, version), state=ReviewVersion.State.APPROVED.value)
    return may_approve(user, version) and allowed("publish", seen)


def why_not(user: User, version: ReviewVersion) -> str:
    """Why this person may not approve the version, and who may."""
    wrote = writers(version)
    why = authorship_refusal(user, changes(version)) or why_not_approve(user, [version.author_id, *wrote])
    if why is None:
        why = _("Your role does not include approving.")
    names = approvers(version)
    if not names:
        return _("%(why)s Nobody else may approve it now.") % {"why": why}
    return _("%(why)s These may: %(names)s.") % {"why": why, "names": ", ".join(name_of(each) for each in names)}


def approvers(version: ReviewVersion) -> list[Any]:
    """The colleagues who may approve the version as it is, kept with this row; of many the first by name."""
    if not hasattr(version, "_approvers"):
        version._approvers = approvers_of(version, changes(version))[:SHOWN]  # type: ignore[attr-defined]
    found: list[Any] = version._approvers  # type: ignore[attr-defined]
    return found


def restricted(claim: Claim) -> Restriction | None:
    """The restriction of the claim, kept with this row."""
    if not hasattr(claim, "_restriction"):
        claim._restriction = restriction_of(claim)  # type: ignore[attr-defined]
    found: Restriction | None = claim._restriction  # type: ignore[attr-defined]
    return found


def _people(version: ReviewVersion) -> dict[int, Any]:
    if not hasattr(version, "_writers"):
        version._writers = get_user_model()._default_manager.in_bulk(writers(version))  # type: ignore[attr-defined]
    found: dict[int, Any] = version._writers  # type: ignore[attr-defined]
    return found


def byline(version: ReviewVersion) -> str:
    """The names of the authors, in the order of their first change."""
    keys = dict.fromkeys(change.user_id for change in changes(version) if change.user_id is not None)
    return ", ".join(name_of(_people(version)[key]) for key in keys if key in _people(version))


def wrote(version: ReviewVersion, user: User) -> list[tuple[str, str]]:
    """Each author with what she changed: names, and labels of the fields."""
    people = _people(version)
    labels: dict[int, list[str]] = {}
    for change in changes(version):
        if change.user_id is not None:
            labels.setdefault(change.user_id, []).append(change.label)
    return [
        (_("you") if key == user.pk else name_of(people[key]), ", ".join(dict.fromkeys(each)))
        for key, each in labels.items()
        if key in people
    ]


def suggested(user: User, version: ReviewVersion) -> dict[str, Any]:
    """The open suggestions with their differences, and what this person may do about them."""
    rows = version.suggestions.filter(state=Suggestion.State.OPEN).select_related("suggested_by")
    shown = [{"row": each, "pieces": pieces(each)} for each in rows]
    seen = replace(known(user, version), is_author=user.pk in writers(version))
    return {
        "may_suggest": allowed("suggest", seen),
        "may_decide": bool(shown) and allowed("decide on a suggestion", seen),
        "suggestions": shown,
    }
