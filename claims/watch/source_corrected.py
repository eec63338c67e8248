"""Mark letters to sources answered when the watch sees that the page was corrected.

A page is seen corrected when every quote of the review on it stands again while the re-check is open, or when a notice
of a correction appears on it.
"""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from claims.models import Assignment, EvidenceCheck, Publication, SourceRequest
from claims.notices import notify
from claims.permissions import User
from claims.publication.append import append_news
from claims.watch.findings import Finding


def waiting_letter() -> Exists:
    """Whether a letter about the quote's review and page waits for its answer; to annotate `Evidence`."""
    return Exists(
        SourceRequest.objects.filter(
            state=SourceRequest.State.SENT,
            page=OuterRef("page"),
            recheck__review=OuterRef("version__review"),
        )
    )


def mark_corrected(findings: Sequence[Finding]) -> None:
    """Mark the letters answered whose page is seen corrected, and tell newsrooms and those who wait for the answer.

    In the transaction of the sweep, which has locked the claims.
    """
    of_page: dict[tuple[int, int], list[Finding]] = defaultdict(list)
    for each in findings:
        if each.watched.letter_waits:
            of_page[each.change.page_id, each.watched.review.pk].append(each)
    for (page, review), found in of_page.items():
        letters = SourceRequest.objects.select_for_update(of=("self",)).select_related("page", "recheck__review__claim")
        for letter in letters.filter(state=SourceRequest.State.SENT, page=page, recheck__review=review).order_by("pk"):
            if not _is_corrected(found, is_open=letter.recheck.is_open):
                continue
            letter.state = SourceRequest.State.ANSWERED
            letter.corrected_at = found[0].change.detected_at
            letter.ended_at = timezone.now()
            letter.save(update_fields=["state", "corrected_at", "ended_at"])
            _tell(letter)


def followers(request: SourceRequest) -> list[User]:
    """Who is told of what becomes of a letter: whoever sent it, and whoever the claim is assigned to."""
    people = [request.sent_by]
    assigned = Assignment.objects.filter(claim=request.recheck.review.claim_id, assignee__isnull=False)
    people += [each.assignee for each in assigned.select_related("assignee")]
    return list({person.pk: person for person in people if person is not None}.values())


def _tell(letter: SourceRequest) -> None:
    review = letter.recheck.review
    append_news(review.claim, event=Publication.Event.SOURCE_ANSWERED, review=review)
    path = reverse("desk:recheck", args=[letter.recheck_id])
    notify(followers(letter), "source_corrected", claim=review.claim, path=path, page=str(letter.page))


def _is_corrected(findings: Sequence[Finding], *, is_open: bool) -> bool:
    if any(each.outcome.result == EvidenceCheck.Result.UNVERIFIABLE for each in findings):
        return False
    # Once it is settled, quotes stand in the words that an editor accepted.
    stands_again = is_open and not any(each.outcome.broke for each in findings)
    return stands_again or "correction" in findings[0].change.kinds
