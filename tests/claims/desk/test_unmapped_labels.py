"""The desk lists labels of imported reviews that amount to no verdict, and where to map each."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from claims.desk.unmapped_labels import unmapped_labels
from claims.models import ClaimVersion, Organisation, Rating, RatingScale, Review
from claims.roles import GROUPS, Role
from claims.visibility import restrict
from tests import factories
from tests.claims.desk.test_notices import at_desk
from tests.claims.imports.test_importer import take
from tests.claims.sample_claimreviews import claim_review, rated
from tests.claims.test_mapped_verdicts import of_snopes

pytestmark = pytest.mark.django_db
SENTENCE = "The bridge stands, as anybody can see who goes there. " * 2 + "The count is another."


@pytest.fixture
def chief() -> User:
    user = factories.editor()
    user.groups.set(Group.objects.filter(name=GROUPS[Role.CHIEF]))
    return user


@pytest.fixture
def imported(tmp_path: Path) -> None:
    take(
        tmp_path,
        *(of_snopes(1, "False"), of_snopes(2, "Odd & old"), of_snopes(3, "ODD & OLD"), of_snopes(4, "Legend")),
        *(
            of_snopes(5, "Scam"),
            claim_review(6, reviewRating=rated("Odd")),
            claim_review(7, reviewRating=rated(SENTENCE)),
        ),
    )


def test_what_no_scale_maps_is_listed_with_its_reason_and_count(imported: None, chief: User) -> None:
    rows = {(row.organisation.name, row.label): (row.reviews, row.why) for row in unmapped_labels(chief)}
    assert set(rows) == {
        *(("Snopes", "Odd & old"), ("Snopes", "Legend"), ("Snopes", "Scam")),
        *(("The Checkers", "Odd"), ("The Checkers", SENTENCE)),
    }
    assert rows["Snopes", "Odd & old"][0] == 2
    assert rows["The Checkers", "Odd"] == (1, "No scale of this publisher ships.")
    assert "perhaps unproven" in rows["Snopes", "Legend"][1]
    assert rows["Snopes", "Scam"][1].endswith("without a verdict.")


def test_each_row_leads_to_the_step_or_scale_to_make(imported: None, chief: User) -> None:
    scale = RatingScale.objects.create(organisation=Organisation.objects.get(name="Snopes"), name="Theirs")
    links = {row.label: row.map_url for row in unmapped_labels(chief)}
    assert links["Legend"] == f"{reverse('admin:claims_rating_add')}?scale={scale.pk}&label=Legend"
    assert links["Odd"].startswith(f"{reverse('admin:claims_ratingscale_add')}?organisation=")
    assert links[SENTENCE] == "", "no step can be so long"
    form = at_desk(chief).get(links["Legend"]).content.decode()
    assert re.search(r'name="label" value="Legend"', form)
    Rating.objects.create(scale=scale, label="legend", value=1, verdict="unproven")
    assert {row.label: row.why for row in unmapped_labels(chief)}["Legend"].startswith("On your scale")


def test_the_screen_says_what_is_stale(imported: None, chief: User) -> None:
    page = at_desk(chief).get(reverse("desk:unmapped_labels")).content.decode()
    assert "Odd &amp; old" in page
    assert "another version" not in page
    ClaimVersion.objects.filter(pk=ClaimVersion.objects.latest("pk").pk).update(scales_version=0)
    page = unescape(at_desk(chief).get(reverse("desk:unmapped_labels")).content.decode())
    assert "another version" in page
    assert reverse("desk:unmapped_labels") in at_desk(chief).get(reverse("desk:settings")).content.decode()


def test_who_may_not_see_organisations_sees_no_list(imported: None) -> None:
    assert (
        at_desk(User.objects.create_user("nobody", is_staff=True)).get(reverse("desk:unmapped_labels")).status_code
        == 403
    )
    reporter = User.objects.create_user("reporter", is_staff=True)
    reporter.groups.set(Group.objects.filter(name=GROUPS[Role.REPORTER]))
    assert at_desk(reporter).get(reverse("desk:unmapped_labels")).status_code == 200
    assert not any(row.map_url for row in unmapped_labels(reporter)), "chiefs alone define scales"


def test_a_restricted_claim_is_not_counted(imported: None, chief: User) -> None:
    other = User.objects.create_user("other", is_staff=True)
    other.groups.set(Group.objects.filter(name=GROUPS[Role.REPORTER]))
    restrict(Review.objects.get(claim__text="4 bridges need repair.").claim, members=[], actor=chief)
    assert "Legend" not in {row.label for row in unmapped_labels(other)}
