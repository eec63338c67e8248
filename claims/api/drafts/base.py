"""Base view of the draft routes: rows of the request's key, JSON with ETag, and changes guarded by If-Match."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import orjson
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.http import parse_etags
from rest_framework import exceptions, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.request.body_fields import Conflict
from claims.api.response import etag_of, etag_response
from claims.json_object import Json
from claims.models import Submission
from claims.models.submission import SubmissionQuerySet
from claims.newsroom_drafts.drafts import Submitter, get_or_create_sender, lock
from claims.permissions import Refused
from sources.timestamp import timestamp


class PreconditionRequired(exceptions.APIException):
    """A change was sent without If-Match (RFC 6585 section 3)."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    problem = "precondition-required"
    default_detail = "Send the ETag of the draft that you have seen in the header If-Match; GET it first."


class PreconditionFailed(exceptions.APIException):
    """If-Match names another state of the draft (RFC 9110 section 13.1.1)."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    problem = "precondition-failed"

    def __init__(self, etag: str) -> None:
        super().__init__("The draft has changed since you read it; GET it, look at both texts, and try again.")
        self.extra = {"etag": etag}
        self.headers = {"ETag": etag}


NEWEST_FIRST = ("-sent_at", "-public_id")


class DraftView(GenericAPIView[Submission]):
    """Base of views over rows of one type that were sent with the key; all others answer 404."""

    scope = "write"
    absent = "Nothing that was sent with this key has this address."
    target: ClassVar[str]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.filter_queryset(Submission.objects.none())  # refuses unknown parameters, whatever the method

    def drafts(self) -> SubmissionQuerySet:
        """The submissions that this key may see."""
        return self.own(self.target)

    def own(self, target: str) -> SubmissionQuerySet:
        """The submissions of this type (document, statement, claim, review, evidence) that this key may see."""
        return Submission.objects.sent_with(keys_of(self.request)).of(target).with_state()

    def submitter(self) -> Submitter:
        """The newsroom and key behind the request."""
        return submitter_of(self.request)

    def draft(self, id: str) -> Submission:
        """The submission of the row with this id. Raises `Http404`."""
        submission = self.drafts().filter(**{f"{self.target}__public_id": id}).first()
        if submission is None:
            raise Http404
        return submission

    def list_drafts(self) -> HttpResponse:
        """The response with one page of drafts, the newest first."""
        rows = self.paginate_queryset(self.drafts()) or []
        return self.get_paginated_response([draft_json(row) for row in rows])

    def show(self, id: str) -> HttpResponse:
        """The response with one draft."""
        return etag_response(self.request, draft_json(self.draft(id)))

    def created(self, submission: Submission, *, new: bool = True) -> HttpResponse:
        """The response to POST: 201 with a Location, or 200 if the row was sent before."""
        data = draft_json(submission)
        response = HttpResponse(data, status=201 if new else 200, content_type="application/json")
        response.headers["ETag"] = etag_of(data)
        response.headers["Location"] = draft_path(submission)
        return response

    @contextmanager
    def locked_draft(self, id: str, *, if_match_required: bool = True) -> Iterator[Submission]:
        """The draft, locked until the block ends, if the request's If-Match names its current ETag.

        Raises `PreconditionRequired`, `PreconditionFailed`, `Http404`, and `Conflict` for a `Refused` in the block.
        """
        unlocked = self.draft(id)
        if_match = self.request.META.get("HTTP_IF_MATCH", "").strip()
        if not if_match and if_match_required:
            raise PreconditionRequired
        with refusals_as_conflicts(), transaction.atomic():
            try:
                submission = lock(unlocked)
            except Submission.DoesNotExist as error:
                raise Http404 from error
            if if_match:
                _require_match(if_match, etag_of(draft_json(submission)))
            yield submission

    def updated(self, submission: Submission) -> HttpResponse:
        """The response to a change: the draft in its new state."""
        current = Submission.objects.of(self.target).with_state().get(pk=submission.pk)
        data = draft_json(current)
        response = HttpResponse(data, content_type="application/json")
        response.headers["ETag"] = etag_of(data)
        return response


@contextmanager
def refusals_as_conflicts() -> Iterator[None]:
    """Turn a `Refused` raised in the block into a 409 `Conflict` with the same sentence."""
    try:
        yield
    except Refused as refusal:
        raise Conflict(str(refusal)) from refusal


def draft_path(submission: Submission) -> str:
    """The URL path of the draft."""
    folder = {"statement": "statements", "claim": "claims", "review": "reviews", "evidence": "evidence"}
    target = submission.target
    return f"/api/v1/desk/{folder[target]}/{getattr(submission, target).public_id}/"


def draft_json(submission: Submission) -> bytes:
    """The draft as its newsroom sees it: what it sent, never what an editor made of it."""
    own: Json = {"id": getattr(submission, submission.target).public_id, "url": draft_path(submission)}
    if submission.target in ("claim", "review"):
        own["state"] = submission.state
    own |= {"revision": submission.revision, "sent_at": timestamp(submission.sent_at)}
    if submission.target == "review":
        own |= _what_came_of(submission)
    sent: Json = _without_empty_texts(submission.as_sent)
    return orjson.dumps(own | {"article": None, "bylines": []} | sent if submission.target == "review" else own | sent)


def _what_came_of(submission: Submission) -> Json:
    """What its newsroom was told of the draft: the last time that it came back, and that it was published."""
    back, out = submission.sent_back_at, submission.published_at  # type: ignore[attr-defined]
    reason: str = submission.sent_back_reason  # type: ignore[attr-defined]
    path = f"/api/v1/reviews/{submission.review.public_id}/"  # type: ignore[union-attr]
    return {
        "sent_back": {"at": timestamp(back), "reason": reason or None} if back else None,
        "published": {"at": timestamp(out), "url": path} if out else None,
    }


def _without_empty_texts(value: Any) -> Any:
    """The JSON with null for each empty text: what was not sent is null, never ""."""
    if isinstance(value, dict):
        return {name: _without_empty_texts(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_without_empty_texts(each) for each in value]
    return None if value == "" else value


def submitter_of(request: Request) -> Submitter:
    """The newsroom and key of the request; creates the newsroom's sender if there is none."""
    newsroom, key = request.user, request.auth
    sender = get_or_create_sender(newsroom.public_id, newsroom.name)  # type: ignore[union-attr]
    return Submitter(sender, key.prefix, tuple(keys_of(request)))  # type: ignore[union-attr]


def keys_of(request: Request) -> list[str]:
    """Prefixes of the keys whose drafts this request may see; cached on the request."""
    if not hasattr(request, "_keys_of_drafts"):
        request._keys_of_drafts = request.auth.keys_of_drafts()  # type: ignore[attr-defined, union-attr]
    keys: list[str] = request._keys_of_drafts  # type: ignore[attr-defined]
    return keys


def _require_match(if_match: str, etag: str) -> None:
    """Raise `PreconditionFailed` unless If-Match names the ETag.

    A proxy that compresses responses weakens ETags. Ours are hashes of the whole body, so weak ones count too.
    """
    if if_match != "*" and etag not in {tag.removeprefix("W/") for tag in parse_etags(if_match)}:
        raise PreconditionFailed(etag)
