"""The lock-out under tries that come at the same time, on connections of their own."""

import threading
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.test import RequestFactory

from claims.roles import Role
from factcheck.login import lockout
from factcheck.login.models import LogInEvent
from tests.factcheck.login.browser import PASSWORD, person


def tries(password: str = "wrong") -> tuple[bool, bool]:
    """Whether a try opens the account, and whether it was refused unseen."""
    request: Any = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")
    return authenticate(request, username="anna", password=password) is not None, hasattr(request, "locked")


@pytest.mark.sql
@pytest.mark.usefixtures("live_database")
def test_tries_at_the_same_time_get_no_more_than_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve connections at once, all of whose passwords could be looked at at once."""
    monkeypatch.setattr(lockout, "strangers", lockout._Turns(12, waiting=0, seconds=10))
    person("anna", Role.EDITOR)
    together, results = threading.Barrier(12), []

    def guess() -> None:
        try:
            together.wait(10)
            results.extend(tries() for _ in range(3))
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [(False, False)] * 5 + [(False, True)] * 31
    assert sorted(LogInEvent.objects.values_list("kind", flat=True)) == ["locked"] + ["wrong_password"] * 5
    assert tries(PASSWORD) == (False, True), "nor does the right one open it now"
