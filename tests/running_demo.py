"""`manage.py up` with its demo, as tests drive it: what it printed, its REST interface, and the demo site's pages."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from factcheck.demo.pages import SitePage

ROOT = Path(__file__).resolve().parents[1]
T = TypeVar("T")
EDIT_AFTER = 12  # seconds, instead of a minute


class Up:
    """`manage.py up` in a data folder, and what it printed."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.lines: list[str] = []
        self.ready_at = 0.0
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", "0", "--data", str(data)],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._errors: list[str] = []
        Thread(target=lambda: self._errors.extend(self.process.stderr or []), daemon=True).start()
        for line in self.process.stdout or []:
            self.lines.append(line.strip())
            if line.startswith("ready "):
                self.ready_at = time.monotonic()
                return
        pytest.fail(f"up ended before it was ready: {''.join(self._errors)}")

    def said(self, pattern: str) -> str:
        """The first group of the one printed line that has the pattern."""
        (found,) = [match[1] for line in self.lines if (match := re.search(pattern, line))]
        return str(found)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(20)

    def logged(self) -> str:
        """What the parts wrote to stderr until now."""
        return "".join(self._errors)

    def secrets(self) -> dict[str, str]:
        """What no log may hold: the keys and passwords of this installation, by where they are."""
        key = {"the API key": self.said(r"^api key: (fc_\S+)")} if any("api key" in line for line in self.lines) else {}
        logins = json.loads((self.data / "demo" / "logins").read_text())
        files = {file: (self.data / file).read_text().strip() for file in ("secret_key",)}
        return {**key, **{f"{name}'s password": password for name, password in logins.items()}, **files}


def environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "FACTCHECK_DEMO_EDIT_SECONDS": str(EDIT_AFTER), "FACTCHECK_MATCHER": "off"}


def manage(data: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "manage.py", *arguments, "--data", str(data)]
    return subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60)


def ask(
    url: str, *, method: str = "GET", fields: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], str]:
    parts = urlsplit(url)
    with closing(http.client.HTTPConnection(parts.netloc, timeout=10)) as client:
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        client.request(method, path, urlencode(fields) if fields else None, headers or {})
        answer = client.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()


def eventually(look: Callable[[], T], seconds: float) -> T:
    """The first truthy answer; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        if answer := look():
            return answer
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.3)


class Newcomer:
    """Reads the API with the printed key, edits the demo site in its forms."""

    def __init__(self, up: Up) -> None:
        self.up = up
        self.web = up.said(r"^ready (http://\S+)")
        self.key = up.said(r"^api key: (fc_\S+)")
        self.site = up.said(r"rest on are at (http://\S+?)/?$")

    def claims(self, query: str = "") -> list[dict[str, Any]]:
        status, _, body = ask(f"{self.web}/api/v1/claims/{query}", headers={"Authorization": f"Bearer {self.key}"})
        assert status == 200, body
        return list(json.loads(body)["results"])

    def flagged(self) -> dict[str, dict[str, Any]]:
        """What broke, by the words of the quote."""
        broken = [
            item for claim in self.claims("?verification=needs_recheck") for item in claim["verification"]["because"]
        ]
        return {item["before"]: item for item in broken}

    def log_in(self, username: str) -> None:
        password = self.up.said(rf"user {username} password (\S+)")
        self.cookies = HTTPCookieProcessor()
        self.browser = build_opener(self.cookies)
        form = self.see("/account/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert token
        fields = {"csrfmiddlewaretoken": token[1], "login": username, "password": password, "next": "/admin/"}
        with self.browser.open(f"{self.web}/account/login/", urlencode(fields).encode(), timeout=10) as answer:
            assert urlsplit(answer.url).path == "/admin/"

    def secrets(self) -> dict[str, str]:
        """What this browser could be logged in with."""
        return {cookie.name: str(cookie.value) for cookie in self.cookies.cookiejar}

    def see(self, path: str) -> str:
        """A page of the desk, as a browser that is logged in gets it."""
        with self.browser.open(f"{self.web}{path}", timeout=10) as answer:
            return str(answer.read().decode())

    def edit(self, page: SitePage, **texts: str) -> None:
        _, _, form = ask(f"{self.site}/edit{page.path}")
        token = re.search(r'name="token" value="([^"]+)"', form)
        assert token
        status, _, _ = ask(f"{self.site}/edit{page.path}", method="POST", fields={"token": token[1], **texts})
        assert status == 303
