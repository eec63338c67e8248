"""A hostile saved page in its frame: nothing of it runs, and no request leaves Chromium."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from claims.desk.shell import screen
from claims.desk.sources import replay
from sources.extraction import sandbox
from sources.extraction.replay import Token
from sources.models import Blob, Snapshot
from sources.snapshots.default_store import store
from tests.browser import IN_CHROMIUM
from tests.browser.filled.hostile import ELSEWHERE, PAYLOADS

pytestmark = IN_CHROMIUM

RUN = "document.title='ran';parent.document.title='ran'"
MORE = (
    f'<link rel="dns-prefetch" href="{ELSEWHERE}"><link rel="preconnect" href="{ELSEWHERE}">',
    f'<link rel=preload as=image href="{ELSEWHERE}/preload"><link rel=stylesheet href="{ELSEWHERE}/sheet">',
    f'<video autoplay poster="{ELSEWHERE}/v" src="{ELSEWHERE}/w"></video><audio src="{ELSEWHERE}/a" autoplay></audio>',
    f'<div style="background:url({ELSEWHERE}/bg)" onmouseover="{RUN}">words</div>',
    f'<details open ontoggle="{RUN}"><summary>more</summary></details>',
    f'<a href="{ELSEWHERE}/link" ping="{ELSEWHERE}/ping" target=_top>press me</a>',
    f'<object data="{ELSEWHERE}/o"></object><embed src="{ELSEWHERE}/e"><math href="javascript:alert(1)">y</math>',
    f'<form action="{ELSEWHERE}/form"><input name=a autofocus onfocus="{RUN}"><button>Go</button></form>',
    f'<script>fetch("{ELSEWHERE}/fetch");{RUN};top.location="{ELSEWHERE}/top"</script>',
)
HTML = "".join((*PAYLOADS[:4], *PAYLOADS[5:], *MORE))
WORDS = "The ministry counted 412 bridges."


@contextmanager
def serving(pages: dict[str, tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """A server of bodies and their policies; its address, and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body, policy = pages.get(self.path, ("", "default-src 'none'"))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def document() -> str:
    """The frame's document of a hostile page."""
    html = f"<!doctype html><html><body>{HTML}<p>{WORDS}</p></body></html>".encode()
    blob = Blob(sha256=store().put(html), size=len(html), media_type="text/html")
    return replay.document(Snapshot(blob=blob, title="<script>x</script>", language="en"), None)


def seen_by(chromium: Any, frame: str) -> tuple[list[str], list[str], str, str]:
    """What Chromium wanted from elsewhere, what it got through to, the title afterwards, the text of the frame."""
    policy = "; ".join(f"{name} {' '.join(values)}" for name, values in screen.POLICY.items())
    outer = '<!doctype html><title>Saved page</title><iframe sandbox="" src="/frame#quote"></iframe>'
    with serving({}) as (elsewhere, reached):
        pages = {
            "/": (outer, f"default-src 'none'; {policy}"),
            "/frame": (frame.replace(ELSEWHERE, elsewhere), replay.POLICY),
        }
        with serving(pages) as (web, _):
            context = chromium.new_context()
            tab = context.new_page()
            wanted: list[str] = []
            context.on("request", lambda request: wanted.append(request.url))
            tab.on("dialog", lambda dialog: (wanted.append("a dialog"), dialog.dismiss()))
            tab.goto(web)
            inner = next(each for each in tab.frames if each is not tab.main_frame)
            inner.wait_for_load_state()
            for thing in inner.query_selector_all("summary, a, button, div")[:12]:
                if thing.is_visible():
                    thing.click(force=True, timeout=2_000)
            tab.wait_for_timeout(300)
            title, text = tab.title(), inner.inner_text("body")
            context.close()
    return [each for each in wanted if not each.startswith(f"{web}/")], reached, title, text


def test_nothing_of_a_hostile_page_runs_or_leaves(chromium: Any) -> None:
    wanted, reached, title, text = seen_by(chromium, document())
    assert (wanted, reached, title) == ([], [], "Saved page")
    assert WORDS in text


def test_the_policy_alone_lets_nothing_run_or_load(chromium: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second wall: the same page as if nothing had been cleaned, but for links, which are no part of it."""
    raw = HTML.replace("<a href", "<a name")
    monkeypatch.setattr(sandbox, "replay", lambda *_: [Token(True, raw)])
    _wanted, reached, title, _text = seen_by(chromium, document())
    assert (reached, title) == ([], "Saved page")


def test_without_both_walls_the_same_page_reaches_out(chromium: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control run."""
    monkeypatch.setattr(replay, "POLICY", "frame-ancestors *")
    _wanted, reached, _title, _text = seen_by(chromium, f"<!doctype html><body>{HTML}")
    assert reached != []
