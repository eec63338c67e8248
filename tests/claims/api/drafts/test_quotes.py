"""Page quotes by API: one guarded fetch, whose response does not reveal what editors have read before."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from django.db import connection, connections

from claims.models import Evidence
from sources.models import Page, Polling
from sources.pages import page_for
from sources.polling import poller
from tests import factories
from tests.api_client import problem, said
from tests.claims import drafts_api
from tests.sources.servers import Site, page, serve

QUOTE = factories.QUOTE
REPORT = (
    "<html lang='en'><head><title>Bridges</title></head><body><article><h1>Bridges</h1><p>The yearly report is out."
    f" {QUOTE} The next report is due in spring, and it will be longer than this one.</p></article></body></html>"
)


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    with serve({"/report": page(REPORT), "/other": page(REPORT)}) as made:
        settings.FETCH_ALLOWED_LOOPBACK = made.address
        yield made


@pytest.fixture
def key(db: None) -> str:
    factories.organisation()
    return drafts_api.writing_key()


def quote(key: str, url: str, exact: str = QUOTE, review: str = "", **fields: Any) -> Any:
    body = {"kind": "page_quote", "stance": "supports", "page": {"url": url}, "quote": {"exact": exact}, **fields}
    return drafts_api.send("evidence/", key, {"review": review or drafts_api.review(key)["id"], **body})


def asked(site: Site) -> int:
    return len([path for path in site.paths() if path != "/robots.txt"])


def test_a_quote_is_fetched_once_kept_with_its_surroundings_and_not_watched(key: str, site: Site) -> None:
    review = drafts_api.review(key)["id"]
    response = quote(key, site.url("/report"), review=review, note="The report.")
    assert response.status_code == 201, response.content
    shown = orjson.loads(response.content)
    assert shown["quote"]["exact"] == QUOTE
    assert shown["quote"]["prefix"].endswith("The yearly report is out. ")
    assert shown["page"] == {"url": site.url("/report")}
    evidence = Evidence.objects.get()
    assert (evidence.public_id, evidence.page.watch) == (shown["id"], Page.Watch.NOT_WATCHED)
    assert Polling.objects.get(page=evidence.page).due_at is None
    assert asked(site) == 1
    second = quote(key, site.url("/report#x"), exact="The yearly report is out.", review=review)
    assert second.status_code == 201
    assert asked(site) == 1, "who has seen the page does not go there again"
    assert drafts_api.send(f"reviews/{review}/submit/", key, b"").status_code == 200


def test_a_quote_sent_again_with_its_idempotency_key_is_attached_once(key: str, site: Site) -> None:
    body = {
        "review": drafts_api.review(key)["id"],
        "kind": "page_quote",
        "stance": "supports",
        "page": {"url": site.url("/report")},
        "quote": {"exact": QUOTE},
    }
    first, second = (drafts_api.send("evidence/", key, body, Idempotency_Key="once") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert (Evidence.objects.count(), asked(site)) == (1, 1)


def test_what_cannot_be_quoted_is_said_at_its_place(key: str, site: Site) -> None:
    review = drafts_api.review(key)["id"]
    for url, exact, pointer in (
        (site.url("/nowhere"), QUOTE, "/page/url"),
        (site.url("/report"), "The ministry counted 999 bridges.", "/quote/exact"),
        (site.url("/report"), "it", "/quote/exact"),
        ("http://127.0.0.1:9/x", QUOTE, "/page/url"),
        ("http://169.254.169.254/latest", QUOTE, "/page/url"),
        ("http://user:secret@bridge.example/", QUOTE, "/page/url"),
        ("http://2130706433/", QUOTE, "/page/url"),
    ):
        response = quote(key, url, exact, review)
        assert response.status_code == 422, (url, response.content)
        assert problem(response)["errors"][0]["pointer"] == pointer, (url, response.content)
    assert not Evidence.objects.exists()
    assert said(f"{drafts_api.DESK}evidence/", key)["results"] == []
    assert not Page.objects.exclude(url=site.url("/report")).exists()


def test_no_response_reveals_what_we_have_read_before(key: str, site: Site) -> None:
    """A page that editors have read is fetched like an unknown one, and its earlier content is not revealed."""
    secret = "The ministry counted 397 bridges in need of repair."
    now, before = site.pages["/report"], page(REPORT.replace(QUOTE, secret))
    for path in ("/report", "/gone"):
        site.pages[path] = before
        poller.fetch_once(page_for(site.url(path)), actor=None)
    site.pages["/report"] = now
    del site.pages["/gone"]
    seen = asked(site)
    assert quote(key, site.url("/report")).status_code == 201
    assert asked(site) == seen + 1
    assert quote(key, site.url("/other"), secret).status_code == 422
    refused = quote(key, site.url("/report"), secret)
    assert problem(refused)["errors"][0]["pointer"] == "/quote/exact"
    # And one that cannot be read now is no different for having been read.
    known, unknown = quote(key, site.url("/gone"), secret), quote(key, site.url("/gonf"), secret)
    assert known.status_code == unknown.status_code == 422
    assert known.content == unknown.content


def test_the_page_of_a_published_review_is_not_fetched_again(key: str, site: Site) -> None:
    published = factories.page(site.url("/report"))
    factories.published_review(of=published)
    assert quote(key, site.url("/report")).status_code == 201
    assert asked(site) == 0


def test_a_slow_page_ends_in_time(key: str, site: Site, settings: Any) -> None:
    def silent(connection: socket.socket) -> None:
        connection.recv(1)

    settings.FETCH_TOTAL_DEADLINE = 1
    site.pages["/slow"] = silent
    response = quote(key, site.url("/slow"))
    assert response.status_code == 422
    assert problem(response)["errors"][0]["pointer"] == "/page/url"


def test_one_page_at_a_time_for_each_newsroom(live_database: Any, settings: Any) -> None:
    factories.organisation()
    arrived, answer = threading.Event(), threading.Event()

    def held(peer: socket.socket) -> None:
        arrived.set()
        answer.wait(20)
        peer.sendall(page(REPORT))

    with serve({"/held": held, "/report": page(REPORT)}) as site:
        settings.FETCH_ALLOWED_LOOPBACK = site.address
        key, stranger = drafts_api.writing_key(), drafts_api.writing_key("Evening Paper")
        review, other = drafts_api.review(key)["id"], drafts_api.review(stranger)["id"]
        first: list[int] = []

        def slowly() -> None:
            first.append(quote(key, site.url("/held"), review=review).status_code)
            connections.close_all()

        thread = threading.Thread(target=slowly)
        thread.start()
        assert arrived.wait(20)
        refused = quote(key, site.url("/report"), review=review)
        assert (refused.status_code, "being read" in problem(refused)["detail"]) == (409, True)
        settings.POLL_HOST_DELAY = 0
        assert quote(stranger, site.url("/report"), review=other).status_code == 201
        answer.set()
        thread.join(20)
        assert first == [201]
        assert quote(key, site.url("/report"), review=review).status_code == 201
    connection.close()
