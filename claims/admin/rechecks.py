"""Admin pages of re-checks: the queue of reviews with broken quotes, and the decision with both sentences compared."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString

from claims.admin.base import ClaimsAdmin, StateFilter, shortened, state_label
from claims.admin.claim import row_address
from claims.causes import rank_expression
from claims.desk.rechecks import answers as desk
from claims.desk.rechecks import words
from claims.desk.rechecks.comparison import comparisons, for_queue, pages_of, what_changed
from claims.models import Recheck, ReviewVersion
from claims.permissions import may_decide
from claims.reviews import rechecks
from sources.admin.base import Verb, ago_label

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


class RecheckFilter(StateFilter):
    default = (Recheck.State.RAISED, Recheck.State.CONFIRMED)
    default_label = "open"


@admin.register(Recheck)
class RecheckAdmin(ClaimsAdmin):
    list_screen, row_screen = "desk:rechecks", "desk:recheck"
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
        return words.found(recheck.cause, recheck.grade) if recheck.cause else "–"

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
