"""Evidence that a newsroom sends in for its drafts. A quote of a page is looked for at once, by one fetch."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from claims.api.drafts import examples
from claims.api.drafts.base import LAST_FIRST, Drafts, refusals
from claims.api.drafts.bodies import MEMBER_OF_KIND, EvidenceBody, EvidenceChange, EvidenceDraft, page_of
from claims.api.drafts.operations import changing, deleting, listing, making, showing
from claims.api.request.body_fields import Conflict, as_json, invalid, read, read_change
from claims.models import ClaimVersion, Evidence, Review, ReviewVersion
from claims.models.publication import Audience
from claims.newsroom_drafts.drafts import change_evidence, send_evidence, send_quote, take_back_evidence
from claims.permissions import Refused
from sources.http.addresses import canonical
from sources.models import Page, Snapshot
from sources.polling.poller import PageUnreadable
from sources.quotes.locate import QuoteNotFound

# Where the columns of each kind stand in the body.
_COLUMNS = {
    "file_name": ("file", "name"),
    "file_sha256": ("file", "sha256"),
    "dataset": ("dataset", "dataset"),
    "release": ("dataset", "release"),
    "cell": ("dataset", "cell"),
    "value": ("dataset", "value"),
    "unit": ("dataset", "unit"),
    "who": ("interview", "who"),
    "how": ("interview", "how"),
    "programme": ("broadcast", "programme"),
    "timecode": ("broadcast", "timecode"),
}
# What of a quote a refusal is about, by what was behind it.
_PLACES: dict[type[BaseException | None], str] = {PageUnreadable: "/page/url", QuoteNotFound: "/quote/exact"}


class DraftEvidenceList(Drafts):
    """Evidence that was sent with the key."""

    target: ClassVar = "evidence"
    keyset: ClassVar = LAST_FIRST

    @listing("desk_evidence_list", page_of(EvidenceDraft, "EvidenceDraftPage"), examples.QUOTE_ANSWER)
    def get(self, request: Request) -> HttpResponse:
        """Evidence that was sent with this key, the last first."""
        return self.list_drafts()

    @making("desk_send_evidence", EvidenceBody, EvidenceDraft, examples.QUOTE_ANSWER, examples.QUOTE, examples.DATASET)
    def post(self, request: Request) -> HttpResponse:
        """Rest a draft on something.

        For a quote of a page the page is fetched once, now, by the desk, so the answer takes as long as the page
        does; 422 says that it cannot be read, or that the words do not stand on it. It is watched from
        publication on. One page at a time for each newsroom.
        """
        asked = read(EvidenceBody, request.data)
        _only_the_member_of(asked["kind"], asked)
        review = self._review(asked["review"])
        if asked["kind"] == Evidence.Kind.PAGE_QUOTE:
            return self._quote(review, asked)
        fields = _fields(asked["kind"], asked)
        _keep_the_rules(Evidence(version=ReviewVersion(review=review), kind=asked["kind"], **fields))
        with refusals():
            made = send_evidence(self.outside(), review=review, as_sent=as_json(asked), kind=asked["kind"], **fields)
        return self.made(made)

    def _review(self, id: str) -> Review:
        found = self.own("review").filter(review__public_id=id).first()
        if found is None or found.review is None:
            raise invalid("/review", "No review with this id was sent with this key.")
        return found.review

    def _quote(self, review: Review, asked: dict[str, Any]) -> HttpResponse:
        common = {name: asked[name] for name in ("stance", "visibility", "description", "note")}
        if common["visibility"] == Evidence.Visibility.DESCRIBED and not common["description"]:
            raise invalid("/description", _DESCRIBE)
        outside = self.outside()
        try:
            url = canonical(asked["page"]["url"])
            made = send_quote(
                outside,
                review=review,
                url=url,
                known=self._known(url),
                as_sent=as_json(asked | {"page": {"url": url}}),
                exact=asked["quote"]["exact"],
                **common,
            )
        except ValueError as error:
            raise invalid("/page/url", str(error)) from error
        except Refused as refusal:
            pointer = _PLACES.get(type(refusal.__cause__))
            raise invalid(pointer, str(refusal)) if pointer else Conflict(str(refusal)) from refusal
        return self.made(made)

    def _known(self, url: str) -> bool:
        """Whether the newsroom knows what we read on this page: from what is published, or from a quote before."""
        page = Page.objects.filter(url=url).select_related("polling__latest_snapshot").first()
        snapshot = page.polling.latest_snapshot if page else None
        if page is None or snapshot is None or snapshot.origin == Snapshot.Origin.UPLOADED:
            return False
        published = ClaimVersion.objects.current(Audience.NEWSROOMS).filter(pages__contains=[page.public_id])
        return self.own("evidence").filter(evidence__page=page).exists() or published.exists()


class DraftEvidence(Drafts):
    """One piece of evidence that was sent with the key."""

    target: ClassVar = "evidence"

    @showing("desk_evidence", EvidenceDraft, examples.QUOTE_ANSWER)
    def get(self, request: Request, id: str) -> HttpResponse:
        """A piece of evidence as it was sent."""
        return self.show(id)

    @changing("desk_change_evidence", EvidenceChange, EvidenceDraft, examples.QUOTE_ANSWER, {"note": "Page 4."})
    def patch(self, request: Request, id: str) -> HttpResponse:
        """Change evidence of a draft that is not submitted yet. A quote's words and page stay as they are."""
        with self.changing(id) as submission:
            stands = submission.as_sent
            asked = read_change(EvidenceChange, request.data, stands)
            _only_the_member_of(stands["kind"], {**asked, "page": stands.get("page"), "quote": stands.get("quote")})
            evidence: Evidence = submission.evidence  # type: ignore[assignment]
            fields = _fields(stands["kind"], asked)
            for name, value in fields.items():
                setattr(evidence, name, value)
            _keep_the_rules(evidence)
            change_evidence(self.outside(), submission, as_sent=stands | as_json(asked), **fields)
        return self.shown_again(submission)

    @deleting("desk_delete_evidence")
    def delete(self, request: Request, id: str) -> HttpResponse:
        """Take evidence out of a draft that is not submitted yet."""
        with self.changing(id) as submission:
            take_back_evidence(self.outside(), submission)
        return HttpResponse(status=204)


_DESCRIBE = "Say the public words for this source, for example “a hospital doctor”."


def _only_the_member_of(kind: str, asked: dict[str, Any]) -> None:
    """Raise `ValidationError` unless the body has the members of its kind, and those of no other."""
    errors = {}
    for other, members in MEMBER_OF_KIND.items():
        for member in members:
            given = asked.get(member) is not None
            if other == kind and not given:
                errors[member] = [f"Evidence of the kind {kind} needs it."]
            elif other != kind and given:
                errors[member] = [f"Evidence of the kind {kind} has none; leave it out."]
    if errors:
        raise serializers.ValidationError(errors)


def _fields(kind: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Columns of the evidence."""
    fields: dict[str, Any] = {name: asked[name] for name in ("stance", "visibility", "description", "note")}
    for column, (member, name) in _COLUMNS.items():
        if member in MEMBER_OF_KIND[kind]:
            fields[column] = asked[member][name]
    if kind in (Evidence.Kind.INTERVIEW, Evidence.Kind.BROADCAST):
        fields["happened_at"] = asked[kind]["when"]
    return fields


def _keep_the_rules(evidence: Evidence) -> None:
    """Raise `ValidationError` for what the model's own rules refuse."""
    try:
        evidence.validate_constraints()
    except ValidationError as error:
        described = evidence.visibility == Evidence.Visibility.DESCRIBED and not evidence.description
        pointer = "/description" if described else "/note" if evidence.kind == Evidence.Kind.ANALYSIS else ""
        raise invalid(pointer, *error.messages) from error
