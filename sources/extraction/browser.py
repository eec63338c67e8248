"""Render pages that need JavaScript, in a Chromium without network access, and return their DOM as HTML.

    fetch the page ──ok, HTML──> a child process with a browser ──its DOM as HTML──> the same kind of result
      (sources.http.fetcher)       └── each request of the page: GET, of a script or for data ──> sources.http.fetcher

The guarantees of `sources.http.fetcher` hold: the browser is isolated, and whatever its page requests is fetched by the
child through the guard, within limits of number, bytes and time, or refused. A child renders one page and is killed
with all its descendants. A page over a limit, or not ready in time, is a failure, which never counts as missing text.

Needs playwright and a Chromium; without them the outcome is `unsupported` and says what to install.
"""

import importlib.util
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from typing import Any

from sources.extraction import process_tree
from sources.extraction.child_process import ChildProcess
from sources.http.fetcher import FetchResult, Reason
from sources.outcome import Outcome

PLAYWRIGHT = "1.65.2"
RENDERED_HEADER = "X-Factcheck-Rendered"
"""A header added to those of the server, which names the browser that rendered the body."""
BY_BROWSER = ", rendered"
"""The suffix of the extractor's name if a browser rendered the page."""

MAX_BROWSERS = 2
MEMORY = 1_500_000_000  # bytes of the browser's processes together
MAX_REQUESTS = 100
MAX_BYTES = 20_000_000  # of all responses to the page's requests
SECONDS = 20.0  # for one page, once the browser runs
_START_SECONDS = 15.0  # additional time for a browser that starts and stops slowly
_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
_PROGRAM = [sys.executable, "-m", "sources.extraction.browser_child"]

_slots = threading.BoundedSemaphore(MAX_BROWSERS)


@dataclass(frozen=True)
class Limits:
    """The limits of one page: requests, bytes of their responses, bytes of the rendered page, and seconds."""

    requests: int = MAX_REQUESTS
    bytes: int = MAX_BYTES
    page_bytes: int = 10_000_000
    seconds: float = SECONDS


def render_result(
    result: FetchResult,
    *,
    user_agent: str,
    allow: str | tuple[str, int] | None = None,
    chromium: str = "",
    limits: Limits | None = None,
) -> FetchResult:
    """Render a fetched page. A result without HTML is returned unchanged.

    The `body` is the DOM in UTF-8, with the content of open shadow roots but without that of frames. `headers` are the
    server's, with `RENDERED_HEADER` and without validators, since "not modified" would not cover what scripts fetch.
    Blocks for some seconds, and waits while `MAX_BROWSERS` other pages are rendered.
    """
    if result.outcome is not Outcome.OK or result.body is None or not _is_html(result):
        return result
    requirement = missing_requirement(chromium)
    if requirement:
        return replace(result, outcome=Outcome.UNSUPPORTED, detail=requirement, body=None)
    started = time.monotonic()
    request = {
        "url": result.final_url,
        "headers": result.headers,
        "user_agent": user_agent,
        "allow": allow,
        "chromium": _find_browser(chromium),
        **vars(limits or Limits()),
    }
    # A short name, because the browser creates sockets in it, whose paths have 107 bytes at most.
    with _slots, tempfile.TemporaryDirectory(prefix="fc-", ignore_cleanup_errors=True) as folder:
        response, body = _call_child(request, result.body, folder, (limits or Limits()).seconds + _START_SECONDS)
    elapsed = result.elapsed + time.monotonic() - started
    outcome = Outcome(response["outcome"])
    return replace(
        result,
        outcome=outcome,
        detail=response.get("detail", ""),
        reason=Reason(response["reason"]) if response.get("reason") else None,
        status=response.get("status", result.status),
        final_url=response.get("final_url", result.final_url),
        redirects=(*result.redirects, *((status, url) for status, url in response.get("redirects", ()))),
        headers=_headers(response.get("headers", result.headers), response.get("browser", "")),
        body=body if outcome is Outcome.OK else None,
        media_type="text/html",
        charset="utf-8",
        elapsed=elapsed,
    )


def missing_requirement(chromium: str = "") -> str:
    """Return a sentence about what must be installed before pages can be rendered, or an empty string."""
    if importlib.util.find_spec("playwright") is None:
        return f"This page needs a browser. Install its driver: pip install playwright=={PLAYWRIGHT}."
    if not _find_browser(chromium):
        return (
            "This page needs a browser, and none was found. Install Chromium (apt-get install chromium), "
            "or set FACTCHECK_CHROMIUM to its path."
        )
    return ""


def _find_browser(chromium: str) -> str:
    """Return the path of the browser, or an empty string."""
    names = (chromium,) if chromium else _BROWSERS
    return next((path for name in names if (path := shutil.which(name))), "")


def _is_html(result: FetchResult) -> bool:
    start = (result.body or b"")[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\f").lower()
    return result.media_type in {"text/html", "application/xhtml+xml"} or (
        result.media_type == "" and start.startswith((b"<!doctype html", b"<html"))
    )


_REPLACED_HEADERS = {
    *("etag", "last-modified", "content-type", "content-length", "content-encoding", "transfer-encoding"),
    RENDERED_HEADER.lower(),
}


def _headers(headers: Any, browser: str) -> tuple[tuple[str, str], ...]:
    kept = [(name, value) for name, value in headers if name.lower() not in _REPLACED_HEADERS]
    added = [("Content-Type", "text/html; charset=utf-8"), (RENDERED_HEADER, browser)] if browser else []
    return tuple((str(name), str(value)) for name, value in [*kept, *added])


def _call_child(request: dict[str, Any], body: bytes, folder: str, seconds: float) -> tuple[dict[str, Any], bytes]:
    """Return the child's response and the rendered page, or a response that describes the failure."""
    ends = time.monotonic() + seconds
    child = ChildProcess(_PROGRAM, {"HOME": folder, "TMPDIR": folder, "PATH": os.defpath})
    try:
        if not child.send(json.dumps(request).encode(), body, ends):
            return _failed(Outcome.ERROR, "The browser accepted no page.", Reason.PROTOCOL), b""
        while not child.is_readable_within(0.2):
            if process_tree.memory(child.process.pid) > MEMORY:
                sentence = f"The page needs more than {MEMORY // 1_000_000:,} MB of memory in a browser."
                return _failed(Outcome.TOO_LARGE, sentence), b""
            if time.monotonic() > ends:
                return _failed(Outcome.ERROR, "The page keeps a browser busy for too long.", Reason.TIMEOUT), b""
        received = child.receive(1_000_000, request["page_bytes"], ends)
        if received is None:
            return _failed(Outcome.ERROR, "The browser ended without a response.", Reason.PROTOCOL), b""
        return json.loads(received[0]), received[1]
    finally:
        process_tree.kill(child.process.pid)
        child.process.wait()
        child.close()


def _failed(outcome: Outcome, detail: str, reason: Reason | None = None) -> dict[str, Any]:
    return {"outcome": outcome, "detail": detail, "reason": reason}
