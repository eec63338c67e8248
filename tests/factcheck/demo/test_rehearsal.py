"""A developer with a test key lets things happen to the demo's claims; nothing of it works anywhere else."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError

from claims.models import Claim, Publication, Recheck, Review
from claims.watch import sweep
from factcheck.demo import rehearsal, remove, seed, site_edits
from factcheck.demo.folder import DemoFolder
from factcheck.demo.pages import PAGES
from factcheck.demo.site import Content, Site
from factcheck.newsrooms import keys
from factcheck.newsrooms.models import ApiKey, Newsroom
from sources.models import Page
from sources.polling import poller
from tests import factories
from tests.api_client import ask, problem, said

pytestmark = pytest.mark.django_db
ROUTE = "/api/v1/test/claims/{}/{}/"


@pytest.fixture
def site(tmp_path: Path, settings: Any) -> Iterator[Site]:
    settings.DATA, settings.SNAPSHOT_STORE = tmp_path, str(tmp_path / "snapshots")
    settings.EMBEDDED_DATABASE = True
    DemoFolder(tmp_path).make()
    with Site(0, Content(DemoFolder(tmp_path).path)) as site:
        settings.FETCH_ALLOWED_LOOPBACK = f"127.0.0.1:{site.server_port}"
        thread = threading.Thread(target=site.serve_forever, args=(0.01,))
        thread.start()
        seed.seed()
        yield site
        site.shutdown()
        thread.join()


@pytest.fixture
def key(site: Site, capsys: pytest.CaptureFixture[str], settings: Any) -> str:
    address, settings.FETCH_ALLOWED_LOOPBACK = (
        settings.FETCH_ALLOWED_LOOPBACK,
        "",
    )  # as outside `up`
    call_command("newsroom", "Our app", "--test")
    settings.FETCH_ALLOWED_LOOPBACK = address
    return capsys.readouterr().out.strip()


@pytest.fixture
def claim(site: Site) -> str:
    return str(Review.objects.order_by("pk").first().claim.public_id)


def happens(claim: str, event: str, key: str | None) -> Any:
    return ask(ROUTE.format(claim, event), key, method="POST", data=b"", content_type="application/json")


def done(claim: str, event: str, key: str) -> dict[str, Any]:
    answer = happens(claim, event, key)
    assert answer.status_code in (200, 202), (event, answer.content)
    body: dict[str, Any] = orjson.loads(answer.content)
    return body


def polled() -> None:
    """The poller reads every watched page now, and what it found is looked at."""
    for page in Page.objects.filter(watch=Page.Watch.WATCHED):
        poller.fetch_once(page, actor=User.objects.get(username="demo-editor-a"))
    sweep.sweep()


def test_what_happens_to_a_claim_is_seen_as_it_will_be(key: str, claim: str) -> None:
    assert key.startswith("fc_test") and len(key.split("_")) == 3
    path, feed = f"/api/v1/claims/{claim}/", "/api/v1/feed/?after=latest"
    cursor = said(feed, key)["cursor"]
    etag = ask(path, key).headers["ETag"]
    assert done(claim, "break", key)["logged_as"] is None
    assert Recheck.objects.count() == 0, "a machine finds it, not we"
    polled()
    assert said(path, key)["verification"]["status"] == "needs_recheck"
    assert ask(path, key, headers={"If-None-Match": etag}).status_code == 200
    for event, logged, status in (
        ("confirm", "recheck_confirmed", "needs_recheck"),
        ("correct", "corrected", "checked"),
        ("suspend", "suspended", "suspended"),
        ("resume", "resumed", "checked"),
        ("update", "updated", "checked"),
        ("withdraw", "withdrawn", "withdrawn"),
    ):
        answer = done(claim, event, key)
        assert (answer["claim"], answer["logged_as"]) == (claim, logged)
        body = said(path, key)
        assert body["verification"]["status"] == status, event
        assert body["sequence"] >= answer["sequence"]
    assert [review["rating"]["label"] for review in body["reviews"]] != ["Supported (demo)"]
    refused = happens(claim, "republish", key)
    assert refused.status_code == 409, "its page is broken"
    done(claim, "mend", key)
    assert done(claim, "republish", key)["logged_as"] == "published"
    body = said(path, key)
    assert body["verification"]["status"] == "checked" and len(body["reviews"]) == 2
    told = said(f"/api/v1/feed/?after={cursor}", key)["results"]
    assert [event["event"] for event in told if event["event"] != "watch_lost"][:3] == [
        "recheck_raised",
        "recheck_confirmed",
        "corrected",
    ]
    done(claim, "break", key)
    polled()
    assert done(claim, "dismiss", key)["logged_as"] == "recheck_dismissed"
    refused = happens(claim, "reconfirm", key)
    assert refused.status_code == 409 and "break it first" in problem(refused)["detail"]
    assert body["demo"] is True
    assert remove.describe_other_rows() == "", "the demo can still be removed"


def test_only_a_test_key_and_only_a_claim_of_the_demo(key: str, claim: str) -> None:
    other = keys.create_key("Daily Paper", ["read", "write", "tips"])
    rows = Publication.objects.count()
    assert happens(claim, "withdraw", other).status_code == 403
    assert happens(claim, "withdraw", None).status_code == 401
    for id_, event in (("clm_0000000000000000", "withdraw"), ("x", "withdraw"), (claim, "publish"), (claim, "")):
        assert happens(id_, event, key).status_code == 404, (id_, event)
    unpublished = Claim.objects.filter(reviews__isnull=True).first()
    assert happens(unpublished.public_id, "withdraw", key).status_code == 404
    for body, status in ((b'{"rating": "False"}', 422), (b"[]", 422), (b"x", 400)):
        path = ROUTE.format(claim, "withdraw")
        answer = ask(path, key, method="POST", data=body, content_type="application/json")
        assert answer.status_code == status, (body, answer.content)
    assert ask(f"{ROUTE.format(claim, 'withdraw')}?x=1", key, method="POST", data=b"").status_code == 400
    assert ask(ROUTE.format(claim, "withdraw"), key).status_code == 405
    for event in ("confirm", "reconfirm", "dismiss", "resume", "republish"):
        assert happens(claim, event, key).status_code == 409, "not in the state for it"
    assert Publication.objects.count() == rows


def test_nothing_happens_once_something_real_is_published(key: str, claim: str, settings: Any) -> None:
    address, settings.FETCH_ALLOWED_LOOPBACK = settings.FETCH_ALLOWED_LOOPBACK, ""
    assert "does not run the demo" in problem(happens(claim, "withdraw", key))["detail"]
    settings.FETCH_ALLOWED_LOOPBACK = address
    factories.published_review()
    rows = Publication.objects.count()
    for event in rehearsal.NAMES:
        refused = happens(claim, event, key)
        assert refused.status_code == 409 and "Something else than the demo" in problem(refused)["detail"], event
    with pytest.raises(CommandError, match="Something else than the demo"):
        call_command("newsroom", "Another app", "--test")
    assert Publication.objects.count() == rows
    assert said("/api/v1/claims/", key)["results"], "it reads what any key reads"


def test_an_installation_without_the_demo_gives_no_test_key(db: None) -> None:
    with pytest.raises(CommandError, match="does not run the demo"):
        call_command("newsroom", "Our app", "--test")
    assert not ApiKey.objects.exists() and not Newsroom.objects.exists()
    for scopes in ("test", "read,test"):
        with pytest.raises(CommandError, match="read, write, tips"):
            call_command("newsroom", "Our app", "--scopes", scopes)
    for _ in range(20):
        assert not keys._new_prefix().startswith(keys.TEST_MARK)


def test_each_quoted_sentence_can_be_altered() -> None:
    for page in PAGES.values():
        for sentence in page.sentences():
            assert site_edits.altered(sentence.text) != sentence.text
    assert site_edits.altered("About 758,000 pieces.") == "About 758,011 pieces."
