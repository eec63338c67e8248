"""The Inbox: questions by demand, drafts of newsrooms, pages of feeds, and what can be done with each."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.desk.tips.about import known_about, search
from claims.matching import draft_client
from claims.models import Claim, Proposal, Tip, TipGroup
from tests import factories
from tests.claims.desk.lists.test_base import lines_of, texts_of
from tests.claims.desk.test_notices import at_desk

pytestmark = pytest.mark.django_db
INBOX = "/admin/inbox/"


@pytest.fixture
def desk() -> Client:
    return at_desk(factories.editor())


def asked(text: str, times: int = 1, **fields: Any) -> TipGroup:
    group = TipGroup.objects.create(**fields)
    for _number in range(times):
        Tip.objects.create(text=text, group=group, language="en")
    return group


def do(desk: Client, group: Any, table: str, verb: str) -> Any:
    return desk.post(reverse("desk:do", args=[table, group.pk, verb]), {"next": INBOX})


def listed(desk: Client, address: str = INBOX) -> list[str]:
    answer = desk.get(address)
    assert answer.status_code == 200
    return texts_of(answer.content.decode())


def test_what_most_ask_comes_first(desk: Client) -> None:
    asked("Asked once?")
    asked("Asked thrice?", 3)
    asked("Set aside?", 9, state=TipGroup.State.SET_ASIDE)
    assert listed(desk) == ["Asked thrice?", "Asked once?"]
    assert listed(desk, f"{INBOX}?state=set_aside") == ["Set aside?"]
    assert listed(desk, f"{INBOX}?state=all&order=asked") == ["Asked once?", "Asked thrice?", "Set aside?"]
    assert listed(desk, f"{INBOX}?q=once") == ["Asked once?"]
    assert listed(desk, f"{INBOX}?language=de") == []


def test_an_inbox_whose_filter_hides_rows_is_not_called_empty(desk: Client) -> None:
    assert "Nothing yet." in desk.get(INBOX).content.decode()
    asked("Set aside?", state=TipGroup.State.SET_ASIDE)
    page = desk.get(INBOX).content.decode()
    assert "No rows match these filters." in page and "Nothing yet." not in page


def test_demand_is_not_counted_twice_by_a_search(desk: Client) -> None:
    asked("Water and water?", 3)
    [_head, row] = lines_of(desk.get(f"{INBOX}?q=water&format=csv"))
    assert row[1:3] == ["3", "3"]


def test_a_question_is_set_aside_and_put_back_by_buttons(desk: Client) -> None:
    group = asked("Is it so?")
    page = desk.get(reverse("desk:tips", args=[group.pk])).content.decode()
    assert "Is it so?" in page and "Set aside" in page and "Put back" not in page
    assert do(desk, group, "tips", "set-aside")["Location"] == INBOX
    group.refresh_from_db()
    assert group.state == TipGroup.State.SET_ASIDE
    do(desk, group, "tips", "reopen")
    group.refresh_from_db()
    assert group.state == TipGroup.State.NEW
    taken = do(desk, group, "tips", "take")
    assert f"tip={group.tips.get().pk}" in taken["Location"]


def test_the_tabs_count_what_waits(desk: Client) -> None:
    asked("One?")
    Proposal.objects.create(url="https://paper.example/a", title="A page")
    Proposal.objects.create(url="https://paper.example/b", title="Another page")
    page = desk.get(INBOX).content.decode()
    tabs = page.partition('class="tabs"')[2].partition("</nav>")[0]
    assert tabs.count('class="cnt"') == 2 and ">1<" in tabs and ">2<" in tabs


def test_pages_of_feeds_are_listed_and_set_aside(desk: Client) -> None:
    row = Proposal.objects.create(url="https://paper.example/a", title="A page")
    assert listed(desk, reverse("desk:inbox_feeds")) == ["A page"]
    page = desk.get(reverse("desk:inbox_feed", args=[row.pk])).content.decode()
    assert "https://paper.example/a" in page and "Read it as a document" in page
    do(desk, row, "proposal", "dismiss")
    row.refresh_from_db()
    assert row.state == Proposal.State.DISMISSED
    assert listed(desk, reverse("desk:inbox_feeds")) == []
    assert listed(desk, reverse("desk:inbox_feeds") + "?state=dismissed") == ["A page"]


def test_a_newsrooms_drafts_have_an_empty_state(desk: Client) -> None:
    page = desk.get(reverse("desk:inbox_newsrooms")).content.decode()
    assert "Newsrooms send drafts with a key" in page
    for query in ("?state=draft", "?state=published", "?state=taken_over", "?state=in_review", "?from=7", "?q=x"):
        assert desk.get(reverse("desk:inbox_newsrooms") + query).status_code == 200


def test_a_claim_is_found_for_a_question_by_the_matcher(monkeypatch: pytest.MonkeyPatch) -> None:
    user = factories.editor()
    claim, other = factories.claim("Ferry fares doubled."), factories.claim("Bridges.")
    assert [each.claim for each in search("fares", user)] == [claim]
    monkeypatch.setattr(draft_client, "find", lambda q, limit: [other.public_id, claim.public_id])
    assert [each.claim for each in search("frais", user)] == [other, claim]
    assert search(claim.public_id, user)[0].claim == claim


def test_with_a_matcher_no_question_reads_every_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    group = asked("Did ferry fares double?")
    claim = factories.claim("Ferry fares double.")
    assert [each.claim for each in known_about(group, factories.editor())] == [claim]
    monkeypatch.setattr(draft_client, "find", lambda q, limit: [])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(draft_client, "similar", lambda *args, **kwargs: [])
        assert known_about(group, factories.editor()) == []
    assert Claim.objects.count() == 1


def test_hostile_tips_are_words(desk: Client) -> None:
    group = asked("<img src=x onerror=alert(1)>\u202e")
    for address in (INBOX, reverse("desk:tips", args=[group.pk])):
        page = desk.get(address).content.decode()
        assert "<img src=x" not in page and 'style="' not in page


def test_whoever_may_not_see_tips_is_refused() -> None:
    nobody = User.objects.create_user("nobody", is_staff=True)
    for route in ("desk:inbox", "desk:inbox_newsrooms", "desk:inbox_feeds"):
        assert at_desk(nobody).get(reverse(route)).status_code == 403
