"""Who asks: the address a request came from, the key it brought, and when that key was last used.

Found once for each request, whoever asks first: the middleware that counts, the views' authentication.
"""

import ipaddress
import threading
import time

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from factcheck.newsrooms import keys
from factcheck.newsrooms.keys import BadKey
from factcheck.newsrooms.models import ApiKey

NOTED_EVERY = 60.0  # seconds between two writes of one key's last use by one process

# The one place where a key may stand in the address: Google's own client sends it so.
_GOOGLE_SHAPED = "/v1alpha1/"
_NAMES_OF_KEYS = frozenset({"key", "api_key", "apikey", "api-key", "token", "access_token"})
_noted: dict[int, float] = {}
_lock = threading.Lock()


def key_of(request: HttpRequest) -> ApiKey | None:
    """The live key that came with the request, None without one. Raises `BadKey`. One query, once per request."""
    found: ApiKey | BadKey | None
    if not hasattr(request, "_key_found"):
        try:
            found = _find(request)
        except BadKey as error:
            found = error
        request._key_found = found  # type: ignore[attr-defined]
    found = request._key_found  # type: ignore[attr-defined]
    if isinstance(found, BadKey):
        raise found
    return found


def _find(request: HttpRequest) -> ApiKey | None:
    given = _in_the_address(request)
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if header:
        scheme, _, given = header.partition(" ")
        if scheme.lower() != "bearer":
            raise BadKey("Send the key as “Authorization: Bearer KEY”.")
    return None if given is None else keys.find_key(given.strip())


def _in_the_address(request: HttpRequest) -> str | None:
    google_shaped = request.path.startswith(_GOOGLE_SHAPED)
    for name, values in request.GET.lists():
        if google_shaped and name == "key":
            continue
        if name.lower() in _NAMES_OF_KEYS or any(keys.looks_like_a_key(value) for value in [name, *values]):
            raise BadKey(
                "Send the key in the header “Authorization: Bearer KEY”, never in the address: addresses "
                "end up in logs. If this was a real key, ask the desk for a new one."
            )
    return request.GET.get("key") if google_shaped else None


def address_of(request: HttpRequest) -> str:
    """Where the request came from, IPv6 as its /64: one line of one household or office has that many.

    Behind FACTCHECK_TRUSTED_PROXIES proxies it is the address that the outermost of them saw and appended to
    X-Forwarded-For; what stands further left, the client wrote itself.
    """
    given = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(forwarded) >= settings.TRUSTED_PROXIES:
            given = forwarded[-settings.TRUSTED_PROXIES]
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), 64), strict=False).network_address) + "/64"
    return str(address)


def note_use(key: ApiKey) -> None:
    """Write that the key was used now, if this process has not within the last minute."""
    now = time.monotonic()
    with _lock:
        if now - _noted.get(key.pk, float("-inf")) < NOTED_EVERY:
            return
        _noted[key.pk] = now
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO newsrooms_keyuse AS known (api_key_id, last_used_at) VALUES (%s, clock_timestamp())"
            " ON CONFLICT (api_key_id)"
            " DO UPDATE SET last_used_at = greatest(known.last_used_at, excluded.last_used_at)",
            [key.pk],
        )
