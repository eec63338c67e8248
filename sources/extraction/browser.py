"""Pages whose text only their scripts make: read by a Chromium that has no network of its own.

    fetch the page ──ok, HTML──> a child process with a browser ──its DOM as HTML──> the same kind of result
      (sources.http.fetcher)       └── each request of the page: GET, of a script or for data ──> sources.http.fetcher

The promises of `sources.http.fetcher` hold: the browser is cut off, and whatever its page asks for is fetched here,
through the guard, within bounds in number, bytes and time, or refused. One child reads one page and is ended with
all that it started. A page that is over its bounds, or had not finished, says so: never that text is missing.

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
from sources.http import fetcher
from sources.http.fetcher import FetchResult, Reason
from sources.outcome import Outcome

PLAYWRIGHT = "1.65.2"
RENDERED = "X-Factcheck-Rendered"
"""The header that is added to the server's own: by which browser the body was made."""

AT_ONCE = 2
MEMORY = 1_500_000_000  # bytes of the browser's processes together
MOST_REQUESTS = 100
MOST_BYTES = 20_000_000  # of all that the page asks for
SECONDS = 20.0  # for one page, once the browser runs
_STARTING = 15.0  # seconds more until the child is ended, for a browser that starts and stops slowly
_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
_PROGRAM = [sys.executable, "-m", "sources.extraction.browser_child"]

_free = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Limits:
    """What one page may cost: requests, bytes of their answers, bytes of the page when rendered, and seconds."""

    requests: int = MOST_REQUESTS
    bytes: int = MOST_BYTES
    page_bytes: int = 10_000_000
    seconds: float = SECONDS


def render(
    url: str,
    *,
    user_agent: str,
    allow: str | tuple[str, int] | None = None,
    chromium: str = "",
    limits: Limits | None = None,
    **given: Any,
) -> FetchResult:
    """Fetch a page and render it; `given` as for `sources.http.fetcher.fetch`, `chromium` the browser's path."""
    refusal = missing(chromium)
    if refusal:
        return FetchResult(Outcome.UNSUPPORTED, refusal, final_url=url)
    result = fetcher.fetch(url, user_agent=user_agent, allow=allow, **given)
    return rendered(result, user_agent=user_agent, allow=allow, chromium=chromium, limits=limits)


def rendered(
    result: FetchResult,
    *,
    user_agent: str,
    allow: str | tuple[str, int] | None = None,
    chromium: str = "",
    limits: Limits | None = None,
) -> FetchResult:
    """What a page that was fetched says once its scripts have run.

    The result of a fetch that gave no HTML is returned as it is. Else `body` is the DOM in UTF-8, with the
    content of open shadow roots in place; `headers` are the server's without validators, since "not modified"
    would say nothing of what scripts fetch, and with `RENDERED`. What frames hold is not in it. Blocks for some
    seconds, and waits while `AT_ONCE` others are rendered.
    """
    if result.outcome is not Outcome.OK or result.body is None or not _is_html(result):
        return result
    refusal = missing(chromium)
    if refusal:
        return replace(result, outcome=Outcome.UNSUPPORTED, detail=refusal, body=None)
    started = time.monotonic()
    question = {
        "url": result.final_url,
        "headers": result.headers,
        "user_agent": user_agent,
        "allow": allow,
        "chromium": _browser(chromium),
        **vars(limits or Limits()),
    }
    # A short name: the browser makes sockets in it, whose paths have 107 bytes at most.
    with _free, tempfile.TemporaryDirectory(prefix="fc-", ignore_cleanup_errors=True) as folder:
        answer, body = _ask(question, result.body, folder, (limits or Limits()).seconds + _STARTING)
    elapsed = result.elapsed + time.monotonic() - started
    outcome = Outcome(answer["outcome"])
    return replace(
        result,
        outcome=outcome,
        detail=answer.get("detail", ""),
        reason=Reason(answer["reason"]) if answer.get("reason") else None,
        status=answer.get("status", result.status),
        final_url=answer.get("final_url", result.final_url),
        redirects=(*result.redirects, *((status, url) for status, url in answer.get("redirects", ()))),
        headers=_headers(answer.get("headers", result.headers), answer.get("browser", "")),
        body=body if outcome is Outcome.OK else None,
        media_type="text/html",
        charset="utf-8",
        elapsed=elapsed,
    )


def missing(chromium: str = "") -> str:
    """A sentence that says what must be installed before pages can be rendered; empty if nothing is missing."""
    if importlib.util.find_spec("playwright") is None:
        return f"This page is to be read in a browser. Install what drives one: pip install playwright=={PLAYWRIGHT}."
    if not _browser(chromium):
        return (
            "This page is to be read in a browser, and none is found. Install Chromium (apt-get install chromium), "
            "or name its path in FACTCHECK_CHROMIUM."
        )
    return ""


def _browser(chromium: str) -> str:
    """The path of the browser; empty if there is none."""
    names = (chromium,) if chromium else _BROWSERS
    return next((path for name in names if (path := shutil.which(name))), "")


def _is_html(result: FetchResult) -> bool:
    start = (result.body or b"")[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\f").lower()
    return result.media_type in {"text/html", "application/xhtml+xml"} or (
        result.media_type == "" and start.startswith((b"<!doctype html", b"<html"))
    )


_NOT_OURS = {"etag", "last-modified", "content-type", "content-length", "content-encoding", "transfer-encoding"}


def _headers(given: Any, browser: str) -> tuple[tuple[str, str], ...]:
    kept = [(name, value) for name, value in given if name.lower() not in {*_NOT_OURS, RENDERED.lower()}]
    made = [("Content-Type", "text/html; charset=utf-8"), (RENDERED, browser)] if browser else []
    return tuple((str(name), str(value)) for name, value in [*kept, *made])


def _ask(question: dict[str, Any], body: bytes, folder: str, seconds: float) -> tuple[dict[str, Any], bytes]:
    """The child's answer, or why there is none."""
    ends = time.monotonic() + seconds
    child = ChildProcess(_PROGRAM, {"HOME": folder, "TMPDIR": folder, "PATH": os.defpath})
    try:
        if not child.send(json.dumps(question).encode(), body, ends):
            return _failed(Outcome.ERROR, "The browser took no page.", Reason.PROTOCOL), b""
        while not child.answers_within(0.2):
            if process_tree.memory(child.process.pid) > MEMORY:
                sentence = f"The page takes more than {MEMORY // 1_000_000:,} MB of a browser's memory."
                return _failed(Outcome.TOO_LARGE, sentence), b""
            if time.monotonic() > ends:
                return _failed(Outcome.ERROR, "The page keeps a browser busy without end.", Reason.TIMEOUT), b""
        answered = child.receive(1_000_000, question["page_bytes"], ends)
        if answered is None:
            return _failed(Outcome.ERROR, "The browser ended without an answer.", Reason.PROTOCOL), b""
        return json.loads(answered[0]), answered[1]
    finally:
        process_tree.end(child.process.pid)
        child.process.wait()
        child.close()


def _failed(outcome: Outcome, detail: str, reason: Reason | None = None) -> dict[str, Any]:
    return {"outcome": outcome, "detail": detail, "reason": reason}
