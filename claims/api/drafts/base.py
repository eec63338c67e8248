"""What all routes of drafts share: whose they are, their representation and ETag, and If-Match."""

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
from claims.api.response import answer, etag_of
from claims.models import Submission
from claims.models.submission import SubmissionQuerySet
from claims.newsroom_drafts.drafts import Json, Outside, locked, sender_of
from claims.permissions import Refused
from claims.publication.body import timestamp


class PreconditionRequired(exceptions.APIException):
    """A change without If-Match (RFC 6585 section 3)."""

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


# The order of lists: the last sent first.
LAST_FIRST = ("-sent_at", "-public_id")


class Drafts(GenericAPIView[Submission]):
    """Rows of one sort that were sent with the key. Anything else answers 404."""

    scope = "write"
    absent = "Nothing that was sent with this key has this address."
    target: ClassVar[str]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.filter_queryset(Submission.objects.none())  # refuses unknown parameters, whatever the method

    def drafts(self) -> SubmissionQuerySet:
        """What this key may see."""
        return self.own(self.target)

    def own(self, target: str) -> SubmissionQuerySet:
        """What this key may see of that sort."""
        return Submission.objects.sent_with(keys_of(self.request)).of(target).with_state()

    def outside(self) -> Outside:
        """Who sends."""
        return outside_of(self.request)

    def draft(self, id: str) -> Submission:
        """The one with this id. Raises `Http404`."""
        found = self.drafts().filter(**{f"{self.target}__public_id": id}).first()
        if found is None:
            raise Http404
        return found

    def list_drafts(self) -> HttpResponse:
        """A page of them, the last sent first."""
        rows = self.paginate_queryset(self.drafts()) or []
        return self.get_paginated_response([body(row) for row in rows])

    def show(self, id: str) -> HttpResponse:
        """One of them."""
        return answer(self.request, body(self.draft(id)))

    def made(self, submission: Submission, *, new: bool = True) -> HttpResponse:
        """The answer to POST: 201 with the address, or 200 for what was sent before."""
        data = body(submission)
        response = HttpResponse(data, status=201 if new else 200, content_type="application/json")
        response.headers["ETag"] = etag_of(data)
        response.headers["Location"] = address_of(submission)
        return response

    @contextmanager
    def changing(self, id: str, *, unseen: bool = False) -> Iterator[Submission]:
        """The draft, locked until the end, if the request's If-Match names it as it stands.

        `unseen`: If-Match may be left out.
        """
        found = self.draft(id)
        given = self.request.META.get("HTTP_IF_MATCH", "").strip()
        if not given and not unseen:
            raise PreconditionRequired
        with refusals(), transaction.atomic():
            try:
                submission = locked(found)
            except Submission.DoesNotExist as error:
                raise Http404 from error
            if given:
                _match(given, etag_of(body(submission)))
            yield submission

    def shown_again(self, submission: Submission) -> HttpResponse:
        """The answer to a change: the draft as it stands now."""
        fresh = Submission.objects.of(self.target).with_state().get(pk=submission.pk)
        data = body(fresh)
        response = HttpResponse(data, content_type="application/json")
        response.headers["ETag"] = etag_of(data)
        return response


@contextmanager
def refusals() -> Iterator[None]:
    """A verb's refusal is a conflict: the sentence says what to do."""
    try:
        yield
    except Refused as refusal:
        raise Conflict(str(refusal)) from refusal


def address_of(submission: Submission) -> str:
    """Path of the draft."""
    folder = {"statement": "statements", "claim": "claims", "review": "reviews", "evidence": "evidence"}
    target = submission.target
    return f"/api/v1/desk/{folder[target]}/{getattr(submission, target).public_id}/"


def body(submission: Submission) -> bytes:
    """The draft as its newsroom sees it: what it sent, never what the desk makes of it."""
    own: Json = {"id": getattr(submission, submission.target).public_id, "url": address_of(submission)}
    if submission.target in ("claim", "review"):
        own["state"] = submission.state
    own |= {"revision": submission.revision, "sent_at": timestamp(submission.sent_at)}
    return orjson.dumps(own | submission.as_sent)


def outside_of(request: Request) -> Outside:
    """Who sends: the newsroom's stand-in, and the key of the request."""
    newsroom, key = request.user, request.auth
    sender = sender_of(newsroom.public_id, newsroom.name)  # type: ignore[union-attr]
    return Outside(sender, key.prefix, tuple(keys_of(request)))  # type: ignore[union-attr]


def keys_of(request: Request) -> list[str]:
    """Prefixes of the keys whose drafts this request may see."""
    if not hasattr(request, "_keys_of_drafts"):
        request._keys_of_drafts = request.auth.keys_of_drafts()  # type: ignore[attr-defined, union-attr]
    keys: list[str] = request._keys_of_drafts  # type: ignore[attr-defined]
    return keys


def _match(given: str, etag: str) -> None:
    """Raise `PreconditionFailed` unless If-Match names the ETag.

    A proxy that packs answers makes ETags weak; they are hashes of the whole body, so weak ones count too.
    """
    if given != "*" and etag not in {tag.removeprefix("W/") for tag in parse_etags(given)}:
        raise PreconditionFailed(etag)
