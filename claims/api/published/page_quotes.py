"""Read the quotes of pages from the bodies of published claims, and the latest checks of them.

Bodies contain nothing confidential, described or unpublished, so none of it can be returned here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import Q

from claims.formats.as_now import evidence_as_now
from claims.json_object import Json
from claims.models import Evidence, EvidenceCheck
from claims.models.publication import Audience, ClaimVersionQuerySet
from claims.models.watch.evidence_check import BROKE
from claims.publication.quote_state import QuoteState, published_states

MAX_CLAIMS = 500


@dataclass(frozen=True)
class PublishedQuote:
    """One quote as the published body of a claim has it; `page` is a public id."""

    claim: str
    review: str
    page: str
    evidence: dict[str, Any]

    @property
    def exact(self) -> str:
        return str(self.evidence["quote"]["exact"])

    @property
    def named_page(self) -> Json:
        """The page with its source, as this body has them."""
        return {**self.evidence["page"], "source": self.evidence["source"]}


def quotes_on(pages: Iterable[str], versions: ClaimVersionQuerySet) -> list[PublishedQuote]:
    """The quotes of these pages (public ids) in the 500 latest of these versions, the latest first. One query."""
    wanted = set(pages)
    resting = versions.filter(pages__overlap=sorted(wanted), publication__body__isnull=False).order_by("-sequence_from")
    bodies = resting.values_list("publication__body__json", flat=True)[:MAX_CLAIMS]
    return [
        PublishedQuote(claim["id"], review["id"], evidence["page"]["id"], evidence_as_now(evidence))
        for claim in map(orjson.loads, bodies)
        for review in claim["reviews"]
        for evidence in review["evidence"]
        if evidence["kind"] == Evidence.Kind.PAGE_QUOTE and evidence.get("page", {}).get("id") in wanted
    ]


def states_of(quotes: Iterable[PublishedQuote]) -> dict[str, QuoteState]:
    """What newsrooms may know of each quote now, by evidence id. One query."""
    return published_states([quote.evidence["id"] for quote in quotes], Audience.NEWSROOMS)


def checks_after(changes: Iterable[int]) -> list[EvidenceCheck]:
    """The valid checks of quotes after these changes (primary keys). One query."""
    return list(
        EvidenceCheck.objects.filter(change__in=changes)
        .exclude(BROKE & Q(recheck__isnull=True))
        .select_related("evidence__page", "evidence__version__review", "recheck", "change", "anchoring")
        .order_by("pk")
    )
