"""A fake archive on loopback: Save Page Now 2 and Memento, with the answers that a test sets."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from tests import factories

SECRET = "s3cr3t-of-the-desk"
TEXT = f"<html><body><p>{factories.QUOTE}</p><p>Elsewhere.</p></body></html>"


class Archive:
    """Responds with `statuses` one after the other, then repeats the last."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, list[str]], str]] = []
        self.statuses: list[dict[str, object]] = []
        self.submits: list[tuple[int, dict[str, object], dict[str, str]]] = [(200, {"job_id": "spn2-1"}, {})]
        self.available = 5
        self.memento: tuple[int, str, dict[str, str]] | None = None
        self.at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=5)
        self.original = ""
        self.made: list[datetime] = []  # captures; one younger than `if_not_archived_within` is reused
        self.slow = 0.0
        archive = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer("GET", "")

            def do_POST(self) -> None:
                self._answer("POST", self.rfile.read(int(self.headers["Content-Length"])).decode())

            def _answer(self, method: str, body: str) -> None:
                archive.asked.append((method, self.path, parse_qs(body), self.headers.get("Authorization", "")))
                time.sleep(archive.slow)
                if method == "POST":
                    archive.capture(int(parse_qs(body)["if_not_archived_within"][0]))
                status, said, headers = archive.answer(method, self.path)
                self.send_response(status)
                for name, value in {"Content-Type": "text/html", "Content-Length": str(len(said)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def capture(self, within: int) -> None:
        now = datetime.now(UTC)
        if not any(now - each < timedelta(seconds=within) for each in self.made):
            self.made.append(now)

    def answer(self, method: str, path: str) -> tuple[int, bytes, dict[str, str]]:
        if method == "POST":
            status, said, headers = self.submits.pop(0) if len(self.submits) > 1 else self.submits[0]
            return status, json.dumps(said).encode(), headers
        if path == "/save/status/user":
            return 200, json.dumps({"available": self.available}).encode(), {}
        if path.startswith("/save/status/"):
            said = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
            return 200, json.dumps(said).encode(), {}
        if self.memento is not None:
            return self.memento[0], self.memento[1].encode(), self.memento[2]
        return 200, TEXT.encode(), self.says_of_itself()

    def says_of_itself(self) -> dict[str, str]:
        return {
            "Memento-Datetime": format_datetime(self.at, usegmt=True),
            "Link": f'<{self.original}>; rel="original"',
        }

    def success(self) -> dict[str, object]:
        return {"status": "success", "timestamp": f"{self.at:%Y%m%d%H%M%S}", "original_url": self.original}

    def captures(self) -> list[dict[str, list[str]]]:
        return [body for method, _, body, _ in self.asked if method == "POST"]


@contextmanager
def set_up(settings: object) -> Iterator[Archive]:
    """Start an archive and configure it with keys."""
    made = Archive()
    settings.ARCHIVE_SERVICE = f"http://{made.address}"  # type: ignore[attr-defined]
    settings.ARCHIVE_ACCESS_KEY, settings.ARCHIVE_SECRET_KEY = "key", SECRET  # type: ignore[attr-defined]
    settings.FETCH_ALLOWED_LOOPBACK = made.address  # type: ignore[attr-defined]
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
