"""Charge a request for each of the answers that it asks for at once; the rate limit counts a request as one."""

from rest_framework import exceptions, status
from rest_framework.request import Request


class TooManyTexts(exceptions.APIException):
    """The client's rate limit does not allow as much now. The middleware sets the headers that say when."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    problem = "too-many-requests"


def charge(request: Request, answers: int, things: str) -> None:
    """Count the request as this many; `things` says for people what they are. Raises `TooManyTexts`.

    The rate limit middleware provides `request.charge`; where it does not run, nothing is limited.
    """
    take = getattr(request._request, "charge", None)
    refusal = take(answers, things) if take is not None else None
    if refusal is not None:
        raise TooManyTexts(refusal)
