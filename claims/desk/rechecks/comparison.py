"""Each broken quote of a re-check beside the sentence that is on the page now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from claims.causes import Cause
from claims.desk import quotes
from claims.desk.evidence.live import live_url
from claims.desk.rechecks import words
from claims.models import Anchoring, EvidenceCheck, Recheck
from claims.models.publication import Audience
from claims.publication.freshness import UNKNOWN, freshness_on_page
from claims.publication.quote_state import wording
from sources.admin.difference import Piece, difference
from sources.quotes.exact_match import TextQuote, find_exact

_DIFF_KINDS = {"=": "same", "-": "removed", "+": "added"}


def for_queue(rows: QuerySet[Recheck]) -> QuerySet[Recheck]:
    """The re-checks with all data of a queue line, in a fixed number of queries; broken checks are in `broken`."""
    broken = EvidenceCheck.objects.broken().select_related("evidence__page").order_by("-pk")
    return rows.select_related("review__claim", "review__organisation", "seen_by").prefetch_related(
        Prefetch("checks", queryset=broken, to_attr="broken")
    )


def what_changed(recheck: Any) -> str:
    """The results of the broken quotes in a few words, for one line of the queue."""
    results = []
    for check in _latest_by_evidence(recheck.broken):
        kinds = ", ".join(map(str, check.kinds))
        label = words.label(check)
        results.append(f"{label}: {kinds}" if kinds else label)
    return "; ".join(dict.fromkeys(results)) or "–"


def pages_of(recheck: Any) -> str:
    """The pages with a broken quote, for one line of the queue."""
    pages = [str(check.evidence.page) for check in _latest_by_evidence(recheck.broken)]
    return "; ".join(dict.fromkeys(pages)) or "–"


def _latest_by_evidence(checks: list[EvidenceCheck]) -> list[EvidenceCheck]:
    latest: dict[int, EvidenceCheck] = {}
    for check in checks:
        latest.setdefault(check.evidence_id, check)
    return list(latest.values())


@dataclass(frozen=True)
class Comparison:
    """One broken quote: the old and the new sentence as pieces, and their sources."""

    check: EvidenceCheck
    label: str
    introduction: str
    """What comes before the words from which the page's stance follows; empty for other causes."""
    now: EvidenceCheck
    now_label: str
    now_tone: str
    over: bool
    """Whether it may be otherwise now: a later look did not find it so, or the re-check is settled."""
    old: list[Piece]
    new: list[Piece]
    surroundings: list[Piece]
    kinds: list[str]
    wording: str
    accepted: bool
    """Whether other words were looked for than the quote, as read or accepted later."""
    elsewhere: bool
    """Whether the words stood on the page, though not in their place."""
    live: str
    """The address of the page, with the words for browsers that lead to them."""
    last_seen_at: datetime | None
    """Before the last request whose whole body held the quote."""


def comparisons(recheck: Recheck) -> list[Comparison]:
    """Each broken quote beside the sentence now on the page."""
    checks = (
        EvidenceCheck.objects.filter(recheck=recheck)
        .select_related(
            "evidence__page__source", "evidence__snapshot", "anchoring__snapshot", "snapshot__text", "change"
        )
        .order_by("-pk")
    )
    broken = _latest_by_evidence([check for check in checks if check.broke])
    latest = {check.evidence_id: check for check in reversed(checks)}
    known = freshness_on_page((check.evidence.public_id for check in broken), audience=Audience.NEWSROOMS)
    results = []
    for check in sorted(broken, key=lambda each: each.pk):
        now = latest[check.evidence_id]
        pieces = _pieces(check)
        over = not now.broke or recheck.resolved_at is not None
        results.append(
            Comparison(
                check=check,
                label=words.label(check),
                now=now,
                now_label=words.label(now),
                now_tone=quotes.tone(now),
                over=over,
                introduction=quotes.introduction(check, over=over),
                old=[piece for piece in pieces if piece.kind != "added"],
                new=[piece for piece in pieces if piece.kind != "removed"] if check.after else [],
                surroundings=_marked(check.surroundings, check.after or check.sought),
                kinds=[str(kind) for kind in check.kinds],
                wording=wording(check, check.checked_at),
                accepted=check.anchoring is not None and check.anchoring.reason != Anchoring.Reason.REGISTERED,
                elsewhere=_stands_elsewhere(check),
                live=live_url(check.evidence.page.url, check.after or check.sought),  # type: ignore[union-attr]
                last_seen_at=known.get(check.evidence.public_id, UNKNOWN).last_seen_at,
            )
        )
    return results


def _pieces(check: EvidenceCheck) -> list[Piece]:
    if not check.after:
        return [Piece("same" if check.notice else "removed", check.sought)]
    stored = [
        Piece(_DIFF_KINDS[str(operation)], str(text)) for operation, text in check.diff if operation in _DIFF_KINDS
    ]
    whole = "".join(piece.text for piece in stored if piece.kind != "added")
    # The stored diff may lack white space; then it is computed again.
    return stored if whole == check.sought else difference(check.sought, check.after)


def _stands_elsewhere(check: EvidenceCheck) -> bool:
    if check.why not in (Cause.ALTERED, Cause.GONE) or check.snapshot is None:
        return False
    text = check.snapshot.text.text
    return any(find_exact(TextQuote(check.sought), text.replace(check.after, "\n\n") if check.after else text))


def _marked(surroundings: str, sentence: str) -> list[Piece]:
    start = surroundings.find(sentence) if sentence else -1
    if start < 0:
        return [Piece("same", surroundings)] if surroundings else []
    return [
        Piece("same", surroundings[:start]),
        Piece("found", sentence),
        Piece("same", surroundings[start + len(sentence) :]),
    ]
