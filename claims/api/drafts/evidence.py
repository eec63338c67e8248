"""Routes of draft evidence: list, create, read, change and delete; a page quote is checked by one immediate fetch."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from claims.api.drafts import examples, operations
from claims.api.drafts.base import NEWEST_FIRST, DraftView, refusals_as_conflicts
from claims.api.drafts.bodies import FIELDS_OF_KIND, EvidenceBody, EvidenceChange, EvidenceDraft
from claims.api.request.body_fields import Conflict, as_json, invalid, read, read_change
from claims.models import ClaimVersion, Evidence, Review, ReviewVersion
from claims.models.publication import Audience
from claims.newsroom_drafts.articles import public_address
from claims.newsroom_drafts.drafts import create_evidence, create_quote, delete_evidence, update_evidence
from claims.newsroom_drafts.saved_pages import NoText, create_saved_page, quote_in
from claims.permissions import Refused
from sources.http.addresses import canonical
from sources.models import Page, Snapshot
from sources.passages.chosen_copy import SeveralPlaces
from sources.polling.poller import PageUnreadable
from sources.quotes.locate import QuoteNotFound

# The field of the body that each column comes from.
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
# The field that a refusal of a quote is about, by its cause.
_POINTERS: dict[type[BaseException | None], str] = {
    PageUnreadable: "/page/url",
    QuoteNotFound: "/quote/exact",
    SeveralPlaces: "/quote/copy",
}


class DraftEvidenceList(DraftView):
    """Evidence that was sent with the key."""

    target: ClassVar = "evidence"
    keyset: ClassVar = NEWEST_FIRST

    @operations.list_rows("desk_evidence_list", EvidenceDraft, examples.QUOTE_ANSWER)
    def get(self, request: Request) -> HttpResponse:
        """Evidence that was sent with this key, the last first."""
        return self.list_drafts()

    @operations.create(
        "desk_send_evidence",
        EvidenceBody,
        EvidenceDraft,
        examples.QUOTE_ANSWER,
        examples.QUOTE,
        examples.DATASET,
        examples.SAVED,
    )
    def post(self, request: Request) -> HttpResponse:
        """Rest a draft on something.

        For a quote of a page the page is fetched once, now, by the desk, so the answer takes as long as the page
        does; 422 says that it cannot be read, or that the words do not stand on it. It is watched from
        publication on. One page at a time for each newsroom. With `page.text`, the text that you saved, the page is
        not fetched: the quote is looked for in your text, and editors are told that it is yours.
        """
        data = read(EvidenceBody, request.data)
        _require_fields_of_kind(data["kind"], data)
        review = self._review(data["review"])
        if data["kind"] == Evidence.Kind.PAGE_QUOTE:
            return self._quote(review, data)
        fields = _fields(data["kind"], data)
        _validate(Evidence(version=ReviewVersion(review=review), kind=data["kind"], **fields))
        with refusals_as_conflicts():
            fields |= {"kind": data["kind"], "as_sent": as_json(data)}
            submission = create_evidence(self.submitter(), review=review, **fields)
        return self.created(submission)

    def _review(self, id: str) -> Review:
        submission = self.own("review").filter(review__public_id=id).first()
        if submission is None or submission.review is None:
            raise invalid("/review", "No review with this id was sent with this key.")
        return submission.review

    def _quote(self, review: Review, data: dict[str, Any]) -> HttpResponse:
        common = {name: data[name] for name in ("stance", "visibility", "description", "note")}
        if common["visibility"] == Evidence.Visibility.DESCRIBED and not common["description"]:
            raise invalid("/description", _DESCRIBE)
        if text := data["page"].pop("text"):
            return self._saved(review, text, data, common)
        submitter = self.submitter()
        try:
            url = canonical(data["page"]["url"])
            submission = create_quote(
                submitter,
                review=review,
                url=url,
                known=self._knows_page(url),
                as_sent=as_json(data | {"page": {"url": url}}),
                **{name: data["quote"][name] for name in ("exact", "prefix", "suffix", "copy")},
                **common,
            )
        except ValueError as error:
            raise invalid("/page/url", str(error)) from error
        except Refused as refusal:
            pointer = _POINTERS.get(type(refusal.__cause__))
            raise invalid(pointer, str(refusal)) if pointer else Conflict(str(refusal)) from refusal
        return self.created(submission)

    def _saved(self, review: Review, text: str, data: dict[str, Any], common: dict[str, Any]) -> HttpResponse:
        """Rest the draft on the text that was sent; the page is not fetched."""
        url = data["page"]["url"]
        try:
            public_address(url)
        except ValueError as error:
            raise invalid("/page/url", str(error)) from error
        try:
            quote = quote_in(text, **{name: data["quote"][name] for name in ("exact", "prefix", "suffix", "copy")})
        except NoText as error:
            raise invalid("/page/text", str(error)) from error
        except SeveralPlaces as error:
            raise invalid("/quote/copy", f"In the text that you sent: {error}") from error
        except QuoteNotFound as error:
            raise invalid("/quote/exact", f"In the text that you sent: {error}") from error
        with refusals_as_conflicts():
            fields = {"url": url, "text": text, "quote": quote, "as_sent": as_json(data)}
            return self.created(create_saved_page(self.submitter(), review=review, **fields, **common))

    def _knows_page(self, url: str) -> bool:
        """Whether the newsroom knows what we read on this page: from a published review or from its earlier quote."""
        page = Page.objects.filter(url=url).select_related("polling__latest_snapshot").first()
        snapshot = page.polling.latest_snapshot if page else None
        if page is None or snapshot is None or snapshot.origin == Snapshot.Origin.UPLOADED:
            return False
        published = ClaimVersion.objects.current(Audience.NEWSROOMS).filter(pages__contains=[page.public_id])
        return self.own("evidence").filter(evidence__page=page).exists() or published.exists()


class DraftEvidence(DraftView):
    """One piece of evidence that was sent with the key."""

    target: ClassVar = "evidence"

    @operations.get("desk_evidence", EvidenceDraft, examples.QUOTE_ANSWER)
    def get(self, request: Request, id: str) -> HttpResponse:
        """A piece of evidence as it was sent."""
        return self.show(id)

    @operations.update(
        "desk_change_evidence", EvidenceChange, EvidenceDraft, examples.QUOTE_ANSWER, {"note": "Page 4."}
    )
    def patch(self, request: Request, id: str) -> HttpResponse:
        """Change evidence of a draft that is not submitted yet. A quote's words and page stay as they are."""
        with self.locked_draft(id) as submission:
            current = submission.as_sent
            data = read_change(EvidenceChange, request.data, current)
            _require_fields_of_kind(
                current["kind"], {**data, "page": current.get("page"), "quote": current.get("quote")}
            )
            evidence: Evidence = submission.evidence  # type: ignore[assignment]
            fields = _fields(current["kind"], data)
            for name, value in fields.items():
                setattr(evidence, name, value)
            _validate(evidence)
            update_evidence(self.submitter(), submission, as_sent=current | as_json(data), **fields)
        return self.updated(submission)

    @operations.delete("desk_delete_evidence")
    def delete(self, request: Request, id: str) -> HttpResponse:
        """Take evidence out of a draft that is not submitted yet."""
        with self.locked_draft(id) as submission:
            delete_evidence(self.submitter(), submission)
        return HttpResponse(status=204)


_DESCRIBE = "Say the public words for this source, for example “a hospital doctor”."


def _require_fields_of_kind(kind: str, data: dict[str, Any]) -> None:
    """Raise `ValidationError` unless the body has the fields of its kind and those of no other kind."""
    errors = {}
    for other, names in FIELDS_OF_KIND.items():
        for name in names:
            present = data.get(name) is not None
            if other == kind and not present:
                errors[name] = [f"Evidence of the kind {kind} needs it."]
            elif other != kind and present:
                errors[name] = [f"Evidence of the kind {kind} has none; leave it out."]
    if errors:
        raise serializers.ValidationError(errors)


def _fields(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """The columns of the evidence, by name."""
    fields: dict[str, Any] = {name: data[name] for name in ("stance", "visibility", "description", "note")}
    for column, (member, name) in _COLUMNS.items():
        if member in FIELDS_OF_KIND[kind]:
            fields[column] = data[member][name]
    if kind in (Evidence.Kind.INTERVIEW, Evidence.Kind.BROADCAST):
        fields["happened_at"] = data[kind]["when"]
    return fields


def _validate(evidence: Evidence) -> None:
    """Raise `ValidationError`, with a pointer into the body, if the evidence breaks a constraint of its model."""
    try:
        evidence.validate_constraints()
    except ValidationError as error:
        described = evidence.visibility == Evidence.Visibility.DESCRIBED and not evidence.description
        pointer = "/description" if described else "/note" if evidence.kind == Evidence.Kind.ANALYSIS else ""
        raise invalid(pointer, *error.messages) from error
