"""A site on loopback whose pages tests edit while the desk watches them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.browser.filled.pages import BY_SLUG, PAGES


@dataclass
class DeskSite:
    """The pages as they are served now, by path."""

    port: int
    now: dict[str, str] = field(default_factory=dict)

    def url(self, slug: str) -> str:
        return f"http://127.0.0.1:{self.port}/{slug}".removesuffix("/")

    def edit(self, slug: str) -> None:
        """Serve the page with its sentence altered from now on."""
        page = BY_SLUG[slug]
        self.now[f"/{slug}"] = page.html(page.altered)


@contextmanager
def serving() -> Iterator[DeskSite]:
    site = DeskSite(0)
    for page in PAGES:
        site.now[f"/{page.slug}"] = page.html(page.quote)

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = site.now.get(self.path)
            body = (text or "nothing here").encode()
            self.send_response(404 if text is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.daemon_threads = True
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
