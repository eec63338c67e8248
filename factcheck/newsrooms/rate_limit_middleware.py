"""Middleware that counts every request to the interface, whatever becomes of it, against its client's limit."""

import logging
from collections.abc import Callable

from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponseBase

from factcheck.newsrooms import client_identity, rate_limits
from factcheck.newsrooms.keys import BadKey
from factcheck.rest.problems import problem_of_database, problem_with

logger = logging.getLogger(__name__)

COUNTED = ("/api/", "/v1alpha1/")


class Metered:
    """Answers 429 to whoever asks too often, and tells the others in RateLimit what they have left.

    with a key       the newsroom's limit, all its keys together
    without a key    the address's
    with a bad key   the address's, a smaller one: guessing must be slow. Good keys from there go on
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(COUNTED):
            return self.get_response(request)
        try:
            allowance = _allowance(request)
        except OperationalError as error:
            return problem_of_database(error)
        response = self.get_response(request) if allowance.granted else _refusal(allowance)
        for name, value in allowance.headers.items():
            response.headers[name] = value
        return response


def _allowance(request: HttpRequest) -> rate_limits.Allowance:
    try:
        key = client_identity.key_of(request)
    except BadKey:
        return rate_limits.take_failure(client_identity.address_of(request))
    if key is None:
        return rate_limits.take_without_key(client_identity.address_of(request))
    try:
        client_identity.note_use(key)
    except DatabaseError as error:
        logger.error("The last use of %s could not be noted: %s", key, error)
    return rate_limits.take(key.newsroom)


def _refusal(allowance: rate_limits.Allowance) -> HttpResponseBase:
    who = {
        "newsroom": "This newsroom",
        "address": "Whoever sends no key",
        "failed-keys": "Whoever sends keys that open nothing",
    }[allowance.policy]
    seconds = "a second" if allowance.retry_after == 1 else f"{allowance.retry_after} seconds"
    sentence = f"{who} may ask {allowance.per_minute} times a minute; try again in {seconds}."
    response = problem_with("too-many-requests", sentence)
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would write a line for each of a flood
    return response
