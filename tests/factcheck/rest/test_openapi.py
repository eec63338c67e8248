"""The page on which people read and try the interface, in a real browser: it works, and it reaches nobody else."""

import os
import shutil
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from factcheck.wsgi import application
from sources.extraction.browser import missing_requirement
from tests import factories
from tests.api_client import ask, reading_key

DOCS = "/api/v1/docs/"
in_a_browser = pytest.mark.skipif(
    bool(missing_requirement()) and "CI" not in os.environ,
    reason=f"{missing_requirement()} For these tests: apt-get install chromium; pip install playwright==1.65.2",
)


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def origin(live_database: Any) -> Iterator[str]:
    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_page_is_there_for_everybody_and_holds_no_script(db: None) -> None:
    response = ask(DOCS)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    page = response.content.decode()
    assert page.count("<script") == page.count("<script src=") == 2
    assert "http://" not in page and "https://" not in page
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "connect-src 'self'" in policy


@in_a_browser
def test_people_try_an_operation_with_their_key_and_nothing_leaves_for_another_host(origin: str) -> None:
    from playwright.sync_api import sync_playwright

    key = reading_key()
    claim = factories.published_review().claim
    asked: list[str] = []
    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(origin + DOCS)
        page.click("button.authorize")
        page.fill(".auth-container input", key)
        page.click(".auth-btn-wrapper button.authorize")
        page.click(".auth-btn-wrapper button.btn-done")
        operation = page.locator(".opblock").filter(has=page.locator("[data-path='/api/v1/claims/']")).first
        operation.locator(".opblock-summary-control").click()
        operation.get_by_role("button", name="Try it out").click()
        operation.get_by_role("button", name="Execute").click()
        operation.locator(".live-responses-table .response-col_description pre").first.wait_for()
        shown = operation.locator(".live-responses-table").inner_text()
        kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
        browser.close()
    assert claim.public_id in shown and "200" in shown
    assert any("/api/v1/claims/" in address for address in asked), "the control: requests are seen"
    assert {urlsplit(address).netloc for address in asked if not address.startswith("data:")} == {
        urlsplit(origin).netloc
    }
    assert said == [], "no script or style was refused"
    assert key not in kept
