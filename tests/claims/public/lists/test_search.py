"""The search of readers' pages: what the matcher names is shown as it is published now, by how sure the match is."""

import re

import pytest
from django.test import Client

from claims.matching.types import Hit
from claims.models import Claim
from claims.public.lists import search as page
from factcheck.newsrooms import rate_limits
from tests import factories
from tests.claims.api.matching.stub import StubMatcher, match

pytestmark = pytest.mark.django_db
SENTENCE = "More+than+400+bridges+need+repair"


@pytest.fixture(autouse=True)
def matcher(monkeypatch: pytest.MonkeyPatch) -> StubMatcher:
    rate_limits.reset()
    return StubMatcher(monkeypatch)


def get(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def published(text: str) -> Claim:
    return factories.published_review(factories.claim(text)).claim


def order(shown: str) -> list[str]:
    """The ids of the claims that a page links to, in their order."""
    return re.findall(r'href="/claims/(clm_\w+)"', shown)


def test_a_sentence_is_answered_by_how_sure_that_is(matcher: StubMatcher) -> None:
    same, near, other = (published(f"Some {each} bridges need repair.") for each in (412, 400, 12))
    matcher.matches = [
        match(same.public_id),
        match(near.public_id, tier="possible"),
        match(other.public_id, tier="related"),
    ]
    matcher.hits = [Hit(near.public_id, 1.0), Hit(same.public_id, 0.5)]
    shown = get(f"/search?q={SENTENCE}")
    places = [
        shown.index(words) for words in ("This has been checked", "may have been checked", "About something near")
    ]
    assert places == sorted(places)
    assert order(shown) == [same.public_id, near.public_id, other.public_id], "each once, the surest first"
    assert "words alone" not in shown
    matcher.degraded = True
    assert "words alone" in get(f"/search?q={SENTENCE}")


def test_what_fell_since_the_matcher_read_it_is_left_out(matcher: StubMatcher) -> None:
    gone, into = published("412 bridges are to be repaired."), published("412 bridges need repair.")
    redacted = published("Some bridges need repair.")
    factories.merged(gone, into=into)
    factories.redacted(redacted)
    matcher.matches = [match(each) for each in (gone.public_id, redacted.public_id, "clm_0000000000000000")]
    matcher.hits = [Hit(each, 1.0) for each in (redacted.public_id, gone.public_id, "clm_0000000000000000")]
    assert order(get(f"/search?q={SENTENCE}")) == [into.public_id]
    assert order(get("/search?q=bridges")) == [into.public_id]


def test_pages_of_a_search_go_on_behind_the_last_claim(matcher: StubMatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "_LENGTH", 2)
    claims = [published(f"Bridge number {each} needs repair.").public_id for each in range(4)]
    matcher.hits = [Hit(each, 1.0) for each in claims[:3]]
    first = get("/search?q=bridge")
    assert order(first) == claims[:2]
    [more] = re.findall(r'rel="next" href="([^"]+)"', first)
    matcher.hits.insert(0, Hit(claims[3], 2.0))  # published meanwhile
    assert order(get("/search" + more.replace("&amp;", "&"))) == [claims[2]]
    matcher.hits = [Hit(each, 1.0) for each in (claims[0], claims[2])]  # the last one shown was withdrawn
    assert get("/search" + more.replace("&amp;", "&")).count("There is nothing more here.") == 1


def test_nothing_found_says_nothing_about_what_is_true() -> None:
    shown = get(f"/search?q={SENTENCE}")
    assert "That says nothing about whether it is true." in shown
    assert f"/ask?q={SENTENCE.replace('+', '%20')}" in shown


def test_searches_count_against_the_limit_of_an_address(settings) -> None:
    settings.ANONYMOUS_PER_MINUTE = 2
    answers = [Client().get("/search?q=bridges") for _ in range(4)]
    assert [each.status_code for each in answers].count(429) == 2
    assert answers[-1].headers["Retry-After"] and "wait a minute" in answers[-1].content.decode()
    assert Client().get("/search").status_code == Client().get("/").status_code == 200
