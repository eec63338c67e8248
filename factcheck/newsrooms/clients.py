"""Who asks: the key that a request brought, found once for each request, whoever asks first."""

from django.http import HttpRequest

from factcheck.newsrooms import keys
from factcheck.newsrooms.keys import BadKey
from factcheck.newsrooms.models import ApiKey

# The one place where a key may stand in the address: Google's own client sends it so.
_GOOGLE_SHAPED = "/v1alpha1/"
_NAMES_OF_KEYS = frozenset({"key", "api_key", "apikey", "api-key", "token", "access_token"})


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
