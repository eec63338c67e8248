"""Routes of draft reviews: list, create, read, change, delete and submit; editors approve and publish."""

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from claims.api.drafts import examples, operations
from claims.api.drafts.base import NEWEST_FIRST, refusals_as_conflicts
from claims.api.drafts.bodies import ReviewBody, ReviewChange, ReviewDraft
from claims.api.drafts.claims import ClaimReferenceView
from claims.api.request.body_fields import as_json, invalid, read, read_change
from claims.models import Organisation, Rating
from claims.newsroom_drafts.drafts import create_review, delete_review, submit_review, update_review


class DraftReviewList(ClaimReferenceView):
    """Drafts of reviews that were sent with the key."""

    target: ClassVar = "review"
    keyset: ClassVar = NEWEST_FIRST

    @operations.list_rows("desk_reviews", ReviewDraft, examples.REVIEW_ANSWER)
    def get(self, request: Request) -> HttpResponse:
        """Drafts of reviews that were sent with this key, the last first."""
        return self.list_drafts()

    @operations.create("desk_send_review", ReviewBody, ReviewDraft, examples.REVIEW_ANSWER, examples.REVIEW)
    def post(self, request: Request) -> HttpResponse:
        """Send a draft of a review. It may be unfinished: submitting says what is missing."""
        data = read(ReviewBody, request.data)
        claim = self.claim(data["claim"], "/claim")
        organisation = _organisation(data.get("organisation"))
        data["organisation"] = organisation.public_id
        fields = _fields(data, organisation)
        with refusals_as_conflicts():
            submission = create_review(
                self.submitter(), claim=claim, organisation=organisation, as_sent=as_json(data), **fields
            )
        return self.created(submission)


class DraftReview(ClaimReferenceView):
    """One draft of a review that was sent with the key."""

    target: ClassVar = "review"

    @operations.get("desk_review", ReviewDraft, examples.REVIEW_ANSWER)
    def get(self, request: Request, id: str) -> HttpResponse:
        """A draft as it was sent, and what became of it.

        `in_review`: submitted, and not published yet. `taken_over`: an editor has become its author. `published`:
        the review has the same id in its claim under /api/v1/claims/. `sent_back` has the reason that an editor
        wrote when the draft last came back.
        """
        return self.show(id)

    @operations.update("desk_change_review", ReviewChange, ReviewDraft, examples.REVIEW_ANSWER, examples.CHANGE)
    def patch(self, request: Request, id: str) -> HttpResponse:
        """Change a draft that is not submitted yet. What is not sent stays as it is."""
        with self.locked_draft(id) as submission:
            data = read_change(ReviewChange, request.data, submission.as_sent)
            organisation = submission.review.organisation  # type: ignore[union-attr]
            fields = _fields(data, organisation)
            update_review(self.submitter(), submission, as_sent=submission.as_sent | as_json(data), **fields)
        return self.updated(submission)

    @operations.delete("desk_delete_review")
    def delete(self, request: Request, id: str) -> HttpResponse:
        """Take back a draft that is not submitted yet, with its evidence."""
        with self.locked_draft(id) as submission:
            delete_review(self.submitter(), submission)
        return HttpResponse(status=204)


class SubmitReview(ClaimReferenceView):
    """Handing a draft to the desk."""

    target: ClassVar = "review"

    @operations.submit(
        "desk_submit_review", ReviewDraft, {**examples.REVIEW_ANSWER, "state": "in_review", "revision": 2}
    )
    def post(self, request: Request, id: str) -> HttpResponse:
        """Submit a draft: an editor looks at it, and sends it back or approves it.

        409 names everything that is missing.
        """
        if request.data:
            raise invalid("", "Send no body: the draft is submitted as it stands.")
        with self.locked_draft(id, if_match_required=False) as submission:
            submit_review(self.submitter(), submission)
        return self.updated(submission)


def _organisation(id: str | None) -> Organisation:
    """Our organisation with this id, or the only one. Raises `ValidationError`."""
    own = Organisation.objects.filter(is_ours=True).order_by("pk")
    if id is not None:
        organisation = own.filter(public_id=id).first()
        if organisation is None:
            raise invalid("/organisation", "The desk has no organisation of its own with this id.")
        return organisation
    choice = list(own[:20])
    if len(choice) != 1:
        listed = "; ".join(f"{each.public_id} {each.name}" for each in choice) or "none yet, ask the desk"
        raise invalid("/organisation", f"Say which of the desk's organisations publishes the review: {listed}.")
    return choice[0]


def _fields(data: dict[str, Any], organisation: Organisation) -> dict[str, Any]:
    """The columns of the version, by name. Raises `ValidationError`."""
    fields = {name: data[name] for name in ("summary", "body", "true_as_of", "article")}
    label = data["rating"]
    if not label:
        return fields | {"rating": None}
    scale = list(Rating.objects.offered().filter(scale__organisation=organisation).order_by("scale", "value"))
    rating = next((each for each in scale if each.label == label), None)
    if rating is None:
        listed = ", ".join(each.label for each in scale) or "none yet, ask the desk"
        raise invalid("/rating", f"Say one of {organisation}'s ratings: {listed}.")
    return fields | {"rating": rating}
