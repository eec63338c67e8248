"""Say when a published quote was last truly seen on its page, and when the page's server last said it is unchanged.

    last_seen_at       before the last request whose whole body was read and in which the quote stood
    last_validated_at  before the last request that the server answered by 304, which proves nothing about the quote

Neither is ever later than the truth. Readers without a key are told the day alone at which a quote was last seen, as
its beginning in UTC: a time that stands still for some hours would tell of a finding that no editor has confirmed.

Both change with every poll, so they are in no stored body and no cached answer: they are laid over what is served, on
screens too. A stored body may have `seen_at_least_until`, which is `last_seen_at` as it was known when the body was
written, and remains true.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models.functions import Now

from claims.models import Evidence
from claims.models.publication import Audience
from claims.models.watch.anchoring import newest_anchorings
from claims.permissions import remembered
from sources.models import Polling
from sources.passages import last_seen


@dataclass(frozen=True)
class Freshness:
    """The two times; None where nothing is known."""

    last_seen_at: datetime | None = None
    last_validated_at: datetime | None = None


UNKNOWN = Freshness()


def freshness(evidence: Iterable[str], *, audience: str) -> dict[str, Freshness]:
    """The freshness of each page quote (public ids), as far as the audience may know it. Four queries.

    A quote is looked for as its newest anchoring has it.
    """
    rows = list(
        Evidence.objects.filter(public_id__in=list(evidence), kind=Evidence.Kind.PAGE_QUOTE).values_list(
            "pk", "public_id", "page", "passage"
        )
    )
    if not rows:
        return {}
    anchorings = newest_anchorings(key for key, *_ in rows)
    passages = {key: anchorings[key].passage_id if key in anchorings else passage for key, _, _, passage in rows}
    seen_at = last_seen.times(passage for passage in passages.values() if passage is not None)
    validated = dict(
        Polling.objects.filter(page__in={page for _, _, page, _ in rows}, last_validated_at__lte=Now()).values_list(
            "page", "last_validated_at"
        )
    )
    if audience == Audience.PUBLIC:
        seen_at = {passage: _day(at) for passage, at in seen_at.items()}
    return {name: Freshness(seen_at.get(passages[key] or 0), validated.get(page or 0)) for key, name, page, _ in rows}


def freshness_on_page(evidence: Iterable[str], *, audience: str) -> dict[str, Freshness]:
    """What `freshness` answers, asked once for a page of the desk that shows the same quotes in several places."""
    names = frozenset(evidence)
    found: dict[str, Freshness] = remembered(
        ("freshness", audience, names), lambda: freshness(names, audience=audience)
    )
    return found


def _day(at: datetime) -> datetime:
    """The beginning of the day in UTC."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
