"""Writers on a running `up`, and the ledger of what was acknowledged to them, to be compared with the database.

REST    claims and tips, each with an Idempotency-Key, sent again with it until a response arrives
desk    claims added in the form of the desk; one without a response is not sent again, and may be there or not
log     reviews published by the product's own functions, as a process beside the web would
"""

import http.client
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth import login
from django.db import InterfaceError, OperationalError, connection, connections
from django.test import RequestFactory

from claims.models import Claim, Publication, Tip
from claims.proof.checks import audited_rows, publication_log
from factcheck.embedded import postgres
from factcheck.models import Heartbeat
from sources.extraction import process_tree
from tests import factories
from tests.processes import OwnTime
from tests.running_up import Up

REST, TIP, DESK, LOG = "claim by REST", "tip by REST", "claim at the desk", "published review"


@contextmanager
def database_of(data: Path, monkeypatch: pytest.MonkeyPatch, blocker: Any) -> Iterator[None]:
    """Within, Django's connections lead to the database of this data folder, and its secret key is ours."""
    with monkeypatch.context() as patch, blocker.unblock():
        for alias, role in (("default", "app"), ("owner", "owner")):
            connections[alias].close()
            ours = connections[alias].settings_dict
            where = {"HOST": str(postgres.socket_folder(data)), "PORT": "", "PASSWORD": ""}
            for name, value in {**where, "NAME": postgres.DATABASE, "USER": postgres.ROLES[role]}.items():
                patch.setitem(ours, name, value)
        patch.setattr(settings, "SECRET_KEY", (data / "secret_key").read_text().strip())
        try:
            yield
        finally:
            connections.close_all()


class Ledger:
    """What was acknowledged, and what was sent and got no response."""

    def __init__(self) -> None:
        self.acknowledged: list[tuple[str, str]] = []
        self.unsure: set[str] = set()
        self.sent_again = 0
        self.wrong: list[str] = []
        self._lock = threading.Lock()

    def send(self, kind: str, text: str, write: Callable[[], bool]) -> bool:
        """Write once, and note the acknowledgement; returns whether there was one."""
        with self._lock:
            self.unsure.add(text)
        try:
            if not write():
                return False
        except (OSError, http.client.HTTPException, OperationalError, InterfaceError):
            return False
        with self._lock:
            self.unsure.discard(text)
            self.acknowledged.append((kind, text))
        return True

    def differences(self) -> list[str]:
        """What is lost, doubled or not audited in the database that Django's connections lead to; empty if nothing."""
        found = list(self.wrong)
        for kind, text in self.acknowledged:
            if (times := _times(kind, text)) != 1:
                found.append(f"{kind} {text!r} is there {times} times")
            if kind != LOG and (audited := _audited(kind, text)) != 1:
                found.append(f"{kind} {text!r} has {audited} audit rows of its creation")
        for text in self.unsure:
            if max(_times(DESK, text), _times(TIP, text)) > 1:
                found.append(f"{text!r} was never acknowledged and is there twice")
        found += [
            finding.sentence
            for part in (publication_log.log, publication_log.index, audited_rows.rows)
            for finding in part()
        ]
        return found


def _times(kind: str, text: str) -> int:
    if kind == LOG:
        return Publication.objects.filter(claim__text=text, event="published").count()
    return (Tip if kind == TIP else Claim).objects.filter(text=text).count()


def _audited(kind: str, text: str) -> int:
    events: Any = (Tip if kind == TIP else Claim).pgh_event_models["insert"]
    return int(events.objects.filter(text=text, pgh_label="insert").count())


class Writers:
    """Four writers that go on until the end of the `with`, whatever happens to the parts meanwhile."""

    def __init__(self, url: str, key: str, ledger: Ledger, *, pause: float = 0.25) -> None:
        self.netloc = urlsplit(url).netloc
        self.key = key
        self.ledger = ledger
        self.pause = pause
        self.session = _log_in()
        self._ending = threading.Event()
        self._threads = [
            threading.Thread(target=self._write, args=(each,))
            for each in (self._claim, self._tip, self._at_the_desk, self._publish)
        ]

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def _write(self, one: Callable[[str], None]) -> None:
        number = 0
        while not self._ending.wait(self.pause):
            number += 1
            one(f"{one.__name__.strip('_')} {number} {uuid4()}")
        connection.close()

    def _claim(self, text: str) -> None:
        self._repeat(REST, text, "/api/v1/desk/claims/")

    def _tip(self, text: str) -> None:
        self._repeat(TIP, text, "/api/v1/tips/")

    def _repeat(self, kind: str, text: str, path: str) -> None:
        """Send until there is a response, as docs/api.md says."""
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": f'"{uuid4()}"',
        }
        body = json.dumps({"text": text})
        while not self.ledger.send(kind, text, lambda: self._ask(path, body, headers, good=201)):
            self.ledger.sent_again += 1
            if self._ending.wait(0.2):
                return

    def _at_the_desk(self, text: str) -> None:
        token = "c" * 32
        form = {
            "csrfmiddlewaretoken": token,
            "text": text,
            "language": "en",
            "appearances-TOTAL_FORMS": "0",
            "appearances-INITIAL_FORMS": "0",
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={token}",
        }
        path = "/admin/claims/claim/add/"
        self.ledger.send(DESK, text, lambda: self._ask(path, urlencode(form), headers, good=302))

    def _publish(self, text: str) -> None:
        def publish() -> bool:
            try:
                # The address is private, so that the poller asks nobody.
                page = factories.page(f"http://127.0.0.1:8080/{uuid4()}")
                factories.published_review(factories.claim(text), of=page)
            finally:
                if connection.connection is not None and connection.connection.broken:
                    connection.close()
            return True

        self.ledger.send(LOG, text, publish)

    def _ask(self, path: str, body: str, headers: dict[str, str], *, good: int) -> bool:
        with closing(http.client.HTTPConnection(self.netloc, timeout=15)) as client:
            client.request("POST", path, body, headers)
            response = client.getresponse()
            said = response.read()
        if response.status == good and "/login/" not in response.getheader("Location", ""):
            return True
        if response.status < 500 and response.status not in (409, 429):
            self.ledger.wrong.append(f"{path} {response.status} {said[:300]!r}")
            raise OSError(response.status)
        return False


def _log_in() -> str:
    """The session key of an editor."""
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1")
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    login(request, factories.editor(f"editor-{uuid4()}"), backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.save()
    return str(request.session.session_key)


def kill_and_wait(up: Up, part: str, *, seconds: float = 60) -> float:
    """Kill -9 a part, or a child of it, and return after how many seconds the product worked again without a gap.

    They are those of `OwnTime`: other programs on the machine make no restart slower than promised.
    """
    up.look()
    pid = up.pid(part.removesuffix("'s child"))
    if part.endswith("'s child"):
        pid = next(child for child in up.tree if int(process_tree.stat(child)[1]) == pid)
    before = _heartbeats()
    own = OwnTime()
    os.kill(pid, signal.SIGKILL)
    while own.seconds() < seconds:
        time.sleep(0.25)
        try:
            after = _heartbeats()
            works = up.get("/healthz")[0] == 200
        except (OSError, http.client.HTTPException, OperationalError, InterfaceError, ValueError):
            connection.close()
            continue
        if works and all(after[name] > before[name] for name in ("worker", "beat")):
            return own.seconds()
    raise AssertionError(f"{part} was not back within {seconds} s: {up.errors[-2000:]}")


def _heartbeats() -> dict[str, Any]:
    return dict(Heartbeat.objects.values_list("part", "at"))
