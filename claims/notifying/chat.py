"""Tell chat rooms of notices: one message a room and run, all rooms at once, through the guarded client.

A room that does not answer delays its own messages and no others. Its address is a secret, which no error and no line
of a log holds.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from claims.models import ChatWebhook, NoticeDelivery, Preferences
from claims.notifying.chat_body import Line, message, trial_message
from claims.notifying.outside import about, hidden_from, notices_url, restricted
from claims.notifying.times import after_quiet, is_quiet
from sources.faults import point
from sources.http.client import open_sender
from sources.http.defaults import request_defaults
from sources.http.responses import FetchResult
from sources.polling.leases import database_time

_log = logging.getLogger(__name__)

SECONDS = 10.0  # a message, name resolution included
LEASE = timedelta(minutes=2)
GIVEN_UP_AFTER = timedelta(days=1)
_FIRST_RETRY = timedelta(seconds=30)
_LONGEST_RETRY = timedelta(hours=1)
_MOST_ROOMS = 50  # a run
_MOST_NOTICES = 50  # a message
_TRY_AGAIN = frozenset({408, 409, 425, 429})  # beside 5xx

State = NoticeDelivery.State


@dataclass(frozen=True)
class _Message:
    chat: ChatWebhook
    rows: list[NoticeDelivery]
    body: bytes


def send_due(*, may_continue: Callable[[], bool]) -> int:
    """Send what is due. Returns the number of messages that arrived."""
    arrived = 0
    while may_continue():
        due = NoticeDelivery.objects.filter(chat__isnull=False, state=State.PENDING, due_at__lte=Now())
        rooms = ChatWebhook.objects.filter(pk__in=due.values("chat")).order_by("pk")[:_MOST_ROOMS]
        messages = [each for room in rooms if (each := _lease(room)) is not None]
        if not messages:
            break
        results = asyncio.run(_post([(each.chat.url, each.body) for each in messages]))
        point("chats told")
        for each, result in zip(messages, results, strict=True):
            arrived += _record(each, result)
    return arrived


def send_trial(chat: ChatWebhook) -> str:
    """Send a message that says it is a test. Returns why it did not arrive, as a sentence; empty if it did."""
    (result,) = asyncio.run(_post([(chat.url, trial_message(chat.shape, notices_url()))]))
    return _why(chat, result)


def _lease(chat: ChatWebhook) -> _Message | None:
    """Take what goes into the room's next message, and drop what is not needed any more."""
    with transaction.atomic():
        now = database_time()
        rows = list(
            NoticeDelivery.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(chat=chat, state=State.PENDING, due_at__lte=now)
            .select_related("notice__recipient__preferences")
            .order_by("notice")[:_MOST_NOTICES]
        )
        kept, held, lines = _lines(rows, now) if chat.is_active else ([], [], [])
        dropped = {row.pk for row in rows} - {row.pk for row in (*kept, *held)}
        for row in held:
            row.save(update_fields=["due_at"])
        NoticeDelivery.objects.filter(pk__in=dropped).update(state=State.DROPPED, ended_at=Now())
        if not kept:
            return None
        NoticeDelivery.objects.filter(pk__in=[row.pk for row in kept]).update(
            attempts=F("attempts") + 1, due_at=now + LEASE
        )
        for row in kept:
            row.attempts += 1
        return _Message(chat, kept, message(chat.shape, lines))


def _lines(
    rows: Sequence[NoticeDelivery], now: datetime
) -> tuple[list[NoticeDelivery], list[NoticeDelivery], list[Line]]:
    """What goes into the message, what waits until the quiet hours of its person are over, and the message's lines.

    Only what names the person waits: a line without her name calls nobody, and the room may act on it.
    """
    known = about(row.notice for row in rows)
    secret = restricted([of.claim for of in known.values() if of.claim is not None])
    kept: list[NoticeDelivery] = []
    held: list[NoticeDelivery] = []
    lines: dict[tuple[str, str], Line] = {}
    for row in rows:
        notice, of = row.notice, known[row.notice_id]
        wanted = _preferences(row)
        hidden = of.claim is not None and of.claim in hidden_from(notice.recipient)
        if notice.read_at is not None or notice.kind in wanted.muted or of.claim in secret or hidden:
            continue
        if wanted.chat_name and is_quiet(now, wanted):
            row.due_at = after_quiet(now, wanted)
            held.append(row)
            continue
        kept.append(row)
        line = lines.setdefault((notice.kind, of.url), Line(notice.kind, of))
        if wanted.chat_name:
            line.people.append(wanted.chat_name)
    return kept, held, list(lines.values())


def _preferences(row: NoticeDelivery) -> Preferences:
    try:
        return row.notice.recipient.preferences
    except Preferences.DoesNotExist:
        return Preferences(user=row.notice.recipient)


async def _post(requests: Sequence[tuple[str, bytes]]) -> list[FetchResult]:
    headers = {"Content-Type": "application/json"}
    async with open_sender(**request_defaults(), concurrency=len(requests)) as sender:
        return list(
            await asyncio.gather(
                *(sender.post(url, headers=headers, body=body, seconds=SECONDS) for url, body in requests)
            )
        )


def _record(sent: _Message, result: FetchResult) -> bool:
    rows = NoticeDelivery.objects.filter(pk__in=[row.pk for row in sent.rows], state=State.PENDING)
    why = _why(sent.chat, result)
    if not why:
        rows.update(state=State.SENT, ended_at=Now(), error="")
        ChatWebhook.objects.filter(pk=sent.chat.pk).update(last_sent_at=Now(), last_error="")
        return True
    _log.warning("Chat %s was not told of %s notices: %s", sent.chat.pk, len(sent.rows), why)
    status = result.status or 0
    gone = status == 410
    lasting = 300 <= status < 500 and status not in _TRY_AGAIN
    oldest = database_time() - GIVEN_UP_AFTER
    given_up = {row.pk for row in sent.rows if lasting or row.notice.created_at < oldest}
    rows.filter(pk__in=given_up).update(state=State.FAILED, ended_at=Now(), error=why)
    rows.exclude(pk__in=given_up).update(due_at=Now() + _wait(sent.rows, result), error=why)
    paused = {"is_active": False} if gone else {}
    ChatWebhook.objects.filter(pk=sent.chat.pk).update(last_error=why, **paused)
    return False


def _wait(rows: Sequence[NoticeDelivery], result: FetchResult) -> timedelta:
    planned = _FIRST_RETRY * 2 ** min(max(row.attempts for row in rows) - 1, 10)
    asked = timedelta(seconds=min(result.retry_after or 0.0, _LONGEST_RETRY.total_seconds()))
    jitter = 1 + random.random() * 0.2  # noqa: S311 - not a secret
    wait: timedelta = max(min(planned, _LONGEST_RETRY), asked)
    return wait * jitter


def _why(chat: ChatWebhook, result: FetchResult) -> str:
    """Why it did not arrive, without the address; empty if it did."""
    if result.status is not None and 200 <= result.status < 300:
        return ""
    if result.status is not None:
        return f"The chat answered {result.status}."
    return _without_address(result, chat.url).detail or "The chat could not be reached."


def _without_address(result: FetchResult, url: str) -> FetchResult:
    """The result with a sentence that holds no part of the address which could be its secret."""
    shown = result.detail
    for part in sorted({url, url.partition("://")[2], *url.partition("://")[2].split("/")[1:]}, key=len, reverse=True):
        if len(part) > 3:
            shown = shown.replace(part, "…")
    return replace(result, detail=shown)
