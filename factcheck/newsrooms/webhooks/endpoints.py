"""Create, change, disable, enable, test, replay and delete a webhook endpoint, and rotate its secret.

Each function is one transaction with its actor in the audit, and raises `Refused` with a sentence. Newsrooms call them
by API for their own endpoints, administrators from the admin.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Now

from claims.models import Publication
from claims.permissions import Refused
from factcheck.newsrooms.models import (
    EVENTS,
    OF_TEST,
    ApiKey,
    Newsroom,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookProgress,
    WebhookSecret,
)
from factcheck.newsrooms.webhooks import draft_outbox, outbox, secrets
from sources.database.audit import acting_as
from sources.http.addresses import AddressRefused, UrlRefused, address_and_port, target
from sources.polling.leases import database_time

# The fields that select which publications are sent.
FILTERS = ("event_filter", "claims", "speakers", "topics", "hosts")
MAX_WORDS = 100  # per filter
MAX_SECRETS = 5  # valid at the same time
MAX_OVERLAP = timedelta(days=7)
MAX_PENDING_TESTS = 5

DisabledBy = WebhookEndpoint.DisabledBy
State = WebhookDelivery.State


class TooMany(Refused):
    """The newsroom has reached a limit."""


def create(
    newsroom: Newsroom,
    *,
    url: str,
    actor: str,
    filters: Mapping[str, Sequence[str]] | None = None,
    key: ApiKey | None = None,
) -> tuple[WebhookEndpoint, str]:
    """Create an endpoint for what is published from now on; returns it and its secret, which is shown only now.

    `key` creates it, unless the desk does; when that key is revoked, a trigger suspends the endpoint.
    """
    checked = _checked(filters or {})
    address = check_url(url)
    with _audited(actor, "create webhook"):
        Newsroom.objects.select_for_update().get(pk=newsroom.pk)
        there = WebhookEndpoint.objects.of(newsroom)
        if there.count() >= settings.WEBHOOK_MAX_ENDPOINTS:
            raise TooMany(
                f"A newsroom may have {settings.WEBHOOK_MAX_ENDPOINTS} webhooks; delete one, or ask the desk for more."
            )
        _refuse_taken(there, address)
        endpoint = WebhookEndpoint.objects.create(newsroom=newsroom, api_key=key, url=address, **checked)
        head = Publication.objects.aggregate(head=Max("sequence"))["head"] or 0
        WebhookProgress.objects.create(endpoint=endpoint, cursor=head, draft_cursor=draft_outbox.head())
        return endpoint, secrets.create(endpoint)


def change(
    endpoint: WebhookEndpoint, *, actor: str, url: str | None = None, filters: Mapping[str, Sequence[str]] | None = None
) -> WebhookEndpoint:
    """Change the URL, or the filters from now on; what is not given stays."""
    checked = _checked(filters or {})
    address = None if url is None else check_url(url)
    with _audited(actor, "change webhook"):
        locked = _locked(endpoint)
        if address is not None and address != locked.url:
            _refuse_taken(WebhookEndpoint.objects.of(locked.newsroom), address)
            locked.url = address
            _reset_failures(locked)
        for name, words in checked.items():
            setattr(locked, name, words)
        locked.save(update_fields=["url", *checked])
        return locked


def take_over(endpoint: WebhookEndpoint, *, key: ApiKey, actor: str) -> None:
    """Make this key the endpoint's, as every change by a key does, so that an older one can be revoked."""
    with _audited(actor, "take webhook over"):
        _locked(endpoint)
        WebhookEndpoint.objects.filter(pk=endpoint.pk).exclude(api_key=key.pk).update(api_key=key)


def rotate(endpoint: WebhookEndpoint, *, actor: str, overlap: timedelta | None = None) -> str:
    """Create a new secret and return it; it is shown only now. The old one also signs for `overlap`; 0 ends it now."""
    overlap = settings.WEBHOOK_ROTATION if overlap is None else overlap
    if not timedelta(0) <= overlap <= MAX_OVERLAP:
        raise Refused("The old secret can stay valid for up to 7 days (604,800 seconds), or 0 to end it now.")
    with _audited(actor, "rotate webhook secret"):
        locked = _locked(endpoint)
        now = database_time()
        live = locked.secrets.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        if not overlap:
            live.update(expires_at=now)
        live.filter(expires_at__isnull=True).update(expires_at=now + overlap)
        secret = secrets.create(locked)
        kept = live.order_by("-pk").values_list("pk", flat=True)[:MAX_SECRETS]
        live.exclude(pk__in=list(kept)).update(expires_at=now)
        return secret


def disable(endpoint: WebhookEndpoint, *, actor: str, by: str) -> WebhookEndpoint:
    """Send nothing until it is enabled again. Publications wait in the log meanwhile."""
    with _audited(actor, "disable webhook"):
        locked = _locked(endpoint)
        if locked.is_active or by == DisabledBy.DESK:
            locked.is_active, locked.disabled_by, locked.disabled_at = False, by, database_time()
            locked.save(update_fields=["is_active", "disabled_by", "disabled_at"])
        return locked


def enable(endpoint: WebhookEndpoint, *, actor: str, by: str) -> WebhookEndpoint:
    """Resume where it stopped: what was published meanwhile is sent, in order."""
    with _audited(actor, "enable webhook"):
        locked = _locked(endpoint)
        if locked.is_active:
            return locked
        if locked.disabled_by == DisabledBy.DESK and by != DisabledBy.DESK:
            raise Refused("The desk has switched this webhook off; ask the desk.")
        if not locked.secrets.filter(expires_at__isnull=True).exists():
            raise Refused("This webhook has no secret yet; rotate it first.")
        check_url(locked.url)
        locked.is_active, locked.disabled_by, locked.disabled_at = True, "", None
        locked.save(update_fields=["is_active", "disabled_by", "disabled_at"])
        _reset_failures(locked)
        return locked


def send_test(endpoint: WebhookEndpoint, *, actor: str) -> WebhookDelivery:
    """Send a `webhook.test` now, even if disabled. Tried once; counts neither as success nor as failure."""
    with _audited(actor, "test webhook"):
        locked = _locked(endpoint)
        if not locked.secrets.filter(expires_at__isnull=True).exists():
            raise Refused("This webhook has no secret yet; rotate it first.")
        waiting = WebhookDelivery.objects.filter(OF_TEST, endpoint=locked, state=State.PENDING)
        if waiting.count() >= MAX_PENDING_TESTS:
            raise TooMany("Several tests of this webhook are waiting already; look at its deliveries.")
        return WebhookDelivery.objects.create(endpoint=locked, next_attempt_at=database_time())


def replay(
    endpoint: WebhookEndpoint, *, actor: str, after: int | None = None, since: datetime | None = None
) -> tuple[int, int]:
    """Send again everything after a sequence of the log, or since a time, with the same message ids.

    Returns the sequence after which it starts, and the last of the log.
    """
    if (after is None) == (since is None):
        raise Refused("Say from where: either `after`, a sequence of the log, or `since`, a time.")
    head = Publication.objects.aggregate(head=Max("sequence"))["head"] or 0
    if since is not None:
        after = Publication.objects.filter(at__lt=since).aggregate(last=Max("sequence"))["last"] or 0
    if after is None or not 0 <= after <= head:
        raise Refused(f"The log ends at {head}; say a sequence from 0 to that.")
    with _audited(actor, f"replay webhook after {after}"):
        locked = _locked(endpoint)
        progress = WebhookProgress.objects.select_for_update().get(pk=locked.pk)
        if after > progress.cursor:
            raise Refused(f"This webhook is at {progress.cursor}; what follows it is sent anyway.")
        outbox.rewind(locked, after)
        if locked.is_active:
            _reset_failures(locked)
    return after, head


def delete(endpoint: WebhookEndpoint, *, actor: str) -> None:
    """Delete it for good: nothing more is sent, and its secrets expire. Its row and its deliveries stay on record."""
    with _audited(actor, "delete webhook"):
        locked = _locked(endpoint)
        now = database_time()
        if locked.is_active:
            locked.is_active, locked.disabled_by, locked.disabled_at = False, DisabledBy.NEWSROOM, now
        locked.deleted_at = now
        locked.save(update_fields=["is_active", "disabled_by", "disabled_at", "deleted_at"])
        WebhookSecret.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), endpoint=locked).update(
            expires_at=now
        )
        WebhookDelivery.objects.filter(endpoint=locked, state=State.PENDING).update(
            state=State.FAILED, next_attempt_at=None, last_detail="The webhook was deleted."
        )


def check_url(url: str) -> str:
    """The URL in canonical form. Raises `Refused`.

    The host name is resolved only when something is sent; the guard then rejects addresses of private networks.
    """
    allow = address_and_port(settings.FETCH_ALLOWED_LOOPBACK)
    try:
        found = target(url.strip(), allow)
    except (UrlRefused, AddressRefused) as error:
        raise Refused(f"Nothing can be sent there. {error}") from error
    if found.scheme != "https" and (found.host, found.port) != allow:
        raise Refused("A webhook's URL has to begin with https://, so that nobody reads along.")
    if found.host == "localhost" or found.host.endswith((".localhost", ".local", ".internal")):
        raise Refused(f"{found.host} is a name of a private network; say one that the public Internet knows.")
    return found.url


def _refuse_taken(there: Any, address: str) -> None:
    if (other := there.filter(url=address).first()) is not None:
        raise Refused(f"There is a webhook with this URL already, {other.public_id}; change that one.")


def _checked(filters: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The filters without blanks and duplicates. Raises `Refused`."""
    unknown = set(filters) - set(FILTERS)
    if unknown:
        raise Refused(f"There is no filter {min(unknown)}; there are {', '.join(FILTERS)}.")
    checked = {}
    for name, words in filters.items():
        plain = [word.strip().lower() if name == "hosts" else word.strip() for word in _strings(words)]
        distinct = list(dict.fromkeys(word for word in plain if word))
        if len(distinct) > MAX_WORDS:
            raise Refused(f"A filter takes at most {MAX_WORDS} words; leave {name} out and choose on your side.")
        field: Any = WebhookEndpoint._meta.get_field(name)
        longest = field.base_field.max_length
        if any(len(word) > longest or not word.isprintable() for word in distinct):
            raise Refused(f"A word in {name} is longer than {longest} characters, or holds some that cannot be.")
        if name == "event_filter" and not set(distinct) <= {event for event, _ in EVENTS}:
            raise Refused(f"The events are {', '.join(event for event, _ in EVENTS)}.")
        checked[name] = distinct
    return checked


def _strings(words: Iterable[Any]) -> Iterator[str]:
    for word in words:
        if not isinstance(word, str):
            raise Refused("A filter is a list of words.")
        yield word


def _reset_failures(endpoint: WebhookEndpoint) -> None:
    """Clear its failures, and make its pending messages due at once."""
    WebhookProgress.objects.filter(pk=endpoint.pk).update(failures=0, failing_since=None, rests_until=None)
    waiting = WebhookDelivery.objects.filter(endpoint=endpoint, state=State.PENDING)
    waiting.update(next_attempt_at=Now())


def _locked(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    locked = WebhookEndpoint.objects.select_for_update(of=("self",)).select_related("newsroom").get(pk=endpoint.pk)
    if locked.deleted_at is not None:
        raise Refused("This webhook was deleted; create a new one.")
    return locked


@contextmanager
def _audited(actor: str, reason: str) -> Iterator[None]:
    with acting_as(actor, reason=reason), transaction.atomic():
        yield
