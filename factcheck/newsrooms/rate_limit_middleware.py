"""Middleware that counts every REST request, successful or not, against its client's rate limit."""

import logging
from collections.abc import Callable
from typing import Any, cast

from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponseBase

from factcheck.newsrooms import client_hash, client_identity, feed_tokens, rate_limits
from factcheck.newsrooms.keys import BadKey
from factcheck.rest.problems import problem_of_database, problem_with

logger = logging.getLogger(__name__)

PREFIXES = ("/api/", "/v1alpha1/")


class RateLimitMiddleware:
    """Respond 429 to a client over its limit, and tell every client in RateLimit how many requests it has left.

    valid key     the newsroom's limit, shared by all its keys
    feed token    a limit of the token
    no key        the limit of the address
    invalid key   a smaller limit of the address, so that guessing is slow; valid keys from there are not affected

    A request counts as one, unless its view charges it for more (`request.charge`, which claims/api/request/charging.py
    calls), as one that asks about fifty texts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PREFIXES):
            return self.get_response(request)
        try:
            allowance = _allowance(request)
            if request.method == "POST" and allowance.granted:
                # For limits of their own that views have. A view has no business with the address itself.
                vars(request)["client_hash"] = _client_hash(request)
        except OperationalError as error:
            return problem_of_database(error)
        if not allowance.granted:
            return _with_headers(_too_many_requests(allowance), allowance)
        charge = _Charge(request, allowance)
        request.charge = charge  # type: ignore[attr-defined]
        response = self.get_response(request)
        return _with_headers(response, charge.allowance)


class _Charge:
    """Counts a request as more than one. Returns None, or the sentence with which to refuse it."""

    def __init__(self, request: HttpRequest, allowance: rate_limits.Allowance) -> None:
        self._request = request
        self.allowance = allowance

    def __call__(self, answers: int, things: str) -> str | None:
        """Charge for this many answers, of which one is counted already; `things` are what they are about."""
        if answers <= 1:
            return None
        key = client_identity.key_of(self._request)
        if key is None:
            self.allowance = rate_limits.take_without_key(client_identity.address_of(self._request), more=answers - 1)
        else:
            self.allowance = rate_limits.take(key.newsroom, more=answers - 1)
        if self.allowance.granted:
            return None
        counted = f"and this one counts as {answers}, one for each {things}"
        return _refusal(self.allowance, counted)


def _with_headers(response: HttpResponseBase, allowance: rate_limits.Allowance) -> HttpResponseBase:
    for name, value in allowance.headers.items():
        response.headers[name] = value
    return response


def _allowance(request: HttpRequest) -> rate_limits.Allowance:
    try:
        key = client_identity.key_of(request)
    except BadKey:
        return rate_limits.take_failure(client_identity.address_of(request))
    if token := client_identity.feed_token_of(request):
        try:
            feed_tokens.record_use(token)
        except DatabaseError as error:
            logger.error("The last use of %s could not be recorded: %s", token, error)
        return rate_limits.take_with_feed_token(token.prefix)
    if key is None:
        return rate_limits.take_without_key(client_identity.address_of(request))
    try:
        client_identity.record_use(key)
    except DatabaseError as error:
        logger.error("The last use of %s could not be recorded: %s", key, error)
    return rate_limits.take(key.newsroom)


def _client_hash(request: HttpRequest) -> str:
    """The hash of the newsroom or, without a key, of the address; empty for an invalid key."""
    try:
        key = client_identity.key_of(request)
    except BadKey:
        return ""
    if key is not None:
        return client_hash.digest(f"newsroom:{key.newsroom.public_id}")
    return client_hash.digest(f"address:{client_identity.address_of(request)}")


def _too_many_requests(allowance: rate_limits.Allowance) -> HttpResponseBase:
    response: Any = problem_with("too-many-requests", _refusal(allowance))
    response._has_been_logged = True  # else Django logs a line for each request of a flood
    return cast(HttpResponseBase, response)


def _refusal(allowance: rate_limits.Allowance, counted: str = "") -> str:
    limit = {
        "newsroom": "This newsroom's rate limit",
        "address": "The rate limit without a key",
        "feed-token": "The rate limit of a feed token",
        "failed-keys": "The rate limit for invalid keys",
    }[allowance.policy]
    seconds = "a second" if allowance.retry_after == 1 else f"{allowance.retry_after} seconds"
    requests = f"{allowance.per_minute} requests a minute" + (f", {counted}" if counted else "")
    return f"{limit} is {requests}; try again in {seconds}."
