"""The outbox: deliveries made from the publication log, leased endpoint by endpoint, and written down.

    log ──fan out (cursor)──> pending ──lease (token + 1)──> sent ──written, if the token still stands──> delivered
                                 ^                              └─ pending again, later, or given up
                                 └── replay: the cursor goes back

The log is gapless in commit order, so that a cursor skips none. It moves in the transaction that makes the deliveries,
so that none is made twice. What was sent and not written down, since the worker died, is sent again with the same id:
at least once. PostgreSQL is the queue of record; a tick only says “look what is due”.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pghistory
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Now

from claims.models import Publication, PublicationBody
from claims.models.publication import Audience, visible_to_sql
from factcheck.newsrooms.models import WebhookDelivery, WebhookEndpoint, WebhookProgress, WebhookSecret
from factcheck.newsrooms.webhooks import payloads, retries, secrets
from sources.polling.leases import database_time, holder

# Pending deliveries of one endpoint at a time: where it is dead, or has a million to come, the rest stays in the log.
ROOM = 1_000
# Rows of the log looked through for one endpoint in one transaction.
_WINDOW = 5_000
# Endpoints for which deliveries are made before the first of them are sent.
_GROUP = 25
# Seconds until a lease ends whose worker died; each message renews it.
_SLACK = 45
# From so many failures in a row on, an endpoint that answers again gets at once what waits for it.
_WAS_DOWN = 3
# Failures in a row without which no endpoint is switched off, however long ago the first was.
_FEWEST = 5
_KEPT = 500

State = WebhookDelivery.State


@dataclass(frozen=True)
class Lease:
    """An endpoint that is ours to tell, and the fencing token under which that may be written down."""

    endpoint_id: int
    public_id: str
    token: int


@dataclass(frozen=True)
class Message:
    """A request to be made."""

    delivery_id: int
    lease: Lease
    url: str
    headers: dict[str, str]
    payload: bytes
    is_test: bool


@dataclass(frozen=True)
class Answer:
    """What came of it. `status` is None if there was no answer; `detail` is a sentence then."""

    status: int | None
    detail: str = ""
    began: bytes = b""
    retry_after: float | None = None
    seconds: float = 0.0

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def fan_out() -> bool:
    """Make the deliveries of what was published since, for `_GROUP` endpoints. Returns whether more may be behind.

    Those that are nearly there come first: one that is full, or was sent back to the beginning, delays nobody.
    """
    head = Publication.objects.aggregate(head=Max("sequence"))["head"] or 0
    behind = WebhookProgress.objects.filter(
        cursor__lt=head, endpoint__is_active=True, endpoint__newsroom__is_active=True
    )
    chosen = behind.order_by("-cursor", "pk").values_list("pk", flat=True)[:_GROUP]
    return sum(_fan_out_to(endpoint_id, head) for endpoint_id in chosen) == _GROUP


@transaction.atomic
def _fan_out_to(endpoint_id: int, head: int) -> bool:
    """One endpoint, a stretch of the log after the other, as long as there is room. Returns whether it moved."""
    there = WebhookProgress.objects.select_for_update(skip_locked=True, of=("self",)).select_related("endpoint")
    progress = there.filter(pk=endpoint_id).first()
    if progress is None:
        return False
    endpoint = progress.endpoint
    pending = WebhookDelivery.objects.filter(endpoint=endpoint, state=State.PENDING)
    room = ROOM - pending[:ROOM].count()
    cursor = progress.cursor
    while room > 0 and cursor < head:
        upto = min(head, cursor + _WINDOW)
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
    # What a claim was filed under until then counts too: who follows a topic is told that a claim leaves it.
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
            """,  # noqa: S608 - no value is put in
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
    """New deliveries; those that are there and done, since the cursor went back, are to be done again."""
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


def go_back(endpoint: WebhookEndpoint, after: int) -> None:
    """Tell the endpoint again of everything after this sequence. What waits for a later try is tried at once."""
    with transaction.atomic():
        WebhookProgress.objects.select_for_update().get(pk=endpoint.pk)
        WebhookProgress.objects.filter(pk=endpoint.pk, cursor__gt=after).update(cursor=after)
        waiting = WebhookDelivery.objects.filter(endpoint=endpoint, state=State.PENDING, publication__gt=after)
        waiting.update(next_attempt_at=Now())


@transaction.atomic
def lease(limit: int) -> list[Lease]:
    """Lease up to `limit` endpoints for which something is due; nobody else tells them anything meanwhile."""
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
                        AND (publication_id IS NULL OR (
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
            {"limit": limit, "holder": holder(), "seconds": settings.WEBHOOK_TIMEOUT + _SLACK},
        )
        return [Lease(*row) for row in cursor.fetchall()]


def release(held: Lease) -> None:
    """Give the endpoint up, for whoever comes next: it is behind those that were told anything longer ago."""
    ours = WebhookProgress.objects.filter(pk=held.endpoint_id, lease_token=held.token)
    ours.update(leased_until=Now(), leased_by="")


def next_message(held: Lease) -> Message | None:
    """The first in the log's order that is due, signed; tests before all. Raises `SecretLost`.

    None if there is none, or if the endpoint is no longer ours, rests, or was switched off meanwhile.
    """
    progress = WebhookProgress.objects.select_related("endpoint__newsroom").get(pk=held.endpoint_id)
    endpoint = progress.endpoint
    if progress.lease_token != held.token or not endpoint.newsroom.is_active:
        return None
    now = database_time()
    due = WebhookDelivery.objects.filter(endpoint=endpoint, state=State.PENDING, next_attempt_at__lte=now)
    resting = progress.rests_until is not None and progress.rests_until > now
    if not endpoint.is_active or resting:
        due = due.filter(publication__isnull=True)
    due = due.select_related("publication__claim").order_by(F("publication").asc(nulls_first=True), "pk")
    delivery = due.first()
    if delivery is None:
        return None
    if delivery.publication is None:
        payload = payloads.of_test(endpoint.public_id, now)
    else:
        stored = PublicationBody.objects.filter(publication=delivery.publication).values_list("json", flat=True).first()
        body = None if stored is None else bytes(stored)
        payload = payloads.of_publication(delivery.publication, body, most=settings.WEBHOOK_MAX_PAYLOAD_BYTES)
    live = WebhookSecret.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), endpoint=endpoint)
    headers = secrets.sign(live, message_id=delivery.public_id, at=now, payload=payload)
    return Message(delivery.pk, held, endpoint.url, headers, payload, delivery.publication_id is None)


@transaction.atomic
def record(message: Message, answer: Answer) -> bool:
    """Write down what came of it, and renew the lease. False, with nothing written, if the lease is no longer ours."""
    progress = WebhookProgress.objects.select_for_update().get(pk=message.lease.endpoint_id)
    if progress.lease_token != message.lease.token:
        return False
    now = database_time()
    delivery = WebhookDelivery.objects.select_for_update().get(pk=message.delivery_id)
    detail = "" if answer.accepted else _sentence(answer)
    delivery.attempts += 1
    delivery.first_attempt_at = delivery.first_attempt_at or now - timedelta(seconds=answer.seconds)
    delivery.last_attempt_at = now
    delivery.last_status, delivery.last_detail = answer.status, detail
    delivery.last_answer = _text(answer.began)
    delivery.milliseconds = round(answer.seconds * 1000)
    progress.leased_until = now + timedelta(seconds=settings.WEBHOOK_TIMEOUT + _SLACK)
    if delivery.state != State.PENDING:
        pass  # deleted with its endpoint while it was under way
    elif answer.accepted:
        delivery.state, delivery.next_attempt_at, delivery.delivered_at = State.DELIVERED, None, now
    elif message.is_test:
        delivery.state, delivery.next_attempt_at = State.FAILED, None
    else:
        _again_or_never(delivery, answer, now)
    delivery.save()
    if not message.is_test:
        _note(progress, answer, detail, now)
    progress.save()
    return True


def _again_or_never(delivery: WebhookDelivery, answer: Answer, now: datetime) -> None:
    wait = retries.wait(
        delivery.attempts,
        age=(now - (delivery.first_attempt_at or now)).total_seconds(),
        schedule=settings.WEBHOOK_RETRY_DELAYS,
        retry_after=answer.retry_after,
    )
    # 410 says that the address is gone, not that the message is bad: it waits until somebody switches on again.
    if wait is None and answer.status != 410:
        delivery.state, delivery.next_attempt_at = State.FAILED, None
    else:
        delivery.next_attempt_at = now + timedelta(seconds=wait or 0)


def _note(progress: WebhookProgress, answer: Answer, detail: str, now: datetime) -> None:
    """How the endpoint does now: well, resting after failures, or switched off."""
    if answer.accepted:
        if progress.failures >= _WAS_DOWN:
            waiting = WebhookDelivery.objects.filter(endpoint=progress.endpoint_id, state=State.PENDING)
            waiting.update(next_attempt_at=Now())
        progress.failures, progress.failing_since, progress.rests_until = 0, None, None
        progress.last_success_at = now
        return
    progress.failures += 1
    progress.failing_since = progress.failing_since or now
    progress.last_failure_at, progress.last_detail = now, detail
    rest = retries.rest(progress.failures, schedule=settings.WEBHOOK_RETRY_DELAYS, retry_after=answer.retry_after)
    progress.rests_until = now + timedelta(seconds=rest) if rest else None
    if answer.status == 410:
        _switch_off(progress, WebhookEndpoint.DisabledBy.GONE, now)
    elif progress.failures >= _FEWEST and now - progress.failing_since >= settings.WEBHOOK_DISABLE_AFTER:
        _switch_off(progress, WebhookEndpoint.DisabledBy.FAILING, now)


def _switch_off(progress: WebhookProgress, by: str, now: datetime) -> None:
    with pghistory.context(actor="webhooks", reason=f"switched off: {WebhookEndpoint.DisabledBy(by).label}"):
        on = WebhookEndpoint.objects.filter(pk=progress.endpoint_id, is_active=True)
        on.update(is_active=False, disabled_by=by, disabled_at=now)


def postpone(held: Lease, seconds: float, detail: str) -> None:
    """Leave the endpoint alone over a trouble of ours, which counts as no failure of it."""
    until = database_time() + timedelta(seconds=seconds)
    ours = WebhookProgress.objects.filter(pk=held.endpoint_id, lease_token=held.token)
    ours.update(rests_until=until, last_detail=detail[:_KEPT], leased_until=Now(), leased_by="")
    tests = WebhookDelivery.objects.filter(endpoint=held.endpoint_id, state=State.PENDING, publication__isnull=True)
    tests.update(state=State.FAILED, next_attempt_at=None, last_detail=detail[:_KEPT])


def forget() -> int:
    """Drop deliveries that were done long ago; their ids can be made again. Returns how many."""
    old = WebhookDelivery.objects.exclude(state=State.PENDING).filter(created_at__lt=Now() - settings.WEBHOOK_RETENTION)
    old = old.filter(Q(last_attempt_at__isnull=True) | Q(last_attempt_at__lt=Now() - settings.WEBHOOK_RETENTION))
    return int(old.delete()[0])


def _sentence(answer: Answer) -> str:
    if answer.status is None:
        return _printable(answer.detail)
    if 300 <= answer.status < 400:
        return f"It answered with a redirect (HTTP {answer.status}), and those are not followed: change the URL."
    if answer.status == 410:
        return "It answered that it is gone (HTTP 410), so nothing more is sent there."
    return f"It answered with HTTP {answer.status}; only 200 to 299 count as received."


def _text(began: bytes) -> str:
    return _printable(began.decode("utf-8", "replace"))


def _printable(text: Any) -> str:
    return "".join(each for each in str(text) if each.isprintable())[:_KEPT]
