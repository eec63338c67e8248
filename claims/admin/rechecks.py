"""Admin pages of re-checks: the queue of reviews with broken quotes, and the decision with both sentences compared."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString

from claims import causes
from claims.admin.base import ClaimsAdmin, StateFilter, shortened, state_label
from claims.admin.claim import row_address
from claims.causes import Cause, rank_expression
from claims.desk import quotes
from claims.desk.rechecks import answers as desk
from claims.models import Anchoring, EvidenceCheck, Recheck, ReviewVersion
from claims.models.publication import Audience
from claims.permissions import may_decide
from claims.publication.freshness import UNKNOWN, freshness
from claims.publication.quote_state import wording
from claims.reviews import rechecks
from sources.admin.base import Verb, ago_label, outside_link
from sources.admin.difference import Piece, difference
from sources.quotes.exact_match import TextQuote, find_exact

# Versions that an editor can start from a re-check: the verb's name and label, the kind, and what it does.
_NEXT = [
    (
        "update",
        "Update",
        ReviewVersion.Kind.UPDATE,
        "The facts changed; the review was right on its day. Publishing the update settles this re-check.",
    ),
    (
        "correct",
        "Correct",
        ReviewVersion.Kind.CORRECTION,
        "Starts a correction with the published text and evidence. Publishing it settles this re-check.",
    ),
    (
        "withdraw",
        "Withdraw",
        ReviewVersion.Kind.WITHDRAWAL,
        "Starts the withdrawal of the review, which a second person approves.",
    ),
]
_DIFF_KINDS = {"=": "same", "-": "removed", "+": "added"}


class RecheckFilter(StateFilter):
    default = (Recheck.State.RAISED, Recheck.State.CONFIRMED)
    default_label = "open"


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
        label = quotes.label(check)
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
    live: SafeString
    last_seen_at: datetime | None
    """Before the last request whose whole body held the quote."""


@admin.register(Recheck)
class RecheckAdmin(ClaimsAdmin):
    offers = ()  # a machine raises; changed only by the actions
    list_display = ["claim", "why", "pages", "changed", "state_badge", "since", "seen"]
    list_filter = [RecheckFilter, "cause", "review__organisation"]
    ordering = (rank_expression().asc(), "raised_at", "pk")
    search_fields = ["review__claim__text", "checks__evidence__page__url", "public_id"]
    list_display_links = ["claim"]
    fields = readonly_fields = [
        "review",
        "state",
        "cause",
        "grade",
        "raised_at",
        "seen_at",
        "seen_by",
        "confirmed_at",
        "resolved_at",
    ]
    change_form_template = "admin/claims/recheck.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recheck]:
        return for_queue(super().get_queryset(request))

    def get_verbs(self, request: HttpRequest, row: Recheck) -> list[Verb]:
        if not may_decide(request.user) or row.resolved_at is not None:
            return []
        verbs = [
            Verb(
                "still-stands",
                "Still stands",
                desk.still_stands,
                "primary",
                note="Why the verdict still stands",
                proposed=rechecks.proposed_note(row),
                help="The page changed, the verdict holds. Newsrooms and readers are told; the note stays here.",
            ),
            *(Verb(name, label, self._starter(kind), "primary", help=text) for name, label, kind, text in _NEXT),
            Verb("ask", "Ask a colleague", desk.ask, help="A question on the colleague's home. Nothing is decided."),
        ]
        if row.state == Recheck.State.RAISED:
            verbs.insert(
                0,
                Verb(
                    "confirm",
                    "Confirm",
                    desk.confirm,
                    help="You have looked at the page, and what was found is so. The public sees it from now on.",
                ),
            )
            verbs.append(
                Verb(
                    "dismiss",
                    "Dismiss",
                    desk.dismiss,
                    "danger",
                    note="Why it is a false alarm",
                    help="A false alarm. The public never sees it; newsrooms are told.",
                )
            )
        return verbs

    def all_verbs(self, request: HttpRequest, row: Recheck) -> list[Verb]:
        # The rules themselves refuse and say why.
        return [
            Verb("confirm", "", desk.confirm),
            Verb("still-stands", "", desk.still_stands),
            *(Verb(name, "", self._starter(kind)) for name, _, kind, _ in _NEXT),
            Verb("ask", "", desk.ask),
            Verb("dismiss", "", desk.dismiss),
        ]

    def _starter(self, kind: str) -> Any:
        def start(request: HttpRequest, recheck: Recheck) -> HttpResponse:
            return HttpResponseRedirect(row_address(rechecks.correct(recheck, actor=request.user, kind=kind)))

        return start

    def page_context(self, request: HttpRequest, row: Recheck) -> dict[str, Any]:
        published = row.review.latest_published()
        return {
            "comparisons": comparisons(row),
            "proposed_note": rechecks.proposed_note(row),
            "state_badge": state_label(row.state, row.get_state_display()),
            "state_text": _state_text(row),
            "is_demo": row.review.claim.is_demo,
            "claim_row": row.review.claim,
            "review_row": row.review,
            "published": published,
            "open_version": row.review.open_version(),
            "broken_quotes": rechecks.broken_quotes(row) if row.is_open else [],
            "colleagues": desk.colleagues(request.user, row) if row.is_open else [],
        }

    @admin.display(description="claim", ordering="review__claim__text")
    def claim(self, recheck: Recheck) -> str:
        return shortened(recheck.review.claim.text)

    @admin.display(description="why")
    def why(self, recheck: Recheck) -> str:
        return causes.label(recheck.cause, recheck.grade) or "–"

    @admin.display(description="page")
    def pages(self, recheck: Any) -> str:
        return shortened(pages_of(recheck), 70)

    @admin.display(description="what changed")
    def changed(self, recheck: Any) -> str:
        return what_changed(recheck)

    @admin.display(description="since", ordering="raised_at")
    def since(self, recheck: Recheck) -> SafeString:
        return ago_label(recheck.raised_at)

    @admin.display(description="seen", ordering="seen_at")
    def seen(self, recheck: Recheck) -> str:
        return f"by {recheck.seen_by}" if recheck.seen_at else "not yet"


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
    known = freshness((check.evidence.public_id for check in broken), audience=Audience.NEWSROOMS)
    results = []
    for check in sorted(broken, key=lambda each: each.pk):
        now = latest[check.evidence_id]
        pieces = _pieces(check)
        over = not now.broke or recheck.resolved_at is not None
        results.append(
            Comparison(
                check=check,
                label=quotes.label(check),
                now=now,
                now_label=quotes.label(now),
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
                live=outside_link(check.evidence.page.url, "Open the live page"),  # type: ignore[union-attr]
                last_seen_at=known.get(check.evidence.public_id, UNKNOWN).last_seen_at,
            )
        )
    return results


def _pieces(check: EvidenceCheck) -> list[Piece]:
    if not check.after:
        return [Piece("same" if check.notice else "removed", check.sought)]
    stored = [
        Piece(_DIFF_KINDS[str(operation)], str(words)) for operation, words in check.diff if operation in _DIFF_KINDS
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


def _state_text(recheck: Recheck) -> str:
    text = "" if recheck.state == Recheck.State.RAISED else "raised "  # which the badge says
    text += f"{recheck.raised_at:%Y-%m-%d %H:%M:%S} UTC by the machine"
    if recheck.seen_at:
        text += f", first decided on by {recheck.seen_by} {recheck.seen_at:%Y-%m-%d %H:%M} UTC"
    if recheck.confirmed_at:
        text += f", confirmed {recheck.confirmed_at:%Y-%m-%d %H:%M} UTC"
    if recheck.resolved_at:
        text += f", settled by {recheck.resolved_by} {recheck.resolved_at:%Y-%m-%d %H:%M} UTC"
    return text
