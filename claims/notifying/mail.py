"""Send the mails that are due: one a person, and no more than one at a time to anybody."""

import logging
import smtplib
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, Min, Q
from django.db.models.functions import Now

from claims.models import NoticeDelivery, Preferences
from claims.notifying.mail_text import mail_of
from claims.notifying.outside import hidden_from
from claims.notifying.times import after_quiet, mail_due
from claims.permissions import User
from sources.faults import point
from sources.polling.leases import database_time

_log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
GIVEN_UP_AFTER = timedelta(days=3)
_FIRST_RETRY = timedelta(minutes=5)
_LONGEST_RETRY = timedelta(hours=4)
_MOST_PEOPLE = 500  # a run
_MOST_NOTICES = 500  # a mail

State = NoticeDelivery.State
_BY_MAIL = Q(chat__isnull=True, state=State.PENDING)


class _ServerAway(Exception):
    """The mail server cannot be reached or refuses us: nobody else's mail would fare better now."""


def send_due(*, may_continue: Callable[[], bool]) -> int:
    """Mail what is due. Returns the number of mails; without a mail server nothing is sent."""
    if not settings.EMAIL_HOST:
        return 0
    due = NoticeDelivery.objects.filter(_BY_MAIL, due_at__lte=Now()).values_list("notice__recipient")
    people = [pk for (pk, _) in due.annotate(first=Min("due_at")).order_by("first")[:_MOST_PEOPLE]]
    sent = 0
    for pk in people:
        if not may_continue():
            break
        try:
            sent += _send_to(pk)
        except _ServerAway as error:
            _log.error("No notices are mailed; check FACTCHECK_SMTP: %s", error)
            break
    return sent


def _send_to(pk: int) -> bool:
    user = get_user_model()._default_manager.get(pk=pk)
    wanted = Preferences.objects.filter(pk=pk).first() or Preferences(user_id=pk)
    leased = _lease(user, wanted)
    if not leased:
        return False
    keys = [row.pk for row in leased]
    try:
        mail_of(user, wanted, [row.notice for row in leased]).send()
    except (ValueError, smtplib.SMTPRecipientsRefused) as error:
        codes = (
            [code for code, _ in error.recipients.values()] if isinstance(error, smtplib.SMTPRecipientsRefused) else []
        )
        lasting = not codes or all(code >= 500 for code in codes)
        _failed(leased, "The mail server refuses the address, or it is none.", lasting=lasting)
        return False
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        _failed(leased, f"The mail server refused the mail ({error.smtp_code}).")
        return False
    except OSError as error:  # those of smtplib are such too
        _failed(leased, f"The mail server could not be reached ({type(error).__name__}).")
        raise _ServerAway(type(error).__name__) from error
    point("notices mailed")
    NoticeDelivery.objects.filter(pk__in=keys).update(state=State.SENT, ended_at=Now(), error="")
    Preferences.objects.filter(pk=pk).update(mailed_at=Now())
    return True


def _lease(user: User, wanted: Preferences) -> list[NoticeDelivery]:
    """Take what goes into this person's mail now, and put off or drop the rest."""
    with transaction.atomic():
        now = database_time()
        rows = list(
            NoticeDelivery.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(_BY_MAIL, Q(due_at__lte=now) | Q(attempts=0), notice__recipient=user.pk)
            .select_related("notice")
            .order_by("notice")[:_MOST_NOTICES]
        )
        kept = _still_wanted(rows, user, wanted)
        dropped = {row.pk for row in rows} - {row.pk for row in kept}
        NoticeDelivery.objects.filter(pk__in=dropped).update(state=State.DROPPED, ended_at=Now())
        if not kept:
            return []
        due = max(_due(kept, wanted), after_quiet(now, wanted))
        if due > now:
            NoticeDelivery.objects.filter(pk__in=[row.pk for row in kept]).update(due_at=due)
            return []
        NoticeDelivery.objects.filter(pk__in=[row.pk for row in kept]).update(
            attempts=F("attempts") + 1, due_at=now + LEASE
        )
        for row in kept:
            row.attempts += 1
        return kept


def _due(rows: Collection[NoticeDelivery], wanted: Preferences) -> datetime:
    return min(row.due_at if row.attempts else mail_due(row.notice.created_at, wanted) for row in rows)


def _still_wanted(rows: list[NoticeDelivery], user: User, wanted: Preferences) -> list[NoticeDelivery]:
    """Those that the person has not read meanwhile, and still wants and may be told of by mail."""
    if not (user.is_active and user.email and wanted.mail):
        return []
    open_rows = [row for row in rows if row.notice.read_at is None and row.notice.kind not in wanted.muted]
    hidden = hidden_from(user)
    return [row for row in open_rows if row.notice.claim_id not in hidden]


def _failed(rows: Collection[NoticeDelivery], why: str, *, lasting: bool = False) -> None:
    """Try again later, or give up: what the server refuses for good, and what is three days old."""
    oldest = database_time() - GIVEN_UP_AFTER
    given_up = {row.pk for row in rows if lasting or row.notice.created_at < oldest}
    NoticeDelivery.objects.filter(pk__in=given_up).update(state=State.FAILED, ended_at=Now(), error=why)
    attempts = max(row.attempts for row in rows)
    wait = min(_FIRST_RETRY * 2 ** min(attempts - 1, 10), _LONGEST_RETRY)
    again = NoticeDelivery.objects.filter(pk__in={row.pk for row in rows} - given_up)
    again.update(due_at=Now() + wait, error=why)
