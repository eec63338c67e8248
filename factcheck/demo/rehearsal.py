"""Rehearse on a claim of the demo what can happen to a published claim, for developers with a test key.

The demo's two editors do it by the functions that editors use, and the log says it: feed, webhooks, ETags, lists and
matching behave as they do for any claim. It is refused unless the demo runs and nothing but the demo was published, so
that nothing of it stands in the log of an installation that is used (docs/decisions/0040-test-keys.md).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from claims.models import Claim, Evidence, Publication, Recheck, Review, ReviewVersion
from claims.permissions import Refused
from claims.publication.words import leaving
from claims.reviews import publish, rechecks, suspension, workflow
from claims.reviews.evidence import attach_quote
from claims.watch.quotes_now import quotes_now
from factcheck.demo import DEMO_EDITORS, site_edits
from factcheck.demo.seed import tick_by_hand
from sources.database.audit import acting
from sources.database.locks import Lock, lock_until_commit

_NO_DEMO = (
    "This installation does not run the demo, so nothing can be rehearsed here: what is published here is real."
    " Start one that is used for nothing else with `manage.py up --data DIR`, and ask there."
)
_NOTE = "Demo: somebody with a test key asked for this."
_KEPT = "Demo: the page changed, and the review keeps the quote."
Kind = ReviewVersion.Kind


class NoSuchClaim(Exception):
    """No claim of the demo with this id is published."""


@dataclass(frozen=True)
class Editors:
    """The demo's editors: one writes and decides, the other approves."""

    author: User
    approver: User


def require_demo_alone() -> None:
    """Raise `Refused` unless this installation has the demo and has published nothing else."""
    if not Claim.objects.filter(is_demo=True).exists():
        raise Refused(_NO_DEMO)
    if Publication.objects.filter(claim__is_demo=False).exists():
        raise Refused(
            "Something else than the demo was published here, so nothing is rehearsed in its log any more. Start an"
            " installation that is used for nothing else with `manage.py up --data DIR`, and ask there."
        )


def rehearse(claim_id: str, event: str) -> Publication | None:
    """Let the event happen to the claim; returns its row of the log, or None if the poller has to find it first.

    Raises `NoSuchClaim`, and `Refused` if the claim is not in the state for it.
    """
    require_demo_alone()
    if not settings.FETCH_ALLOWED_LOOPBACK:  # `up` says where the demo's site is, to the programs that it starts
        raise Refused(_NO_DEMO)
    claim = Claim.objects.filter(public_id=claim_id, is_demo=True, merged_into__isnull=True).first()
    review = Review.objects.published().filter(claim=claim, organisation__is_demo=True).order_by("-pk").first()
    if claim is None or review is None:
        raise NoSuchClaim
    if event in SITE_EVENTS:
        SITE_EVENTS[event](review)
        return None
    last = Publication.objects.filter(claim=claim).order_by("-sequence").values_list("sequence", flat=True).first()
    with transaction.atomic():
        # One at a time: two that begin together would find each other's version open.
        lock_until_commit(Lock.REHEARSAL)
        require_demo_alone()
        EVENTS[event](review, _editors())
    return Publication.objects.filter(claim=claim, sequence__gt=last or 0).order_by("sequence").first()


def _editors() -> Editors:
    found = {user.username: user for user in User.objects.filter(username__in=DEMO_EDITORS, is_active=True)}
    if len(found) < len(DEMO_EDITORS):
        raise Refused("The demo's editors were removed or switched off; start a new installation with `manage.py up`.")
    return Editors(*(found[name] for name in DEMO_EDITORS))


def _quotes(review: Review) -> list[Evidence]:
    version = review.latest_published()
    quotes = version.evidence.filter(kind=Evidence.Kind.PAGE_QUOTE) if version else Evidence.objects.none()
    return list(quotes.select_related("page").order_by("pk"))


def _break(review: Review) -> None:
    page = next((page for quote in _quotes(review) if (page := site_edits.page_of(quote))), None)
    if page is None or review.withdrawn_at is not None:
        raise Refused("This claim rests on no page of the demo's site that is watched now.")
    site_edits.break_quote(page)


def _mend(review: Review) -> None:
    for page in {page.path: page for each in _published_quotes(review) if (page := site_edits.page_of(each))}.values():
        site_edits.restore(page)


def _published_quotes(review: Review) -> list[Evidence]:
    """The quotes of all its published versions: of a withdrawn review too."""
    quotes = Evidence.objects.filter(version__review=review, kind=Evidence.Kind.PAGE_QUOTE)
    return list(quotes.filter(version__state=ReviewVersion.State.PUBLISHED).select_related("page").order_by("pk"))


def _open_recheck(review: Review) -> Recheck:
    recheck = Recheck.objects.open().filter(review=review).first()
    if recheck is None:
        raise Refused("No re-check of this claim is open: break it first, and wait until the poller has found it.")
    return recheck


def _confirm(review: Review, editors: Editors) -> None:
    rechecks.confirm(_open_recheck(review), actor=editors.author)


def _dismiss(review: Review, editors: Editors) -> None:
    rechecks.dismiss(_open_recheck(review), actor=editors.author, note=_NOTE)


def _reconfirm(review: Review, editors: Editors) -> None:
    rechecks.reconfirm(_open_recheck(review), actor=editors.author, note=_NOTE)


def _next_version(review: Review, editors: Editors, *, kind: str) -> None:
    recheck = Recheck.objects.open().filter(review=review).first()
    if review.open_version() is not None:
        raise Refused("Somebody at the desk works on this review: finish or discard that version first.")
    if recheck is not None:
        version = rechecks.correct(recheck, actor=editors.author, kind=kind)
    else:
        version = workflow.start_version(review, kind=kind, actor=editors.author)
    with acting(editors.author, reason="rehearsed it"):
        version.public_note = _NOTE
        if kind == Kind.CORRECTION and version.rating is not None:
            version.correction_kind = ReviewVersion.CorrectionKind.RATING
            others = version.rating.scale.ratings.offered().exclude(pk=version.rating.pk)
            version.rating = others.order_by("value").first()
        version.save()
        for quote in quotes_now(version):
            kept = _KEPT if quote.broken else ""
            if quote.evidence.kept_because != kept:
                quote.evidence.kept_because = kept
                quote.evidence.save(update_fields=["kept_because"])
    _publish(version, editors)


def _republish(review: Review, editors: Editors) -> None:
    if review.withdrawn_at is None:
        raise Refused("This claim's review is not withdrawn: withdraw it first.")
    before = review.versions.exclude(kind=Kind.WITHDRAWAL).order_by("-number").first()
    if before is None:
        raise Refused("Nothing was published before the withdrawal.")
    version = workflow.start_review(claim=review.claim, organisation=review.organisation, author=editors.author)
    with acting(editors.author, reason="rehearsed it"):
        version.rating, version.summary, version.body = before.rating, before.summary, before.body
        version.true_as_of = timezone.now().date()
        version.save()
    for quote in before.evidence.filter(kind=Evidence.Kind.PAGE_QUOTE).select_related("page").order_by("pk"):
        attach_quote(
            version,
            url_or_page=quote.page,  # type: ignore[arg-type]
            exact=quote.exact,
            stance=quote.stance,
            note=quote.note,
            actor=editors.author,
            refetch=True,
        )
    _publish(version, editors)


def _publish(version: ReviewVersion, editors: Editors) -> None:
    tick_by_hand(version, editors.author)
    workflow.submit(version, actor=editors.author)
    submitted = ReviewVersion.objects.get(pk=version.pk)
    workflow.approve(submitted, actor=editors.approver, shown=leaving(submitted).sha256)
    publish.publish(submitted, actor=editors.approver)


def _suspend(review: Review, editors: Editors) -> None:
    suspension.suspend(review, actor=editors.author, reason=_NOTE)


def _resume(review: Review, editors: Editors) -> None:
    suspension.request_resume(review, actor=editors.author, note=_NOTE)
    suspension.resume(review, actor=editors.approver)


SITE_EVENTS: dict[str, Callable[[Review], None]] = {"break": _break, "mend": _mend}
"""What happens to the page that a claim rests on; the poller finds it within half a minute."""
EVENTS: dict[str, Callable[[Review, Editors], None]] = {
    "confirm": _confirm,
    "dismiss": _dismiss,
    "reconfirm": _reconfirm,
    "update": partial(_next_version, kind=Kind.UPDATE),
    "clarify": partial(_next_version, kind=Kind.CLARIFICATION),
    "correct": partial(_next_version, kind=Kind.CORRECTION),
    "withdraw": partial(_next_version, kind=Kind.WITHDRAWAL),
    "republish": _republish,
    "suspend": _suspend,
    "resume": _resume,
}
"""What the demo's editors do, at once."""
NAMES = (*SITE_EVENTS, *EVENTS)
