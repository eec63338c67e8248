"""The child process that renders one page: drives a Chromium without network and fetches what it requests.

Only `sources.extraction.browser` starts it, and kills it with all its descendants. The browser is configured to reach
nobody (a dead proxy, no resolver, no WebRTC outside the proxy) and, where the system permits, runs in an empty network
namespace. A request and the page arrive on standard input; the response goes to standard output.
"""

import asyncio
import html
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlsplit

from sources.extraction import process_tree
from sources.extraction.child_process import receive_request, send_response
from sources.http.addresses import same_site
from sources.http.fetcher import FetchRequest, FetchResult, Reason, fetch_many
from sources.outcome import Outcome

_MAX_DOCUMENTS = 5
_REQUEST_SECONDS = 10.0
_IDLE_SECONDS = 1.0  # without a request or a new element until a page counts as ready
_READY_AFTER = 10.0  # seconds; a page that is never idle is read in its state then
_STUCK = 1.0  # seconds; with a response of its own site pending for longer, a page is not ready
_RESERVE = 0.5  # seconds to read a page that has been waited for
_HEAP = 512  # megabytes of one page's scripts

# Chromium's switches. Proxy and resolver lead nowhere, so only intercepted requests are answered.
_SWITCHES = (
    "--proxy-server=socks5://255.255.255.255:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-features=WebRtcHideLocalIpsWithMdns,MediaRouter,DialMediaRouteProvider,OptimizationHints,Translate",
    "--dns-prefetch-disable",
    "--disable-quic",
    "--no-pings",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-gpu",
    "--disable-notifications",
    "--disable-remote-fonts",
    "--blink-settings=imagesEnabled=false",
    "--no-first-run",
    f"--js-flags=--max-old-space-size={_HEAP}",
)
_FETCHED_TYPES = frozenset({"script", "xhr", "fetch"})
_STRIPPED_HEADER_NAMES = """
    content-length content-encoding transfer-encoding connection set-cookie alt-svc nel report-to reporting-endpoints
    strict-transport-security content-disposition access-control-allow-origin access-control-allow-credentials
"""
_STRIPPED_HEADERS = frozenset(_STRIPPED_HEADER_NAMES.split())
_BROKEN = frozenset({Reason.TIMEOUT, Reason.CONNECT, Reason.DNS, Reason.TLS, Reason.PROTOCOL, Reason.STATUS})

_PROLOGUE = b"\xef\xbb\xbf<!DOCTYPE html>\n"  # the byte order mark overrides the charset of the page's <meta>
_SIZE = "document.getElementsByTagName('*').length + ' ' + (document.body ? document.body.textContent.length : 0)"
# Runs after scripts are disabled, in an isolated world, whose functions no page can replace.
_SERIALISE = """(most => {
    const hosts = [];
    const roots = [document];
    while (roots.length)
        for (const element of roots.pop().querySelectorAll('*'))
            if (element.shadowRoot) { hosts.push(element); roots.push(element.shadowRoot); }
    for (const host of hosts.reverse()) {
        for (const slot of host.shadowRoot.querySelectorAll('slot')) {
            const assigned = slot.assignedNodes();
            slot.replaceWith(...(assigned.length ? assigned : slot.childNodes));
        }
        host.replaceChildren(...host.shadowRoot.childNodes);
    }
    const html = document.documentElement ? document.documentElement.outerHTML : '';
    return html.length > most ? html.length : html;
})"""


class _NotReady(Exception):
    """Ends the rendering of a page with this response."""

    def __init__(self, outcome: Outcome, detail: str, reason: Reason | None = None) -> None:
        super().__init__(detail)
        self.response = {"outcome": outcome, "detail": detail, "reason": reason}


@dataclass
class _PageLoad:
    """The loading of one page: its requests, their responses, and its limits."""

    options: dict[str, Any]
    body: bytes
    ends: float
    page: Any = None
    documents: int = 0
    requests: int = 0
    received: int = 0
    redirects: list[tuple[int, str]] = field(default_factory=list)
    failure: dict[str, Any] | None = None
    """The response if the browser does not show the page, or not all of it."""
    active: float = field(default_factory=time.monotonic)
    pending: dict[object, float] = field(default_factory=dict)
    """Requests for the page's own data in progress, with their start times."""
    host_locks: dict[str, asyncio.Lock] = field(default_factory=dict)
    results: dict[str, FetchResult] = field(default_factory=dict)

    def __post_init__(self) -> None:
        url = self.options["url"]
        headers = tuple((name, value) for name, value in self.options["headers"])
        self.current = FetchResult(Outcome.OK, status=200, final_url=url, headers=headers, body=self.body)
        self.results[urldefrag(url).url] = self.current

    async def handle(self, route: Any) -> None:
        from playwright.async_api import Error

        with suppress(Error):  # the page was left or closed
            await self._handle(route)

    async def _handle(self, route: Any) -> None:
        request = route.request
        kind = request.resource_type
        if request.method != "GET" or not request.url.startswith(("http://", "https://")):
            await route.abort("blockedbyclient")
        elif kind == "document":
            await self._document(route)
        elif kind == "stylesheet":
            await route.fulfill(status=200, content_type="text/css", body="")
        elif kind in _FETCHED_TYPES:
            await self._data(route)
        else:
            await route.abort("blockedbyclient")

    async def _document(self, route: Any) -> None:
        """Serve the page itself, or another that its scripts navigate to; block frames and windows."""
        request = route.request
        if self.page is None or request.frame != self.page.main_frame:
            await route.abort("blockedbyclient")
            return
        self.active = time.monotonic()
        self.documents += 1
        url = urldefrag(request.url).url
        result = self.results.get(url)
        if self.documents > _MAX_DOCUMENTS:
            self._fail(Outcome.ERROR, "The page keeps navigating to other pages.", Reason.REDIRECTS)
            await route.abort("blockedbyclient")
            return
        if result is None:
            result = await self._fetch(url, obey_robots=True)
            if result is not None and result.outcome is Outcome.OK and not result.media_type.endswith("html"):
                self._fail(Outcome.UNSUPPORTED, "The page leads to a file that is not a page.", None)
                result = None
            elif result is not None and result.outcome is not Outcome.OK:
                self._fail(result.outcome, result.detail, result.reason, status=result.status, final_url=url)
                result = None
        if result is None or result.body is None:
            await route.abort("blockedbyclient")
            return
        if urldefrag(result.final_url).url != url:  # navigate to the final URL, which is then served from `results`
            self.redirects += result.redirects
            self.results[urldefrag(result.final_url).url] = result
            refresh = f'<meta http-equiv="refresh" content="0;url={html.escape(result.final_url)}">'
            await route.fulfill(status=200, content_type="text/html", body=refresh)
            return
        if result.final_url not in {self.current.final_url, *(url for _, url in self.redirects[-1:])}:
            self.redirects.append((200, result.final_url))
        self.current = result
        await route.fulfill(status=200, headers=_headers(result), body=result.body)

    async def _data(self, route: Any) -> None:
        request = route.request
        own = same_site(request.url, self.current.final_url)
        if own:
            self.pending[request] = time.monotonic()
        try:
            result = await self._fetch(urldefrag(request.url).url, obey_robots=False)
            if result is None:
                await route.abort("blockedbyclient")
                return
            if own and (result.outcome is Outcome.TOO_LARGE or result.reason in _BROKEN):
                detail = f"A part of the page cannot be loaded: {result.detail}"
                self._fail(result.outcome, detail, result.reason)
            if result.status is None or result.status in {301, 302, 303, 307, 308}:
                await route.abort("failed")
                return
            origin = request.headers.get("origin", "*")
            cors = {"access-control-allow-origin": origin, "access-control-allow-credentials": "true"}
            await route.fulfill(status=result.status, headers={**_headers(result), **cors}, body=result.body or b"")
        finally:
            self.pending.pop(request, None)
            self.active = time.monotonic()

    async def _fetch(self, url: str, *, obey_robots: bool) -> FetchResult | None:
        """Fetch a URL through the guard. Over a limit, set the failure and return None."""
        left = self.ends - time.monotonic()
        self.requests += 1
        if self.requests > self.options["requests"] or self.received >= self.options["bytes"] or left <= 0:
            most = f"{self.options['requests']} files or {self.options['bytes']:,} bytes"
            self._fail(Outcome.TOO_LARGE, f"The page needs more than {most}.", None)
            return None
        async with self.host_locks.setdefault(urlsplit(url).hostname or "", asyncio.Lock()):
            (result,) = await fetch_many(
                [FetchRequest(url)],
                user_agent=self.options["user_agent"],
                allow=tuple(allow) if isinstance(allow := self.options["allow"], list) else allow,
                total_deadline=max(0.1, min(_REQUEST_SECONDS, self.ends - time.monotonic())),
                max_bytes=min(self.options["page_bytes"], max(1, self.options["bytes"] - self.received)),
                obey_robots=obey_robots,
            )
        self.received += len(result.body or b"")
        return result

    def _fail(self, outcome: Outcome, detail: str, reason: Reason | None, **fields: Any) -> None:
        if self.failure is None:
            self.failure = {"outcome": outcome, "detail": detail, "reason": reason, **fields}

    async def render(self, browser: Any) -> bytes:
        """Load the page, wait until it is ready, and return its DOM as HTML in UTF-8. Raises `_NotReady`."""
        from playwright.async_api import Error

        context = await browser.new_context(
            user_agent=self.options["user_agent"], service_workers="block", accept_downloads=False
        )
        await context.route(lambda _: True, self.handle)
        self.page = await context.new_page()
        context.on("page", lambda opened: asyncio.ensure_future(opened.close()))
        try:
            await self.page.goto(self.options["url"], wait_until="domcontentloaded", timeout=0)
        except Error as error:
            if self.failure is None and "interrupted by another navigation" not in str(error):
                raise
        session = await context.new_cdp_session(self.page)
        await self._wait_until_idle(session)
        if self.failure is not None:
            raise _NotReady(self.failure["outcome"], self.failure["detail"], self.failure["reason"])
        if await self._is_stuck():
            raise _NotReady(Outcome.ERROR, "The page was still loading when its time was up.", Reason.TIMEOUT)
        await session.send("Emulation.setScriptExecutionDisabled", {"value": True})
        most = self.options["page_bytes"]
        dom = await self._evaluate(session, f"{_SERIALISE}({most})")
        if not isinstance(dom, (str, int)):
            raise _NotReady(Outcome.ERROR, "The browser cannot serialise the page.", Reason.PROTOCOL)
        data = b"" if isinstance(dom, int) else _PROLOGUE + dom.encode(errors="replace")
        if not data or len(data) > most:
            raise _NotReady(Outcome.TOO_LARGE, f"Rendered, the page is larger than {most:,} bytes.")
        return data

    async def _wait_until_idle(self, session: Any) -> None:
        """Wait until no request is pending and neither elements nor text are added, or until `_READY_AFTER`."""
        from playwright.async_api import Error

        latest = min(self.ends - 2.0, time.monotonic() + _READY_AFTER)
        size, since = "", time.monotonic()
        while time.monotonic() < latest and self.failure is None:
            await asyncio.sleep(0.1)
            try:
                now = str(await self._evaluate(session, _SIZE))
            except Error:
                now = ""  # navigating to another page
            if now != size or not now:
                size, since = now, time.monotonic()
            idle = not self.pending and self.active < time.monotonic() - _IDLE_SECONDS
            if idle and since < time.monotonic() - _IDLE_SECONDS:
                return

    async def _is_stuck(self) -> bool:
        """Whether a request for the page's own data gets no response. One that has just begun is waited for."""
        waiting = dict(self.pending)
        while waiting := {each: since for each, since in waiting.items() if each in self.pending}:
            now = time.monotonic()
            if any(since < now - _STUCK for since in waiting.values()) or now >= self.ends - _RESERVE:
                return True
            await asyncio.sleep(0.05)
        return False

    async def _evaluate(self, session: Any, expression: str) -> object:
        tree = await session.send("Page.getFrameTree")
        frame = tree["frameTree"]["frame"]["id"]
        world = await session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "reader"})
        response = await session.send(
            "Runtime.evaluate",
            {"expression": expression, "contextId": world["executionContextId"], "returnByValue": True},
        )
        return response["result"].get("value")


async def render_page(options: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """Render the page. Returns the response and the HTML; a failure is a response with a sentence."""
    from playwright.async_api import Error, async_playwright

    load = _PageLoad(options, body, time.monotonic() + options["seconds"])
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(
                executable_path=_isolated(options["chromium"]),
                args=list(_SWITCHES),
                chromium_sandbox=os.geteuid() != 0,
                timeout=1_000 * options["seconds"],
            )
        except Error as error:
            return {"outcome": Outcome.UNSUPPORTED, "detail": f"Chromium does not start: {_line(error)}"}, b""
        try:
            load.ends = time.monotonic() + options["seconds"]
            async with asyncio.timeout(options["seconds"]):
                data = await load.render(browser)
        except _NotReady as error:
            return {**error.response, **(load.failure or {})}, b""
        except TimeoutError:
            if load.failure is not None:
                return load.failure, b""
            sentence = f"The page was not ready after {options['seconds']:g} s in a browser."
            return {"outcome": Outcome.ERROR, "detail": sentence, "reason": Reason.TIMEOUT}, b""
        except Error as error:
            detail = f"The browser could not show the page ({_line(error)})."
            return {"outcome": Outcome.ERROR, "detail": detail, "reason": Reason.PROTOCOL}, b""
        return {
            "outcome": Outcome.OK,
            "final_url": load.current.final_url,
            "redirects": load.redirects,
            "headers": load.current.headers,
            "browser": f"chromium-{browser.version} playwright-{version('playwright')}",
        }, data


def _headers(result: FetchResult) -> dict[str, str]:
    """Return the headers that matter to a page, with repeated ones joined."""
    headers: dict[str, str] = {}
    for name, value in result.headers:
        if (name := name.lower()) not in _STRIPPED_HEADERS:
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)[:300]


def _isolated(chromium: str) -> str:
    """Return a script that starts the browser in an empty network namespace; the browser if that is not permitted."""
    unshare = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-current-user", "--net"]
    program = Path(tempfile.gettempdir()) / "chromium"
    program.write_text(f'#!/bin/sh\n[ "$1" = probe ] && exit 0\nexec {_shell(chromium)} "$@"\n')
    program.chmod(0o700)
    try:
        probe = subprocess.run([*unshare, str(program), "probe"], capture_output=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return chromium
    if probe.returncode != 0:
        return chromium
    program.write_text(f'#!/bin/sh\nexec {" ".join(unshare)} {_shell(chromium)} "$@"\n')
    return str(program)


def _shell(path: str) -> str:
    return "'" + path.replace("'", "'\\''") + "'"


def _kill_all(*_: object) -> None:
    process_tree.kill_descendants(os.getpid())
    os._exit(1)


def main() -> None:
    signal.signal(signal.SIGTERM, _kill_all)
    process_tree.adopt_orphans()
    received = receive_request(sys.stdin.buffer)
    if received is not None:
        response, data = asyncio.run(render_page(json.loads(received[0]), received[1]))
        send_response(sys.stdout.buffer, json.dumps(response).encode(), data)


if __name__ == "__main__":
    main()
