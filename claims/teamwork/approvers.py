"""Everybody who may approve a version, in three queries however many people work at the desk."""

from collections.abc import Sequence
from typing import Any

from claims.accounts import of_one_hand
from claims.authorship import Contribution
from claims.models import ReviewVersion
from claims.teamwork.colleagues import colleagues


def approvers(version: ReviewVersion, changes: Sequence[Contribution]) -> list[Any]:
    """The colleagues of whom `claims.permissions.may_approve` would say yes once the version is in review, by name.

    `changes` are the contributions to the version. Guests are not among them: they are asked one by one.
    """
    if any(change.user_id is None for change in changes):
        return []  # by somebody whom the audit does not name: nobody can be the second person
    wrote = {change.user_id for change in changes} | {version.author_id}
    rows = list(colleagues(version.review.claim, right="approve_review").exclude(pk__in=wrote - {None}))
    made = of_one_hand([row.pk for row in rows], wrote)
    return [row for row in rows if row.pk not in made]
