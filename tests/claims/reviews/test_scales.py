"""A step of a scale that a review was approved by stays as it is: it is retired, and another takes its place."""

import orjson
import pytest
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from claims.models import ClaimVersion, Rating, RatingScale, Review
from claims.permissions import Refused
from claims.reviews import publish, scales, workflow
from claims.roles import GROUPS, Role
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


@pytest.fixture
def review() -> Review:
    return factories.published_review()


def chief() -> User:
    user = factories.editor()
    user.groups.add(Group.objects.get(name=GROUPS[Role.CHIEF]))
    return user


def rating() -> dict[str, object]:
    """The rating as the public is shown it."""
    body = orjson.loads(bytes(ClaimVersion.objects.current("public").get().publication.body.json))
    return dict(body["reviews"][0]["rating"])


@pytest.mark.parametrize(
    "assignment", ["label = 'Pants on fire'", "verdict = 'false'", "value = 9", "scale_id = (SELECT -1)"]
)
def test_nobody_changes_a_step_that_was_used(review: Review, assignment: str) -> None:
    with pytest.raises(IntegrityError, match="Reviews were approved by the step “Right”"), transaction.atomic():
        connection.cursor().execute(f"UPDATE claims_rating SET {assignment} WHERE label = 'Right'")
    with pytest.raises(IntegrityError, match="Retire it"), transaction.atomic():
        connection.cursor().execute("DELETE FROM claims_rating WHERE label = 'Right'")
    Rating.objects.filter(label="Wrong").update(label="Not right")  # never used


def test_an_approved_version_is_a_use_and_a_draft_is_none() -> None:
    version = factories.draft(factories.claim())
    Rating.objects.filter(label="Right").update(label="Correct")
    factories.approved(version)
    with pytest.raises(IntegrityError, match="Reviews were approved by the step “Correct”"), transaction.atomic():
        Rating.objects.filter(label="Correct").update(verdict="false")


@pytest.mark.parametrize("assignment", ["name = 'Truth-o-meter'", "organisation_id = (SELECT -1)"])
def test_the_scale_keeps_its_name(review: Review, assignment: str) -> None:
    with pytest.raises(IntegrityError, match="so its name stays"), transaction.atomic():
        connection.cursor().execute(f"UPDATE claims_ratingscale SET {assignment}")
    RatingScale.objects.create(organisation=review.organisation, name="Another")
    RatingScale.objects.filter(name="Another").update(name="A third")


def test_a_step_is_retired_and_replaced(review: Review) -> None:
    with pytest.raises(Refused, match="may not define scales"):
        scales.retire(Rating.objects.get(label="Right"), actor=factories.editor())
    old = Rating.objects.get(label="Right")
    made = scales.replace(old, label=" Correct ", actor=chief())
    assert (made.label, made.value, made.verdict, made.scale) == ("Correct", old.value, old.verdict, old.scale)
    assert rating()["label"] == "Right"
    with pytest.raises(Refused, match="retired already"):
        scales.replace(old, label="Spot on", actor=chief())
    with pytest.raises(Refused, match="a step of this label already"):
        scales.replace(Rating.objects.get(label="Half right"), label="Correct", actor=chief())
    with pytest.raises(Refused, match="Write the label"):
        scales.replace(made, label=" ", actor=chief())


def test_a_correction_by_a_new_step_counts_the_steps_on_offer_and_its_own(review: Review) -> None:
    scales.retire(Rating.objects.get(label="Right"), actor=chief())
    author, approver = factories.editor(), factories.editor()
    version = workflow.start_version(review, kind="update", actor=author, public_note="New figures.")
    publish.publish(factories.approved(version, approver=approver), actor=approver)
    assert (rating()["label"], rating()["worst"], rating()["best"]) == ("Right", 1, 3)
    version = workflow.start_version(review, kind="update", actor=author, public_note="Newer figures.")
    version.rating = Rating.objects.get(label="Wrong")
    version.save()
    publish.publish(factories.approved(version, approver=approver), actor=approver)
    assert (rating()["label"], rating()["worst"], rating()["best"]) == ("Wrong", 1, 2)


def test_the_desk_says_why_and_offers_to_retire(review: Review) -> None:
    client = Client(HTTP_HOST="localhost")
    client.force_login(chief())
    step = Rating.objects.get(label="Right")
    address = reverse("admin:claims_rating_change", args=[step.pk])
    page = client.get(address).content.decode()
    assert "Retire and replace" in page
    seen = page.split('name="_seen" value="')[1].split('"')[0]
    fields = {"scale": step.scale_id, "label": "Pants on fire", "value": 3, "verdict": "false", "_seen": seen}
    assert "so it stays as it is. Retire it" in client.post(address, fields, follow=True).content.decode()
    answer = client.post(f"{address[: -len('change/')]}do/replace/", {"note": "<b>Correct"}, follow=True)
    replaced = answer.content.decode()
    assert [str(each) for each in answer.context["messages"]] == [
        "“<b>Correct” takes the place of “Right”. Published reviews keep the old."
    ]
    assert "&lt;b&gt;Correct" in replaced and "<b>Correct" not in replaced

    draft = workflow.start_version(review, kind="update", actor=factories.editor("dora"))
    form = Client(HTTP_HOST="localhost")
    form.force_login(User.objects.get(username="dora"))
    offered = form.get(reverse("admin:claims_reviewversion_change", args=[draft.pk]), {"table": "1"}).content.decode()
    assert "&lt;b&gt;Correct" in offered and ">Right<" in offered  # its own step stays on offer
