"""Scripts of which other sites may read answers: those of the origins that are named, and never with cookies."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test.utils import override_settings

from tests.api_client import ask, reading_key

ROOT = Path(__file__).resolve().parents[3]
CLAIMS = "/api/v1/claims/"
OURS = "https://www.paper.example"


@pytest.fixture(autouse=True)
def origins() -> Iterator[None]:
    with override_settings(CORS_ALLOWED_ORIGINS=[OURS, "http://localhost:3000"]):
        yield


def preflight(origin: str, path: str = CLAIMS) -> HttpResponse:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,idempotency-key"}
    return ask(path, method="OPTIONS", headers={"Origin": origin, **asks})


def test_a_named_origin_may_read_and_no_cookie_goes_along(db: None) -> None:
    response = ask(CLAIMS, reading_key(), headers={"Origin": OURS})
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == OURS
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert {"etag", "ratelimit", "retry-after"} <= {
        name.strip().lower() for name in response.headers["Access-Control-Expose-Headers"].split(",")
    }


def test_errors_can_be_read_too(db: None) -> None:
    for path in (CLAIMS, f"{CLAIMS}%00/", "/api/v1/nothing/"):
        response = ask(path, headers={"Origin": OURS})
        assert response.status_code >= 400
        assert response.headers["Access-Control-Allow-Origin"] == OURS


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://www.paper.example",
        "https://www.paper.example:8443",
        "https://www.paper.example.evil.example",
        "https://evilwww.paper.example",
        "https://sub.www.paper.example",
        "null",
        "*",
        "https://[",
        "",
    ],
)
def test_no_other_origin_may(db: None, origin: str) -> None:
    key = reading_key()
    for response in (ask(CLAIMS, key, headers={"Origin": origin}), preflight(origin)):
        assert not [name for name in response.headers if name.startswith("Access-Control-")]
        assert "origin" in response.headers["Vary"].lower()


def test_a_preflight_is_answered_without_a_key() -> None:
    response = preflight(OURS)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["Access-Control-Allow-Origin"] == OURS
    assert {"authorization", "idempotency-key", "if-match"} <= set(
        response.headers["Access-Control-Allow-Headers"].split(", ")
    )
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "origin" in response.headers["Vary"].lower()


def test_nothing_but_the_interface_is_open_to_other_sites(db: None) -> None:
    for path in ("/healthz", "/admin/login/"):
        response = ask(path, headers={"Origin": OURS})
        assert "Access-Control-Allow-Origin" not in response.headers
        assert "Access-Control-Allow-Origin" not in preflight(OURS, path).headers


def test_answers_for_one_origin_are_not_kept_for_another(db: None) -> None:
    for origin in (OURS, "https://evil.example"):
        assert "origin" in ask(CLAIMS, reading_key(origin), headers={"Origin": origin}).headers["Vary"].lower()
    with override_settings(CORS_ALLOWED_ORIGINS=[]):
        assert "Access-Control-Allow-Origin" not in ask(CLAIMS, headers={"Origin": OURS}).headers


@pytest.mark.parametrize(
    ("variable", "value", "word"),
    [
        ("FACTCHECK_CORS_ORIGINS", "*", "without path or wildcard"),
        ("FACTCHECK_CORS_ORIGINS", "https://www.paper.example/", "without path or wildcard"),
        ("FACTCHECK_RATE_LIMIT_STORE", "memcached://x", "postgresql or redis://"),
    ],
)
def test_settings_that_cannot_be_are_refused(variable: str, value: str, word: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import factcheck.settings"],
        cwd=ROOT,
        env={**os.environ, variable: value},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert word in done.stderr
