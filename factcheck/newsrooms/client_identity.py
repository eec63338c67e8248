"""Identify the client of a request: its API key or feed token, its address, and the last use of the key.

The key is looked up once a request, by the rate limit middleware or by the views' authentication.
"""

from django.conf import settings
from django.http import HttpRequest

from factcheck.newsrooms import feed_tokens, keys
from factcheck.newsrooms.keys import BadKey
from factcheck.newsrooms.last_use import LastUses
from factcheck.newsrooms.models import ApiKey, FeedToken
from factcheck.web.client_address import client_address

last_uses = LastUses("newsrooms_keyuse", "api_key_id")

# The one place where a key may be in the query: Google's own client sends it there.
_GOOGLE_PREFIX = "/v1alpha1/"
_KEY_PARAMETERS = frozenset({"key", "api_key", "apikey", "api-key", "token", "access_token"})


def key_of(request: HttpRequest) -> ApiKey | None:
    """The valid key of the request, None without one. Raises `BadKey`. One query, once a request."""
    cached = vars(request)
    if "_api_key" not in cached:
        try:
            cached["_api_key"] = _find(request)
        except BadKey as error:
            cached["_api_key"] = error
    key: ApiKey | BadKey | None = cached["_api_key"]
    if isinstance(key, BadKey):
        raise key
    return key


def feed_token_of(request: HttpRequest) -> FeedToken | None:
    """The valid feed token of the request, which only the two feeds for people take. Raises `BadKey`."""
    key_of(request)
    token: FeedToken | None = vars(request).get("_feed_token")
    return token


def _find(request: HttpRequest) -> ApiKey | None:
    given = _key_in_query(request)
    if request.path in feed_tokens.PATHS and feed_tokens.PARAMETER in request.GET:
        if request.META.get("HTTP_AUTHORIZATION", ""):
            raise BadKey("Send the key in the header or the feed token in the address, not both.")
        if len(request.GET.getlist(feed_tokens.PARAMETER)) > 1:
            raise BadKey("Send one feed token.")
        vars(request)["_feed_token"] = feed_tokens.find_feed_token(request.GET[feed_tokens.PARAMETER])
        return None
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if header:
        scheme, _, given = header.partition(" ")
        if scheme.lower() != "bearer":
            raise BadKey("Send the key as “Authorization: Bearer KEY”.")
    return None if given is None else keys.find_key(given.strip())


def _key_in_query(request: HttpRequest) -> str | None:
    """The key in the query under /v1alpha1/. Raises `BadKey` for one anywhere else."""
    google = request.path.startswith(_GOOGLE_PREFIX)
    for name, values in request.GET.lists():
        if google and name == "key":
            continue
        if name == feed_tokens.PARAMETER and request.path in feed_tokens.PATHS and not _has_a_key(values):
            continue
        if any(feed_tokens.looks_like_a_feed_token(value) for value in [name, *values]):
            raise BadKey(f"A feed token opens {' and '.join(sorted(feed_tokens.PATHS))} alone, as token=…; send a key.")
        if name.lower() in _KEY_PARAMETERS or any(keys.looks_like_a_key(value) for value in [name, *values]):
            raise BadKey(
                "Send the key in the header “Authorization: Bearer KEY”, never in the address: addresses "
                "end up in logs. If this was a real key, ask the desk for a new one."
            )
    return request.GET.get("key") if google else None


def _has_a_key(values: list[str]) -> bool:
    return any(keys.looks_like_a_key(value) for value in values)


def address_of(request: HttpRequest) -> str:
    """The client's IP address, behind FACTCHECK_TRUSTED_PROXIES proxies; an IPv6 address as its /64."""
    return client_address(request.META, settings.TRUSTED_PROXIES)


def record_use(key: ApiKey) -> None:
    """Record that the key was used now, unless this process did within the last minute."""
    last_uses.record(key.pk)
