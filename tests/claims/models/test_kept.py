"""Nothing that something published rests on, or rested on, can be deleted, by whatever route."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from claims.models import Appearance, Claim, Review, Statement, Topic
from claims.reviews import workflow
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


@pytest.fixture
def review() -> Review:
    claim = factories.claim()
    claim.topics.add(Topic.objects.create(slug="roads", name="Roads"))
    factories.linked(claim)
    return factories.published_review(claim)


def untied() -> None:
    """Take everything from the claim that an editor may, and from each other what raw SQL may."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM claims_appearance; DELETE FROM claims_claim_topics")
        cursor.execute("UPDATE claims_statement SET speaker_id = NULL")


def refused(table: str, sentence: str) -> None:
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        connection.cursor().execute(f"DELETE FROM {table}")


@pytest.mark.parametrize("again", [False, True], ids=["as published", "after the next version"])
def test_sql_deletes_nothing_that_was_published(review: Review, again: bool) -> None:
    untied()
    if again:  # what only an earlier version contained
        factories.published_again(review.claim)
    for table, what in (
        ("claims_statement", "This statement is part of what is published or was, so it stays. Unlink it"),
        ("claims_speaker", "This speaker is part"),
        ("claims_topic", "This topic is part"),
    ):
        refused(table, what)
    other = factories.statement(text="“Nothing of this is published,” she said.", speaker="B. Clerk")
    Statement.objects.exclude(pk=other.pk).update(document=other.document, start=1, end=2, text="“")
    refused(f"claims_document WHERE id <> {other.document_id}", "This document is part")


def test_a_topic_stays_although_its_slug_was_changed_before(review: Review) -> None:
    Topic.objects.update(slug="streets")
    untied()
    refused("claims_topic", "This topic is part")


def test_claims_reviews_and_what_they_rest_on_stay(review: Review) -> None:
    refused("claims_claim", "This claim is part")
    for table in (
        *("claims_review", "claims_evidence", "claims_organisation", "claims_rating", "claims_reviewversion"),
        *("sources_source", "sources_page", "sources_snapshot", "sources_blob", "sources_text"),
    ):
        with pytest.raises(Exception, match=r"."), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_is_not_published_can_be_deleted(review: Review) -> None:
    other = factories.claim("Another claim.")
    statement = factories.linked(other, text="“Another claim,” she said.", speaker="B. Clerk")
    topic = Topic.objects.create(slug="health", name="Health")
    other.topics.add(topic)
    workflow.discard(factories.draft(other), actor=factories.editor())
    Appearance.objects.filter(claim=other).delete()
    other.topics.clear()
    document, speaker = statement.document, statement.speaker
    assert speaker is not None
    for row in (statement, document, speaker, topic, other):
        row.delete()
    assert Claim.objects.count() == 1


def test_the_desk_gives_the_reason(review: Review) -> None:
    untied()
    user = factories.editor()
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    topic = Topic.objects.get()
    answer = client.post(reverse("admin:claims_topic_delete", args=[topic.pk]), {"post": "yes"}, follow=True)
    assert "Not saved. This topic is part of what is published" in answer.content.decode()
    assert Topic.objects.exists()
