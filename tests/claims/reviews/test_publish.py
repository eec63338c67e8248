"""Publishing: what enters the log, in which order, and that the log cannot be changed."""

import hashlib
from datetime import timedelta

import orjson
import pytest
from django.apps import apps
from django.db import Error, IntegrityError, connection, transaction
from django.utils import timezone

from claims.models import (
    ClaimVersion,
    Evidence,
    Organisation,
    Publication,
    PublicationBody,
    RatingScale,
    Review,
    ReviewVersion,
)
from claims.permissions import Refused
from claims.reviews import publish, workflow
from sources.models import Page
from tests import factories

pytestmark = pytest.mark.django_db


def body(publication: Publication) -> dict:
    return orjson.loads(bytes(publication.body.json))


def test_publishing_locks_the_version_watches_the_page_and_writes_the_log() -> None:
    claim = factories.claim()
    factories.linked(claim)
    version = factories.approved(factories.draft(claim))
    publication = publish.publish(version, actor=version.approver)

    said = body(publication)
    assert said["text"] == claim.text
    assert said["verification"]["status"] == "checked"
    scale = {"id": RatingScale.objects.get().public_id, "name": "Scale"}
    rating = {"label": "Right", "value": 3, "worst": 1, "best": 3, "verdict": "true", "scale": scale}
    assert said["reviews"][0]["rating"] == rating
    assert said["reviews"][0]["evidence"][0]["quote"]["exact"] == factories.QUOTE
    assert said["reviews"][0]["evidence"][0]["state"] == "intact"
    assert said["statements"][0]["speaker"]["name"] == "A. Minister"
    assert (said["event"], said["version"], said["sequence"]) == ("published", 1, publication.sequence)
    salt, text = bytes(publication.body.salt), bytes(publication.body.json)
    assert publication.commitment == hashlib.sha256(salt + text).hexdigest()
    page = Page.objects.get()
    assert page.watch == "watched"
    assert page.polling.due_at is not None
    with pytest.raises(Error, match=r"published_is_locked|Cannot update"), transaction.atomic():
        ReviewVersion.objects.filter(pk=version.pk).update(summary="Rewritten in silence.")
    with pytest.raises(Error, match="locked"), transaction.atomic():
        Evidence.objects.filter(version=version).update(exact="Other words.")


def test_nothing_is_watched_before_publication() -> None:
    factories.approved(factories.draft())
    page = Page.objects.get()
    assert (page.watch, page.polling.due_at) == ("not_watched", None)


def test_only_an_approved_version_goes_out_and_only_as_approved() -> None:
    version = factories.draft()
    with pytest.raises(Refused, match="approved first"):
        publish.publish(version, actor=factories.editor())
    assert not Publication.objects.exists()


def test_an_embargoed_version_is_silent() -> None:
    version = factories.draft()
    version.embargo_until = timezone.now() + timedelta(hours=1)
    version.save()
    factories.approved(version)
    with pytest.raises(Refused, match="embargo"):
        publish.publish(version, actor=factories.editor())
    assert not Publication.objects.exists()
    assert not ClaimVersion.objects.exists()


def test_a_quote_that_broke_before_publication_stops_it() -> None:
    page = factories.page()
    version = factories.approved(factories.draft(of=page))
    factories.snapshot(page, factories.PAGE_TEXT.replace("412", "499"))
    with pytest.raises(Refused, match="no longer stands"):
        publish.publish(version, actor=version.approver)
    assert not Publication.objects.exists()


def test_confidential_evidence_never_enters_the_log_and_described_only_by_its_words() -> None:
    version = factories.draft()
    Evidence.objects.create(
        version=version, kind="interview", stance="supports", visibility="confidential",
        who="SECRET PERSON", happened_at=timezone.now(), how="telephone", note="SECRET NOTE",
    )  # fmt: skip
    Evidence.objects.create(
        version=version, kind="interview", stance="supports", visibility="described", description="a hospital doctor",
        who="HIDDEN PERSON", happened_at=timezone.now(), how="telephone", note="HIDDEN NOTE",
    )  # fmt: skip
    factories.approved(version)
    publish.publish(version, actor=factories.editor())
    everything = b"".join(bytes(row.json) for row in PublicationBody.objects.all()).decode()
    assert "a hospital doctor" in everything
    for secret in ("SECRET", "HIDDEN"):
        assert secret not in everything


def test_a_correction_replaces_the_answer_and_keeps_the_history() -> None:
    review = factories.published_review()
    author = factories.editor()
    version = workflow.start_version(
        review, kind="correction", actor=author, correction_kind="typo", public_note="We had misspelt a name."
    )
    factories.approved(version)
    publication = publish.publish(version, actor=factories.editor())
    said = body(publication)["reviews"][0]
    assert publication.event == "corrected"
    assert (said["version"], said["kind"], said["public_note"]) == (2, "correction", "We had misspelt a name.")
    assert [entry["version"] for entry in said["history"]] == [1, 2]
    current = ClaimVersion.objects.current("newsrooms").get()
    assert current.sequence_from == publication.sequence
    assert ClaimVersion.objects.count() == 2, "one row for newsrooms and the public while they are told the same"


def test_a_withdrawn_review_says_so() -> None:
    review = factories.published_review()
    version = workflow.start_version(
        review, kind="withdrawal", actor=factories.editor(), public_note="The claim was never made."
    )
    factories.approved(version)
    said = body(publish.publish(version, actor=factories.editor()))
    assert said["verification"]["status"] == "withdrawn"
    assert said["reviews"][0]["withdrawn_at"] is not None


@pytest.mark.sql
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE claims_publication SET event = 'withdrawn'",
        "DELETE FROM claims_publication",
        "TRUNCATE claims_publication CASCADE",
        "UPDATE claims_publicationbody SET json = ''",
        "ALTER TABLE claims_publication DISABLE TRIGGER ALL",
        "DROP TABLE claims_publication",
        "UPDATE claims_reviewversionevent SET summary = ''",
        "DELETE FROM sources_snapshot",
        "UPDATE sources_change SET kind = 'back'",
        "DELETE FROM claims_evidencecheck",
        "TRUNCATE claims_claim CASCADE",
    ],
)
def test_the_app_cannot_rewrite_history(statement: str) -> None:
    factories.published_review()
    with pytest.raises(Error) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert getattr(refusal.value.__cause__, "sqlstate", "") == "42501"


def test_a_row_that_does_not_follow_the_last_is_refused() -> None:
    review = factories.published_review()
    last = Publication.objects.get()
    with pytest.raises(IntegrityError, match="does not follow"), transaction.atomic():
        Publication.objects.create(
            sequence=last.sequence + 2, at=timezone.now(), event="published", audience="public",
            claim=review.claim, version=99, commitment="0" * 64,
        )  # fmt: skip
    with pytest.raises(IntegrityError, match="dated before"), transaction.atomic():
        Publication.objects.create(
            sequence=last.sequence + 1, at=last.at - timedelta(seconds=1), event="published", audience="public",
            claim=review.claim, version=99, commitment="0" * 64,
        )  # fmt: skip


@pytest.mark.sql
def test_raw_sql_and_bulk_writes_leave_an_audit_row_each() -> None:
    ClaimEvent = apps.get_model("claims", "ClaimEvent")
    one, two = factories.claim("One."), factories.claim("Two.")
    before = ClaimEvent.objects.count()
    type(one).objects.filter(pk__in=[one.pk, two.pk]).update(place="Somewhere")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_claim SET place = 'Elsewhere' WHERE id = %s", [one.pk])
    assert ClaimEvent.objects.count() == before + 3


def test_a_review_of_our_own_never_turns_into_an_imported_one_nor_moves_once_published() -> None:
    """An imported review goes without author and approver; so a review could be one for a moment."""
    review = factories.published_review()
    other = factories.claim("Another claim.")
    for change in ({"origin": "imported"}, {"claim": other}, {"organisation": Organisation.objects.create(name="B")}):
        with (
            pytest.raises(IntegrityError, match=r"never turn into each other|stays with its claim"),
            transaction.atomic(),
        ):
            Review.objects.filter(pk=review.pk).update(**change)
    draft = factories.draft()
    Review.objects.filter(pk=draft.review_id).update(claim=other)


def test_no_review_of_our_organisation_is_an_imported_one() -> None:
    ours = factories.organisation()
    with pytest.raises(IntegrityError, match="never an imported one"), transaction.atomic():
        Review.objects.create(claim=factories.claim(), organisation=ours, origin="imported")
