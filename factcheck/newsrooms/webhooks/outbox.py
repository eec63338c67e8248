"""The webhook outbox: create deliveries from the publication log, lease endpoints, record attempts.

    log ──fan out (cursor)──> pending ──lease (token + 1)──> sent ──recorded, if the token is current──> delivered
                                 ^                              └─ pending again, later, or given up
                                 └── replay: the cursor goes back

The log has no gaps in commit order, so that a cursor skips nothing. The cursor moves in the transaction that creates
the deliveries, so that none is created twice. A message that was sent and not recorded, because the worker died, is
sent again with the same id: delivery is at least once. PostgreSQL is the queue of record; a tick only says "process
what is due".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Now

from claims.models import Publication, PublicationBody
from claims.models.publication import Audience, visible_to_sql
from factcheck.newsrooms.models import OF_TEST, WebhookDelivery, WebhookEndpoint, WebhookProgress, WebhookSecret
from factcheck.newsrooms.webhooks import draft_outbox, payloads, retries, secrets
from sources.database.audit import acting_as
from sources.polling.leases import database_time, holder

MAX_PENDING = 1_000  # deliveries of one endpoint; the rest stays in the log
_LOG_WINDOW = 5_000  # rows of the log read for one endpoint in one transaction
_FAN_OUT_BATCH = 25  # endpoints whose deliveries are created before any is sent
_LEASE_SLACK = 45  # seconds beyond the timeout until the lease of a dead worker ends; each message renews it
_OUTAGE_FAILURES = 3  # after so many in a row, the first success makes all pending messages due at once
_MIN_FAILURES = 5  # in a row, before an endpoint is disabled
_MAX_DETAIL = 500  # characters

State = WebhookDelivery.State


@dataclass(frozen=True)
class Lease:
    """The exclusive right to send to an endpoint, with the fencing token under which attempts are recorded."""

    endpoint_id: int
    public_id: str
    token: int


@dataclass(frozen=True)
class Message:
    """A signed request, ready to send."""

    delivery_id: int
    lease: Lease
    url: str
    headers: dict[str, str]
    payload: bytes
    is_test: bool


@dataclass(frozen=True)
class Attempt:
    """The result of sending a message. Without a response `status` is None and `detail` a sentence."""

    status: int | None
    detail: str = ""
    body_start: bytes = b""
    retry_after: float | None = None
    seconds: float = 0.0

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def fan_out() -> bool:
    """Create deliveries of new publications for `_FAN_OUT_BATCH` endpoints; returns whether more may be behind.

    The endpoints nearest to the head come first, so that one that is full or replays everything delays no others.
    """
    draft_outbox.fan_out()
    head = Publication.objects.aggregate(head=Max("sequence"))["head"] or 0
    behind = WebhookProgress.objects.filter(
        cursor__lt=head, endpoint__is_active=True, endpoint__newsroom__is_active=True
    )
    chosen = behind.order_by("-cursor", "pk").values_list("pk", flat=True)[:_FAN_OUT_BATCH]
    return sum(_fan_out_to(endpoint_id, head) for endpoint_id in chosen) == _FAN_OUT_BATCH


@transaction.atomic
def _fan_out_to(endpoint_id: int, head: int) -> bool:
    """Create deliveries for one endpoint until it has MAX_PENDING; returns whether its cursor moved."""
    unlocked = WebhookProgress.objects.select_for_update(skip_locked=True, of=("self",)).select_related("endpoint")
    progress = unlocked.filter(pk=endpoint_id).first()
    if progress is None:
        return False
    endpoint = progress.endpoint
    pending = WebhookDelivery.objects.filter(endpoint=endpoint, state=State.PENDING)
    room = MAX_PENDING - pending[:MAX_PENDING].count()
    cursor = progress.cursor
    while room > 0 and cursor < head:
        upto = min(head, cursor + _LOG_WINDOW)
        found = _matching(endpoint, cursor, upto, room)
        if len(found) == room:
            upto = found[-1][0]
        _make_pending(endpoint, found)
        cursor, room = upto, room - len(found)
    return bool(cursor != progress.cursor and WebhookProgress.objects.filter(pk=endpoint_id).update(cursor=cursor))


def _matching(endpoint: WebhookEndpoint, after: int, upto: int, limit: int) -> list[tuple[int, str]]:
    """Sequence and public id of the publications in (after, upto] that the endpoint wants, in order."""
    filters = {
        "claims": endpoint.claims,
        "topics": endpoint.topics,
        "speakers": endpoint.speakers,
        "hosts": endpoint.hosts,
    }
    # The previous version counts too: a newsroom that follows a topic must learn that a claim left it.
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT sequence, public_id FROM claims_publication AS publication
            WHERE sequence > %(after)s AND sequence <= %(upto)s
              AND (%(events)s::text[] = '{{}}' OR event = ANY(%(events)s::text[]))
              AND (%(unfiltered)s OR EXISTS (
                  SELECT FROM claims_claimversion AS version
                  WHERE version.claim_id = publication.claim_id
                    AND {visible_to_sql(Audience.NEWSROOMS, table="version")}
                    AND (version.sequence_from = publication.sequence OR version.sequence_to = publication.sequence)
                    AND (%(claims)s::text[] = '{{}}' OR version.claim_public_id = ANY(%(claims)s::text[]))
                    AND (%(topics)s::text[] = '{{}}' OR version.topics::text[] && %(topics)s::text[])
                    AND (%(speakers)s::text[] = '{{}}' OR version.speakers::text[] && %(speakers)s::text[])
                    AND (%(hosts)s::text[] = '{{}}' OR version.hosts::text[] && %(hosts)s::text[])
              ))
            ORDER BY sequence LIMIT %(limit)s
            """,  # noqa: S608 - contains no values
            {
                "after": after,
                "upto": upto,
                "limit": limit,
                "events": endpoint.event_filter,
                "unfiltered": not any(filters.values()),
                **filters,
            },
        )
        return [(sequence, public_id) for sequence, public_id in cursor.fetchall()]


def _make_pending(endpoint: WebhookEndpoint, found: Sequence[tuple[int, str]]) -> None:
    """Insert deliveries; finished ones become pending again, because the cursor went back."""
    if not found:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO newsrooms_webhookdelivery AS delivery
                (public_id, endpoint_id, publication_id, state, attempts, next_attempt_at, created_at,
                 last_detail, last_answer)
            SELECT public_id, %(endpoint)s, sequence, 'pending', 0, statement_timestamp(), clock_timestamp(), '', ''
            FROM unnest(%(ids)s::text[], %(sequences)s::bigint[]) AS given (public_id, sequence)
            ON CONFLICT (endpoint_id, publication_id) DO UPDATE
            SET state = 'pending', attempts = 0, next_attempt_at = statement_timestamp(),
                first_attempt_at = NULL, delivered_at = NULL
            WHERE delivery.state <> 'pending'
            """,
            {
                "endpoint": endpoint.pk,
                "ids": [payloads.message_id(endpoint.public_id, public_id) for _, public_id in found],
                "sequences": [sequence for sequence, _ in found],
            },
        )


def rewind(endpoint: WebhookEndpoint, after: int) -> None:
    """Set the cursor back to this sequence, and make later pending messages due at once."""
    with transaction.atomic():
        WebhookProgress.objects.select_for_update().get(pk=endpoint.pk)
        WebhookProgress.objects.filter(pk=endpoint.pk, cursor__gt=after).update(cursor=after)
        waiting = WebhookDelivery.objects.filter(endpoint=endpoint, state=State.PENDING, publication__gt=after)
        waiting.update(next_attempt_at=Now())


@transaction.atomic
def lease(limit: int) -> list[Lease]:
    """Lease up to `limit` endpoints with a due message; no other worker sends to them meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH ready AS MATERIALIZED (
                SELECT progress.endpoint_id, endpoint.public_id
                FROM newsrooms_webhookprogress AS progress
                JOIN newsrooms_webhookendpoint AS endpoint ON endpoint.id = progress.endpoint_id
                JOIN newsrooms_newsroom AS newsroom ON newsroom.id = endpoint.newsroom_id
                WHERE newsroom.is_active AND endpoint.deleted_at IS NULL
                  AND (leased_until IS NULL OR leased_until <= statement_timestamp())
                  AND EXISTS (
                      SELECT FROM newsrooms_webhookdelivery AS delivery
                      WHERE delivery.endpoint_id = progress.endpoint_id AND state = 'pending'
                        AND next_attempt_at <= statement_timestamp()
                        AND (publication_id IS NULL AND draft_event_id IS NULL OR (
                            endpoint.is_active AND coalesce(rests_until, '-infinity') <= statement_timestamp()
                        ))
                  )
                ORDER BY leased_until NULLS FIRST, progress.endpoint_id LIMIT %(limit)s
                FOR UPDATE OF progress SKIP LOCKED
            )
            UPDATE newsrooms_webhookprogress AS progress
            SET lease_token = lease_token + 1, leased_by = %(holder)s,
                leased_until = statement_timestamp() + make_interval(secs => %(seconds)s)
            FROM ready WHERE progress.endpoint_id = ready.endpoint_id
            RETURNING ready.endpoint_id, ready.public_id, progress.lease_token
            """,
            {"limit": limit, "holder": holder(), "seconds": settings.WEBHOOK_TIMEOUT + _LEASE_SLACK},
        )
        return [Lease(*row) for row in cursor.fetchall()]


def release(lease: Lease) -> None:
    """End the lease; endpoints served longer ago come before this one."""
    WebhookProgress.objects.filter(pk=lease.endpoint_id, lease_token=lease.token).update(
        leased_until=Now(), leased_by=""
    )


def next_message(lease: Lease) -> Message | None:
    """The endpoint's next due message in the order of the log, signed; tests come first. Raises `SecretLost`.

    None if there is none, or if the lease is lost, or the endpoint rests or was disabled meanwhile.
    """
    progress = WebhookProgress.objects.select_related("endpoint__newsroom").get(pk=lease.endpoint_id)
    endpoint = progress.endpoint
    if progress.lease_token != lease.token or not endpoint.newsroom.is_active:
        return None
    now = database_time()
    due = WebhookDelivery.objects.filter(endpoint=endpoint, state=State.PENDING, next_attempt_at__lte=now)
    resting = progress.rests_until is not None and progress.rests_until > now
    if not endpoint.is_active or resting:
        due = due.filter(OF_TEST)
    due = due.select_related("publication__claim", "draft_event")
    delivery = due.order_by(F("publication").asc(nulls_first=True), "pk").first()
    if delivery is None:
        return None
    if delivery.draft_event is not None:
        payload = payloads.of_draft(delivery.draft_event)
    elif delivery.publication is None:
        payload = payloads.of_test(endpoint.public_id, now)
    else:
        stored = PublicationBody.objects.filter(publication=delivery.publication).values_list("json", flat=True).first()
        body = None if stored is None else bytes(stored)
        payload = payloads.of_publication(delivery.publication, body, max_bytes=settings.WEBHOOK_MAX_PAYLOAD_BYTES)
    live = WebhookSecret.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), endpoint=endpoint)
    headers = secrets.sign(live, message_id=delivery.public_id, at=now, payload=payload)
    return Message(delivery.pk, lease, endpoint.url, headers, payload, delivery.is_test)


@transaction.atomic
def record(message: Message, attempt: Attempt) -> bool:
    """Record an attempt and renew the lease. Returns False, and records nothing, if the lease is lost."""
    progress = WebhookProgress.objects.select_for_update().get(pk=message.lease.endpoint_id)
    if progress.lease_token != message.lease.token:
        return False
    now = database_time()
    delivery = WebhookDelivery.objects.select_for_update().get(pk=message.delivery_id)
    detail = "" if attempt.accepted else _sentence(attempt)
    delivery.attempts += 1
    delivery.first_attempt_at = delivery.first_attempt_at or now - timedelta(seconds=attempt.seconds)
    delivery.last_attempt_at = now
    delivery.last_status, delivery.last_detail = attempt.status, detail
    delivery.last_answer = _printable(attempt.body_start.decode("utf-8", "replace"))
    delivery.milliseconds = round(attempt.seconds * 1000)
    progress.leased_until = now + timedelta(seconds=settings.WEBHOOK_TIMEOUT + _LEASE_SLACK)
    if delivery.state != State.PENDING:
        pass  # its endpoint was deleted meanwhile
    elif attempt.accepted:
        delivery.state, delivery.next_attempt_at, delivery.delivered_at = State.DELIVERED, None, now
    elif message.is_test:
        delivery.state, delivery.next_attempt_at = State.FAILED, None
    else:
        _schedule_retry(delivery, attempt, now)
    delivery.save()
    if not message.is_test:
        _update_progress(progress, attempt, detail, now)
    progress.save()
    return True


def _schedule_retry(delivery: WebhookDelivery, attempt: Attempt, now: datetime) -> None:
    """Set the time of the next attempt, or give up."""
    wait = retries.wait(
        delivery.attempts,
        age=(now - (delivery.first_attempt_at or now)).total_seconds(),
        schedule=settings.WEBHOOK_RETRY_DELAYS,
        retry_after=attempt.retry_after,
    )
    # 410 means that the address is gone, not that the message is bad: it waits until the endpoint is enabled again.
    if wait is None and attempt.status != 410:
        delivery.state, delivery.next_attempt_at = State.FAILED, None
    else:
        delivery.next_attempt_at = now + timedelta(seconds=wait or 0)


def _update_progress(progress: WebhookProgress, attempt: Attempt, detail: str, now: datetime) -> None:
    """Count a success or failure; rest or disable an endpoint that keeps failing."""
    if attempt.accepted:
        if progress.failures >= _OUTAGE_FAILURES:
            waiting = WebhookDelivery.objects.filter(endpoint=progress.endpoint_id, state=State.PENDING)
            waiting.update(next_attempt_at=Now())
        progress.failures, progress.failing_since, progress.rests_until = 0, None, None
        progress.last_success_at = now
        return
    progress.failures += 1
    progress.failing_since = progress.failing_since or now
    progress.last_failure_at, progress.last_detail = now, detail
    rest = retries.rest(progress.failures, schedule=settings.WEBHOOK_RETRY_DELAYS, retry_after=attempt.retry_after)
    progress.rests_until = now + timedelta(seconds=rest) if rest else None
    if attempt.status == 410:
        _disable(progress, WebhookEndpoint.DisabledBy.GONE, now)
    elif progress.failures >= _MIN_FAILURES and now - progress.failing_since >= settings.WEBHOOK_DISABLE_AFTER:
        _disable(progress, WebhookEndpoint.DisabledBy.FAILING, now)


def _disable(progress: WebhookProgress, by: str, now: datetime) -> None:
    with acting_as("webhooks", reason=f"disabled: {WebhookEndpoint.DisabledBy(by).label}"):
        on = WebhookEndpoint.objects.filter(pk=progress.endpoint_id, is_active=True)
        on.update(is_active=False, disabled_by=by, disabled_at=now)


def postpone(lease: Lease, seconds: float, detail: str) -> None:
    """Pause the endpoint after an error of our own, which does not count as its failure; end the lease."""
    until = database_time() + timedelta(seconds=seconds)
    leased = WebhookProgress.objects.filter(pk=lease.endpoint_id, lease_token=lease.token)
    leased.update(rests_until=until, last_detail=detail[:_MAX_DETAIL], leased_until=Now(), leased_by="")
    tests = WebhookDelivery.objects.filter(OF_TEST, endpoint=lease.endpoint_id, state=State.PENDING)
    tests.update(state=State.FAILED, next_attempt_at=None, last_detail=detail[:_MAX_DETAIL])


def delete_old() -> int:
    """Delete finished deliveries past WEBHOOK_RETENTION, whose ids can be derived again; returns their number."""
    old = WebhookDelivery.objects.exclude(state=State.PENDING).filter(created_at__lt=Now() - settings.WEBHOOK_RETENTION)
    old = old.filter(Q(last_attempt_at__isnull=True) | Q(last_attempt_at__lt=Now() - settings.WEBHOOK_RETENTION))
    return int(old.delete()[0])


def _sentence(attempt: Attempt) -> str:
    if attempt.status is None:
        return _printable(attempt.detail)
    if 300 <= attempt.status < 400:
        return f"It answered with a redirect (HTTP {attempt.status}), and those are not followed: change the URL."
    if attempt.status == 410:
        return "It answered that it is gone (HTTP 410), so nothing more is sent there."
    return f"It answered with HTTP {attempt.status}; only 200 to 299 count as received."


def _printable(text: Any) -> str:
    return "".join(each for each in str(text) if each.isprintable())[:_MAX_DETAIL]
