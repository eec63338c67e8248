"""The public record: who was told what, corrections, letters, proof."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Publication, Recheck, Restriction, Review
from claims.proof import reports
from claims.requests import source_requests
from claims.reviews import publish, workflow
from claims.watch import sweep
from sources.models import Page
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return factories.editor("ada")


@pytest.fixture
def desk(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def review() -> Review:
    return factories.published_review()


@pytest.fixture
def recheck(review: Review) -> Recheck:
    factories.change(Page.objects.get(), factories.PAGE_TEXT.replace("412", "389"))
    sweep.sweep()
    return Recheck.objects.get()


def told(desk: Client, address: str) -> str:
    response = desk.get(address)
    assert response.status_code == 200
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()


def test_the_record_says_who_was_told_what_newest_first(recheck: Recheck, desk: Client) -> None:
    shown = told(desk, "/admin/record/")
    assert shown.index("re-check raised") < shown.index("The claim or a review of it was published.")
    assert "readers and newsrooms" in shown and "412 bridges need repair." in shown
    rows = told(desk, "/admin/record/?event=published").split("<tbody", 1)[1]
    assert "published" in rows and "A quote no longer stands" not in rows
    assert "A quote no longer stands" in told(desk, "/admin/record/?audience=newsrooms").split("<tbody", 1)[1]


def test_the_record_is_filtered_by_claim_and_day(recheck: Recheck, desk: Client) -> None:
    today = timezone.localdate()
    named = f"/admin/record/?q={recheck.review.claim.public_id}"
    assert "412 bridges" in told(desk, named)
    assert "No rows match" in told(desk, "/admin/record/?q=clm_0000000000000000")
    assert "412 bridges" in told(desk, f"{named}&day_from={today}&day_to={today}")
    assert "No rows match" in told(desk, f"/admin/record/?day_from={today + timedelta(days=1)}")
    assert "No rows match" in told(desk, f"/admin/record/?day_to={today - timedelta(days=1)}")


def test_the_record_of_a_restricted_claim_is_for_its_members(review: Review, desk: Client, ada: User) -> None:
    Restriction.objects.create(claim=review.claim, created_by=ada)
    assert "412 bridges" not in told(desk, "/admin/record/") + told(desk, "/admin/record/?format=csv")


def test_corrections_come_with_what_readers_were_told(review: Review, desk: Client, ada: User) -> None:
    assert "Nothing that went out was corrected" in told(desk, "/admin/record/corrections/")
    version = workflow.start_version(
        review, kind="correction", correction_kind="typo", public_note="The name was misspelt.", actor=ada
    )
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    shown = told(desk, "/admin/record/corrections/")
    assert "The name was misspelt." in shown and "a name or a typing error" in shown and "approved by" in shown
    assert "No rows match" in told(desk, "/admin/record/corrections/?kind=withdrawal")


def test_letters_are_listed_with_state_and_deadline(recheck: Recheck, desk: Client, ada: User) -> None:
    assert "No source was asked yet." in told(desk, "/admin/record/letters/")
    letter = source_requests.send(
        recheck,
        actor=ada,
        page=Page.objects.get(),
        grade="complaint",
        text="What changed, asks the xylographer?",
        recipient="the press desk",
        deadline=timezone.now().date(),
    )
    shown = told(desk, "/admin/record/letters/")
    assert "Formal complaint" in shown and "waits for an answer" in shown and "the press desk" in shown
    assert f"/admin/rechecks/{recheck.pk}/" in shown
    assert "the press desk" in told(desk, "/admin/record/letters/?q=xylographer")
    assert "No rows match" in told(desk, "/admin/record/letters/?state=late")
    type(letter).objects.update(deadline=timezone.now().date() - timedelta(days=1))
    assert "the press desk" in told(desk, "/admin/record/letters/?state=late")


def test_proof_says_what_the_last_audit_found(desk: Client) -> None:
    shown = told(desk, "/admin/record/proof/")
    assert "No audit has run yet" in shown and "kept here alone" in shown
    reports.store(timezone.now(), 1, ["Entry 7 was rewritten by an ocelot."])
    assert "ocelot" in told(desk, "/admin/record/proof/"), "while there is no chief"
    rita = User.objects.create_user("rita", is_staff=True)
    rita.groups.add(Group.objects.get(name="Reporters"))
    desk.force_login(rita)
    shown = told(desk, "/admin/record/proof/")
    assert "1 finding" in shown and "ocelot" not in shown


def test_the_record_takes_few_queries(desk: Client) -> None:
    for number in range(3):
        factories.published_review(factories.claim(f"Claim number {number} of three."))
    for address in ("/admin/record/", "/admin/record/corrections/", "/admin/record/letters/", "/admin/rechecks/"):
        desk.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(address)
        own = [each for each in queries if "session" not in each["sql"] and "auth_" not in each["sql"]]
        assert len(own) <= 12, [each["sql"][:100] for each in own]


def test_every_event_has_words() -> None:
    from claims.desk.record.words import EVENTS, event_sentence

    assert set(EVENTS) == set(Publication.Event.values)
    assert all(event_sentence(event) for event in Publication.Event.values)
