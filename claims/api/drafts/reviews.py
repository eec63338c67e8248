"""Drafts of reviews that a newsroom sends in, up to “in review”. People approve and publish."""

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from claims.api.drafts import examples
from claims.api.drafts.base import LAST_FIRST, refusals
from claims.api.drafts.bodies import ReviewBody, ReviewChange, ReviewDraft, page_of
from claims.api.drafts.claims import Claims
from claims.api.drafts.operations import changing, deleting, listing, making, showing, submitting
from claims.api.request.body_fields import as_json, invalid, read, read_change
from claims.models import Organisation, Rating
from claims.newsroom_drafts.drafts import change_review, send_review, submit_review, take_back_review


class DraftReviewList(Claims):
    """Drafts of reviews that were sent with the key."""

    target: ClassVar = "review"
    keyset: ClassVar = LAST_FIRST

    @listing("desk_reviews", page_of(ReviewDraft, "ReviewDraftPage"), examples.REVIEW_ANSWER)
    def get(self, request: Request) -> HttpResponse:
        """Drafts of reviews that were sent with this key, the last first."""
        return self.list_drafts()

    @making("desk_send_review", ReviewBody, ReviewDraft, examples.REVIEW_ANSWER, examples.REVIEW)
    def post(self, request: Request) -> HttpResponse:
        """Send a draft of a review. It may be unfinished: submitting says what is missing."""
        asked = read(ReviewBody, request.data)
        claim = self.claim(asked["claim"], "/claim")
        organisation = _organisation(asked.get("organisation"))
        asked["organisation"] = organisation.public_id
        fields = _fields(asked, organisation)
        with refusals():
            made = send_review(self.outside(), claim=claim, organisation=organisation, as_sent=as_json(asked), **fields)
        return self.made(made)


class DraftReview(Claims):
    """One draft of a review that was sent with the key."""

    target: ClassVar = "review"

    @showing("desk_review", ReviewDraft, examples.REVIEW_ANSWER)
    def get(self, request: Request, id: str) -> HttpResponse:
        """A draft as it was sent, and what became of it.

        `in_review`: submitted, and not published yet. `taken_over`: an editor has become its author. `published`:
        the review has the same id in its claim under /api/v1/claims/.
        """
        return self.show(id)

    @changing("desk_change_review", ReviewChange, ReviewDraft, examples.REVIEW_ANSWER, examples.CHANGE)
    def patch(self, request: Request, id: str) -> HttpResponse:
        """Change a draft that is not submitted yet. What is not sent stays as it is."""
        with self.changing(id) as submission:
            asked = read_change(ReviewChange, request.data, submission.as_sent)
            organisation = submission.review.organisation  # type: ignore[union-attr]
            fields = _fields(asked, organisation)
            change_review(self.outside(), submission, as_sent=submission.as_sent | as_json(asked), **fields)
        return self.shown_again(submission)

    @deleting("desk_delete_review")
    def delete(self, request: Request, id: str) -> HttpResponse:
        """Take back a draft that is not submitted yet, with its evidence."""
        with self.changing(id) as submission:
            take_back_review(self.outside(), submission)
        return HttpResponse(status=204)


class SubmitReview(Claims):
    """Handing a draft to the desk."""

    target: ClassVar = "review"

    @submitting("desk_submit_review", ReviewDraft, {**examples.REVIEW_ANSWER, "state": "in_review", "revision": 2})
    def post(self, request: Request, id: str) -> HttpResponse:
        """Submit a draft: an editor looks at it, and sends it back or approves it.

        409 names everything that is missing.
        """
        if request.data:
            raise invalid("", "Send no body: the draft is submitted as it stands.")
        with self.changing(id, unseen=True) as submission:
            submit_review(self.outside(), submission)
        return self.shown_again(submission)


def _organisation(id: str | None) -> Organisation:
    """One of the desk's own. Raises `ValidationError`."""
    own = Organisation.objects.filter(is_ours=True).order_by("pk")
    if id is not None:
        found = own.filter(public_id=id).first()
        if found is None:
            raise invalid("/organisation", "The desk has no organisation of its own with this id.")
        return found
    choice = list(own[:20])
    if len(choice) != 1:
        listed = "; ".join(f"{each.public_id} {each.name}" for each in choice) or "none yet, ask the desk"
        raise invalid("/organisation", f"Say which of the desk's organisations publishes the review: {listed}.")
    return choice[0]


def _fields(asked: dict[str, Any], organisation: Organisation) -> dict[str, Any]:
    """Columns of the version. Raises `ValidationError`."""
    fields = {name: asked[name] for name in ("summary", "body", "true_as_of")}
    label = asked["rating"]
    if not label:
        return fields | {"rating": None}
    scale = list(Rating.objects.filter(scale__organisation=organisation).order_by("scale", "value"))
    rating = next((each for each in scale if each.label == label), None)
    if rating is None:
        listed = ", ".join(each.label for each in scale) or "none yet, ask the desk"
        raise invalid("/rating", f"Say one of {organisation}'s ratings: {listed}.")
    return fields | {"rating": rating}
