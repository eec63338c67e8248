"""People, comments and checklist as the workbench shows them, and the buttons of each."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from claims.desk.teamwork.panel import of_claim
from claims.models import Assignment, Claim, Comment, ReviewVersion
from claims.teamwork import assignments, checklists, comments, presence, timers
from claims.visibility import restrict
from factcheck.login.session_store import SEEN
from tests import factories
from tests.claims.teamwork.test_comments import chief

pytestmark = pytest.mark.django_db


def shown(part: str, claim: Claim, user: Any, version: ReviewVersion | None = None, **others: Any) -> str:
    request = RequestFactory().get(f"/admin/claims/{claim.pk}/")
    request.user = user
    context = {**of_claim(claim, version, user), "claim": claim, "version": version, "request": request, **others}
    return render_to_string(f"desk/teamwork/{part}.html", context, request)


def words(html: str) -> str:
    return " ".join(strip_tags(html).split())


def do(client: Client, table: str, pk: int, verb: str, **fields: Any) -> list[str]:
    response = client.post(f"/admin/do/{table}/{pk}/{verb}/", {"next": "/admin/", **fields})
    assert response.status_code == 302, response.status_code
    return [str(message) for message in get_messages(response.wsgi_request)][-1:]


def test_people_are_assigned_by_the_form(client: Client) -> None:
    ana, ben, claim = factories.editor("ana"), factories.editor("ben"), factories.claim()
    client.force_login(ana)
    html = shown("people", claim, ana)
    assert f'<option value="{ben.pk}">ben</option>' in html and "you (ana)" in html
    told = do(client, "claim", claim.pk, "assign", assignee=str(ben.pk), due="2030-05-01T16:00")
    assert told == ["Saved. ben is told."]
    made = Assignment.objects.get(claim=claim)
    assert made.due_at is not None and made.due_at.isoformat() == "2030-05-01T16:00:00+00:00"
    html = shown("people", claim, ana)
    assert f'<option value="{ben.pk}" selected>' in html and 'value="2030-05-01T16:00"' in html
    assert do(client, "claim", claim.pk, "assign", assignee="", due="") == ["Nobody is assigned."]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"assignee": "9" * 30}, "Choose a colleague"),
        ({"assignee": "x"}, "Choose a colleague"),
        ({"due": "tomorrow"}, "Give the time"),
        ({"due": "2030-13-41T99:00"}, "Give the time"),
        ({"due": "0001-01-01T00:00"}, "Give the time"),
    ],
)
def test_a_form_that_cannot_be_read_assigns_nobody(client: Client, fields: dict[str, str], why: str) -> None:
    claim = factories.claim()
    client.force_login(factories.editor())
    (told,) = do(client, "claim", claim.pk, "assign", **fields)
    assert told.startswith(why) and not Assignment.objects.exists()


def test_the_due_time_is_in_the_zone_of_whoever_looks() -> None:
    ana, claim = factories.editor(), factories.claim()
    due = timezone.now().replace(year=2030, month=1, day=1, hour=12, minute=0)
    assignments.assign(claim, actor=ana, assignee=ana, due_at=due)
    with timezone.override("Asia/Kolkata"):
        assert 'value="2030-01-01T17:30"' in shown("people", claim, ana)


def test_comments_are_shown_as_they_were_written_and_settled_apart(client: Client) -> None:
    ana, ben, claim = factories.editor("ana"), factories.editor("ben"), factories.claim()
    client.force_login(ana)
    assert do(client, "claim", claim.pk, "comment", comment="<b>Why</b> 412, @ben?", about="summary") == [
        "Commented. Told: ben."
    ]
    one = Comment.objects.get()
    html = shown("comments", claim, ben)
    assert "&lt;b&gt;Why&lt;/b&gt; 412" in html and "on the finding" in words(html)
    assert "Save the comment" not in html and "Save the comment" in shown("comments", claim, ana)
    client.force_login(ben)
    assert do(client, "comment", one.pk, "edit", comment="Mine")[0].startswith("A comment can be changed by")
    assert do(client, "comment", one.pk, "settle") == ["Settled."]
    assert "1 settled comment" in shown("comments", claim, ana)
    assert do(client, "comment", one.pk, "reopen") == ["Open again."]


def test_more_comments_of_ones_own_cost_no_more_queries() -> None:
    claim, ada = factories.claim("A long talk."), factories.editor()
    comments.comment(claim, text="First.", actor=ada)
    with CaptureQueriesContext(connection) as few:
        of_claim(claim, None, ada)
    for text in ("Second.", "Third."):
        comments.comment(claim, text=text, actor=ada)
    with CaptureQueriesContext(connection) as more:
        of_claim(claim, None, ada)
    assert len(more) == len(few)


def test_a_refused_comment_is_kept(client: Client) -> None:
    ana, claim = factories.editor(), factories.claim()
    client.force_login(ana)
    do(client, "claim", claim.pk, "comment", comment="half a word", about="nonsense")
    assert ">half a word</textarea>" in shown("comments", claim, ana)
    do(client, "claim", claim.pk, "comment", comment="half a word")
    assert "half a word</textarea>" not in shown("comments", claim, factories.editor())


def test_what_belongs_to_a_restricted_claim_is_not_there_for_others(client: Client) -> None:
    ana, claim = factories.editor(), factories.claim()
    made = comments.comment(claim, text="Secret", actor=ana)
    restrict(claim, members=[ana], actor=chief())
    client.force_login(factories.editor())
    for table, pk, verb in (
        ("comment", made.pk, "settle"),
        ("claim", claim.pk, "comment"),
        ("claim", claim.pk, "assign"),
    ):
        assert do(client, table, pk, verb, comment="x") == ["This is not there any more. What you typed is kept."]
    assert client.post(f"/admin/claims/{claim.pk}/presence/").status_code == 404
    made.refresh_from_db()
    assert made.settled_at is None


def test_ticks_go_with_the_form_and_never_undo_those_of_others(client: Client) -> None:
    boss, version = chief(), factories.draft()
    claim = version.review.claim
    items = [checklists.add_item(version.review.organisation, text=text, actor=boss) for text in "ABC"]
    author = version.author
    html = shown("checklist", claim, author, version, form="words")
    assert html.count('form="words"') == 3 and "disabled" not in html
    client.force_login(author)
    do(client, "version", version.pk, "tick", tick=[items[0].pk])
    checklists.tick(version, items[1], actor=boss)
    do(client, "version", version.pk, "tick", **{"ticks-were": [items[0].pk], "tick": [items[2].pk]})
    assert [line.is_done for line in checklists.lines(version)] == [False, True, True]
    html = shown("checklist", claim, author, version)
    assert re.findall(r'name="ticks-were" value="(\d+)"', html) == [str(items[1].pk), str(items[2].pk)]
    assert "Save the ticks" in html


def test_a_reader_sees_the_ticks_and_cannot_set_them() -> None:
    version = factories.draft()
    checklists.add_item(version.review.organisation, text="A", actor=chief())
    checklists.tick(version, checklists.items_of(version.review.organisation)[0], actor=version.author)
    approved = factories.approved(version)
    html = shown("checklist", version.review.claim, version.author, approved)
    assert "disabled" in html and "Ticked by" in words(html) and "Save the ticks" not in html


def test_the_checklist_of_a_review_to_come_is_shown() -> None:
    desk = factories.organisation()
    checklists.add_item(desk, text="Read it aloud.", actor=chief())
    html = shown("checklist", factories.claim(), factories.editor(), form="words")
    assert "Read it aloud." in html and 'form="words"' in html


def test_what_was_ticked_before_the_review_was_begun_is_ticked_then(client: Client) -> None:
    item = checklists.add_item(factories.organisation(), text="Read it aloud.", actor=chief())
    claim = factories.claim()
    client.force_login(factories.editor())
    do(client, "claim", claim.pk, "begin-review", tick=[item.pk])
    assert [line.is_done for line in checklists.lines(ReviewVersion.objects.get(review__claim=claim))] == [True]


def test_a_timer_is_set_shown_and_taken_back(client: Client) -> None:
    version = factories.approved(factories.draft())
    claim, ana = version.review.claim, factories.editor("ana")
    client.force_login(ana)
    assert do(client, "version", version.pk, "set-timer", at="")[0] == "Say when it is to be published."
    assert do(client, "version", version.pk, "set-timer", at="2020-01-01T10:00")[0].startswith("This time is over")
    at = (timezone.now() + timedelta(days=2)).replace(microsecond=0)
    assert do(client, "version", version.pk, "set-timer", at=f"{at:%Y-%m-%dT%H:%M:%S}")[0].startswith("Set: it is")
    timer = timers.waiting(version)
    assert timer is not None and timer.at == at and timer.set_by == ana
    assert "as ana, if every check holds" in words(shown("people", claim, ana, version))
    assert do(client, "timer", timer.pk, "take-back")[0].startswith("Taken back")
    assert "A timer is set" not in shown("people", claim, ana, version)


def test_presence_is_told_in_words(client: Client) -> None:
    ana, claim = factories.editor("ana"), factories.claim()
    for name, editing in (("ben", True), ("cleo", False), ("dan", False)):
        presence.sign(factories.editor(name), claim.pk, is_editing=editing)
    client.force_login(ana)
    address = f"/admin/claims/{claim.pk}/presence/"
    answer = client.post(address, {"editing": ""})
    assert answer.json() == {"here": "ben is editing this page. dan and cleo are reading this page."}
    assert "ben is editing this page." in shown("people", claim, ana)
    assert client.post(address, {"leaves": "1"}).status_code == 204
    assert client.get(address).status_code == 405


def test_an_open_page_keeps_no_session_alive(client: Client) -> None:
    claim = factories.claim()
    client.force_login(factories.editor())
    session = client.session
    session[SEEN] = 1.0
    session.save()
    client.post(f"/admin/claims/{claim.pk}/presence/")
    assert client.session[SEEN] == 1.0
    client.get("/admin/settings/checklist/")
    assert client.session[SEEN] > 1.0
