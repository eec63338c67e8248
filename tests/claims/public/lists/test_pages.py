"""Lists for readers: what an entry says while a verdict stands and when it does not, pages, and who is meant."""

import re

import pytest
from django.test import Client

from claims.models import Claim, Topic
from claims.public.lists import paging
from claims.reviews import suspension
from tests import factories

pytestmark = pytest.mark.django_db


def get(path: str, **headers: str):
    client = Client()
    response = client.get(path, headers=headers)
    assert not client.cookies
    return response


def html(path: str) -> str:
    response = get(path)
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.fixture
def claim() -> Claim:
    made = factories.claim()
    made.topics.add(Topic.objects.create(slug="roads", name="Roads & bridges"))
    factories.linked(made)
    factories.published_review(made)
    return made


def paths(claim: Claim) -> list[str]:
    speaker = claim.statements.get().speaker
    organisation = claim.reviews.get().organisation
    return [
        "/",
        "/topics/roads",
        f"/speakers/{speaker.public_id}",
        f"/organisations/{organisation.public_id}",
        "/search?q=bridges+repair",
    ]


def test_the_desks_page_stands_at_the_root_until_something_is_published() -> None:
    assert "Latest checks" not in get("/").content.decode()


def test_every_list_names_the_claim_with_its_verdict(claim: Claim) -> None:
    for path in paths(claim):
        shown = html(path)
        assert "412 bridges need repair." in shown, path
        assert f'href="/claims/{claim.public_id}"' in shown, path
        assert '<b dir="auto" lang="en">Right</b>' in shown, path
        assert "<script" not in shown and len(shown) < 60_000
        assert shown.count("<h1") == 1


def test_no_list_shows_a_verdict_that_does_not_stand(claim: Claim) -> None:
    review = claim.reviews.get()
    with factories.acting_as("editor"):
        suspension.suspend(review, actor=factories.editor(), reason="Looking.")
    for path in (*paths(claim), "/feed.atom", "/feed.json", "/topics/roads/feed.atom"):
        shown = html(path)
        assert "under review since" in shown, path
        assert "Right" not in re.sub("[Cc]opyright", "", shown), path


def test_a_topic_is_named_as_it_was_published(claim: Claim) -> None:
    assert "Roads &amp; bridges" in html("/topics/roads")
    assert "Roads &amp; bridges" in html("/topics")
    assert get("/topics/rails").status_code == 404
    assert get("/speakers/spk_0000000000000000").status_code == 404


def test_who_is_meant_and_not_me(claim: Claim) -> None:
    speaker = claim.statements.get().speaker
    shown = html(f"/speakers/{speaker.public_id}")
    assert "Others may have the same name." in shown
    assert f"?about=not_me&amp;speaker={speaker.public_id}" in shown


def test_pages_go_on_behind_the_last_entry_whatever_is_published_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "LENGTH", 2)
    made = [factories.published_review(factories.claim(f"Claim number {each}.")).claim for each in range(5)]
    first = html("/")
    assert "number 4" in first and "number 3" in first and "number 2" not in first
    [older] = re.findall(r'rel="next" href="([^"]+)"', first)
    factories.published_review(factories.claim("Claim number 9."))
    factories.published_again(made[0])  # moves to the front
    second = html(f"/{older}")
    assert "number 2" in second and "number 1" in second
    assert "number 3" not in second and "number 9" not in second
    assert 'rel="next"' not in second
    assert get("/?before=x").status_code == get("/?before=" + "9" * 30).status_code == 404


def test_lists_are_kept_until_something_is_published(claim: Claim) -> None:
    tag = get("/").headers["ETag"]
    assert get("/", **{"If-None-Match": tag}).status_code == 304
    factories.published_review(factories.claim("Another one."))
    assert get("/", **{"If-None-Match": tag}).status_code == 200
