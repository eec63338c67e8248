"""Idempotency-Key middleware: performs a write once, and answers a retry with the stored response.

draft-ietf-httpapi-idempotency-key-header-07, for every POST and PATCH under /api/v1/ with the header:

    first request                        performed; response and effect are committed in one transaction
    retry, same request                  the stored response, marked `Idempotency-Replayed: true`
    same key, different request          422
    retry while the first is in progress 409, try again in a second

Only successful responses (2xx) are stored: an error is rolled back whole, and its key can be used again. A crash before
the commit leaves nothing; one after it leaves both. Responses are kept for RETENTION and belong to one API key. Their
bodies, which may contain a secret that is shown once, are encrypted with SECRET_KEY, so that a dump of the database
reveals none. A view whose POST changes nothing declares `only_asks = True`; it runs each time.
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

RETENTION = timedelta(hours=24)
PREFIX = "/api/v1/"

# A structured field string, `"…"`; clients forget the quotes, so a bare token is accepted.
_KEY = re.compile(r'"([\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255})', re.ASCII)
_NONCE = 16
# The middlewares around this one set these for each response.
_NOT_STORED = frozenset({"Cache-Control", "Vary", "RateLimit", "RateLimit-Policy", "Date", "Content-Length"})


class IdempotencyMiddleware:
    """Perform a write with an Idempotency-Key once, and answer retries with the stored response."""

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
            return self.get_response(request)  # responds 401
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
        fingerprint = _fingerprint(request)
        if not _lock(api_key, name):
            sentence = "The first request with this Idempotency-Key is still under way; ask again in a second."
            return problem_with("request-in-progress", sentence, headers={"Retry-After": "1"})
        stored = StoredAnswer.objects.filter(api_key=api_key, idempotency_key=name).first()
        if stored is not None:
            if stored.request_sha256 != fingerprint:
                sentence = "This Idempotency-Key was used for another request; make a new one for each write."
                return problem_with("idempotency-key-reused", sentence)
            return _replay(stored)
        response = self.get_response(request)
        if 200 <= response.status_code < 300 and isinstance(response, HttpResponse):
            StoredAnswer.objects.create(
                api_key=api_key,
                idempotency_key=name,
                request_sha256=fingerprint,
                status=response.status_code,
                headers={name: value for name, value in response.headers.items() if _is_stored(name, value)},
                body=_encrypt(response.content),
            )
        else:
            transaction.set_rollback(True)
        return response


def delete_expired() -> int:
    """Delete stored responses older than RETENTION; returns their number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM newsrooms_storedanswer WHERE created_at < clock_timestamp() - make_interval(secs => %s)",
            [RETENTION.total_seconds()],
        )
        return int(cursor.rowcount)


def _is_stored(name: str, value: str) -> bool:
    """Whether a replay repeats the header; the no-store of a response with a secret is repeated too."""
    return name not in _NOT_STORED or value == "no-store"


def _writes(request: HttpRequest) -> bool:
    """Whether the request may change something."""
    if request.method not in {"POST", "PATCH"} or not request.path.startswith(PREFIX):
        return False
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    view_class = getattr(view, "cls", None)
    # Without the method the response will be 405.
    return hasattr(view_class, request.method.lower()) and not getattr(view_class, "only_asks", False)


def _fingerprint(request: HttpRequest) -> str:
    parts = (request.method, request.get_full_path(), request.META.get("CONTENT_TYPE", ""))
    head = "\n".join(str(part) for part in parts)
    return hashlib.sha256(head.encode("utf-8", "surrogateescape") + b"\n" + request.body).hexdigest()


def _lock(api_key: ApiKey, name: str) -> bool:
    """Until the transaction ends nobody else does a request of this name. False if somebody does one now."""
    digest = hashlib.sha256(f"{api_key.pk} {name}".encode()).digest()
    numbers = [int.from_bytes(digest[at : at + 4], signed=True) for at in (0, 4)]
    return try_lock_until_commit(*numbers)


def _encrypt(body: bytes) -> bytes:
    """A nonce, a MAC of the body, and the body encrypted with a SHAKE-256 keystream."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _mac(nonce, body) + _xor_keystream(nonce, body)


def _decrypt(stored: bytes) -> bytes | None:
    """The body; None if it was encrypted with another SECRET_KEY."""
    nonce, mac, encrypted = stored[:_NONCE], stored[_NONCE : _NONCE + 32], stored[_NONCE + 32 :]
    body = _xor_keystream(nonce, encrypted)
    return body if hmac.compare_digest(mac, _mac(nonce, body)) else None


def _derived_key(nonce: bytes, purpose: bytes) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), b"stored answer: " + purpose + nonce, "sha256")


def _mac(nonce: bytes, body: bytes) -> bytes:
    return hmac.digest(_derived_key(nonce, b"code"), body, "sha256")


def _xor_keystream(nonce: bytes, body: bytes) -> bytes:
    stream = hashlib.shake_256(_derived_key(nonce, b"stream")).digest(len(body))
    return (int.from_bytes(body) ^ int.from_bytes(stream)).to_bytes(len(body))


def _replay(stored: StoredAnswer) -> HttpResponse:
    body = _decrypt(bytes(stored.body))
    if body is None:
        sentence = "This was done, but its answer cannot be read any more; look whether what you sent is there."
        return problem_with("conflict", sentence)
    response = HttpResponse(body, status=stored.status)
    del response.headers["Content-Type"]
    for name, value in stored.headers.items():
        response.headers[name] = value
    response.headers["Idempotency-Replayed"] = "true"
    return response
