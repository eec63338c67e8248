"""Words for readers of the dossier's page in place of codes; the tables keep these for programs."""

from collections import Counter

from django.utils.translation import gettext_lazy as __

from claims.dossier.gather import Change, Check, Complaint, Policy, Year
from claims.public import wording
from claims.public.complaints.register import OUTCOMES
from claims.public.site_pages.pages import TITLES

_STATUSES = {"stands": __("stands"), "withdrawn": __("withdrawn"), "under review": __("under review")}


def changes(found: Year) -> list[tuple[Change, str, str]]:
    """Each change, what it was, and how its check stood at the end."""
    return [(each, wording.event(each.event, each.kind or None), _status(each.status)) for each in found.changes]


def complaints(found: Year) -> list[tuple[Complaint, str]]:
    """Each complaint and its outcome."""
    return [(each, str(OUTCOMES.get(each.outcome, each.outcome))) for each in found.complaints]


def policies(found: Year) -> list[tuple[Policy, str]]:
    """Each version of a page and its title."""
    return [(each, str(TITLES.get(each.page, each.page))) for each in found.policies]


def checks(found: Year) -> list[tuple[Check, str]]:
    """Each check and its rating, or why none stands."""
    return [(each, each.rating or _status(each.status)) for each in found.checks]


def ratings(found: Year) -> list[tuple[str, int]]:
    """How often each rating was given, in the order of `ratings.csv`."""
    counted = Counter((each.rating or each.status, bool(each.rating)) for each in found.checks)
    rows = sorted(counted.items(), key=lambda row: (-row[1], row[0]))
    return [(name if is_rating else _status(name), number) for (name, is_rating), number in rows]


def _status(code: str) -> str:
    return str(_STATUSES.get(code, code))
