"""The child that renders one page: a Chromium without network, whose every request is answered from here.

Started by `sources.extraction.browser` alone, which ends it and all it started. The browser is told to reach nobody (a
proxy that is none, no resolver, no WebRTC beside the proxy) and, where the system lets us, it is put into a
network namespace of its own in which there is nobody. A question and the page come on standard input, the answer
goes to standard output.
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
from sources.extraction.child_process import receive_question, send_answer
from sources.http.fetcher import FetchRequest, FetchResult, Reason, fetch_many
from sources.outcome import Outcome

_MOST_DOCUMENTS = 5
_ONE_REQUEST = 10.0  # seconds
_STILL = 1.0  # seconds without a request or a new element until a page counts as ready
_READY_AFTER = 10.0  # seconds; a page that never rests is read as it stands then
_STUCK = 1.0  # seconds; with an answer of its own site outstanding for longer, a page is not ready
_HEAP = 512  # megabytes of one page's scripts

# Chromium's own switches. Proxy and resolver lead nowhere, so that nothing leaves that is not answered by us.
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
_FETCHED = frozenset({"script", "xhr", "fetch"})
_KEPT_BACK_NAMES = """
    content-length content-encoding transfer-encoding connection set-cookie alt-svc nel report-to reporting-endpoints
    strict-transport-security content-disposition access-control-allow-origin access-control-allow-credentials
"""
_KEPT_BACK = frozenset(_KEPT_BACK_NAMES.split())
_BROKEN = frozenset({Reason.TIMEOUT, Reason.CONNECT, Reason.DNS, Reason.TLS, Reason.PROTOCOL, Reason.STATUS})

_BEFORE = b"\xef\xbb\xbf<!DOCTYPE html>\n"  # the mark outweighs what the page's own <meta> says of its charset
_SIZE = "document.getElementsByTagName('*').length + ' ' + (document.body ? document.body.textContent.length : 0)"
# Scripts are off by then, and this runs in a world of its own, whose functions no page can replace.
_READ = """(most => {
    const hosts = [];
    const roots = [document];
    while (roots.length)
        for (const element of roots.pop().querySelectorAll('*'))
            if (element.shadowRoot) { hosts.push(element); roots.push(element.shadowRoot); }
    for (const host of hosts.reverse()) {
        for (const slot of host.shadowRoot.querySelectorAll('slot')) {
            const given = slot.assignedNodes();
            slot.replaceWith(...(given.length ? given : slot.childNodes));
        }
        host.replaceChildren(...host.shadowRoot.childNodes);
    }
    const made = document.documentElement ? document.documentElement.outerHTML : '';
    return made.length > most ? made.length : made;
})"""


class _NotReady(Exception):
    """Ends the reading of a page with this answer."""

    def __init__(self, outcome: Outcome, detail: str, reason: Reason | None = None) -> None:
        super().__init__(detail)
        self.answer = {"outcome": outcome, "detail": detail, "reason": reason}


@dataclass
class _Visit:
    """One page's requests, and what was answered."""

    question: dict[str, Any]
    body: bytes
    ends: float
    page: Any = None
    documents: int = 0
    requests: int = 0
    received: int = 0
    redirects: list[tuple[int, str]] = field(default_factory=list)
    refusal: dict[str, Any] | None = None
    """Why what stands there is not the page, or not all of it."""
    active: float = field(default_factory=time.monotonic)
    outstanding: dict[object, float] = field(default_factory=dict)
    """Since when requests for the page's own data are on their way."""
    hosts: dict[str, asyncio.Lock] = field(default_factory=dict)
    found: dict[str, FetchResult] = field(default_factory=dict)

    def __post_init__(self) -> None:
        at = self.question["url"]
        headers = tuple((name, value) for name, value in self.question["headers"])
        self.shown = FetchResult(Outcome.OK, status=200, final_url=at, headers=headers, body=self.body)
        self.found[urldefrag(at).url] = self.shown

    async def answer(self, route: Any) -> None:
        from playwright.async_api import Error

        with suppress(Error):  # the page was left or closed, and asks no more
            await self._answer(route)

    async def _answer(self, route: Any) -> None:
        request = route.request
        kind = request.resource_type
        if request.method != "GET" or not request.url.startswith(("http://", "https://")):
            await route.abort("blockedbyclient")
        elif kind == "document":
            await self._document(route)
        elif kind == "stylesheet":
            await route.fulfill(status=200, content_type="text/css", body="")
        elif kind in _FETCHED:
            await self._data(route)
        else:
            await route.abort("blockedbyclient")

    async def _document(self, route: Any) -> None:
        """The page itself, or another that its scripts lead to; frames and windows get none."""
        request = route.request
        if self.page is None or request.frame != self.page.main_frame:
            await route.abort("blockedbyclient")
            return
        self.active = time.monotonic()
        self.documents += 1
        url = urldefrag(request.url).url
        result = self.found.get(url)
        if self.documents > _MOST_DOCUMENTS:
            self._refuse(Outcome.ERROR, "The page keeps leading to other pages.", Reason.REDIRECTS)
            await route.abort("blockedbyclient")
            return
        if result is None:
            result = await self._fetch(url, obey_robots=True)
            if result is not None and result.outcome is Outcome.OK and not result.media_type.endswith("html"):
                self._refuse(Outcome.UNSUPPORTED, "The page leads to a file that is no page.", None)
                result = None
            elif result is not None and result.outcome is not Outcome.OK:
                self._refuse(result.outcome, result.detail, result.reason, status=result.status, final_url=url)
                result = None
        if result is None or result.body is None:
            await route.abort("blockedbyclient")
            return
        if urldefrag(result.final_url).url != url:  # then once more under the address that it has
            self.redirects += result.redirects
            self.found[urldefrag(result.final_url).url] = result
            away = f'<meta http-equiv="refresh" content="0;url={html.escape(result.final_url)}">'
            await route.fulfill(status=200, content_type="text/html", body=away)
            return
        if result.final_url not in {self.shown.final_url, *(url for _, url in self.redirects[-1:])}:
            self.redirects.append((200, result.final_url))
        self.shown = result
        await route.fulfill(status=200, headers=_headers(result), body=result.body)

    async def _data(self, route: Any) -> None:
        request = route.request
        own = _site(request.url) == _site(self.shown.final_url)
        if own:
            self.outstanding[request] = time.monotonic()
        try:
            result = await self._fetch(urldefrag(request.url).url, obey_robots=False)
            if result is None:
                await route.abort("blockedbyclient")
                return
            if own and (result.outcome is Outcome.TOO_LARGE or result.reason in _BROKEN):
                why = f"What the page is made of cannot be had: {result.detail}"
                self._refuse(result.outcome, why, result.reason)
            if result.status is None or result.status in {301, 302, 303, 307, 308}:
                await route.abort("failed")
                return
            origin = request.headers.get("origin", "*")
            allowed = {"access-control-allow-origin": origin, "access-control-allow-credentials": "true"}
            await route.fulfill(status=result.status, headers={**_headers(result), **allowed}, body=result.body or b"")
        finally:
            self.outstanding.pop(request, None)
            self.active = time.monotonic()

    async def _fetch(self, url: str, *, obey_robots: bool) -> FetchResult | None:
        """One request through the guard; None, and said why, where the page asked for too much."""
        left = self.ends - time.monotonic()
        self.requests += 1
        if self.requests > self.question["requests"] or self.received >= self.question["bytes"] or left <= 0:
            most = f"{self.question['requests']} files or {self.question['bytes']:,} bytes"
            self._refuse(Outcome.TOO_LARGE, f"The page wants more than {most} to be shown.", None)
            return None
        async with self.hosts.setdefault(urlsplit(url).hostname or "", asyncio.Lock()):
            (result,) = await fetch_many(
                [FetchRequest(url)],
                user_agent=self.question["user_agent"],
                allow=tuple(allow) if isinstance(allow := self.question["allow"], list) else allow,
                total_deadline=max(0.1, min(_ONE_REQUEST, self.ends - time.monotonic())),
                max_bytes=min(self.question["page_bytes"], max(1, self.question["bytes"] - self.received)),
                obey_robots=obey_robots,
            )
        self.received += len(result.body or b"")
        return result

    def _refuse(self, outcome: Outcome, detail: str, reason: Reason | None, **seen: Any) -> None:
        if self.refusal is None:
            self.refusal = {"outcome": outcome, "detail": detail, "reason": reason, **seen}

    async def read(self, browser: Any) -> bytes:
        """The page once it is ready. Raises `_NotReady`."""
        from playwright.async_api import Error

        context = await browser.new_context(
            user_agent=self.question["user_agent"], service_workers="block", accept_downloads=False
        )
        await context.route(lambda _: True, self.answer)
        self.page = await context.new_page()
        context.on("page", lambda opened: asyncio.ensure_future(opened.close()))
        try:
            await self.page.goto(self.question["url"], wait_until="domcontentloaded", timeout=0)
        except Error as error:
            if self.refusal is None and "interrupted by another navigation" not in str(error):
                raise
        session = await context.new_cdp_session(self.page)
        await self._rest(session)
        if self.refusal is not None:
            raise _NotReady(self.refusal["outcome"], self.refusal["detail"], self.refusal["reason"])
        now = time.monotonic()
        if any(since < now - _STUCK for since in self.outstanding.values()):
            raise _NotReady(Outcome.ERROR, "The page was still loading when its time was up.", Reason.TIMEOUT)
        await session.send("Emulation.setScriptExecutionDisabled", {"value": True})
        most = self.question["page_bytes"]
        made = await self._evaluate(session, f"{_READ}({most})")
        if not isinstance(made, (str, int)):
            raise _NotReady(Outcome.ERROR, "The browser cannot write down what it shows.", Reason.PROTOCOL)
        data = b"" if isinstance(made, int) else _BEFORE + made.encode(errors="replace")
        if not data or len(data) > most:
            raise _NotReady(Outcome.TOO_LARGE, f"Rendered, the page is larger than {most:,} bytes.")
        return data

    async def _rest(self, session: Any) -> None:
        """Wait until nothing is asked for and no element or text is added any more, or for long enough."""
        from playwright.async_api import Error

        latest = min(self.ends - 2.0, time.monotonic() + _READY_AFTER)
        size, since = "", time.monotonic()
        while time.monotonic() < latest and self.refusal is None:
            await asyncio.sleep(0.1)
            try:
                now = str(await self._evaluate(session, _SIZE))
            except Error:
                now = ""  # on its way to another page
            if now != size or not now:
                size, since = now, time.monotonic()
            still = not self.outstanding and self.active < time.monotonic() - _STILL
            if still and since < time.monotonic() - _STILL:
                return

    async def _evaluate(self, session: Any, expression: str) -> object:
        tree = await session.send("Page.getFrameTree")
        frame = tree["frameTree"]["frame"]["id"]
        world = await session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "reader"})
        said = await session.send(
            "Runtime.evaluate",
            {"expression": expression, "contextId": world["executionContextId"], "returnByValue": True},
        )
        return said["result"].get("value")


async def visit(question: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """Render the page and answer; every failure is an answer with a sentence."""
    from playwright.async_api import Error, async_playwright

    made = _Visit(question, body, time.monotonic() + question["seconds"])
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(
                executable_path=_walled_off(question["chromium"]),
                args=list(_SWITCHES),
                chromium_sandbox=os.geteuid() != 0,
                timeout=1_000 * question["seconds"],
            )
        except Error as error:
            return {"outcome": Outcome.UNSUPPORTED, "detail": f"Chromium does not start: {_line(error)}"}, b""
        try:
            made.ends = time.monotonic() + question["seconds"]
            async with asyncio.timeout(question["seconds"]):
                found = await made.read(browser)
        except _NotReady as why:
            return {**why.answer, **(made.refusal or {})}, b""
        except TimeoutError:
            if made.refusal is not None:
                return made.refusal, b""
            sentence = f"The page was not ready after {question['seconds']:g} s in a browser."
            return {"outcome": Outcome.ERROR, "detail": sentence, "reason": Reason.TIMEOUT}, b""
        except Error as error:
            detail = f"The browser could not show the page ({_line(error)})."
            return {"outcome": Outcome.ERROR, "detail": detail, "reason": Reason.PROTOCOL}, b""
        return {
            "outcome": Outcome.OK,
            "final_url": made.shown.final_url,
            "redirects": made.redirects,
            "headers": made.shown.headers,
            "browser": f"chromium-{browser.version} playwright-{version('playwright')}",
        }, found


def _headers(result: FetchResult) -> dict[str, str]:
    """Those that matter to a page, each name once."""
    found: dict[str, str] = {}
    for name, value in result.headers:
        if (name := name.lower()) not in _KEPT_BACK:
            found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _site(url: str) -> str:
    """The last two labels of the host: enough to tell what a page says itself from what others add."""
    return ".".join((urlsplit(url).hostname or "").split(".")[-2:])


def _line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)[:300]


def _walled_off(chromium: str) -> str:
    """A program that starts the browser in an empty network namespace; the browser itself where that is not let."""
    alone = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-current-user", "--net"]
    program = Path(tempfile.gettempdir()) / "chromium"
    program.write_text(f'#!/bin/sh\n[ "$1" = probe ] && exit 0\nexec {_shell(chromium)} "$@"\n')
    program.chmod(0o700)
    try:
        let = subprocess.run([*alone, str(program), "probe"], capture_output=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return chromium
    if let.returncode != 0:
        return chromium
    program.write_text(f'#!/bin/sh\nexec {" ".join(alone)} {_shell(chromium)} "$@"\n')
    return str(program)


def _shell(path: str) -> str:
    return "'" + path.replace("'", "'\\''") + "'"


def _end_all(*_: object) -> None:
    process_tree.end_below(os.getpid())
    os._exit(1)


def main() -> None:
    signal.signal(signal.SIGTERM, _end_all)
    process_tree.hold_together()
    asked = receive_question(sys.stdin.buffer)
    if asked is not None:
        answer, found = asyncio.run(visit(json.loads(asked[0]), asked[1]))
        send_answer(sys.stdout.buffer, json.dumps(answer).encode(), found)


if __name__ == "__main__":
    main()
