"""Mails about notices, through a real mail server: to whom, when, and what they say."""

import socket
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from claims import notices
from claims.models import Claim, Notice, NoticeDelivery, Preferences
from claims.notifying import kept, mail, planned
from claims.visibility import restrict
from tests import factories
from tests.claims.notifying.smtp_receiver import MailServer, mail_server

pytestmark = pytest.mark.django_db
Kind = Notice.Kind
State = NoticeDelivery.State
ALWAYS = {"may_continue": lambda: True}


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with mail_server() as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield running


def reader(address: str = "ada@desk.example", **wanted: Any) -> User:
    user = factories.editor()
    user.email = address
    user.save(update_fields=["email"])
    Preferences.objects.create(user=user, **{"mail": "at_once", **wanted})
    return user


def told(
    user: User,
    kind: Kind = Kind.MENTION,
    sentence: str = "Ben asks: is 412 right?",
    claim: Claim | None = None,
) -> Notice:
    """A notice that was written ten minutes ago."""
    notice = factories.notice(user, sentence, kind=kind, claim=claim)
    Notice.objects.filter(pk=notice.pk).update(created_at=timezone.now() - timedelta(minutes=10))
    return notice


def on(claim: Claim) -> str:
    return f"/admin/claims/{claim.pk}/"


def state(notice: Notice) -> str:
    return NoticeDelivery.objects.get(notice=notice, chat__isnull=True).state


def test_one_mail_a_person_grouped_by_claim(server: MailServer) -> None:
    ada, ben = reader(), reader("ben@desk.example")
    first, second = factories.claim("First secret draft"), factories.claim("Second secret draft")
    told(ada, claim=first)
    told(ada, Kind.ASSIGNED, claim=second)
    told(ada, claim=first)
    told(ben, claim=first)
    assert mail.send_due(**ALWAYS) == 2
    by_address = {to[0]: sent for to, sent in server.received}
    text = by_address["ada@desk.example"].get_content()
    assert by_address["ada@desk.example"]["Subject"] == "3 notices wait for you at the desk"
    assert text.count(first.public_id) == 1
    assert "- a colleague mentions you (2 times)" in text
    assert "- a claim was assigned to you" in text
    assert f"{on(second)}\r\n" in text
    assert set(NoticeDelivery.objects.values_list("state", flat=True)) == {"sent"}
    assert mail.send_due(**ALWAYS) == 0
    assert Preferences.objects.get(pk=ada.pk).mailed_at is not None


def test_words_leave_only_if_they_are_published(server: MailServer) -> None:
    ada = reader()
    review = factories.published_review()
    Claim.objects.filter(pk=review.claim_id).update(text="What is being written now.")
    draft = factories.claim("Nobody has published this.")
    told(ada, sentence="Ben: I doubt the minister lied.", claim=review.claim)
    told(ada, sentence="Ben: I doubt the minister lied.", claim=draft)
    mail.send_due(**ALWAYS)
    (sent,) = server.mails
    text = sent.get_content()
    assert "“412 bridges need repair․”" in text or "“412 bridges need repair.”" in text
    for secret in ("being written", "Nobody has published", "doubt", "minister", "Ben"):
        assert secret not in sent.as_string(), secret


def test_headers_of_a_mail(server: MailServer) -> None:
    told(reader())
    mail.send_due(**ALWAYS)
    (sent,) = server.mails
    assert sent["List-Unsubscribe"].endswith("/admin/me/>")
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent.get_content_type() == "text/plain"
    assert not sent.is_multipart()


@pytest.mark.parametrize("address", ["ada@desk.example\nBcc: eve@evil.example", "ada@desk.example\r\nX: y", "none"])
def test_an_address_cannot_add_a_header_or_a_recipient(server: MailServer, address: str) -> None:
    server.refusals["none"] = 550
    user = reader()
    notice = told(user)
    User.objects.filter(pk=user.pk).update(email=address)
    assert mail.send_due(**ALWAYS) == 0
    assert server.received == []
    assert state(notice) == "failed"


def test_what_was_read_muted_or_switched_off_meanwhile_is_not_mailed(server: MailServer) -> None:
    read, muted, off, gone = (reader(f"{name}@desk.example") for name in ("read", "muted", "off", "gone"))
    rows = [told(user) for user in (read, muted, off, gone)]
    notices.mark_read(read, rows[0].pk)
    Preferences.objects.filter(pk=muted.pk).update(muted=["mention"])
    Preferences.objects.filter(pk=off.pk).update(mail="")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert mail.send_due(**ALWAYS) == 0
    assert [state(row) for row in rows] == ["dropped"] * 4


def test_nobody_without_an_address_or_a_wish_has_a_mail_to_wait_for(server: MailServer) -> None:
    told(reader(""))
    told(reader(mail=""))
    told(reader(muted=["mention"]))
    told(factories.editor())
    assert not NoticeDelivery.objects.exists()


@pytest.mark.sql
def test_a_notice_that_the_database_writes_is_mailed_too(server: MailServer) -> None:
    """Triggers write notices of their own, with no line of Python; claims/models/review.py has one."""
    ada = reader()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO claims_notice (recipient_id, kind, sentence, path, created_at)"
            " VALUES (%s, 'approval_voided', 'It was changed.', '', now() - interval '10 minutes')",
            [ada.pk],
        )
    assert mail.send_due(**ALWAYS) == 1
    assert "an approval was voided" in server.mails[0].get_content()


def test_a_claim_that_was_restricted_meanwhile_is_not_named(server: MailServer) -> None:
    ada = reader()
    claim = factories.claim()
    notice = told(ada, claim=claim)
    chief = factories.editor()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("claims.visibility.may_restrict", lambda *_: True)
        restrict(claim, members=[], actor=chief)
    assert mail.send_due(**ALWAYS) == 0
    assert state(notice) == "dropped"


def test_a_fresh_notice_waits_some_minutes_for_others_and_for_its_reader(server: MailServer) -> None:
    ada = reader()
    factories.notice(ada)
    assert mail.send_due(**ALWAYS) == 0
    row = NoticeDelivery.objects.get()
    assert timedelta() < row.due_at - timezone.now() <= timedelta(minutes=10)
    told(ada)  # older, and due: both go
    assert mail.send_due(**ALWAYS) == 1
    assert server.mails[0]["Subject"].startswith("2 notices")


def test_quiet_hours_hold_mail_back(server: MailServer) -> None:
    now = timezone.now()
    start, end = ((now + timedelta(hours=hours)).time().replace(tzinfo=None) for hours in (-1, 1))
    told(ada := reader(quiet_from=start, quiet_to=end))
    assert mail.send_due(**ALWAYS) == 0
    due = NoticeDelivery.objects.get().due_at
    assert timedelta(minutes=58) < due - now < timedelta(minutes=62)
    row = Preferences.objects.get(pk=ada.pk)
    row.quiet_from, row.quiet_to = time(0), time(0, 1)
    if now.time() < time(0, 2):
        row.quiet_from, row.quiet_to = time(12), time(13)
    row.save()
    planned.plan_anew(row)
    assert mail.send_due(**ALWAYS) == 1


def test_a_refused_address_is_given_up_and_others_get_theirs(server: MailServer) -> None:
    lost, found = reader("lost@desk.example"), reader("found@desk.example")
    server.refusals["lost@desk.example"] = 550
    notice = told(lost)
    told(found)
    assert mail.send_due(**ALWAYS) == 1
    assert server.received[0][0] == ["found@desk.example"]
    assert state(notice) == "failed"


def test_a_refusal_for_now_is_tried_again_later_each_time(server: MailServer) -> None:
    ada = reader()
    server.refusals[ada.email] = 451
    notice = told(ada)
    waits = []
    for _ in range(3):
        assert mail.send_due(**ALWAYS) == 0
        row = NoticeDelivery.objects.get(notice=notice)
        waits.append(row.due_at - timezone.now())
        assert row.error
        assert mail.send_due(**ALWAYS) == 0, "not before it is due"
        NoticeDelivery.objects.filter(notice=notice).update(due_at=timezone.now())
    assert waits[0] < waits[1] < waits[2]
    assert NoticeDelivery.objects.get(notice=notice).attempts == 3
    del server.refusals[ada.email]
    assert mail.send_due(**ALWAYS) == 1
    assert state(notice) == "sent"


def test_what_is_three_days_old_is_given_up(server: MailServer) -> None:
    ada = reader()
    server.data_code = 452
    notice = told(ada)
    Notice.objects.filter(pk=notice.pk).update(created_at=timezone.now() - timedelta(days=3, hours=1))
    mail.send_due(**ALWAYS)
    assert state(notice) == "failed"


def test_a_server_that_is_away_is_asked_once_a_run(settings: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed.getsockname()[1]
        settings.EMAIL_USE_TLS = False
        for number in range(3):
            told(reader(f"r{number}@desk.example"))
        assert mail.send_due(**ALWAYS) == 0
    assert sorted(NoticeDelivery.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_a_worker_that_dies_after_sending_sends_once_more(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lease outlives it, so the second mail comes later, and has the same id."""

    class Killed(BaseException):
        pass

    def die(name: str) -> None:
        raise Killed

    notice = told(reader())
    monkeypatch.setattr(mail, "point", die)
    with pytest.raises(Killed):
        mail.send_due(**ALWAYS)
    monkeypatch.undo()
    assert mail.send_due(**ALWAYS) == 0, "leased"
    NoticeDelivery.objects.filter(notice=notice).update(due_at=timezone.now())
    assert mail.send_due(**ALWAYS) == 1
    assert mail.send_due(**ALWAYS) == 0
    assert len({sent["Message-ID"] for sent in server.mails}) == 1
    assert len(server.mails) == 2


def test_in_the_readers_language(server: MailServer) -> None:
    told(reader(language="de"))
    assert mail.send_due(**ALWAYS) == 1  # the words are in factcheck/locale


def test_without_a_mail_server_nothing_is_tried(settings: Any) -> None:
    settings.EMAIL_HOST = ""
    told(reader())
    assert mail.send_due(**ALWAYS) == 0
    assert NoticeDelivery.objects.get().attempts == 0


def test_old_deliveries_are_deleted_and_their_notices_stay(server: MailServer) -> None:
    ada = reader()
    old, fresh = told(ada), told(ada)
    mail.send_due(**ALWAYS)
    NoticeDelivery.objects.filter(notice=old).update(ended_at=timezone.now() - timedelta(days=8))
    assert kept.delete_old() == 1
    assert list(NoticeDelivery.objects.values_list("notice", flat=True)) == [fresh.pk]
    assert Notice.objects.count() == 2
