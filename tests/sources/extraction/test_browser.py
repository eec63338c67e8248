"""Rendering in a browser: results, isolation from the network, limits.

Needs a Chromium (apt-get install chromium) and playwright (pip install playwright==1.65.2).
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sources.extraction import browser, process_tree, sandbox
from sources.extraction.browser import Limits
from sources.http import fetcher
from sources.http.fetcher import FetchResult, Reason
from sources.outcome import Outcome
from sources.quotes import locate
from tests.processes import wait_until_gone
from tests.sources.servers import Site, answer, page, serve

pytestmark = pytest.mark.skipif(
    bool(browser.missing_requirement()) and "CI" not in os.environ,
    reason=f"{browser.missing_requirement()} For these tests: apt-get install chromium; pip install playwright==1.65.2",
)
# A browser takes some two seconds to start, so the suite starts one for each kind of isolation and of limit.
LONG = pytest.mark.long
AGENT = "factcheck-test/1 (contact: desk@example.org)"
JSON = "Content-Type: application/json"
SCRIPT = "Content-Type: text/javascript"


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as site:
        yield site


def render(site: Site, path: str = "/", chromium: str = "", **limits: float) -> FetchResult:
    fetched = fetcher.fetch(site.url(path), user_agent=AGENT, allow=site.address)
    given = Limits(**{"seconds": 15.0, **limits})  # type: ignore[arg-type]
    return browser.render_result(fetched, user_agent=AGENT, allow=site.address, chromium=chromium, limits=given)


def text_of(result: FetchResult) -> str:
    assert result.body is not None, result
    read = sandbox.extract(result.body, result.media_type, result.charset)
    assert read.flags == ()
    return read.text


class Wall(threading.Thread):
    """Listens where nothing may arrive, in TCP and UDP on one port, and records what does."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        self.arrived: list[str] = []
        self.start()

    def run(self) -> None:
        threading.Thread(target=self._datagrams, daemon=True).start()
        with suppress(OSError):
            while True:
                connection, _ = self.tcp.accept()
                self.arrived.append("tcp")
                connection.close()

    def _datagrams(self) -> None:
        with suppress(OSError):
            while True:
                self.udp.recvfrom(2_000)
                self.arrived.append("udp")

    def close(self) -> None:
        self.tcp.close()
        self.udp.close()


@pytest.fixture
def wall() -> Iterator[Wall]:
    wall = Wall()
    yield wall
    wall.close()


# -- results -----------------------------------------------------------------------------------------------------


@pytest.fixture
def nothing_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Check after the test that rendering left no file and no process."""
    folder = Path(tempfile.mkdtemp(prefix="fc-"))  # pytest's own is too long for a browser's sockets
    monkeypatch.setattr(browser.tempfile, "tempdir", str(folder))
    before = set(process_tree.descendants(os.getpid()))
    yield
    sandbox.close()  # whose children wait for more to read
    folder.rmdir()  # it is empty
    assert wait_until_gone(set(process_tree.descendants(os.getpid())) - before, 2) == []


@pytest.mark.usefixtures("nothing_left")
def test_text_that_scripts_create_is_read_and_contains_the_quote(site: Site) -> None:
    site.pages["/"] = page(
        """<html lang=ru><head><meta charset=windows-1251><title>Мосты</title><link rel=stylesheet href=/style>
        <script src=/app.js defer></script><script type=module src=/module.js></script></head>
        <body><p>Loading</p><img src=/pixel><shadow-box><b slot=name>Ada Poe</b></shadow-box>""",
        'ETag: "1"',
        "Last-Modified: Tue, 05 May 2026 10:00:00 GMT",
        "Cache-Control: max-age=60",
        "X-Factcheck-Rendered: by the site, it says",
    )
    site.pages["/app.js"] = answer(
        b"""setTimeout(async () => {
            const told = await (await fetch('/api?page=1')).json();
            document.body.querySelector('p').textContent = told.words;
            document.title = told.title;
            customElements.define('shadow-box', class extends HTMLElement {
                constructor() {
                    super();
                    const root = this.attachShadow({mode: 'open'});
                    root.innerHTML = '<p>It was <slot name=name>who?</slot> who said so.</p>';
                }
            });
        }, 700)""",
        "200 OK",
        SCRIPT,
    )
    site.pages["/module.js"] = answer(b"document.body.append('And a module.')", "200 OK", SCRIPT)
    words = "The ministry counted 412 bridges in need of repair."
    site.pages["/api?page=1"] = answer(f'{{"words": "{words}", "title": "Bridges"}}'.encode(), "200 OK", JSON)
    plain = fetcher.fetch(site.url(), user_agent=AGENT, allow=site.address)
    assert plain.body is not None and words not in sandbox.extract(plain.body, plain.media_type).text

    result = render(site)

    assert result.outcome is Outcome.OK and result.status == 200 and result.final_url == site.url()
    read = text_of(result)
    assert locate.locate(locate.TextQuote(words), read).result == locate.Result.INTACT
    assert "It was Ada Poe who said so." in read and "And a module." in read and "Loading" not in read
    assert (result.media_type, result.charset) == ("text/html", "utf-8")
    headers = {name.lower(): value for name, value in result.headers}
    assert headers["x-factcheck-rendered"].startswith("chromium-") and "cache-control" in headers
    assert not {"etag", "last-modified"} & set(headers), "not modified would say nothing of what scripts fetch"
    assert set(site.paths()) == {"/robots.txt", "/", "/app.js", "/module.js", "/api?page=1"}, "no picture, no style"
    assert all(AGENT.encode() in asked for asked in site.asked)
    assert not any(name in asked.lower() for asked in site.asked for name in (b"\r\ncookie:", b"\r\nreferer:"))


def test_the_final_url_is_where_scripts_navigate_to(site: Site) -> None:
    site.pages["/"] = answer(b"", "302 Found", "Location: /old")
    site.pages["/old"] = page("<script>location.replace('/moved')</script>")
    site.pages["/moved"] = answer(b"", "301 Moved", "Location: /new")
    site.pages["/new"] = page("<h1>Here</h1><script>history.pushState({}, '', '/new?session=1')</script>")
    result = render(site)
    assert text_of(result) == "Here" and result.final_url == site.url("/new")
    assert [url for _, url in result.redirects] == [site.url("/old"), site.url("/new")]


@pytest.mark.parametrize(
    ("leads_to", "outcome", "path"),
    [
        pytest.param(answer(b"", "410 Gone"), Outcome.GONE, "/next", marks=LONG),
        pytest.param(
            page("<script>location.replace('/next?'+Math.random())</script>"), Outcome.GONE, "/next", marks=LONG
        ),
        (page("<h1>Kept out</h1>"), Outcome.DISALLOWED, "/closed"),
    ],
)
def test_a_page_that_scripts_lead_to_has_its_own_outcome(
    site: Site, leads_to: bytes, outcome: Outcome, path: str
) -> None:
    site.pages["/robots.txt"] = answer(b"User-agent: *\nDisallow: /closed", "200 OK", "Content-Type: text/plain")
    fetcher.clear_robots_cache()
    site.pages["/"] = page(f"<p>Before</p><script>location.href = '{path}'</script>")
    site.pages[path] = leads_to
    result = render(site)
    assert result.outcome is outcome and result.body is None and result.detail.endswith(".")


def test_other_results_are_not_rendered(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "_call_child", None)
    site.pages["/robots.txt"] = answer(b"User-agent: *\nDisallow: /closed", "200 OK", "Content-Type: text/plain")
    fetcher.clear_robots_cache()
    site.pages["/data"] = answer(b"{}", "200 OK", JSON)
    assert render(site, "/data").body == b"{}"
    assert render(site, "/none").outcome is Outcome.GONE
    assert render(site, "/closed").outcome is Outcome.DISALLOWED and "/closed" not in site.paths()


# -- isolation ---------------------------------------------------------------------------------------------------

WAYS_OUT = """<html><head>
<link rel=dns-prefetch href=//127.0.0.1:{port}><link rel=preconnect href=http://127.0.0.1:{port}>
<link rel=prefetch href=http://127.0.0.1:{port}/prefetch><link rel=icon href=http://127.0.0.1:{port}/icon>
<link rel=preload as=image href=http://127.0.0.1:{port}/preload><link rel=manifest href=http://127.0.0.1:{port}/m>
<script type=speculationrules>{{"prerender": [{{"source": "list", "urls": ["/prerendered"]}}]}}</script>
<script src=http://127.0.0.1:{port}/script.js></script></head><body>
<img src=http://127.0.0.1:{port}/img><video src=http://127.0.0.1:{port}/video autoplay></video>
<iframe src=http://127.0.0.1:{port}/frame></iframe><object data=http://127.0.0.1:{port}/object></object>
<a id=a ping=http://127.0.0.1:{port}/ping href=#x>x</a>
<form id=f method=post action=http://127.0.0.1:{port}/form target=frame><input name=a></form>
<script>
const out = 'http://127.0.0.1:{port}/', none = () => 0, worker = code => URL.createObjectURL(new Blob([code]));
const attempt = action => {{
    try {{ const made = action(); if (made && made.catch) made.catch(none) }} catch (error) {{}}
}};
attempt(() => document.getElementById('a').click());
attempt(() => document.getElementById('f').submit());
attempt(() => new WebSocket('ws://127.0.0.1:{port}/socket'));
attempt(() => navigator.sendBeacon(out + 'beacon', 'x'));
attempt(() => fetch(out + 'fetch', {{keepalive: true, mode: 'no-cors'}}));
attempt(() => fetch('/post', {{method: 'POST', body: 'x'}}));
attempt(() => fetch('/led-away'));
attempt(() => fetch('http://[::1]:{port}/'));
attempt(() => fetch('http://169.254.169.254/latest/meta-data/'));
attempt(() => {{ const x = new XMLHttpRequest(); x.open('GET', out + 'xhr'); x.send() }});
attempt(() => new EventSource(out + 'events'));
attempt(() => new Worker(worker(`fetch('${{out}}worker'); new WebSocket('ws://127.0.0.1:{port}/w')`)));
attempt(() => new SharedWorker(worker(`fetch('${{out}}shared')`)));
attempt(() => navigator.serviceWorker.register('/service.js'));
attempt(() => new WebTransport('https://127.0.0.1:{port}/'));
attempt(() => window.open(out + 'popup'));
attempt(() => import(out + 'module.js'));
const peer = new RTCPeerConnection({{iceServers: [
    {{urls: 'stun:127.0.0.1:{port}'}},
    {{urls: 'turn:127.0.0.1:{port}?transport=tcp', username: 'a', credential: 'b'}}]}});
peer.createDataChannel('x');
peer.createOffer().then(offer => peer.setLocalDescription(offer));
document.body.append('Said all the same.');
</script></body></html>"""
BROWSER = "from sources.extraction import browser_child as browser\n{change}\nbrowser.main()"
IN_THE_NETWORK = "browser._isolated = lambda chromium: chromium"
WITHOUT_SWITCHES = "browser._SWITCHES = ('--disable-gpu',)"


def change_browser(monkeypatch: pytest.MonkeyPatch, *changes: str) -> None:
    program = [sys.executable, "-c", BROWSER.format(change="\n".join(changes))]
    monkeypatch.setattr(browser, "_PROGRAM", program)


def own_network_is_let() -> bool:
    alone = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-current-user", "--net"]
    with suppress(OSError):
        return subprocess.run([*alone, "true"], capture_output=True, check=False).returncode == 0
    return False


@pytest.mark.parametrize("changes", [(IN_THE_NETWORK,), (WITHOUT_SWITCHES,)], ids=["by its switches", "by the system"])
def test_no_request_of_a_page_reaches_the_network(
    site: Site, wall: Wall, changes: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    if changes == (WITHOUT_SWITCHES,) and not own_network_is_let():
        pytest.skip("This system lets nobody have a network namespace; then the switches alone must do.")
    change_browser(monkeypatch, *changes)
    site.pages["/"] = page(WAYS_OUT.format(port=wall.port))
    site.pages["/led-away"] = answer(b"", "302 Found", f"Location: http://127.0.0.1:{wall.port}/redirected")
    with sockets_of_browsers() as seen:
        result = render(site)
    assert "Said all the same." in text_of(result)
    assert wall.arrived == []
    assert seen.processes > 3 and seen.connections == set()
    assert set(site.paths()) == {"/robots.txt", "/", "/led-away"}
    assert {asked.split(b" ")[0] for asked in site.asked} == {b"GET"}


@LONG
def test_control_without_isolation_requests_get_out(site: Site, wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    change_browser(monkeypatch, IN_THE_NETWORK, WITHOUT_SWITCHES)
    site.pages["/"] = page(WAYS_OUT.format(port=wall.port))
    with sockets_of_browsers() as seen:
        render(site)
    assert {"tcp", "udp"} <= set(wall.arrived)
    assert seen.connections, "the count of connections sees them"


@dataclass
class Seen:
    processes: int = 0
    connections: set[str] = field(default_factory=set)


@contextmanager
def sockets_of_browsers() -> Iterator[Seen]:
    """Record the connections of Chromium's processes, by polling /proc."""
    seen, ends = Seen(), threading.Event()

    def look() -> None:
        while not ends.wait(0.03):
            ours = [pid for pid in process_tree.descendants(os.getpid()) if _is_browser(pid)]
            seen.processes = max(seen.processes, len(ours))
            for pid in ours:
                inodes = set()
                with suppress(OSError):
                    for entry in Path(f"/proc/{pid}/fd").iterdir():
                        with suppress(OSError):
                            inodes.add(os.readlink(entry))
                for name in ("tcp", "tcp6", "udp", "udp6"):
                    for line in _read(f"/proc/{pid}/net/{name}").decode().splitlines()[1:]:
                        fields = line.split()
                        connected = set(fields[2].partition(":")[0]) != {"0"}
                        if f"socket:[{fields[9]}]" in inodes and (connected or _is_multicast(fields[1])):
                            seen.connections.add(f"{name} {fields[1]} {fields[2]}")

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        ends.set()
        thread.join()


def _is_browser(pid: int) -> bool:
    try:
        return "chrom" in os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return False


def _is_multicast(place: str) -> bool:
    """Whether an IPv4 address in /proc's form is multicast; 224.0.0.251:5353 is FB0000E0:14E9 there."""
    address = place.partition(":")[0]
    return len(address) == 8 and 0xE0 <= int(address[6:], 16) < 0xF0


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


# -- limits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "outcome", "says"),
    [
        ("while (true) {}", Outcome.ERROR, "not ready after 4 s"),
        pytest.param("while (true) alert('x')", Outcome.ERROR, "not ready after 4 s", marks=LONG),
        pytest.param(
            "document.body.append('x'.repeat(3_000_000))",
            Outcome.TOO_LARGE,
            "larger than 2,000,000 bytes",
            marks=LONG,
        ),
        ("for (let n = 0; n < 9; n++) fetch('/d?' + n)", Outcome.TOO_LARGE, "more than 5 files"),
        pytest.param(
            "fetch('/large'); setTimeout(() => fetch('/large'), 300)",
            Outcome.TOO_LARGE,
            "larger than 1,100,000 bytes",
            marks=LONG,
        ),
        pytest.param("location.reload()", Outcome.ERROR, "keeps navigating", marks=LONG),
        pytest.param("fetch('/broken')", Outcome.ERROR, "A part of the page", marks=LONG),
        pytest.param("fetch('/never')", Outcome.ERROR, "still loading", marks=LONG),
    ],
)
def test_over_a_limit_there_is_an_outcome_and_no_text(site: Site, script: str, outcome: Outcome, says: str) -> None:
    site.pages["/"] = page(f"<body><p>Words</p><script>{script}</script>")
    site.pages["/large"] = answer(b"x" * 1_900_000, "200 OK", "Content-Type: text/plain")
    site.pages["/broken"] = answer(b"", "503 Service Unavailable")
    site.pages["/never"] = lambda connection: time.sleep(6)
    started = time.monotonic()
    result = render(site, seconds=4.0, requests=5, bytes=3_000_000, page_bytes=2_000_000)
    assert result.outcome is outcome and result.body is None
    assert says in result.detail and result.detail.endswith(".")
    assert time.monotonic() - started < 9


@LONG
def test_a_page_with_dialogs_and_popups_is_read(site: Site) -> None:
    site.pages["/"] = page(
        """<body><p>Words</p><iframe src=/frame></iframe><script>
        alert('x'); confirm('y'); prompt('z'); onbeforeunload = () => 'stay'; print();
        for (let n = 0; n < 20; n++) window.open('/popup' + n);
        const link = document.createElement('a');
        link.href = URL.createObjectURL(new Blob(['x'])); link.download = 'x'; link.click();
        HTMLElement.prototype.querySelectorAll = Document.prototype.querySelectorAll = () => { throw 1 };
        Object.defineProperty(Element.prototype, 'outerHTML', {get: () => 'forged'});
        fetch('/none'); setInterval(() => document.title = Math.random(), 50);
        navigator.geolocation.getCurrentPosition(() => 0); Notification.requestPermission();
        </script>"""
    )
    result = render(site)
    assert text_of(result) == "Words"
    assert set(site.paths()) == {"/robots.txt", "/", "/none"}


def test_a_page_over_the_memory_limit_is_killed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "MEMORY", 700_000_000)
    site.pages["/"] = page(
        "<body><script>const all = []; setInterval(() => { document.body.append('x');"
        "all.push(new Uint8Array(50_000_000).fill(1)) }, 20)</script>"
    )
    started = time.monotonic()
    result = render(site)
    assert result.outcome is Outcome.TOO_LARGE and "memory" in result.detail
    assert time.monotonic() - started < 15


@pytest.mark.parametrize("ending", [pytest.param(signal.SIGTERM, marks=LONG), signal.SIGKILL])
def test_the_browser_ends_with_its_parent_process(site: Site, ending: signal.Signals) -> None:
    site.pages["/"] = page("<script>while (true) {}</script>")
    asked = (
        "from sources.extraction import browser; from sources.http import fetcher;"
        f"given = {{'user_agent': 'x', 'allow': {site.address!r}}}; page = fetcher.fetch({site.url()!r}, **given);"
        "browser.render_result(page, **given, limits=browser.Limits(seconds=60.0))"
    )
    poller = subprocess.Popen([sys.executable, "-c", asked])
    ends = time.monotonic() + 15
    while len(family := process_tree.descendants(poller.pid)) < 6 and time.monotonic() < ends:
        time.sleep(0.05)
    assert len(family) >= 6
    poller.send_signal(ending)
    poller.wait()
    assert wait_until_gone(family, 5) == []


# -- without a browser -------------------------------------------------------------------------------------------


def test_without_a_browser_the_message_says_what_to_install(site: Site) -> None:
    site.pages["/"] = page("<p>Words</p><script src=/script></script>")
    result = render(site, chromium="/nowhere/chromium")
    assert result.outcome is Outcome.UNSUPPORTED and "apt-get install chromium" in result.detail
    assert site.paths() == ["/robots.txt", "/"] and result.body is None


def test_without_playwright_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser.importlib.util, "find_spec", lambda name: None)
    assert f"pip install playwright=={browser.PLAYWRIGHT}" in browser.missing_requirement()


def test_a_browser_that_does_not_start_is_an_outcome(site: Site, tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho no display; exit 1\n")
    broken.chmod(0o700)
    site.pages["/"] = page("<p>Words</p>")
    result = render(site, chromium=str(broken))
    assert result.outcome is Outcome.UNSUPPORTED and result.detail.startswith("Chromium does not start")


def test_a_child_that_dies_is_an_outcome(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    change_browser(monkeypatch, "import os; os._exit(1)")
    site.pages["/"] = page("<p>Words</p>")
    result = render(site)
    assert (result.outcome, result.reason, result.body) == (Outcome.ERROR, Reason.PROTOCOL, None)
