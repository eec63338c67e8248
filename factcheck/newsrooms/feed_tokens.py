"""Feed tokens `fct_<prefix>_<secret>`: create, revoke, list and look them up.

A token stands in the address of a feed, where a feed reader keeps it and shows it. So it opens the two feeds for people
and nothing else, with what the public may read: no re-check that only a machine has raised.
"""

import hmac
import re

from django.db import transaction
from django.utils import timezone

from claims.permissions import Refused
from claims.visible_text import unreadable
from factcheck.newsrooms.keys import (
    NO_SHA256,
    PREFIX_LENGTH,
    SECRET_LENGTH,
    BadKey,
    new_secret,
    random_prefix,
    sha256_of,
)
from factcheck.newsrooms.last_use import LastUses
from factcheck.newsrooms.models import FeedToken, Newsroom
from sources.database.audit import noted

PATHS = frozenset({"/api/v1/feed/atom", "/api/v1/feed/json"})
PARAMETER = "token"
MAX_LIVE = 50  # of one newsroom
last_uses = LastUses("newsrooms_feedtokenuse", "feed_token_id")

_TOKEN = re.compile(rf"fct_([a-z0-9]{{{PREFIX_LENGTH}}})_([A-Za-z0-9]{{{SECRET_LENGTH}}})", re.ASCII)


def create_feed_token(newsroom_name: str, label: str) -> str:
    """Create a token for the newsroom; returns it. It can be read only now. Raises `Refused`."""
    label = " ".join(label.split())
    if not label or len(label) > 100 or unreadable(label):
        raise Refused("Say in 1 to 100 characters who reads with the token, and where.")
    with noted(reason="created a feed token"), transaction.atomic():
        newsroom = Newsroom.objects.select_for_update().filter(name=newsroom_name.strip()).first()
        if newsroom is None:
            raise Refused(f"There is no newsroom {newsroom_name}; create a key for it first.")
        if not newsroom.is_active:
            raise Refused(f"The newsroom {newsroom} is switched off; switch it on in the admin first.")
        if newsroom.feed_tokens.filter(revoked_at__isnull=True).count() >= MAX_LIVE:
            raise Refused(f"{newsroom} has {MAX_LIVE} live feed tokens already; revoke some first.")
        secret = new_secret()
        token = FeedToken.objects.create(
            newsroom=newsroom, prefix=random_prefix(), secret_sha256=sha256_of(secret), label=label
        )
    return f"fct_{token.prefix}_{secret}"


def revoke_feed_token(newsroom_name: str, prefix: str) -> None:
    """Revoke the newsroom's token with this prefix, effective at once. Raises `Refused` if it has no such live one."""
    with noted(reason="revoked a feed token"), transaction.atomic():
        live = FeedToken.objects.filter(newsroom__name=newsroom_name.strip(), revoked_at__isnull=True)
        if not live.filter(prefix=prefix).update(revoked_at=timezone.now()):
            known = ", ".join(live.values_list("prefix", flat=True)) or "none"
            raise Refused(f"{newsroom_name} has no feed token {prefix} that could be revoked; it has: {known}.")


def feed_tokens_of(newsroom_name: str) -> list[FeedToken]:
    """Every token of the newsroom with its last use, the newest first."""
    tokens = FeedToken.objects.filter(newsroom__name=newsroom_name.strip())
    return list(tokens.select_related("newsroom", "use").order_by("-pk"))


def find_feed_token(text: str) -> FeedToken:
    """Look up a token, with its newsroom. Raises `BadKey` if it is not valid; one query at each request."""
    match = _TOKEN.fullmatch(text)
    if match is None:
        raise BadKey("This is not a whole feed token; one looks like fct_<prefix>_<secret>.")
    found = FeedToken.objects.select_related("newsroom").filter(prefix=match[1]).first()
    known = hmac.compare_digest(sha256_of(match[2]), found.secret_sha256 if found else NO_SHA256)
    if found is None or not known:
        raise BadKey("This feed token is not known; check that the address was copied whole.")
    if found.revoked_at is not None:
        raise BadKey("This feed token was revoked; ask the desk for a new one.")
    if not found.newsroom.is_active:
        raise BadKey("The access of this newsroom is switched off; ask the desk.")
    return found


def record_use(token: FeedToken) -> None:
    """Record that the token was used now, unless this process did within the last minute."""
    last_uses.record(token.pk)


def looks_like_a_feed_token(text: str) -> bool:
    """Whether the text contains a token or most of one."""
    return re.search(r"fct_[a-z0-9]{4,12}_[A-Za-z0-9]{8,}", text, re.ASCII) is not None
