"""Beside the review on the workbench: edits that are not out, what a newsroom sent, guests, and the foot bar."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from claims.models import Amendment, Claim, Sender, Submission
from claims.reviews import amendments, guests, suspension, workflow
from claims.roles import GROUPS, Role
from sources.database.audit import acting
from tests import factories
from tests.claims.desk.workbench.pages import browser, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return factories.editor("ana")


@pytest.fixture
def chief() -> User:
    user = User.objects.create_user("carla", is_staff=True)
    user.groups.add(Group.objects.get(name=GROUPS[Role.CHIEF]))
    return User.objects.get(pk=user.pk)


def test_edits_that_are_not_out_lead_to_their_submission(ana: User) -> None:
    claim = factories.published_review().claim
    client = browser(ana)
    assert "Edited since it was published" not in read(client, claim)
    with acting(ana, reason="edit"):
        Claim.objects.filter(pk=claim.pk).update(text="<b>413 bridges need repair.")
    page = read(client, claim)
    assert "Edited since it was published" in page and "<b>413" not in page and "<del>" in page
    button = re.search(rf'action="{reverse("desk:edited")}">.*?name="claim" value="{claim.pk}"', page, re.S)
    assert button and "Submit these edits …" in page
    asked = client.post(reverse("desk:edited"), {"claim": claim.pk}).text
    assert "Submit these edits?" in asked and not Amendment.objects.exists()
    found = amendments.submit([claim.pk], actor=ana, shown=amendments.shown_sha256(amendments.unpublished(ana)))
    page = read(client, claim)
    assert reverse("desk:amendment", args=[found.pk]) in page and "Submit these edits …" not in page


def test_who_may_invite_finds_the_way_and_others_see_who_is_invited(ana: User, chief: User) -> None:
    version = workflow.submit(factories.draft(author=ana), actor=ana)
    claim, address = version.review.claim, reverse("desk:guests", args=[version.pk])
    assert address in read(browser(chief), claim) and address not in read(browser(ana), claim)
    guest = User.objects.create_user("gil", first_name="Gil", last_name="<b>Guest", is_staff=True)
    guests.invite(version, guest=guest, actor=chief)
    for user in (ana, chief):
        page = read(browser(user), claim)
        assert "Invited guests:" in page and "Gil &lt;b&gt;Guest" in page


def test_what_a_newsroom_sent_stands_as_it_was_sent(ana: User) -> None:
    version = factories.draft(author=ana)
    client = browser(ana)
    assert "As it was sent" not in read(client, version.review.claim)
    stand_in = User.objects.create_user("newsroom-1")
    sender = Sender.objects.create(newsroom="nrm_1", name="The <i>Harbour", user=stand_in)
    sent = {"article": {"url": "javascript:alert(1)", "title": "A <b>title"}, "bylines": ["Rita"], "summary": "</pre>"}
    Submission.objects.create(sender=sender, key="abcd", review=version.review, as_sent=sent)
    page = read(client, version.review.claim)
    assert "Sent by The &lt;i&gt;Harbour" in page and ">fc_abcd_…<" in page and "Rita" in page
    assert "The newsroom may still change it." in page and "A &lt;b&gt;title" in page
    assert "&quot;summary&quot;: &quot;&lt;/pre&gt;&quot;" in page and 'href="javascript' not in page


def test_the_foot_bar_has_more_and_three_buttons_at_most(ana: User, chief: User) -> None:
    review = factories.published_review()
    suspension.suspend(review, actor=ana, reason="A wrong year.")
    suspension.request_resume(review, actor=ana, note="It is right.")
    page = read(browser(chief), review.claim)
    foot, more = re.split('id="more"', page[page.index('class="foot"') :])
    assert len(re.findall("<form|popovertarget", foot)) <= 4 and "Resume" in foot and "Keep it suspended" in foot
    assert "Update" in more, "what has no place there is not lost"
    assert "Look again by a day" in more and "Look again by a day" not in foot


def test_what_you_published_says_so_in_a_sentence(ana: User) -> None:
    review = factories.published_review()
    version = review.versions.get()
    [publisher] = User.objects.filter(pk__in=[version.author_id, version.approver_id, ana.pk]).exclude(pk=ana.pk)[:1]
    pages = [read(browser(user), review.claim) for user in User.objects.filter(is_staff=True).order_by("pk")]
    assert publisher and any("You published version 1" in page for page in pages)
    assert not any("Published by You" in page for page in pages)
