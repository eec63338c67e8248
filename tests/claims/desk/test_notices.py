"""Notices: on the home of the person they are for, and nobody else's, until read."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from claims import notices
from claims.models import Claim, Notice
from claims.models.desk.notice_words import WHAT
from claims.publication.words import leaving
from claims.reviews import workflow
from claims.reviews.publish import publish
from claims.visibility import lift, restrict
from tests import factories

pytestmark = pytest.mark.django_db


def home(user: User) -> str:
    return at_desk(user).get(reverse("admin:index")).content.decode()


def at_desk(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def read(user: User, notice: Notice) -> int:
    return at_desk(user).post(reverse("desk:notice_read", args=[notice.pk])).status_code


def test_a_notice_stands_on_its_recipients_home_until_read() -> None:
    ann, ben, claim = factories.editor(), factories.editor("ben"), factories.claim("<b>Bridges</b>")
    notices.notify([ann, ann, ben, None], "suggested", claim=claim, by=ben, path="/admin/claims/claim/1/change/")
    notice = Notice.objects.get()
    assert "ben suggests a change of what you wrote: &lt;b&gt;Bridges&lt;/b&gt;" in home(ann)
    assert 'href="/admin/claims/claim/1/change/"' in home(ann)
    assert "ben suggests" not in home(ben)

    assert read(ben, notice) == 302
    assert "ben suggests" in home(ann)
    assert read(ann, notice) == 302
    assert "ben suggests" not in home(ann)
    assert Notice.pgh_event_model.objects.filter(pgh_obj=notice).count() == 2  # type: ignore[attr-defined]


def test_it_is_said_in_the_language_and_the_words_of_now() -> None:
    ann, ben = factories.editor(), factories.editor("ben")
    claim = factories.claim("Bridges")
    with translation.override("de"):
        notices.notify([ann], "assigned", claim=claim, by=ben)
    ben.first_name, ben.last_name = "Ben", "Adler"
    ben.save()
    Claim.objects.filter(pk=claim.pk).update(text="412 bridges")
    (notice,) = notices.unread(ann)
    assert notice.said == "Ben Adler assigned a claim to you: 412 bridges"
    with translation.override("de"):
        assert notice.said == "Ben Adler hat Ihnen eine Behauptung zugewiesen: 412 bridges"


@pytest.mark.parametrize("what", WHAT)
def test_every_sentence_has_its_parts(what: str) -> None:
    parts = {"reason": "r", "question": "q", "why": "w", "page": "p", "day": "d", "number": 1}
    notice = Notice(what=what, claim=factories.claim("A claim"), actor=factories.editor("ben"), parameters=parts)
    assert notice.said and "%(" not in notice.said


@pytest.mark.parametrize("old", [False, True])
def test_a_claim_that_was_restricted_afterwards_leaves_no_word_to_whoever_may_not_see_it(old: bool) -> None:
    ann, ben = factories.editor(), factories.editor()
    chief = factories.editor()
    chief.groups.add(Group.objects.get(name="Chiefs"))
    claim = factories.claim("Secret words")
    for user in (ann, ben):
        if old:
            factories.notice(user, "Ann sent Secret words back", claim=claim)
        else:
            notices.notify([user], "sent_back", claim=claim, reason="Secret words")
    restrict(claim, members=[ann], actor=User.objects.get(pk=chief.pk))
    assert "Secret words" in home(ann)
    client = at_desk(ben)
    for address in ("/admin/", "/admin/notices/", reverse("admin:claims_notice_changelist")):
        assert "Secret words" not in client.get(address).content.decode(), address
    assert notices.unread(ben).count() == 0 and notices.mark_all_read(ben, until=2**60) == 0
    lift(claim, actor=User.objects.get(pk=chief.pk))
    assert "Secret words" in home(ben)


def test_reading_takes_a_post_and_a_log_in() -> None:
    ann = factories.editor()
    notice = factories.notice(ann)
    address = reverse("desk:notice_read", args=[notice.pk])
    assert at_desk(ann).get(address).status_code == 405
    assert Client(HTTP_HOST="localhost").post(address)["Location"].startswith("/admin/login/")
    assert at_desk(User.objects.create_user("reader")).post(address).status_code == 302
    assert list(notices.unread(ann)) == [notice]


def test_nobody_who_cannot_log_in_gets_one() -> None:
    notices.notify([User.objects.create_user("service", is_active=False)], "work_due", claim=factories.claim())
    assert not Notice.objects.exists()


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", r"/\evil.example", "javascript:x"])
def test_a_notice_never_leads_to_another_site(path: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        notices.notify([factories.editor()], "work_due", path=path)


def test_a_submitted_version_is_told_to_those_who_may_approve_it_until_somebody_decided() -> None:
    author, ben, member = factories.editor(), factories.editor(), factories.editor()
    reporter = User.objects.create_user("reporter", is_staff=True)
    reporter.groups.add(Group.objects.get(name="Reporters"))
    version = factories.draft(author=author)
    chief = factories.editor()
    chief.groups.add(Group.objects.get(name="Chiefs"))
    workflow.submit(version, actor=author)
    assert told("approval") == {ben, member, chief}
    workflow.send_back(version, actor=ben, reason="Which year?")
    assert told("approval") == set()
    restrict(version.review.claim, members=[author, member], actor=User.objects.get(pk=chief.pk))
    workflow.submit(version, actor=author)
    assert told("approval") == {member, chief}
    workflow.approve(version, actor=User.objects.get(pk=member.pk), shown=leaving(version).sha256)
    assert told("approval") == set()


def test_authors_are_told_that_theirs_was_published_and_the_publisher_is_not() -> None:
    author, ben = factories.editor(), factories.editor()
    version = factories.approved(factories.draft(author=author))
    publish(version, actor=ben)
    assert told("published") == {author}
    other = factories.approved(factories.draft(factories.claim("Another."), author=author))
    publish(other, actor=author)
    assert Notice.objects.filter(kind="published").count() == 1


def told(kind: str) -> set[User]:
    return {notice.recipient for notice in Notice.objects.filter(kind=kind, read_at__isnull=True)}
