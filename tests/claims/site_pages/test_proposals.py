"""A page of the site leaves the desk when two people have agreed, and each version stays in the site's log."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import DatabaseError, IntegrityError, transaction

from claims.models import PageProposal, SitePublication
from claims.permissions import Refused
from claims.publication.site.log import site_events
from claims.roles import GROUPS, Role
from claims.site_pages import proposals
from sources.database.audit import acting
from tests import factories

pytestmark = pytest.mark.django_db


def person(name: str) -> User:
    return User.objects.filter(username=name).first() or factories.editor(name)


def submitted(text: str = "We ask both sides.", page: str = "method") -> PageProposal:
    return proposals.submit(page, text=text, actor=person("writer"))


def test_what_a_second_person_approves_is_an_entry_of_the_log_without_names() -> None:
    row = submitted()
    assert site_events() == [] and proposals.published_text("method") == ""
    done = proposals.approve(row, actor=person("second"))
    [event] = site_events("page_published", subject="method")
    assert event.body == {"page": "method", "version": 1, "text": "We ask both sides."}
    assert done.publication_id == event.sequence and proposals.waiting("method") is None
    proposals.approve(submitted("We ask all sides."), actor=person("second"))
    assert [each.body["version"] for each in site_events("page_published", subject="method")] == [2, 1]
    assert "writer" not in str(SitePublication.objects.values_list("body", flat=True))


def test_whoever_submitted_it_cannot_approve_it() -> None:
    row = submitted()
    with pytest.raises(Refused, match="somebody else"):
        proposals.approve(row, actor=row.submitted_by)
    with pytest.raises(IntegrityError), transaction.atomic(), acting(row.submitted_by, reason="x"):
        sequence = proposals.append_to_site_log("page_published", "method", {})
        PageProposal.objects.filter(pk=row.pk).update(
            state="approved", decided_by=row.submitted_by, decided_at=row.submitted_at, publication=sequence
        )
    with pytest.raises(Refused, match="decided"):
        proposals.decline(proposals.decline(row, actor=row.submitted_by), actor=factories.editor())
    assert site_events() == []


def test_neither_can_an_account_that_she_made() -> None:
    factories.published_review()  # of a desk that has begun
    row = submitted()
    with acting(row.submitted_by, reason="made an account"):
        puppet = User.objects.create_user("puppet", is_staff=True)
        puppet.groups.add(Group.objects.get(name=GROUPS[Role.EDITOR]))
    with pytest.raises(Refused, match="within the last 72 hours"):
        proposals.approve(row, actor=User.objects.get(pk=puppet.pk))


def test_a_version_says_what_it_said_and_is_decided_once() -> None:
    row = submitted()
    for change in ({"text": "Else."}, {"page": "about"}, {"submitted_by": person("other")}):
        with pytest.raises(DatabaseError), transaction.atomic():
            PageProposal.objects.filter(pk=row.pk).update(**change)
    proposals.decline(row, actor=person("second"))
    with pytest.raises(Refused, match="decided"):
        proposals.approve(row, actor=person("second"))
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


@pytest.mark.parametrize("text", ["", " \n", "x" * 50_001, "a\x00b", "a\u202eb"])
def test_a_text_that_nobody_can_read_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        submitted(text)


def test_one_version_of_a_page_waits_at_a_time_and_none_that_changes_nothing() -> None:
    first = submitted()
    with pytest.raises(Refused, match="waits already"):
        submitted("Another.")
    submitted("About us.", page="about")
    proposals.approve(first, actor=person("second"))
    with pytest.raises(Refused, match="already"):
        submitted()
    with pytest.raises(Refused, match="no such page"):
        submitted(page="imprint")
