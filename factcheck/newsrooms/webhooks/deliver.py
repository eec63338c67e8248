"""Sending what is due: one request at a time to an endpoint, to many endpoints at once.

    lease ──> web (an event loop in a thread of its own) ──> record ──> next message of that endpoint, or release
      ^                                                                                              │
      └───────────────────────── room for more, while any is due ────────────────────────────────────┘

The loop does HTTP only; leasing and writing are synchronous and outside of it. An endpoint that does not answer keeps
its own messages waiting and nobody else's.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError

from factcheck.newsrooms.webhooks import outbox
from factcheck.newsrooms.webhooks.outbox import Answer, Lease, Message
from factcheck.newsrooms.webhooks.secrets import SecretLost
from sources.faults import point
from sources.http.background_loop import BackgroundLoop
from sources.http.client import MessageSender, open_sender
from sources.http.defaults import request_defaults

__all__ = ["deliver"]

_log = logging.getLogger(__name__)

# Endpoints that are told something at once, messages of one before others get their turn, and seconds between two
# looks for what has become due.
AT_ONCE = 100
_TURN = 50
_PAUSE = 0.25
# Seconds for which an endpoint is left alone over a trouble of ours.
_OURS = 60.0


def deliver(*, go_on: Callable[[], bool]) -> int:
    """Send until nothing is due or `go_on` says no, then finish what was begun. Returns how many were received."""
    received = 0
    more = True
    leased: list[Lease] = []
    while more and not leased:
        more = outbox.fan_out()
        leased = outbox.lease(AT_ONCE)
    if not leased:
        return 0
    with _Web() as web:
        turns: dict[int, int] = {}
        while True:
            for held in leased:
                turns[held.endpoint_id] = 0
                _send_next(web, held)
            if not web.under_way:
                break
            for message, answer in web.collect(_PAUSE):
                held = message.lease
                point("webhook sent")
                ours = outbox.record(message, answer)
                received += ours and answer.accepted
                turns[held.endpoint_id] += 1
                if ours and turns[held.endpoint_id] < _TURN and go_on():
                    _send_next(web, held)
                else:
                    outbox.release(held)
            leased = []
            if go_on():
                outbox.fan_out()
                leased = outbox.lease(AT_ONCE - web.under_way) if web.under_way < AT_ONCE else []
    return received


def _send_next(web: "_Web", held: Lease) -> None:
    try:
        message = outbox.next_message(held)
    except SecretLost as error:
        _log.error("Webhook %s: %s", held.public_id, error)
        outbox.postpone(held, _OURS, str(error))
        return
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - one endpoint's trouble must not cost the others theirs
        _log.exception("Webhook %s: the next message cannot be made", held.public_id)
        outbox.postpone(
            held, _OURS, f"The next message cannot be made ({type(error).__name__}); the desk's log says why."
        )
        return
    if message is None:
        outbox.release(held)
    else:
        web.send(message)


class _Web(BackgroundLoop[MessageSender, tuple[Message, Answer]]):
    """Sends messages, and hands on what came of them."""

    def __init__(self) -> None:
        super().__init__(open_sender(**request_defaults(), concurrency=AT_ONCE), name="webhooks")

    def send(self, message: Message) -> None:
        self.start(self._tell(message))

    async def _tell(self, message: Message) -> None:
        headers = {**message.headers, "Content-Type": "application/json"}
        result = await self.client.post(
            message.url, headers=headers, body=message.payload, seconds=settings.WEBHOOK_TIMEOUT
        )
        answer = Answer(result.status, result.detail, result.body or b"", result.retry_after, result.elapsed)
        self.deliver((message, answer))
