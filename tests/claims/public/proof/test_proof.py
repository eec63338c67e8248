"""A stranger verifies a claim's history from readers' pages alone, where reading the interface takes a key."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.http import HttpResponse
from django.test import Client

from claims.models import Review
from claims.proof import checkpoints, keys
from claims.public.proof import log as log_pages
from claims.publication import append
from tests import factories
from tests.claims.proof.test_verify_history import SCRIPT, Quiet, make_server
from tests.conftest import LiveDatabase

pytestmark = pytest.mark.sql


def get(path: str) -> HttpResponse:
    client = Client()
    response: HttpResponse = client.get(path)
    assert not client.cookies and not response.cookies
    return response


@pytest.fixture
def review(db: None) -> Review:
    made = factories.published_review()
    factories.published_review()
    append.append(made.claim, event="watch_lost", audience="newsrooms", review=made)
    append.append(made.claim, event="reconfirmed", audience="public", review=made)
    return made


@pytest.mark.django_db
def test_the_page_shows_the_entries_that_anybody_may_see_and_whether_they_are_signed(review: Review) -> None:
    path = f"/claims/{review.claim.public_id}/proof"
    before = get(path).content.decode()
    assert "Nothing is signed yet" in before and "Not signed yet." in before
    assert checkpoints.write()
    html = get(path).content.decode()
    assert [int(each) for each in re.findall(r"<b>Entry (\d+)", html)] == [1, 4]
    assert html.count("Signed.") == 2 and "It covers entries 1 to 4" in html
    assert keys.current().public in html and "watch_lost" not in html
    factories.published_again(review.claim)
    later = get(path).content.decode()
    assert later.count("Not signed yet.") == 1
    assert len(later) < 60_000


@pytest.mark.django_db
def test_the_words_of_a_removed_claim_are_not_in_its_proof(review: Review) -> None:
    factories.redacted(review.claim)
    path = f"/claims/{review.claim.public_id}/proof"
    for address in (path, f"{path}.json"):
        response = get(address)
        assert response.status_code == 200 and "412 bridges" not in response.content.decode()
    document = get(f"{path}.json").json()
    assert document["results"] == [] and document["entries"][-1]["salt"] is None
    assert "Its words were removed" in get(path).content.decode()
    assert "The entries of this claim" in get(f"/claims/{review.claim.public_id}").content.decode()


@pytest.mark.django_db
def test_there_is_nothing_of_what_was_never_public() -> None:
    draft = factories.draft()
    for name in (draft.review.claim.public_id, "clm_0000000000000000"):
        assert get(f"/claims/{name}/proof").status_code == get(f"/claims/{name}/proof.json").status_code == 404
    for query in ("after=1", "after=x", "after=-1", "after=%00", f"after={'9' * 30}"):
        assert get(f"/proof/log?{query}").status_code == 404


@pytest.mark.django_db
def test_the_log_is_whole_page_by_page(review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_pages, "MOST", 3)
    first = get("/proof/log?limit=1000").json()
    assert [row["sequence"] for row in first["results"]] == [1, 2, 3]
    assert "line" not in first["results"][2], "of what newsrooms alone may read there is the hash"
    last = get(first["next"].removeprefix("http://testserver")).json()
    assert [row["sequence"] for row in last["results"]] == [4] and last["next"] is None
    assert last["previous_hash"] == first["hash"]


@pytest.fixture
def site(live_database: LiveDatabase) -> Iterator[str]:
    """The product on loopback."""
    application = get_wsgi_application()

    def serve(*arguments: object) -> object:
        try:
            return application(*arguments)
        finally:
            connections.close_all()

    server = make_server("127.0.0.1", 0, serve, handler_class=Quiet)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def run(command: str, folder: Path) -> tuple[int, str]:
    """What the script says to the command of the page."""
    arguments = [sys.executable, "-I", str(SCRIPT), *command.split()[2:]]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, cwd=folder)
    return done.returncode, done.stdout + done.stderr


def test_the_script_accepts_what_the_page_names(site: str, tmp_path: Path) -> None:
    review = factories.published_review()
    factories.published_review()
    append.append(review.claim, event="watch_lost", audience="newsrooms", review=review)
    append.append(review.claim, event="reconfirmed", audience="public", review=review)
    assert checkpoints.write()
    host = site.removeprefix("http://")
    client = Client(headers={"host": host})
    html = client.get(f"/claims/{review.claim.public_id}/proof").content.decode()
    [command] = re.findall(r"<textarea[^>]*>(python [^<]*)</textarea>", html)
    command = unescape(command).replace("KEY", keys.current().public)
    code, said = run(command, tmp_path)
    assert code == 0, said
    assert "The log up to row 4 is the one that was signed" in said
    assert "Proved: 2 of 2 entries that you may read stood so" in said
    assert "what 1 rows say that are closed to you" in said
    code, said = run(command.replace(keys.current().public, "ab" * 32), tmp_path)
    assert code == 1 and "not signed by this key" in said
    assert client.get("/proof/verify_history.py").content == SCRIPT.read_bytes()


@pytest.mark.django_db
def test_a_signature_from_before_the_first_entry_counts_none() -> None:
    assert checkpoints.write()
    review = factories.published_review()
    html = Client().get(f"/claims/{review.claim.public_id}/proof").content.decode()
    assert "from before the first entry" in html and "entries 1 to 0" not in html
