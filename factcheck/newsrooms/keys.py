"""API keys `fc_<prefix>_<secret>`: create, revoke and look them up."""

import hashlib
import hmac
import re
import secrets
import string
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from claims.permissions import Refused
from factcheck.newsrooms.models import ApiKey, Newsroom, Scope
from sources.database.audit import noted
from sources.database.prepared_reads import PreparedStatement

MAX_PER_MINUTE = 10_000_000
MAX_LIVE_KEYS = 2  # of one newsroom, so that it can rotate its key without a gap

_LETTERS = string.ascii_letters + string.digits
PREFIX_LENGTH = 8
SECRET_LENGTH = 44  # of 62 letters: 262 random bits
_KEY = re.compile(rf"fc_([a-z0-9]{{{PREFIX_LENGTH}}})_([A-Za-z0-9]{{{SECRET_LENGTH}}})", re.ASCII)
TEST_MARK = "test"  # how the prefix of a test key begins
ORDINARY_SCOPES = tuple(scope.value for scope in Scope if scope != Scope.TEST)
NO_SHA256 = "0" * 64  # of no secret: comparing with it takes as long as with another


class BadKey(Exception):
    """The key is not valid. The message is a sentence for its sender."""


def create_key(
    newsroom_name: str,
    scopes: Sequence[str] = (Scope.READ,),
    *,
    expires_at: datetime | None = None,
    is_demo: bool = False,
    test: bool = False,
) -> str:
    """Create a key for the newsroom, which is created too if its name is new; returns the key.

    A `test` key `fc_test…_…` may break the demo as well (factcheck/demo/rehearsal.py). The key can be read only now:
    the database keeps the sha256 of its secret. Raises `Refused` for an invalid name, scope or expiry, and if the
    newsroom has two live keys already.
    """
    name = newsroom_name.strip()
    if not name or len(name) > 200 or "\x00" in name:
        raise Refused("Give the newsroom a name of 1 to 200 characters.")
    wanted = list(dict.fromkeys(scopes))
    if not wanted or not set(wanted) <= set(ORDINARY_SCOPES):
        raise Refused(f"The scopes of a key are one or more of {', '.join(ORDINARY_SCOPES)}.")
    if expires_at is not None and expires_at <= timezone.now():
        raise Refused("The expiry is in the past; give a time in the future.")
    with noted(reason="created an API key"), transaction.atomic():
        Newsroom.objects.get_or_create(name=name, defaults={"is_demo": is_demo})
        newsroom = Newsroom.objects.select_for_update().get(name=name)
        if not newsroom.is_active:
            raise Refused(f"The newsroom {name} is switched off; switch it on in the admin first.")
        live = list(live_keys(newsroom))
        if len(live) >= MAX_LIVE_KEYS:
            prefixes = " and ".join(key.prefix for key in live)
            raise Refused(
                f"{name} has two live keys already ({prefixes}); revoke one first: "
                f"manage.py newsroom {_quoted(name)} --revoke PREFIX"
            )
        secret = new_secret()
        key = ApiKey.objects.create(
            newsroom=newsroom,
            prefix=_new_prefix(TEST_MARK if test else ""),
            secret_sha256=sha256_of(secret),
            scopes=[*wanted, Scope.TEST] if test else wanted,
            expires_at=expires_at,
        )
    return f"fc_{key.prefix}_{secret}"


def made_by(account: AbstractBaseUser) -> list[ApiKey]:
    """The keys that work still and whose secret this person was shown, as the audit says: at most 50."""
    events = ApiKey.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_label="insert", pgh_context__contains={"actor_id": account.pk}
    )
    live = Q(expires_at__isnull=True) | Q(expires_at__gt=Now())
    keys = ApiKey.objects.filter(live, revoked_at__isnull=True, pk__in=events.values("pgh_obj_id"))
    return list(keys.select_related("newsroom").order_by("pk")[:50])


def expiry(given: str) -> datetime | None:
    """Parse an expiry: a number of days from now, or a date, whose end (UTC) counts; None if empty.

    Raises `Refused`.
    """
    given = given.strip()
    if not given:
        return None
    if days := re.fullmatch(r"([1-9][0-9]{0,3})\s*(d|days?)?", given, re.ASCII):
        return timezone.now() + timedelta(days=int(days[1]))
    try:
        last = date.fromisoformat(given)
        return datetime.combine(last, time.min, UTC) + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise Refused("Give the expiry as a number of days or as a date: 90, or 2027-03-31.") from error


def set_limit(newsroom_name: str, per_minute: int) -> None:
    """Set the newsroom's rate limit in requests a minute, shared by all its keys. Raises `Refused`."""
    if not 1 <= per_minute <= MAX_PER_MINUTE:
        raise Refused(f"Give a number of requests a minute from 1 to {MAX_PER_MINUTE:,}.")
    with noted(reason="set a rate limit"):
        if not Newsroom.objects.filter(name=newsroom_name.strip()).update(requests_per_minute=per_minute):
            raise Refused(f"There is no newsroom {newsroom_name}.")


def keys_of(newsroom_name: str) -> list[ApiKey]:
    """Every key of the newsroom with its last use, the newest first. Raises `Refused` if there is no such newsroom."""
    newsroom = Newsroom.objects.filter(name=newsroom_name.strip()).first()
    if newsroom is None:
        raise Refused(f"There is no newsroom {newsroom_name}.")
    return list(newsroom.keys.select_related("newsroom", "use").order_by("-pk"))


def revoke_key(newsroom_name: str, prefix: str) -> None:
    """Revoke the newsroom's key with this prefix, effective at once. Raises `Refused` if it has no such live key."""
    with noted(reason="revoked an API key"), transaction.atomic():
        keys = ApiKey.objects.filter(newsroom__name=newsroom_name.strip(), revoked_at__isnull=True)
        if not keys.filter(prefix=prefix).update(revoked_at=timezone.now()):
            known = ", ".join(keys.values_list("prefix", flat=True)) or "none"
            raise Refused(f"{newsroom_name} has no key {prefix} that could be revoked; it has: {known}.")


def live_keys(newsroom: Newsroom) -> list[ApiKey]:
    """The newsroom's keys that are neither revoked nor expired."""
    unexpired = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
    return list(newsroom.keys.filter(unexpired, revoked_at__isnull=True).order_by("pk"))


_FIND = PreparedStatement(
    "newsrooms_find_key",
    """
    SELECT k.id, k.newsroom_id, k.prefix, k.secret_sha256, array_to_string(k.scopes, ','),
        k.revoked_at IS NOT NULL, k.expires_at <= clock_timestamp(),
        n.public_id, n.name, n.requests_per_minute, n.is_active
    FROM newsrooms_apikey k JOIN newsrooms_newsroom n ON n.id = k.newsroom_id
    WHERE k.prefix = $1
    """,
)
_KEY_COLUMNS = ("id", "newsroom_id", "prefix", "secret_sha256", "scopes")
_NEWSROOM_COLUMNS = ("id", "public_id", "name", "requests_per_minute", "is_active")


def find_key(text: str) -> ApiKey:
    """Look up a key, with its newsroom. Raises `BadKey` if it is not valid.

    Only a client that knows the secret learns why its key is not valid. One query at each request, so that a revoked
    key is rejected at once. Other columns of the rows are deferred.
    """
    match = _KEY.fullmatch(text)
    if match is None:
        if text.startswith("fct_"):
            raise BadKey("This is a feed token, which opens the feeds for people alone, in their address; send a key.")
        raise BadKey("This is not a whole API key; one looks like fc_<prefix>_<secret>.")
    found = _FIND.rows(match[1].encode())
    columns = [value.decode() if value is not None else "" for value in found[0]] if found else []
    known = hmac.compare_digest(sha256_of(match[2]), columns[3] if columns else NO_SHA256)
    if not columns or not known:
        raise BadKey("This API key is not known; check that it was copied whole.")
    pk, newsroom_pk, prefix, secret_sha256, scopes, revoked, expired, public_id, name, per_minute, active = columns
    if revoked == "t":
        raise BadKey("This API key was revoked; ask the desk for a new one.")
    if expired == "t":
        raise BadKey("This API key has expired; ask the desk for a new one.")
    if active != "t":
        raise BadKey("The access of this newsroom is switched off; ask the desk.")
    key = ApiKey.from_db(
        DEFAULT_DB_ALIAS, _KEY_COLUMNS, [int(pk), int(newsroom_pk), prefix, secret_sha256, scopes.split(",")]
    )
    key.newsroom = Newsroom.from_db(
        DEFAULT_DB_ALIAS, _NEWSROOM_COLUMNS, [int(newsroom_pk), public_id, name, int(per_minute), True]
    )
    return key


def looks_like_a_key(text: str) -> bool:
    """Whether the text contains a key or most of one."""
    return re.search(r"fc_[a-z0-9]{4,12}_[A-Za-z0-9]{8,}", text, re.ASCII) is not None


def _new_prefix(mark: str = "") -> str:
    """A prefix that no key has; it begins with the mark, and no other one begins with that of test keys."""
    prefix = mark + random_prefix()[len(mark) :]
    taken = prefix.startswith(TEST_MARK) != bool(mark) or ApiKey.objects.filter(prefix=prefix).exists()
    return _new_prefix(mark) if taken else prefix


def random_prefix() -> str:
    """What names a key or a feed token in lists and logs: small letters and digits."""
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(PREFIX_LENGTH))


def new_secret() -> str:
    """The secret of a key or a feed token."""
    return "".join(secrets.choice(_LETTERS) for _ in range(SECRET_LENGTH))


def sha256_of(secret: str) -> str:
    """The hash that is stored of a secret, which has too many random bits to need a slow one."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
