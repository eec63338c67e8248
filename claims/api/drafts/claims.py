"""Routes of draft claims: list, create, read, change and delete the claims that a newsroom sent."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from claims.api.drafts import examples, operations
from claims.api.drafts.base import NEWEST_FIRST, DraftView, refusals_as_conflicts
from claims.api.drafts.bodies import ClaimBody, ClaimDraft
from claims.api.request.body_fields import as_json, invalid, read, read_change
from claims.models import Attribution, Claim, ClaimVersion, Statement, Topic
from claims.models.publication import Audience
from claims.newsroom_drafts.drafts import create_claim, delete_claim, update_claim


class ClaimReferenceView(DraftView):
    """Base of the routes that refer to claims; resolves ids to rows that the key may see."""

    target: ClassVar = "claim"

    def claim_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """The claim's columns and the rows that the body refers to. Raises `ValidationError`.

        The error for a row that the key may not see is the same as for one that does not exist.
        """
        period = data["period"] or {"start": None, "end": None}
        statements = self._statements(data["statements"])
        return {
            "text": data["text"],
            "language": data["language"],
            "place": data["place"],
            "period_start": period["start"],
            "period_end": period["end"],
            "repeats": self.claim(data["repeats"], "/repeats") if data["repeats"] else None,
            "topics": _topics(data["topics"]),
            "statements": statements,
            "attributions": _attributions(data.get("attributions", []), statements),
        }

    def claim(self, id: str, pointer: str) -> Claim:
        """The claim with this id, if it was sent with the key or is published. Raises `ValidationError`."""
        is_own = self.own("claim").filter(claim__public_id=id).exists()
        if not is_own and not _published().filter(claim_public_id=id).exists():
            raise invalid(pointer, "No claim with this id is published or was sent with this key.")
        return Claim.objects.get(public_id=id)

    def _statements(self, ids: Sequence[str]) -> list[Statement]:
        rows = self.own("statement").filter(statement__public_id__in=ids)
        known = {row.statement.public_id: row.statement for row in rows if row.statement}
        _require_known("/statements", ids, known, "No statement with this id was sent with this key.")
        return [known[id] for id in dict.fromkeys(ids)]


class DraftClaimList(ClaimReferenceView):
    """Claims that were sent with the key."""

    keyset: ClassVar = NEWEST_FIRST

    @operations.list_rows("desk_claims", ClaimDraft, examples.CLAIM_ANSWER)
    def get(self, request: Request) -> HttpResponse:
        """Claims that were sent with this key, the last first."""
        return self.list_drafts()

    @operations.create("desk_send_claim", ClaimBody, ClaimDraft, examples.CLAIM_ANSWER, examples.CLAIM)
    def post(self, request: Request) -> HttpResponse:
        """Send a claim: the assertion that can be checked, and the statements that make it."""
        data = read(ClaimBody, request.data)
        with refusals_as_conflicts():
            return self.created(create_claim(self.submitter(), as_sent=as_json(data), **self.claim_fields(data)))


class DraftClaim(ClaimReferenceView):
    """One claim that was sent with the key."""

    @operations.get("desk_claim", ClaimDraft, examples.CLAIM_ANSWER)
    def get(self, request: Request, id: str) -> HttpResponse:
        """A claim as it was sent, and what became of it.

        `taken_over`: an editor works on it, so it can no longer be changed from outside. `published`: it has the
        same id under /api/v1/claims/.
        """
        return self.show(id)

    @operations.update("desk_change_claim", ClaimBody, ClaimDraft, examples.CLAIM_ANSWER, {"place": "Norway"})
    def patch(self, request: Request, id: str) -> HttpResponse:
        """Change a claim that the desk has neither published nor taken over. What is not sent stays as it is."""
        with self.locked_draft(id) as submission:
            data = read_change(ClaimBody, request.data, submission.as_sent)
            update_claim(self.submitter(), submission, as_sent=as_json(data), **self.claim_fields(data))
        return self.updated(submission)

    @operations.delete("desk_delete_claim")
    def delete(self, request: Request, id: str) -> HttpResponse:
        """Take back a claim that nothing rests on."""
        with self.locked_draft(id) as submission:
            delete_claim(self.submitter(), submission)
        return HttpResponse(status=204)


def _published() -> Any:
    return ClaimVersion.objects.current(Audience.NEWSROOMS)


def _topics(slugs: Sequence[str]) -> list[Topic]:
    """Topics that published claims have; others must not be revealed. Raises `ValidationError`."""
    known = {
        topic.slug: topic
        for topic in Topic.objects.filter(slug__in=slugs)
        if _published().filter(topics__contains=[topic.slug]).exists()
    }
    _require_known("/topics", slugs, known, "No published claim has a topic of this slug; leave it to the desk.")
    return list(known.values())


def _attributions(ids: Sequence[str], statements: Sequence[Statement]) -> list[Attribution]:
    """The attributions with these ids, each of one of the statements. Raises `ValidationError`."""
    known = {each.public_id: each for each in Attribution.objects.filter(public_id__in=ids, statement__in=statements)}
    _require_known("/attributions", ids, known, "None of the statements has an attribution with this id.")
    return [known[id] for id in dict.fromkeys(ids)]


def _require_known(pointer: str, names: Sequence[str], known: Any, sentence: str) -> None:
    unknown = {str(number): [sentence] for number, name in enumerate(names) if name not in known}
    if unknown:
        raise ValidationError({pointer.removeprefix("/"): unknown})
