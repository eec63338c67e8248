from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from factcheck.demo.logins import from_this_machine

PASSWORD = "a long pass phrase"
HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000"}
ELSEWHERE = [
    {"REMOTE_ADDR": "192.0.2.7"},
    {"REMOTE_ADDR": ""},
    {"HTTP_HOST": "desk.example"},
    {"HTTP_HOST": "127.0.0.1.example"},
    {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    {"HTTP_X_REAL_IP": "192.0.2.7"},
    {"HTTP_FORWARDED": "for=192.0.2.7"},
    {"HTTP_VIA": "1.1 proxy"},
]


@pytest.fixture
def hosts(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "desk.example", "127.0.0.1.example"]
    settings.EMBEDDED_DATABASE = True  # the suite may run on a server of one's own


def user(name: str) -> User:
    return User.objects.create_user(name, password=PASSWORD, is_staff=True)


def log_in(name: str, meta: dict[str, str]) -> bool:
    request = RequestFactory().get("/", **{**HERE, **meta})
    return authenticate(request, username=name, password=PASSWORD) is not None


@pytest.mark.parametrize(
    "meta",
    [
        {},
        {"HTTP_HOST": "localhost"},
        {"REMOTE_ADDR": "::1", "HTTP_HOST": "[::1]:8000"},
        {"REMOTE_ADDR": "127.8.8.8"},
    ],
)
@pytest.mark.django_db
def test_demo_editors_log_in_on_this_machine(hosts: None, meta: dict[str, str]) -> None:
    user("demo-editor-a")
    assert log_in("demo-editor-a", meta)


@pytest.mark.parametrize("meta", ELSEWHERE)
@pytest.mark.django_db
def test_demo_editors_cannot_log_in_from_elsewhere_and_others_can(hosts: None, meta: dict[str, str]) -> None:
    user("demo-editor-a")
    user("editor")
    assert not log_in("demo-editor-a", meta)
    assert not from_this_machine(RequestFactory().get("/", **{**HERE, **meta}))
    assert log_in("editor", meta)


@pytest.mark.django_db
def test_a_log_in_without_a_request_is_refused() -> None:
    user("demo-editor-b")
    assert authenticate(username="demo-editor-b", password=PASSWORD) is None


@pytest.mark.parametrize("meta", ELSEWHERE)
@pytest.mark.django_db
def test_a_demo_session_ends_when_it_is_used_from_elsewhere(hosts: None, meta: dict[str, str]) -> None:
    client = Client(**HERE)
    client.force_login(user("demo-editor-a"))
    assert client.get("/account/password/").status_code == 200
    answer = client.get("/account/password/", **meta)
    assert (answer.status_code, "login" in answer.headers["Location"]) == (302, True)
    assert client.get("/account/password/").status_code == 302


@pytest.mark.django_db
def test_another_session_is_left_alone(hosts: None) -> None:
    client = Client(**HERE)
    client.force_login(user("editor"))
    assert client.get("/account/password/", HTTP_HOST="desk.example").status_code == 200
