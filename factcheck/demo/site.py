"""The demo's web site, whose pages visitors can edit; run as `python -m factcheck.demo.site`.

A small agency site on loopback whose pages every visitor can edit. It stores the edits in the data folder. Once, some
time after the demo was created in the database, it changes a figure by itself. It uses the standard library only, so
that it starts at once and needs neither settings nor database.
"""

import hashlib
import hmac
import json
import re
import secrets
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from factcheck.demo import pages
from factcheck.demo.folder import HOST, DemoFolder
from factcheck.demo.pages import PAGES, SELF_EDIT, SitePage
from sources import atomic_file

MAX_FORM = 64_000  # bytes
MAX_SENTENCE = 1_000  # characters
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class Content:
    """The texts of the site: those of pages.py with the edits in `site.json`. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "site.json"
        self._lock = threading.Lock()
        self._edits: dict[str, dict[str, str]] = {}
        self._modified: dict[str, str] = {}
        self.has_self_edited = False
        if self._file.exists():
            stored = json.loads(self._file.read_text())
            self._edits = stored["edits"]
            self._modified = stored["modified"]
            self.has_self_edited = stored["changed_itself"]
        else:
            now = _now().isoformat()
            self._modified = dict.fromkeys(PAGES, now)
            self._store()

    def texts(self, page: SitePage) -> dict[str, str]:
        """The current texts by sentence id."""
        edits = self._edits.get(page.path, {})
        return {sentence.id: edits.get(sentence.id, sentence.text) for sentence in page.sentences()}

    def modified(self, page: SitePage) -> datetime:
        return datetime.fromisoformat(self._modified[page.path])

    def edit(self, page: SitePage, texts: Mapping[str, str]) -> None:
        with self._lock:
            self._set(page, {**self.texts(page), **texts})

    def restore(self, page: SitePage) -> None:
        with self._lock:
            self._set(page, {sentence.id: sentence.text for sentence in page.sentences()})

    def self_edit(self) -> None:
        """Make the site's own edit once, unless somebody has edited that sentence before."""
        with self._lock:
            if self.has_self_edited:
                return
            self.has_self_edited = True
            page = SELF_EDIT.page
            texts = self.texts(page)
            original = next(one.text for one in page.sentences() if one.id == SELF_EDIT.sentence)
            if texts[SELF_EDIT.sentence] == original:
                texts[SELF_EDIT.sentence] = original.replace(SELF_EDIT.before, SELF_EDIT.after)
                self._set(page, texts)
            else:
                self._store()

    def _set(self, page: SitePage, texts: Mapping[str, str]) -> None:
        if texts == self.texts(page):
            return
        # A new dictionary, so that a thread without the lock sees the old page or the new one.
        self._edits = {
            **self._edits,
            page.path: {one.id: texts[one.id] for one in page.sentences() if texts[one.id] != one.text},
        }
        self._modified = {**self._modified, page.path: _now().isoformat()}
        self._store()

    def _store(self) -> None:
        state = {"edits": self._edits, "modified": self._modified, "changed_itself": self.has_self_edited}
        atomic_file.write(self._file, json.dumps(state, ensure_ascii=False, indent=1))


@dataclass(frozen=True)
class Response:
    status: HTTPStatus
    body: str = ""
    media_type: str = "text/html"
    modified: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def _error(status: HTTPStatus, text: str) -> Response:
    return Response(status, pages.message(status.phrase, text))


class Site(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, content: Content, *, noise_every: int = pages.NOISE_EVERY) -> None:
        super().__init__((HOST, port), Handler)
        self.content, self.noise_every = content, noise_every
        # A CSRF token: a form on another site cannot know it.
        self.token = secrets.token_urlsafe(24)
        self.hosts = {f"{name}:{self.server_port}" for name in (HOST, "localhost", "[::1]")}

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # a client that disconnected is not an error
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    server: Site
    protocol_version = "HTTP/1.1"
    server_version = "demo-site"
    sys_version = ""
    timeout = 15

    def do_GET(self) -> None:
        self._respond(self._read)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        self._respond(self._write)

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing."""

    def _respond(self, make: Callable[[str], Response]) -> None:
        if self.headers.get("Host", "").lower() not in self.server.hosts:
            # Against DNS rebinding: a foreign name that resolves to this machine.
            response = _error(HTTPStatus.MISDIRECTED_REQUEST, "This site answers on this machine alone.")
            self.close_connection = True
        else:
            response = make(urlsplit(self.path).path)
        body = response.body.encode()
        headers = {**_HEADERS, **response.headers}
        status = response.status
        if status == HTTPStatus.OK:
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            if response.modified:
                headers["Last-Modified"] = format_datetime(response.modified.replace(microsecond=0), usegmt=True)
            if self.command in {"GET", "HEAD"} and self._is_unchanged(headers):
                status, body = HTTPStatus.NOT_MODIFIED, b""
        self.send_response(status)
        if self.close_connection:
            headers["Connection"] = "close"
        if status != HTTPStatus.NOT_MODIFIED:
            headers["Content-Type"] = f"{response.media_type}; charset=utf-8"
            headers["Content-Length"] = str(len(body))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _is_unchanged(self, headers: Mapping[str, str]) -> bool:
        """Whether the client has this version (RFC 9110, 13.2.2: If-None-Match overrides If-Modified-Since)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
            return "*" in known or headers["ETag"] in known
        since, modified = self.headers.get("If-Modified-Since"), headers.get("Last-Modified")
        if since is None or modified is None:
            return False
        try:
            return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):  # an invalid date is ignored
            return False

    def _read(self, path: str) -> Response:
        if path == "/":
            return Response(HTTPStatus.OK, pages.front_page())
        if path == pages.STYLE_PATH:
            return Response(HTTPStatus.OK, pages.STYLE, "text/css")
        if path == "/robots.txt":
            return Response(HTTPStatus.OK, "User-agent: *\nDisallow: /edit/\nDisallow: /restore/\n", "text/plain")
        content = self.server.content
        if page := PAGES.get(path):
            turn = pages.turn_of_noise(_now(), self.server.noise_every)
            modified = content.modified(page)
            html = pages.page(page, content.texts(page), modified=modified, turn=turn)
            return Response(HTTPStatus.OK, html, modified=max(modified, turn) if page.noisy else modified)
        if page := PAGES.get(path.removeprefix("/edit")):
            form = pages.edit_form(page, content.texts(page), token=self.server.token)
            return Response(HTTPStatus.OK, form, headers={"Cache-Control": "no-store"})
        return _error(HTTPStatus.NOT_FOUND, "There is no such page.")

    def _write(self, path: str) -> Response:
        form, error = self._form()
        if error:
            self.close_connection = True
            return error
        verb, _, rest = path.removeprefix("/").partition("/")
        page = PAGES.get(f"/{rest}")
        if page is None or verb not in {"edit", "restore"}:
            return _error(HTTPStatus.NOT_FOUND, "There is nothing to edit here.")
        if verb == "restore":
            self.server.content.restore(page)
        else:
            ids = {sentence.id for sentence in page.sentences()}
            self.server.content.edit(page, {name: text for name, text in form.items() if name in ids})
        return Response(HTTPStatus.SEE_OTHER, headers={"Location": page.path})

    def _form(self) -> tuple[dict[str, str], Response | None]:
        """The form's fields as one line each, and the error response if it is rejected."""
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit():
            return {}, _error(HTTPStatus.LENGTH_REQUIRED, "Say the length of the form.")
        if int(length) > MAX_FORM:
            return {}, _error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Make the text shorter.")
        origin = self.headers.get("Origin", "null")
        if origin != "null" and urlsplit(origin).netloc not in self.server.hosts:
            return {}, _error(HTTPStatus.FORBIDDEN, "Open the page here and use its own form.")
        raw = self.rfile.read(int(length)).decode("utf-8", "replace")
        form = {name: values[-1] for name, values in parse_qs(raw, keep_blank_values=True, max_num_fields=50).items()}
        if not hmac.compare_digest(form.get("token", "").encode(), self.server.token.encode()):
            return {}, _error(HTTPStatus.FORBIDDEN, "This form is out of date. Go back, reload the page and try again.")
        return {name: re.sub(r"[\s\x00-\x1f]+", " ", text).strip()[:MAX_SENTENCE] for name, text in form.items()}, None


def _now() -> datetime:
    return datetime.now(UTC)


def self_edit_later(content: Content, folder: DemoFolder, seconds: float) -> None:
    """Wait until the database contains the demo, then `seconds` more, then make the site's own edit."""
    while not folder.seeded.exists():
        time.sleep(0.25)
    time.sleep(seconds)
    content.self_edit()


def main() -> None:
    parser = ArgumentParser(prog="python -m factcheck.demo.site")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--edit-after", type=float, required=True, metavar="SECONDS")
    options = parser.parse_args()
    folder = DemoFolder(options.data)
    folder.make()
    content = Content(folder.path)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    if not content.has_self_edited:
        arguments = (content, folder, options.edit_after)
        threading.Thread(target=self_edit_later, args=arguments, daemon=True).start()
    with Site(options.port, content, noise_every=max(1, round(options.edit_after / 2))) as site:
        site.serve_forever()


if __name__ == "__main__":
    main()
