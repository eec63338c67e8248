"""When quotes were last seen is laid over what is served, and never served from a cache as new."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.utils import timezone

from claims.desk.quotes import on_screen
from claims.models import ClaimVersion, Evidence, Review
from claims.publication import append
from claims.reviews import publish
from claims.watch import sweep
from factcheck.response_cache import cache
from sources.models import Passage, Polling
from sources.passages import last_seen
from sources.timestamp import timestamp
from tests import factories
from tests.api_client import ask, problem, reading_key, said
from tests.claims.api.published.test_claims import schema_of

pytestmark = pytest.mark.django_db
CLAIMS = "/api/v1/claims/"
SEEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def key(db: None) -> str:
    return reading_key()


@pytest.fixture
def review() -> Review:
    """A published review whose quote was last seen at a known time."""
    version = factories.draft()
    evidence = Evidence.objects.get()
    passage = Passage.objects.get(pk=evidence.passage_id)
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    last_seen.mark(passage.pk, SEEN)
    Polling.objects.update(last_validated_at=SEEN + timedelta(hours=1))
    return version.review


def statuses(ids: list[str], key: str | None) -> Any:
    asked = orjson.dumps({"ids": ids})
    return ask(f"{CLAIMS}status", key, "POST", data=asked, content_type="application/json").json()["results"]


def test_a_claim_its_page_and_its_status_say_when_its_quote_was_seen(review: Review, key: str) -> None:
    claim, evidence = review.claim.public_id, Evidence.objects.get().public_id
    times = {"last_seen_at": timestamp(SEEN), "last_validated_at": timestamp(SEEN + timedelta(hours=1))}
    for path in (f"{CLAIMS}{claim}/?include=freshness", f"{CLAIMS}?include=freshness,events&fields=id"):
        told = said(path, key)
        told = told["results"][0] if "results" in told else told
        assert told["freshness"] == [{"evidence": evidence, **times}]
    schema_of("ClaimWithEvents").validate(said(f"{CLAIMS}{claim}/?include=freshness", key))
    [status] = statuses([claim], key)
    assert {name: status[name] for name in times} == times
    page = said(f"/api/v1/pages/{Evidence.objects.get().page.public_id}/", key)  # type: ignore[union-attr]
    assert page["quotes"][0]["last_seen_at"] == times["last_seen_at"]
    assert page["health"]["last_validated_at"] == times["last_validated_at"]


def test_without_a_key_a_quote_was_last_seen_on_a_day(review: Review, settings: Any) -> None:
    """A time that stands still would tell of a finding that no editor has confirmed."""
    settings.ANONYMOUS_READ = True
    day = timestamp(SEEN.replace(hour=0))
    claim = review.claim.public_id
    [told] = said(f"{CLAIMS}{claim}/?include=freshness", None)["freshness"]
    assert told["last_seen_at"] == statuses([claim], None)[0]["last_seen_at"] == day
    last_seen.mark(Passage.objects.get().pk, SEEN + timedelta(hours=5))
    assert said(f"{CLAIMS}{claim}/?include=freshness", None)["freshness"][0]["last_seen_at"] == day


def test_what_is_not_known_is_null(key: str) -> None:
    claim = factories.published_review().claim.public_id
    [told] = said(f"{CLAIMS}{claim}/?include=freshness", key)["freshness"]
    assert (told["last_seen_at"], told["last_validated_at"]) == (None, None)
    assert statuses([claim], key)[0]["last_seen_at"] is None


def test_a_claim_was_seen_as_a_whole_when_the_last_of_its_quotes_was(review: Review, key: str) -> None:
    factories.published_review(on=review.claim)
    assert statuses([review.claim.public_id], key)[0]["last_seen_at"] is None, "the other was never seen"


def test_a_later_look_is_served_at_once_though_nothing_was_published(review: Review, key: str) -> None:
    path = f"{CLAIMS}{review.claim.public_id}/?include=freshness"
    cache.clear()
    for hours in range(3):
        later = SEEN + timedelta(hours=hours)
        last_seen.mark(Passage.objects.get().pk, later)
        first = ask(path, key)
        assert first.json()["freshness"][0]["last_seen_at"] == timestamp(later)
        assert first.headers["Cache-Control"] == "private, no-cache"
        assert ask(path, key, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        before = first.headers["ETag"]
        last_seen.mark(Passage.objects.get().pk, later + timedelta(minutes=1))
        assert ask(path, key, headers={"If-None-Match": before}).status_code == 200


def test_control_in_the_cache_of_the_log_it_would_be_stale(
    review: Review, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.api.published.custom_claims.depends_on_more_than_the_log", lambda response: response)
    cache.clear()
    path = f"{CLAIMS}{review.claim.public_id}/?include=freshness"
    before = said(path, key)
    last_seen.mark(Passage.objects.get().pk, SEEN + timedelta(hours=1))
    assert said(path, key) == before


def test_freshness_is_of_now(review: Review, key: str) -> None:
    at = timestamp(timezone.now())
    assert problem(ask(f"{CLAIMS}?include=freshness&as_of={at}", key))["status"] == 422


def test_a_stored_body_says_until_when_at_least_and_stays_as_it_is(review: Review, key: str) -> None:
    append.append(review.claim, event="reconfirmed", audience="public")
    path = f"{CLAIMS}{review.claim.public_id}/"
    body = ask(path, key).content
    [evidence] = orjson.loads(body)["reviews"][0]["evidence"]
    assert evidence["seen_at_least_until"] == timestamp(SEEN)
    schema_of("ClaimWithEvents").validate(orjson.loads(body))
    last_seen.mark(Passage.objects.get().pk, SEEN + timedelta(days=1))
    assert ask(path, key).content == body
    assert append.append_news(review.claim, event="reconfirmed", review=review) is None, "it is no news by itself"
    assert ClaimVersion.objects.filter(claim=review.claim).count() == 2


def test_a_time_that_the_clock_has_not_reached_is_not_served(review: Review, key: str) -> None:
    later = timezone.now() + timedelta(hours=1)
    last_seen.mark(Passage.objects.get().pk, later)
    assert statuses([review.claim.public_id], key)[0]["last_seen_at"] == timestamp(SEEN)
    Polling.objects.update(seen_at=[later], last_validated_at=later)
    status = statuses([review.claim.public_id], key)[0]
    assert (status["last_seen_at"], status["last_validated_at"]) == (None, None)


def test_screens_say_since_when_a_page_that_cannot_be_read_was_not_seen(review: Review) -> None:
    evidence = Evidence.objects.get()
    factories.change(evidence.page, None, kind="blocked", certainty="confirmed")  # type: ignore[arg-type]
    sweep.sweep()
    shown = on_screen([evidence])[evidence.pk]
    assert shown.label == "could not be read"
    assert "Last seen in its place on 2026-03-01, 12:00 UTC." in shown.sentences
