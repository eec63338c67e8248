"""Edited since publication: the list, what leaves, and the second person's approval, as people click through them."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Amendment, Publication, Review, Speaker
from claims.reviews import amendments
from sources.database.audit import acting
from tests import factories

pytestmark = pytest.mark.django_db


def at_desk(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def text(client: Client, address: str, **data: object) -> str:
    answer = client.post(address, data, follow=True) if data else client.get(address)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "{%" not in page and "{{" not in page
    return page


@pytest.fixture
def review() -> Review:
    claim = factories.claim()
    factories.linked(claim)
    review = factories.published_review(claim)
    with acting(factories.editor("ann"), reason="edit"):
        Speaker.objects.update(name="<b>Liar</b> Minister")
    return review


def test_from_the_home_to_the_second_persons_approval(review: Review) -> None:
    ann, ben = at_desk(User.objects.get(username="ann")), at_desk(factories.editor("ben"))
    home, listed = reverse("admin:index"), reverse("desk:edited")
    assert "1 published claim differs from what readers get" in text(ben, home)
    page = text(ann, listed)
    assert "Statement: speaker" in page and "<del>" in page and "Show what will go out" in page
    assert "&lt;" in page and "<b>Liar" not in page

    assert "Choose the claims" in text(ann, listed, nothing="")
    asked = text(ann, listed, claim=review.claim_id)
    assert "Submit these edits?" in asked and not Amendment.objects.exists()
    [shown] = re.findall('name="shown" value="([0-9a-f]{64})"', asked)
    page = text(ann, listed, claim=review.claim_id, shown=shown, note="<i>She was elected.")
    amendment = Amendment.objects.get()
    assert "waits for a second person" in page and "&lt;i&gt;She was" in page
    assert "Approve and publish" not in page and "Decline" in page
    address = reverse("desk:amendment", args=[amendment.pk])
    again = text(ann, listed)
    assert ">submitted<" in again and 'type="checkbox" name="claim"' not in again  # nobody submits it twice
    # From a second tab, by hand.
    assert "You submitted these edits" in text(ann, address, verb="approve", shown=shown)
    User.objects.filter(username="ann").update(first_name="Ann", last_name="Arbor")  # colleagues are called by name
    assert "Ann Arbor asks for a second person" in text(ben, home)
    page = text(ben, address)
    [shown] = re.findall('name="shown" value="([0-9a-f]{64})"', page)
    assert "not those that you were shown" in text(ben, address, verb="approve", shown="0" * 64)
    assert "approved and published" in text(ben, address, verb="approve", shown=shown)
    assert Publication.objects.latest("sequence").event == "clarified"
    assert "Edited since publication" not in text(ben, home)
    assert "Nothing differs" in text(ben, listed)


def test_the_pages_of_the_rows_say_it(review: Review) -> None:
    client = at_desk(factories.editor("ben"))
    [statement] = review.claim.statements.all()
    for row, differs in (
        (review.claim, True),
        (statement, True),
        (statement.speaker, True),
        (statement.document, False),
    ):
        page = text(client, reverse(f"admin:claims_{row._meta.model_name}_change", args=[row.pk]) + "?table=1")
        assert ("differs from what is published" in page) == differs
        assert "<b>Liar" not in page
    with acting(User.objects.get(username="ann"), reason="edit"):
        Speaker.objects.update(name="A. Minister")
    page = text(client, reverse("admin:claims_speaker_change", args=[statement.speaker.pk]) + "?table=1")
    assert "differs from what is published" not in page


def test_it_is_declined_by_either_and_seen_by_readers_alone(review: Review) -> None:
    ann, ben = User.objects.get(username="ann"), factories.editor("ben")
    for decider in (ann, ben):
        rows = amendments.unpublished(ann)
        row = amendments.submit([review.claim_id], actor=ann, shown=amendments.shown_sha256(rows))
        page = text(at_desk(decider), reverse("desk:amendment", args=[row.pk]), verb="decline")
        assert "declined" in page and "nothing went out with it" in page
    stranger = at_desk(User.objects.create_user("stranger", is_staff=True))
    assert stranger.get(reverse("desk:edited")).status_code == 403
    reporter = User.objects.create_user("rita", is_staff=True)
    reporter.groups.add(*factories.Group.objects.filter(name="Reporters"))
    row = amendments.submit([review.claim_id], actor=ann, shown=amendments.shown_sha256(rows))
    address = reverse("desk:amendment", args=[row.pk])
    assert "Approve and publish" not in text(at_desk(reporter), address)
    assert "may not approve" in text(at_desk(reporter), address, verb="approve", shown="")
