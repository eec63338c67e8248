"""What a claim says is covered by the approval of its review: who may undo one is told before, others are refused."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from claims.models import Appearance, Claim, Notice, ReviewVersion, Topic
from claims.permissions import Refused
from claims.reviews import workflow
from claims.roles import GROUPS, Role
from claims.statements.link_claim import link_statement, unlink_statement
from tests import factories
from tests.claims.desk.workbench.pages import browser, do, read, seen

pytestmark = pytest.mark.django_db


def reporter() -> User:
    user = factories.editor()
    user.groups.set([Group.objects.get(name=GROUPS[Role.REPORTER])])
    return User.objects.get(pk=user.pk)


@pytest.fixture
def approved() -> ReviewVersion:
    return factories.approved(factories.draft())


def state(version: ReviewVersion) -> str:
    return ReviewVersion.objects.get(pk=version.pk).state


def test_a_reporter_undoes_no_approval_by_the_words_of_the_claim(approved: ReviewVersion) -> None:
    claim = approved.review.claim
    client = browser(reporter())
    page = read(client, claim)
    assert 'id="claim-form"' not in page and "has approved a review of this claim" in page
    answer = do(client, "claim", claim, "save", text="None need repair.", language="en")
    assert "Ask an editor or" in answer.text and "to send it back first" in answer.text
    assert Claim.objects.get(pk=claim.pk).text == claim.text and state(approved) == "approved"


@pytest.mark.parametrize("field", ["add_topics", "place"])
def test_neither_by_its_topics_or_place(approved: ReviewVersion, field: str) -> None:
    Topic.objects.create(slug="roads", name="Roads")
    claim = approved.review.claim
    do(browser(reporter()), "claim", claim, "save", text=claim.text, language="en", **{field: "Roads"})
    claim.refresh_from_db()
    assert not claim.topics.exists() and not claim.place and state(approved) == "approved"


def test_nor_by_its_statements_nor_in_the_tables(approved: ReviewVersion) -> None:
    claim = approved.review.claim
    statement = factories.linked(claim)
    person = reporter()
    with pytest.raises(Refused, match="has approved a review"):
        unlink_statement(statement, claim, actor=person)
    with pytest.raises(Refused, match="has approved a review"):
        link_statement(factories.statement("Another."), claim, actor=person)
    link = Appearance.objects.get()
    client = browser(person)
    client.post(reverse("admin:claims_claim_change", args=[claim.pk]), {"text": "None.", "language": "en"})
    client.post(reverse("admin:claims_appearance_delete", args=[link.pk]), {"post": "yes"})
    assert Claim.objects.get(pk=claim.pk).text == claim.text and Appearance.objects.get() == link
    assert state(approved) == "approved"


def test_a_reporter_links_statements_while_a_version_waits_and_edits_a_claim_of_her_own_version() -> None:
    person = reporter()
    version = factories.draft(author=person)
    workflow.submit(version, actor=person)
    claim = version.review.claim
    link_statement(factories.statement("Another."), claim, actor=reporter())
    client = browser(person)
    page = read(client, claim)
    assert "Makes its review a draft again: it has to be submitted again." in page
    do(client, "claim", claim, "save", text="412 bridges.", language="en", seen=seen(page, "claim-form"))
    assert Claim.objects.get(pk=claim.pk).text == "412 bridges." and state(version) == "draft"


def test_an_editor_reads_beforehand_that_an_approval_is_undone_and_the_approver_is_told(
    approved: ReviewVersion,
) -> None:
    claim = approved.review.claim
    client = browser(factories.editor())
    page = read(client, claim)
    assert f"the approval by {approved.approver} is void" in page
    answer = do(client, "claim", claim, "save", text="412 bridges.", language="en", seen=seen(page, "claim-form"))
    assert "Its review is a draft again" in answer.text and state(approved) == "draft"
    assert Notice.objects.get(kind=Notice.Kind.APPROVAL_VOIDED).recipient == approved.approver


def test_what_is_published_is_not_offered_with_other_words_than_were_approved(approved: ReviewVersion) -> None:
    editor = factories.editor()
    address = f"{reverse('desk:preview', args=[approved.review.claim_id, approved.pk])}?then=publish"
    assert "Publish now" in browser(editor).get(address).text
    link_statement(factories.statement("Another."), approved.review.claim, actor=editor)
    page = browser(editor).get(address).text
    assert "Publish now" not in page and "The words changed after the approval" in page
