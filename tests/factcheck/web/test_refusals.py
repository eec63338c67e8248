"""Refused requests are counted and not logged one by one; errors of ours are logged."""

import logging
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from factcheck.web.refusals import Refusals, refusals
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_scanner_writes_one_line_a_minute(client: Any, caplog: pytest.LogCaptureFixture) -> None:
    refusals.tell()
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        for number in range(50):
            assert client.get(f"/wp-login-{number}.php?token=secret-words").status_code == 404
        assert client.get("/api/v1/claims/").status_code == 401
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
        assert caplog.records == []
        refusals.tell()
    (record,) = caplog.records
    line = record.getMessage()
    assert "404 for other addresses: 50" in line and "401 for REST: 1" in line and "400 for other addresses: 1" in line
    assert "secret-words" not in line and "wp-login" not in line


def test_a_minute_without_refusals_writes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    Refusals().tell()
    assert caplog.records == []


def test_a_line_tells_only_of_what_is_new() -> None:
    counts = Refusals()
    counts.count(404, "/admin/x/")
    counts.tell()
    counts.count(404, "/admin/y/")
    assert counts.rows() == [(404, "desk", 2)]


def test_administrators_see_the_counts(client: Any) -> None:
    client.get("/admin/nothing-here/")
    client.force_login(User.objects.create_superuser("administrator"))
    client.get("/admin/nothing-here/")
    assert "Refused requests" in client.get("/admin/").content.decode()


def test_editors_and_strangers_do_not(client: Any) -> None:
    client.get("/nothing/")
    client.force_login(factories.editor())
    assert "Refused requests" not in client.get("/admin/").content.decode()
    assert "Refused" not in Client().get("/healthz").content.decode()
