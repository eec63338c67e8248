"""The list of claims finds each of them again: by words, person, rating, state, page and day."""

import re
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.utils import timezone

from claims.desk.lists.claim_filters import rated
from claims.desk.lists.claim_search import by_words
from claims.desk.shell import navigation
from claims.matching import draft_client
from claims.models import Appearance, Assignment, Claim, Organisation, Rating, Review, ReviewVersion, Topic
from claims.reviews import publish, suspension, workflow
from claims.roles import GROUPS, Role
from claims.visibility import restrict
from sources.database.audit import acting
from tests import factories
from tests.claims.desk.lists.test_base import lines_of, texts_of
from tests.claims.desk.test_notices import at_desk

pytestmark = pytest.mark.django_db
CLAIMS = "/admin/claims/"


@pytest.fixture
def desk() -> Client:
    return at_desk(factories.editor())


def found(desk: Client, query: str = "") -> set[str]:
    answer = desk.get(CLAIMS + query)
    assert answer.status_code == 200
    return set(texts_of(answer.content.decode()))


def test_filters_find_a_draft_by_all_that_is_known_of_it(desk: Client) -> None:
    statement = factories.statement("“The harbour is closed,” Ana Berg said.", speaker="Ana Berg")
    claim = factories.claim("The harbour is closed.", period_start=date(2026, 1, 1), place="Port Ellery")
    with acting(factories.editor(), reason="test"):
        Appearance.objects.create(claim=claim, statement=statement)
    claim.topics.add(Topic.objects.create(name="Ports", slug="ports"))
    version = factories.draft(claim, rating="Wrong")
    other = factories.claim("Another claim.", language="de")
    organisation = Organisation.objects.get(is_ours=True)
    wrong = Rating.objects.get(label="Wrong")
    assert version.state == ReviewVersion.State.DRAFT
    for query in (
        "?state=draft",
        "?verdict=false",
        f"?verdict=r{wrong.pk}",
        "?speaker=ana+b",
        "?topic=ports",
        f"?organisation={organisation.pk}",
        f"?address={quote(statement.document.url)}",
        "?language=EN",
        "?q=HARBOUR",
    ):
        assert found(desk, query) == {"The harbour is closed."}, query
    assert found(desk, "?state=none") == {"Another claim."}
    assert found(desk, "?language=de&made_from=2020-01-01") == {"Another claim."}
    assert found(desk, "?made_to=2020-01-01") == set()
    assert other.pk
    page = desk.get(CLAIMS).content.decode()
    assert "Ana Berg" in page and "1 Jan 2026 · Port Ellery" in page and "Wrong" in page  # what tells twins apart


def test_states_of_published_claims(desk: Client) -> None:
    review = factories.published_review(factories.claim("The bridge is open."))
    assert found(desk, "?state=public") == {"The bridge is open."}
    assert found(desk, "?state=draft") == found(desk, "?state=withdrawn") == found(desk, "?state=suspended") == set()
    assert found(desk, "?q=bridg&verdict=true") == {"The bridge is open."}  # the beginning of a word
    suspension.suspend(review, actor=factories.editor(), reason="Doubt")
    assert found(desk, "?state=suspended") == found(desk, "?state=public") == {"The bridge is open."}
    assert "under review since a suspension" in desk.get(CLAIMS).content.decode()


def test_work_is_found_by_assignee_and_day() -> None:
    me, colleague = factories.editor(), factories.editor()
    desk = at_desk(me)
    for text, who, due_at in (
        ("Mine", me, datetime(2026, 1, 1, tzinfo=UTC)),
        ("Theirs", colleague, timezone.now() + timezone.timedelta(days=3)),
    ):
        with acting(me, reason="test"):
            Assignment.objects.create(claim=factories.claim(text), assignee=who, due_at=due_at, assigned_by=me)
    factories.claim("Nobody’s")
    assert found(desk, "?who=me") == {"Mine"}
    assert found(desk, f"?who=u{colleague.pk}") == {"Theirs"}
    assert found(desk, "?who=nobody") == {"Nobody’s"}
    assert found(desk, "?due=over") == {"Mine"}
    assert found(desk, "?due=week") == {"Mine", "Theirs"}
    written = factories.draft(factories.claim("Written by me"), author=me)
    assert written.author_id == me.pk and found(desk, "?who=mine") == {"Mine", "Written by me"}


def test_an_id_and_an_address_lead_to_the_thing(desk: Client) -> None:
    version = factories.draft(factories.claim("The bridge is open."))
    claim = version.review.claim
    for public_id in (claim.public_id, version.review.public_id, version.evidence.get().public_id):
        answer = desk.get(f"{CLAIMS}?q={public_id}")
        assert answer.status_code == 302 and answer["Location"] == f"/admin/claims/{claim.pk}/", public_id
    page = version.evidence.get().page
    assert page is not None
    answer = desk.get(f"{CLAIMS}?q={quote(page.url)}", follow=True)
    assert texts_of(answer.content.decode()) == ["The bridge is open."]
    assert desk.get(f"{CLAIMS}?q=clm_unknown").status_code == 200


def test_an_id_leads_nobody_to_a_restricted_claim() -> None:
    chief, claim = factories.editor(), factories.claim("Secret")
    chief.groups.set(Group.objects.filter(name=GROUPS[Role.CHIEF]))
    member = factories.editor()
    restrict(claim, members=[member], actor=User.objects.get(pk=chief.pk))
    assert at_desk(factories.editor()).get(f"{CLAIMS}?q={claim.public_id}").status_code == 200
    assert at_desk(member).get(f"{CLAIMS}?q={claim.public_id}").status_code == 302
    assert found(at_desk(factories.editor()), "?q=secret") == set()


def test_without_a_matcher_the_list_says_what_it_does_not_find(desk: Client) -> None:
    factories.claim("Ferry fares doubled.")
    assert "no typing errors" in desk.get(f"{CLAIMS}?q=ferry").content.decode()
    assert "no typing errors" not in desk.get(CLAIMS).content.decode()


def test_the_matcher_ranks_what_it_finds(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [factories.claim(text).public_id for text in ("First", "Second", "Third")]
    monkeypatch.setattr(draft_client, "find", lambda q, limit: [ids[1], "clm_gone", ids[2], ids[0]])
    page = desk.get(f"{CLAIMS}?q=frist").content.decode()
    assert texts_of(page) == ["Second", "Third", "First"] and "no typing errors" not in page
    assert texts_of(desk.get(f"{CLAIMS}?q=frist&order=made").content.decode()) == ["First", "Second", "Third"]


@pytest.mark.parametrize("words", ["'; drop table", "a & b | !c", "\\'", "日本", "%_%", "x" * 3000, "-", '"'])
def test_no_words_break_the_search(words: str) -> None:
    factories.claim("A claim.")
    assert isinstance(by_words(words, Claim.objects.all()), list)


def test_csv_has_the_columns_of_the_filtered_claims(desk: Client) -> None:
    factories.claim("Alpha", place="Oslo")
    factories.claim("Beta", language="de")
    [head, row] = lines_of(desk.get(f"{CLAIMS}?language=en&format=csv"))
    assert head[:6] == ["Claim", "About the time from", "About the time until", "Place", "Language", "Said by"]
    assert row[:5] == ["Alpha", "", "", "Oslo", "en"] and "without a review" in row


def told(desk: Client, text: str) -> tuple[str, dict[str, str]]:
    """The row of a claim on the screen, and in the CSV by column."""
    page = desk.get(CLAIMS).content.decode()
    [row] = [part for part in page.split("<tr>") if f">{text}</a>" in part]
    head, *lines = lines_of(desk.get(f"{CLAIMS}?format=csv"))
    [line] = [dict(zip(head, line, strict=True)) for line in lines if line[0] == text]
    return row, line


def test_a_suspended_claim_has_no_verdict_in_the_list(desk: Client) -> None:
    review = factories.published_review(factories.claim("The bridge is open."), rating="Wrong")
    shown, line = told(desk, "The bridge is open.")
    assert ">Wrong<" in shown and (line["Verdict, public"], line["Verdict, not public"]) == ("Wrong", "")
    assert line["Verdict of"] == review.organisation.name
    suspension.suspend(review, actor=factories.editor(), reason="Doubt")
    shown, line = told(desk, "The bridge is open.")
    assert "Wrong" not in shown and line["Verdict, public"] == line["Verdict of"] == ""


def test_a_withdrawn_claim_has_no_verdict_in_the_list(desk: Client) -> None:
    review = factories.published_review(factories.claim("The bridge is open."), rating="Wrong")
    version = workflow.start_version(review, kind="withdrawal", public_note="It was wrong.", actor=factories.editor())
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    shown, line = told(desk, "The bridge is open.")
    assert "withdrawn" in shown and "Wrong" not in shown and line["Verdict, public"] == ""
    assert found(desk, "?verdict=false") == set()


def test_a_verdict_that_waits_is_no_public_one(desk: Client) -> None:
    review = factories.published_review(factories.claim("The bridge is open."), rating="Wrong")
    version = workflow.start_version(review, kind="update", public_note="It is open.", actor=factories.editor())
    version.rating = Rating.objects.get(label="Right", scale=version.rating.scale)
    with acting(version.author, reason="test"):
        version.save()
    shown, line = told(desk, "The bridge is open.")
    assert (line["Verdict, public"], line["Verdict, not public"]) == ("Wrong", "Right")
    assert "draft, not public" in shown


def test_a_page_of_claims_takes_few_queries(
    desk: Client, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        factories.draft(factories.claim(f"Claim {number}"))
    monkeypatch.setattr(navigation, "SECONDS", 60.0)
    desk.get(CLAIMS)
    with django_assert_max_num_queries(12):
        desk.get(f"{CLAIMS}?state=draft")


def test_a_search_takes_few_queries_beside_those_of_the_navigation(
    desk: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        factories.draft(factories.claim(f"Bridge {number}"))
    desk.get(CLAIMS)
    with django_assert_max_num_queries(12):  # the counts of the navigation are among them
        assert len(found(desk, "?q=bridge")) == 4


@pytest.mark.sql
def test_the_claims_of_a_verdict_are_looked_up_not_sorted() -> None:
    """A page of the newest of many: their ids come from an index, in which the verdicts are."""
    version = factories.draft(factories.claim("Still written."), rating="Wrong")
    factories.published_review(factories.claim("Published."), rating="Wrong")
    rows = rated(Claim.objects.all(), "false", version.author)
    assert {row.text for row in rows} == {"Still written.", "Published."}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
    plan = rows.order_by("-pk").values("pk")[:51].explain()
    assert "Index Only Scan using claim_version_one_newsrooms" in plan and "Sort" not in plan, plan


def test_the_list_shows_each_review(desk: Client) -> None:
    claim = factories.claim("Twice reviewed.")
    factories.draft(claim)
    other = Organisation.objects.create(name="Other desk")
    Review.objects.create(claim=claim, organisation=other)
    assert "draft" in desk.get(CLAIMS).content.decode()


def test_several_claims_are_assigned_at_once() -> None:
    me, colleague = factories.editor(), factories.editor()
    desk = at_desk(me)
    keys = [factories.claim(text).pk for text in ("One", "Two", "Three")]
    page = desk.get(CLAIMS).content.decode()
    assert page.count('form="bulk" name="row"') == 3 and f'<option value="{colleague.pk}">' in page
    assert page.index('<option value="">nobody') < page.index(f'<option value="{me.pk}">'), "no colleague by default"
    [action] = re.findall(r'<button formaction="([^"]+)"', page)
    answer = desk.post(action, {"row": keys[:2], "assignee": colleague.pk, "due": "", "next": CLAIMS})
    assert answer.status_code == 200
    assert found(desk, f"?who=u{colleague.pk}") == {"One", "Two"}
