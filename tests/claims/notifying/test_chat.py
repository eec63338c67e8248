"""Chats on loopback: what they are told, in which shape, and what happens when they do not answer."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from claims import notices
from claims.models import ChatWebhook, Claim, Notice, NoticeDelivery, Preferences, Restriction
from claims.notifying import chat, chats
from claims.permissions import Refused
from tests import factories
from tests.claims.notifying.test_inert import ACTS, HOSTILE

pytestmark = pytest.mark.django_db
Kind = Notice.Kind
ALWAYS = {"may_continue": lambda: True}


class Rooms(ThreadingHTTPServer):
    """Keeps what it gets; answers each path as it was told to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, int | Callable[[_Handler], None]] = {}

    def bodies(self, path: str = "/desk/secret-token") -> list[dict[str, Any]]:
        return [body for each, body in self.received if each == path]


class _Handler(BaseHTTPRequestHandler):
    server: Rooms

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, json.loads(body)))
        answer = self.server.answers.get(self.path, 200)
        if callable(answer):
            answer(self)
        else:
            self.send_response(answer)
            self.send_header("Content-Length", "0")
            if 300 <= answer < 400:
                self.send_header("Location", "/elsewhere")
            self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def rooms(settings: Any) -> Iterator[Rooms]:
    with Rooms() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.FETCH_ALLOWED_LOOPBACK = f"127.0.0.1:{server.server_port}"
        yield server
        server.shutdown()


def room(rooms: Rooms, path: str = "/desk/secret-token", **fields: Any) -> ChatWebhook:
    url = f"http://127.0.0.1:{rooms.server_port}{path}"
    options = {"name": path, "url": url, "shown_url": chats.cut_off(url), "created_by": factories.editor(), **fields}
    return ChatWebhook.objects.create(**options)


def told(
    *users: User, kind: Kind = Kind.MENTION, sentence: str = "Ben asks: is 412 right?", claim: Claim | None = None
) -> None:
    for user in users or [factories.editor()]:
        factories.notice(user, sentence, kind=kind, claim=claim)


def on(claim: Claim) -> str:
    return f"/admin/claims/{claim.pk}/"


def test_a_room_is_told_kind_id_and_link(rooms: Rooms) -> None:
    row = room(rooms)
    claim = factories.claim("A secret draft")
    told(claim=claim, sentence="Ben: the minister lies.")
    assert chat.send_due(**ALWAYS) == 1
    (body,) = rooms.bodies()
    assert set(body) == {"text"}
    assert body["text"] == f"somebody was mentioned · {claim.public_id} · http://127.0.0.1:8000{on(claim)}"
    assert chat.send_due(**ALWAYS) == 0
    row.refresh_from_db()
    assert row.last_sent_at is not None
    assert NoticeDelivery.objects.get().state == "sent"


def test_published_words_are_told_and_what_is_written_now_is_not(rooms: Rooms) -> None:
    room(rooms)
    review = factories.published_review()
    Claim.objects.filter(pk=review.claim_id).update(text="What is being written now.")
    told(claim=review.claim)
    chat.send_due(**ALWAYS)
    (body,) = rooms.bodies()
    assert "412 bridges need repair." in body["text"]
    assert "being written" not in body["text"]


def test_people_are_named_as_they_wish_and_not_in_their_quiet_hours(rooms: Rooms) -> None:
    room(rooms)
    ann, ben, eve = factories.editor(), factories.editor(), factories.editor()
    now = timezone.now()
    hours = {"quiet_from": (now - timedelta(hours=1)).time(), "quiet_to": (now + timedelta(hours=1)).time()}
    Preferences.objects.create(user=ann, chat_name="<!channel> Ann @here")
    Preferences.objects.create(user=ben, chat_name="Ben", **hours)
    claim = factories.claim()
    told(ann, ben, eve, claim=claim)
    chat.send_due(**ALWAYS)
    (body,) = rooms.bodies()
    assert body["text"].startswith("somebody was mentioned (‹!channel› Ann ＠here)")
    assert "Ben" not in body["text"]
    assert eve.get_username() not in body["text"]
    assert body["text"].count("somebody was mentioned") == 1
    # Who is in her quiet hours is called when they are over.
    (held,) = NoticeDelivery.objects.filter(state="pending")
    assert held.notice.recipient == ben and timedelta(minutes=55) < held.due_at - now < timedelta(minutes=65)
    assert chat.send_due(**ALWAYS) == 0
    Preferences.objects.filter(user=ben).update(quiet_from=None, quiet_to=None)
    NoticeDelivery.objects.filter(pk=held.pk).update(due_at=now)
    assert chat.send_due(**ALWAYS) == 1
    assert rooms.bodies()[1]["text"].startswith("somebody was mentioned (Ben) · ")


def test_whom_no_chat_names_has_her_line_in_quiet_hours_too(rooms: Rooms) -> None:
    """It calls nobody, and the room may act on it."""
    room(rooms)
    ben, now = factories.editor(), timezone.now()
    hours = {"quiet_from": (now - timedelta(hours=1)).time(), "quiet_to": (now + timedelta(hours=1)).time()}
    Preferences.objects.create(user=ben, **hours)
    told(ben)
    assert chat.send_due(**ALWAYS) == 1


@pytest.mark.parametrize("shape", ChatWebhook.Shape.values)
@pytest.mark.parametrize("text", HOSTILE[:11])
def test_no_words_act_in_any_shape(rooms: Rooms, shape: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    room(rooms, shape=shape)
    ann = factories.editor()
    readable = text.replace("\x00", "").replace("\ud800", "")
    Preferences.objects.create(user=ann, chat_name=readable[:100])
    claim = factories.claim()
    last = type("Last", (), {"is_redacted": False, "words": {"text": text}})
    monkeypatch.setattr("claims.notifying.outside.last_publications", lambda keys: dict.fromkeys(keys, last))
    told(ann, claim=claim, sentence=readable)
    chat.send_due(**ALWAYS)
    (body,) = rooms.bodies()
    said = {
        "slack": lambda: body["text"],
        "discord": lambda: body["content"],
        "teams": lambda: body["attachments"][0]["content"]["body"][0]["text"],
    }[shape]()
    words, _, link = said.rpartition(" · ")
    assert link == f"http://127.0.0.1:8000{on(claim)}"
    assert not ACTS.search(words.replace(claim.public_id, "")), words
    if shape == "discord":
        assert body["allowed_mentions"] == {"parse": []}


def test_only_kinds_that_are_wanted_and_rooms_that_are_not_paused(rooms: Rooms) -> None:
    room(rooms, kinds=["due", "timer"])
    room(rooms, "/paused", is_active=False)
    muted = factories.editor()
    Preferences.objects.create(user=muted, muted=["due"])
    told(kind=Kind.MENTION)
    told(muted, kind=Kind.DUE)
    assert not NoticeDelivery.objects.exists()
    told(kind=Kind.DUE)
    assert chat.send_due(**ALWAYS) == 1
    assert rooms.bodies("/paused") == []


def test_what_waits_for_a_room_that_was_paused_is_dropped(rooms: Rooms) -> None:
    row = room(rooms)
    told()
    ChatWebhook.objects.filter(pk=row.pk).update(is_active=False)
    assert chat.send_due(**ALWAYS) == 0
    assert NoticeDelivery.objects.get().state == "dropped"


def test_a_room_hears_nothing_of_restricted_claims_and_of_what_was_read(rooms: Rooms) -> None:
    room(rooms)
    ann, claim = factories.editor(), factories.claim()
    Restriction.objects.create(claim=claim, created_by=ann).members.add(ann)
    told(ann, claim=claim)
    told(ann)
    notices.mark_read(ann, Notice.objects.latest("pk").pk)
    assert chat.send_due(**ALWAYS) == 0
    assert rooms.received == []
    assert set(NoticeDelivery.objects.values_list("state", flat=True)) == {"dropped"}


def test_a_room_that_fails_is_tried_again_later_and_others_are_told(rooms: Rooms) -> None:
    rooms.answers["/broken/secret-token"] = 503
    broken, fine = room(rooms, "/broken/secret-token"), room(rooms)
    told()
    assert chat.send_due(**ALWAYS) == 1
    broken.refresh_from_db()
    assert broken.last_error == "The chat answered 503."
    waits = []
    for _ in range(3):
        row = NoticeDelivery.objects.get(chat=broken)
        waits.append(row.due_at - timezone.now())
        assert row.state == "pending"
        NoticeDelivery.objects.filter(pk=row.pk).update(due_at=timezone.now())
        chat.send_due(**ALWAYS)
    assert waits[0] < waits[1] < waits[2] < timedelta(hours=2)
    rooms.answers.clear()
    NoticeDelivery.objects.update(due_at=timezone.now())
    assert chat.send_due(**ALWAYS) == 1
    broken.refresh_from_db()
    assert broken.last_error == ""
    assert len(rooms.bodies()) == 1, fine


@pytest.mark.parametrize(
    ("status", "state", "is_active"),
    [(404, "failed", True), (410, "failed", False), (302, "failed", True), (429, "pending", True)],
)
def test_what_an_answer_means(rooms: Rooms, status: int, state: str, is_active: bool) -> None:
    rooms.answers["/desk/secret-token"] = status
    row = room(rooms)
    told()
    chat.send_due(**ALWAYS)
    assert NoticeDelivery.objects.get().state == state
    row.refresh_from_db()
    assert row.is_active == is_active
    assert rooms.bodies("/elsewhere") == []


def test_a_room_that_hangs_delays_nobody(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "SECONDS", 1.0)
    rooms.answers["/hangs"] = lambda handler: time.sleep(3)
    room(rooms, "/hangs")
    room(rooms)
    told()
    started = time.monotonic()
    assert chat.send_due(**ALWAYS) == 1
    assert time.monotonic() - started < 2.5


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/hook/verysecret", "https://10.0.0.1/hook/verysecret", "https://[::1]/hook/verysecret"]
)
def test_nothing_is_sent_into_the_own_network(settings: Any, url: str) -> None:
    settings.FETCH_ALLOWED_LOOPBACK = ""
    with pytest.raises(Refused):
        chats.checked_url(url)
    row = ChatWebhook.objects.create(name="Inside", url=url, shown_url="…", created_by=factories.editor())
    told()
    assert chat.send_due(**ALWAYS) == 0
    row.refresh_from_db()
    assert row.last_error


def test_the_address_is_in_no_error_and_no_log(rooms: Rooms, caplog: pytest.LogCaptureFixture, settings: Any) -> None:
    caplog.set_level(logging.DEBUG)
    rooms.answers["/desk/secret-token"] = 500
    row = room(rooms)
    lost = ChatWebhook.objects.create(
        name="Lost", url="https://no-such-room.invalid/hooks/verysecret", shown_url="…", created_by=row.created_by
    )
    told()
    chat.send_due(**ALWAYS)
    assert "was not told" in caplog.text
    for each in (row, lost):
        each.refresh_from_db()
        kept = f"{caplog.text} {each.last_error} {list(NoticeDelivery.objects.values_list('error', flat=True))}"
        assert "secret-token" not in kept
        assert "verysecret" not in kept
        assert each.last_error


def test_a_worker_that_dies_after_sending_sends_once_more(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def die(name: str) -> None:
        raise Killed

    room(rooms)
    told()
    monkeypatch.setattr(chat, "point", die)
    with pytest.raises(Killed):
        chat.send_due(**ALWAYS)
    monkeypatch.undo()
    assert chat.send_due(**ALWAYS) == 0, "leased"
    NoticeDelivery.objects.update(due_at=timezone.now())
    assert chat.send_due(**ALWAYS) == 1
    assert chat.send_due(**ALWAYS) == 0
    assert len(rooms.bodies()) == 2


def test_what_is_a_day_old_is_given_up(rooms: Rooms) -> None:
    rooms.answers["/desk/secret-token"] = 503
    room(rooms)
    told()
    Notice.objects.update(created_at=timezone.now() - timedelta(days=1, hours=1))
    chat.send_due(**ALWAYS)
    assert NoticeDelivery.objects.get().state == "failed"


def test_a_test_says_why_it_did_not_arrive(rooms: Rooms) -> None:
    row = room(rooms)
    administrator = factories.editor()
    with pytest.raises(Refused, match="administrator"):
        chats.try_out(row, actor=administrator)
    assert rooms.received == []
    assert chat.send_trial(row) == ""
    assert rooms.bodies()[0]["text"].endswith("/admin/notices/")
    rooms.answers["/desk/secret-token"] = 403
    assert chat.send_trial(row) == "The chat answered 403."


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://hooks.slack.com/services/T0/B0/xyz", "https://hooks.slack.com/ser…"),
        ("https://chat.example/s?token=verysecret", "https://chat.example/s…"),
        ("https://chat.example", "https://chat.example…"),
    ],
)
def test_an_address_is_shown_without_its_end(url: str, shown: str) -> None:
    assert chats.cut_off(url) == shown
