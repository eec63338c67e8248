"""Feed tokens open two feeds with what is public, are no keys, can be revoked, and stand in no log and no answer."""

import logging
from typing import Any

import feedparser
import orjson
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from claims.permissions import Refused
from claims.publication import append
from factcheck.newsrooms import rate_limits
from factcheck.newsrooms.feed_tokens import create_feed_token, feed_tokens_of, find_feed_token, revoke_feed_token
from factcheck.newsrooms.keys import BadKey, create_key
from factcheck.newsrooms.models import FeedToken, KeyUse, Newsroom
from factcheck.response_cache import cache
from tests import factories
from tests.api_client import ask, problem
from tests.factcheck.test_admin import logged_in, superuser

pytestmark = pytest.mark.django_db
ATOM, JSON = "/api/v1/feed/atom", "/api/v1/feed/json"


@pytest.fixture
def token(db: None, settings: Any) -> str:
    settings.ANONYMOUS_READ = False
    Newsroom.objects.create(name="Daily Paper")
    return create_feed_token("Daily Paper", "Night desk, Feedly")


def test_a_token_opens_the_two_feeds_with_what_is_public(token: str) -> None:
    review = factories.published_review()
    public = [ask(f"{path}?token={token}") for path in (ATOM, JSON)]
    assert [answer.status_code for answer in public] == [200, 200]
    append.append(review.claim, event="recheck_raised", audience="newsrooms", review=review)
    for path, before in zip((ATOM, JSON), public, strict=True):
        after = ask(f"{path}?token={token}")
        assert after.content == before.content, "what only a machine has found is not for readers"
        assert token.encode() not in after.content and token[:12].encode() not in after.content
        assert token not in str(dict(after.headers)) and after.headers["Referrer-Policy"] == "no-referrer"
        assert ask(path).status_code == 401
    read = feedparser.parse(public[0].content)
    assert not read.bozo and len(read.entries) == 1
    assert not read.feed.get("links"), "the change feed asks for a key, and one to itself would give the token away"
    assert read.feed.id == f"http://testserver{ATOM}"
    feed = orjson.loads(public[1].content)
    assert "feed_url" not in feed
    page = f"http://testserver/claims/{review.claim.public_id}"
    assert [each.href for each in read.entries[0].links] == [page] == [feed["items"][0]["url"]]
    assert ask(page.removeprefix("http://testserver")).status_code == 200, "readers' pages ask for no key"
    narrowed = ask(f"{ATOM}?event=published&token={token}").content
    assert feedparser.parse(narrowed).feed.id == f"http://testserver{ATOM}?event=published"


def test_a_token_opens_nothing_else(token: str) -> None:
    factories.published_review()
    for path in (
        "/api/v1/claims/",
        "/api/v1/feed/",
        "/api/v1/feed/Atom",
        "/api/v1/desk/reviews/",
        "/api/v1/webhooks/",
        "/v1alpha1/claims:search",
    ):
        for name in ("token", "key", "q", token):
            refused = ask(f"{path}?{name}={token}")
            assert refused.status_code in (401, 404), (path, name, refused.content)
            assert token not in refused.content.decode()
    turned = ask(f"{ATOM}/?token={token}")
    assert turned.status_code == 401 or turned.headers["Location"] == f"{ATOM}?token={token}"
    for path in (ATOM, JSON, "/api/v1/claims/", "/api/v1/desk/reviews/"):
        assert ask(path, token).status_code == 401, "as a key it is none"
    for path in (ATOM, JSON):
        assert ask(f"{path}?token={token}", method="POST", data=b"{}").status_code in (401, 403, 405)
        assert ask(f"{path}?key={token}").status_code == 401
        assert ask(f"{path}?token={token}&token={token}").status_code == 401
        assert ask(f"{path}?token={token}", create_key("Reader")).status_code == 401


def test_a_key_in_the_address_stays_refused(token: str) -> None:
    key = create_key("Reader")
    for path in (f"{ATOM}?token={key}", f"{ATOM}?token={token}&topic={key}", f"{JSON}?key={key}"):
        refused = ask(path)
        assert refused.status_code == 401 and key not in refused.content.decode()
    for wrong in ("", "x", "fct_", token[:-1], f"{token}x", f"{token[:-1]}{'a' if token[-1] != 'a' else 'b'}"):
        refused = ask(f"{ATOM}?token={wrong}")
        assert refused.status_code == 401, wrong
    assert not KeyUse.objects.exists()


def test_a_revoked_token_and_one_of_a_newsroom_switched_off_are_refused(token: str, settings: Any) -> None:
    settings.ANONYMOUS_READ = True  # where answers of the public are kept
    cache.clear()
    other = create_feed_token("Daily Paper", "Sports")
    assert ask(f"{ATOM}?token={token}").status_code == 200
    revoke_feed_token("Daily Paper", token.split("_")[1])
    assert problem(ask(f"{ATOM}?token={token}"))["detail"] == "This feed token was revoked; ask the desk for a new one."
    assert ask(f"{ATOM}?token={other}").status_code == 200
    Newsroom.objects.update(is_active=False)
    assert ask(f"{ATOM}?token={other}").status_code == 401


def test_the_last_use_is_kept_to_the_minute_and_the_secret_is_not(token: str) -> None:
    ask(f"{ATOM}?token={token}")
    (row,) = feed_tokens_of("Daily Paper")
    assert row.last_used_at is not None and row.label == "Night desk, Feedly"
    secret = token.split("_")[2]
    for model in (FeedToken, FeedToken.pgh_event_model):
        assert secret not in str(list(model.objects.values()))
    assert find_feed_token(token) == row
    with pytest.raises(BadKey):
        find_feed_token(token.upper())


def test_each_token_has_a_limit_of_its_own(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "FEED_TOKEN_PER_MINUTE", 2)
    rate_limits.reset()
    statuses = [ask(f"{ATOM}?token={token}").status_code for _ in range(4)]
    assert statuses[0] == 200 and statuses[-1] == 429
    assert ask(ATOM, create_key("Daily Paper")).status_code == 200


def test_no_log_holds_a_token(token: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken on purpose")

    with caplog.at_level(logging.DEBUG):
        ask(f"{ATOM}?token={token}")
        ask(f"{ATOM}?token={token}&colour=red")
        ask(f"/api/v1/claims/?token={token}")
        ask(f"/api/v1/nothing/?token={token}")
        ask(f"{ATOM}?token={token[:-1]}")
        monkeypatch.setattr("claims.formats.atom_and_jsonfeed.atom", broken)
        factories.published_review()
        assert ask(f"{ATOM}?token={token}").status_code == 500
    assert caplog.records
    for record in caplog.records:
        told = f"{record.getMessage()} {record.exc_text or ''}"
        assert token.split("_")[2] not in told, told


def test_the_command_creates_lists_and_revokes(token: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("newsroom", "Daily Paper", "--feed-token", "Sports")
    made = capsys.readouterr().out.strip()
    assert made.startswith("fct_") and ask(f"{JSON}?token={made}").status_code == 200
    call_command("newsroom", "Daily Paper", "--list")
    listed = capsys.readouterr().out
    assert "Night desk, Feedly" in listed and made.split("_")[2] not in listed and "last used" in listed
    call_command("newsroom", "Daily Paper", "--revoke-feed-token", made.split("_")[1])
    assert ask(f"{JSON}?token={made}").status_code == 401
    for arguments in (["--revoke-feed-token", "zzzzzzzz"], ["--feed-token", " "], ["--feed-token", "a\u202eb"]):
        with pytest.raises(CommandError):
            call_command("newsroom", "Daily Paper", *arguments)
    with pytest.raises(Refused):
        create_feed_token("Nobody", "Sports")


def test_an_administrator_creates_one_once_and_revokes_it(token: str) -> None:
    browser = logged_in(superuser())
    newsroom = Newsroom.objects.get()
    page = reverse("admin:newsrooms_newsroom_change", args=[newsroom.pk])
    made = browser.post(reverse("admin:newsrooms_newsroom_verb", args=[newsroom.pk, "feed-token"]), {"label": "Web"})
    shown = made.content.decode()
    new = next(row for row in feed_tokens_of("Daily Paper") if row.label == "Web")
    assert f"fct_{new.prefix}_" in shown
    listed = browser.get(page).content.decode()
    assert "Web" in listed and "Night desk, Feedly" in listed
    browser.post(
        reverse("admin:newsrooms_newsroom_verb", args=[newsroom.pk, "revoke-feed-token"]), {"prefix": new.prefix}
    )
    new.refresh_from_db()
    assert new.revoked_at is not None
