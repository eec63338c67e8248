"""Claims that a newsroom sends in."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from claims.api.drafts import examples
from claims.api.drafts.base import LAST_FIRST, Drafts, refusals
from claims.api.drafts.bodies import ClaimBody, ClaimDraft, page_of
from claims.api.drafts.operations import changing, deleting, listing, making, showing
from claims.api.request.body_fields import as_json, invalid, read, read_change
from claims.models import Claim, ClaimVersion, Statement, Topic
from claims.models.publication import Audience
from claims.newsroom_drafts.drafts import change_claim, send_claim, take_back_claim


class Claims(Drafts):
    """What the routes of claims share."""

    target: ClassVar = "claim"

    def meant(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The rows that the body names, and the claim's own columns. Raises `ValidationError`.

        What the key may not see is unknown, word for word as if it did not exist.
        """
        period = asked["period"] or {"start": None, "end": None}
        return {
            "text": asked["text"],
            "language": asked["language"],
            "place": asked["place"],
            "period_start": period["start"],
            "period_end": period["end"],
            "repeats": self.claim(asked["repeats"], "/repeats") if asked["repeats"] else None,
            "topics": _topics(asked["topics"]),
            "statements": self._statements(asked["statements"]),
        }

    def claim(self, id: str, pointer: str) -> Claim:
        """The claim with this id, if it was sent with the key or is published. Raises `ValidationError`."""
        sent = self.own("claim").filter(claim__public_id=id).exists()
        if not sent and not _published().filter(claim_public_id=id).exists():
            raise invalid(pointer, "No claim with this id is published or was sent with this key.")
        return Claim.objects.get(public_id=id)

    def _statements(self, ids: Sequence[str]) -> list[Statement]:
        found = self.own("statement").filter(statement__public_id__in=ids)
        known = {row.statement.public_id: row.statement for row in found if row.statement}
        _all_known("/statements", ids, known, "No statement with this id was sent with this key.")
        return [known[id] for id in dict.fromkeys(ids)]


class DraftClaimList(Claims):
    """Claims that were sent with the key."""

    keyset: ClassVar = LAST_FIRST

    @listing("desk_claims", page_of(ClaimDraft, "ClaimDraftPage"), examples.CLAIM_ANSWER)
    def get(self, request: Request) -> HttpResponse:
        """Claims that were sent with this key, the last first."""
        return self.list_drafts()

    @making("desk_send_claim", ClaimBody, ClaimDraft, examples.CLAIM_ANSWER, examples.CLAIM)
    def post(self, request: Request) -> HttpResponse:
        """Send a claim: the assertion that can be checked, and the statements that make it."""
        asked = read(ClaimBody, request.data)
        with refusals():
            return self.made(send_claim(self.outside(), as_sent=as_json(asked), **self.meant(asked)))


class DraftClaim(Claims):
    """One claim that was sent with the key."""

    @showing("desk_claim", ClaimDraft, examples.CLAIM_ANSWER)
    def get(self, request: Request, id: str) -> HttpResponse:
        """A claim as it was sent, and what became of it.

        `taken_over`: an editor works on it, so it can no longer be changed from outside. `published`: it has the
        same id under /api/v1/claims/.
        """
        return self.show(id)

    @changing("desk_change_claim", ClaimBody, ClaimDraft, examples.CLAIM_ANSWER, {"place": "Norway"})
    def patch(self, request: Request, id: str) -> HttpResponse:
        """Change a claim that the desk has neither published nor taken over. What is not sent stays as it is."""
        with self.changing(id) as submission:
            asked = read_change(ClaimBody, request.data, submission.as_sent)
            change_claim(self.outside(), submission, as_sent=as_json(asked), **self.meant(asked))
        return self.shown_again(submission)

    @deleting("desk_delete_claim")
    def delete(self, request: Request, id: str) -> HttpResponse:
        """Take back a claim that nothing rests on."""
        with self.changing(id) as submission:
            take_back_claim(self.outside(), submission)
        return HttpResponse(status=204)


def _published() -> Any:
    return ClaimVersion.objects.current(Audience.NEWSROOMS)


def _topics(slugs: Sequence[str]) -> list[Topic]:
    """Topics that published claims have: which others the desk files under is its own affair."""
    known = {
        topic.slug: topic
        for topic in Topic.objects.filter(slug__in=slugs)
        if _published().filter(topics__contains=[topic.slug]).exists()
    }
    _all_known("/topics", slugs, known, "No published claim has a topic of this slug; leave it to the desk.")
    return list(known.values())


def _all_known(pointer: str, asked: Sequence[str], known: Any, sentence: str) -> None:
    unknown = {str(number): [sentence] for number, name in enumerate(asked) if name not in known}
    if unknown:
        raise ValidationError({pointer.removeprefix("/"): unknown})
