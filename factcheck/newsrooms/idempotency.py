"""Idempotency-Key: a write that is sent again, since its answer was lost, is not done again.

draft-ietf-httpapi-idempotency-key-header-07, for every POST and PATCH under /api/v1/ that comes with the header:

    first time                    done; answer and effect are committed in one transaction
    again, the same request       the stored answer, marked `Idempotency-Replayed: true`
    again, another request        422
    while the first is under way  409, try again in a second

Only what was done is kept (a 2xx): an error is rolled back whole and forgotten, so its key can be used again. A
crash before the commit leaves nothing, one after it both. Answers are kept for KEPT_FOR and belong to one API key;
their bodies, which may tell a secret once, are sealed with SECRET_KEY, so that a dump of the database tells none.
A view whose POST changes nothing says so with `only_asks = True`, and is asked anew each time.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve

from factcheck.newsrooms import client_identity
from factcheck.newsrooms.keys import BadKey
from factcheck.newsrooms.models import ApiKey, StoredAnswer
from factcheck.rest.problems import problem_of_database, problem_with
from sources.database.locks import try_lock_until_commit

KEPT_FOR = timedelta(hours=24)
COVERED = "/api/v1/"

# A structured field string, `"…"`; clients forget the quotes, so a bare token will do.
_KEY = re.compile(r'"([\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255})', re.ASCII)
_NONCE = 16
# Said anew with each answer, by the middlewares around this one.
_PASSING = frozenset({"Cache-Control", "Vary", "RateLimit", "RateLimit-Policy", "Date", "Content-Length"})


class DoneOnce:
    """Middleware that does a write with an Idempotency-Key once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        header = request.META.get("HTTP_IDEMPOTENCY_KEY")
        if header is None or not _writes(request):
            return self.get_response(request)
        try:
            api_key = client_identity.key_of(request)
        except BadKey:
            api_key = None
        if api_key is None:
            return self.get_response(request)  # which answers 401
        match = _KEY.fullmatch(header.strip())
        if match is None:
            sentence = 'Idempotency-Key is 1 to 255 visible ASCII characters, "in quotes" or bare; a UUID is best.'
            return problem_with("malformed-request", sentence)
        try:
            with transaction.atomic():
                return self._once(request, api_key, match[1] or match[2])
        except OperationalError as error:
            return problem_of_database(error)

    def _once(self, request: HttpRequest, api_key: ApiKey, name: str) -> HttpResponseBase:
        asked = _fingerprint(request)
        if not _lock(api_key, name):
            sentence = "The first request with this Idempotency-Key is still under way; ask again in a second."
            return problem_with("request-in-progress", sentence, headers={"Retry-After": "1"})
        stored = StoredAnswer.objects.filter(api_key=api_key, idempotency_key=name).first()
        if stored is not None:
            if stored.request_sha256 != asked:
                sentence = "This Idempotency-Key was used for another request; make a new one for each write."
                return problem_with("idempotency-key-reused", sentence)
            return _replay(stored)
        response = self.get_response(request)
        if 200 <= response.status_code < 300 and isinstance(response, HttpResponse):
            StoredAnswer.objects.create(
                api_key=api_key,
                idempotency_key=name,
                request_sha256=asked,
                status=response.status_code,
                headers={name: value for name, value in response.headers.items() if _lasts(name, value)},
                body=_sealed(response.content),
            )
        else:
            transaction.set_rollback(True)
        return response


def forget_old() -> int:
    """Delete answers older than KEPT_FOR; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM newsrooms_storedanswer WHERE created_at < clock_timestamp() - make_interval(secs => %s)",
            [KEPT_FOR.total_seconds()],
        )
        return int(cursor.rowcount)


def _lasts(name: str, value: str) -> bool:
    """Whether the header belongs to the answer; that one with a secret is kept by nobody does too."""
    return name not in _PASSING or value == "no-store"


def _writes(request: HttpRequest) -> bool:
    """Whether the request may change something."""
    if request.method not in {"POST", "PATCH"} or not request.path.startswith(COVERED):
        return False
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    of = getattr(view, "cls", None)
    return hasattr(of, request.method.lower()) and not getattr(of, "only_asks", False)  # else the answer is 405


def _fingerprint(request: HttpRequest) -> str:
    parts = (request.method, request.get_full_path(), request.META.get("CONTENT_TYPE", ""))
    head = "\n".join(str(part) for part in parts)
    return hashlib.sha256(head.encode("utf-8", "surrogateescape") + b"\n" + request.body).hexdigest()


def _lock(api_key: ApiKey, name: str) -> bool:
    """Until the transaction ends nobody else does a request of this name. False if somebody does one now."""
    digest = hashlib.sha256(f"{api_key.pk} {name}".encode()).digest()
    numbers = [int.from_bytes(digest[at : at + 4], signed=True) for at in (0, 4)]
    return try_lock_until_commit(*numbers)


def _sealed(body: bytes) -> bytes:
    """A nonce, a code that tells whether the rest is whole, and the body covered by a stream that SHAKE-256 makes."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _code(nonce, body) + _covered(nonce, body)


def _opened(sealed: bytes) -> bytes | None:
    """The body again; None if it was sealed with another SECRET_KEY."""
    nonce, code, covered = sealed[:_NONCE], sealed[_NONCE : _NONCE + 32], sealed[_NONCE + 32 :]
    body = _covered(nonce, covered)
    return body if hmac.compare_digest(code, _code(nonce, body)) else None


def _secret(nonce: bytes, purpose: bytes) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), b"stored answer: " + purpose + nonce, "sha256")


def _code(nonce: bytes, body: bytes) -> bytes:
    return hmac.digest(_secret(nonce, b"code"), body, "sha256")


def _covered(nonce: bytes, body: bytes) -> bytes:
    stream = hashlib.shake_256(_secret(nonce, b"stream")).digest(len(body))
    return (int.from_bytes(body) ^ int.from_bytes(stream)).to_bytes(len(body))


def _replay(stored: StoredAnswer) -> HttpResponse:
    body = _opened(bytes(stored.body))
    if body is None:
        sentence = "This was done, but its answer cannot be read any more; look whether what you sent is there."
        return problem_with("conflict", sentence)
    response = HttpResponse(body, status=stored.status)
    del response.headers["Content-Type"]
    for name, value in stored.headers.items():
        response.headers[name] = value
    response.headers["Idempotency-Replayed"] = "true"
    return response
