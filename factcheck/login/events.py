"""The log of log-ins: one row and one line of the server's log for each event, without passwords, codes or tokens."""

import logging
from typing import Any

from django.http import HttpRequest

from factcheck.login.models import LogInEvent
from factcheck.newsrooms.client_identity import address_of

Kind = LogInEvent.Kind

logger = logging.getLogger("factcheck.login")
_WARNINGS = frozenset({Kind.LOCKED, Kind.WRONG_PASSWORD, Kind.WRONG_CODE, Kind.REFUSED})


def record(kind: LogInEvent.Kind, request: HttpRequest | None, account: Any = None, *, detail: str = "") -> None:
    """Write the event. `account` is None if nobody has the name that was typed, which is then kept nowhere."""
    name = account.get_username() if account is not None else ""
    address = address_of(request) if request is not None else ""
    LogInEvent.objects.create(
        kind=kind,
        account_id=account.pk if account is not None else None,
        username=name,
        address=address,
        browser=browser_of(request),
        detail=printable(detail)[:200],
    )
    level = logging.WARNING if kind in _WARNINGS else logging.INFO
    who = printable(name) or "an unknown account"
    logger.log(
        level,
        "%s: %s, from %s%s",
        who,
        Kind(kind).label,
        address or "nowhere",
        f" ({printable(detail)})" if detail else "",
    )


def browser_of(request: HttpRequest | None) -> str:
    """What the browser says of itself, shortened and printable."""
    return printable(request.META.get("HTTP_USER_AGENT", ""))[:200] if request is not None else ""


_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")),
    *(("Mac OS", "macOS"), ("Linux", "Linux")),
)


def short(browser: str) -> str:
    """“Firefox on Windows” of what a browser says of itself; else its first word, which is all that is known."""
    name = next((name for sign, name in _BROWSERS if sign in browser), browser.split("/")[0][:30] or "unknown")
    system = next((name for sign, name in _SYSTEMS if sign in browser), "")
    return f"{name} on {system}" if system else name


def printable(text: str) -> str:
    return "".join(each for each in text if each.isprintable())
