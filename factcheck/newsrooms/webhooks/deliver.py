"""Deliver due webhook messages: one request at a time to an endpoint, many endpoints at once.

    lease ──> sender (an event loop in its own thread) ──> record ──> next message of that endpoint, or release
      ^                                                                                            │
      └───────────────────────── while capacity is free and any is due ────────────────────────────┘

The loop does HTTP only; leasing and recording are synchronous and outside of it. An endpoint that does not answer
delays its own messages and no others.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError

from factcheck.newsrooms.webhooks import outbox
from factcheck.newsrooms.webhooks.outbox import Attempt, Lease, Message
from factcheck.newsrooms.webhooks.secrets import SecretLost
from sources.faults import point
from sources.http.background_loop import BackgroundLoop
from sources.http.client import MessageSender, open_sender
from sources.http.defaults import request_defaults

_log = logging.getLogger(__name__)

CONCURRENCY = 100  # endpoints served at the same time
_MAX_PER_TURN = 50  # messages of one endpoint before others get their turn
_WAIT = 0.25  # seconds to wait for responses before looking for messages that have become due
_INTERNAL_ERROR_PAUSE = 60.0  # seconds without messages to an endpoint after an error of our own


def deliver_due(*, may_continue: Callable[[], bool]) -> int:
    """Send while messages are due and `may_continue` allows, then finish open requests. Returns the number received."""
    received = 0
    more = True
    leased: list[Lease] = []
    while more and not leased:
        more = outbox.fan_out()
        leased = outbox.lease(CONCURRENCY)
    if not leased:
        return 0
    with _Sender() as sender:
        turns: dict[int, int] = {}
        while True:
            for lease in leased:
                turns[lease.endpoint_id] = 0
                _send_next(sender, lease)
            if not sender.under_way:
                break
            for message, attempt in sender.collect(_WAIT):
                lease = message.lease
                point("webhook sent")
                recorded = outbox.record(message, attempt)
                received += recorded and attempt.accepted
                turns[lease.endpoint_id] += 1
                if recorded and turns[lease.endpoint_id] < _MAX_PER_TURN and may_continue():
                    _send_next(sender, lease)
                else:
                    outbox.release(lease)
            leased = []
            if may_continue():
                outbox.fan_out()
                leased = outbox.lease(CONCURRENCY - sender.under_way) if sender.under_way < CONCURRENCY else []
    return received


def _send_next(sender: "_Sender", lease: Lease) -> None:
    try:
        message = outbox.next_message(lease)
    except SecretLost as error:
        _log.error("Webhook %s: %s", lease.public_id, error)
        outbox.postpone(lease, _INTERNAL_ERROR_PAUSE, str(error))
        return
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - an error with one endpoint must not stop the others
        _log.exception("Webhook %s: the next message cannot be created", lease.public_id)
        sentence = f"The next message cannot be created ({type(error).__name__}); the server's log has the details."
        outbox.postpone(lease, _INTERNAL_ERROR_PAUSE, sentence)
        return
    if message is None:
        outbox.release(lease)
    else:
        sender.send(message)


class _Sender(BackgroundLoop[MessageSender, tuple[Message, Attempt]]):
    """Sends messages, and returns each with its attempt."""

    def __init__(self) -> None:
        super().__init__(open_sender(**request_defaults(), concurrency=CONCURRENCY), name="webhooks")

    def send(self, message: Message) -> None:
        self.start(self._post(message))

    async def _post(self, message: Message) -> None:
        headers = {**message.headers, "Content-Type": "application/json"}
        result = await self.client.post(
            message.url, headers=headers, body=message.payload, seconds=settings.WEBHOOK_TIMEOUT
        )
        attempt = Attempt(result.status, result.detail, result.body or b"", result.retry_after, result.elapsed)
        self.deliver((message, attempt))
