"""The parts of a body, the keys by which it is found, and the counts of shared entities."""

from collections import defaultdict

import orjson
import pytest
from django.db import connection

from claims.models import Appearance, Article, Claim, ClaimVersion, FacetCount, Organisation, Topic, facet_count
from claims.models.publication import Audience
from claims.publication import append, body_parts
from claims.reviews import publish, workflow
from tests import factories

pytestmark = pytest.mark.django_db


def counted() -> dict[tuple[str, str, str], tuple[int, int]]:
    """What the mentions should be, counted from the bodies that answer now: how many, and the newest."""
    found = defaultdict(list)
    told = [(audience, version) for audience in Audience.values for version in ClaimVersion.objects.current(audience)]
    for audience, version in told:
        body = orjson.loads(bytes(version.publication.body.json))
        names = {("speaker", speaker["id"]) for speaker in body_parts.speakers(body)}
        names |= {("organisation", organisation["id"]) for organisation in body_parts.organisations(body)}
        names |= {("topic", topic["slug"]) for topic in body_parts.topics(body)}
        names |= {("step", step["id"]) for step in body_parts.rated_steps(body)}
        names |= {("source", source["id"]) for source in body_parts.sources(body)}
        names |= {("page", page["id"]) for page in body_parts.pages(body)}
        names |= {("scale", step["scale"]["id"]) for step in body_parts.rated_steps(body)}
        for kind, name in names:
            found[audience, kind, name].append(version.sequence_from)
    return {key: (len(sequences), max(sequences)) for key, sequences in found.items()}


def kept() -> dict[tuple[str, str, str], tuple[int, int | None]]:
    rows = FacetCount.objects.filter(bodies__gt=0).values_list("audience", "kind", "name", "bodies", "newest")
    return {(audience, kind, name): (bodies, newest) for audience, kind, name, bodies, newest in rows}


def again(claim: Claim) -> None:
    factories.published_again(claim)


def test_mentions_are_what_the_bodies_say() -> None:
    roads, schools = (Topic.objects.create(slug=slug, name=slug.title()) for slug in ("roads", "schools"))
    first, second, third = factories.claim(), factories.claim(), factories.claim()
    for claim in (first, second):
        claim.topics.add(roads)
        factories.linked(claim)
    third.topics.add(schools)
    for claim, rating in ((first, "Right"), (second, "Wrong"), (third, "Right")):
        factories.published_review(claim, rating=rating)
    assert len(kept()) == 2 * 13
    assert kept() == counted()
    assert kept()["public", "topic", "roads"] == (2, 2)

    again(first)
    assert kept() == counted()
    assert kept()["public", "topic", "roads"] == (2, 4)
    append.append(first, event="recheck_raised", audience="newsrooms")
    assert kept() == counted()
    assert kept()["newsrooms", "topic", "roads"] != kept()["public", "topic", "roads"]

    # The newest body no longer names it; another still does.
    first.topics.remove(roads)
    Appearance.objects.filter(claim=first).delete()
    again(first)
    shared = {key: (bodies, None) for key, (bodies, _) in counted().items() if key[1] == "speaker" or key[2] == "roads"}
    assert kept() == counted() | shared
    assert kept()["public", "topic", "roads"] == (1, None)
    again(second)
    assert kept() == counted()

    second.topics.remove(roads)
    again(second)
    assert ("public", "topic", "roads") not in kept()
    ClaimVersion.objects.filter(claim=third).delete()
    assert kept() == counted()
    assert ("public", "topic", "schools") not in kept()


@pytest.mark.sql
def test_mentions_are_counted_once_a_statement_for_rows_written_in_bulk() -> None:
    factories.published_review()
    versions = list(ClaimVersion.objects.all())
    ClaimVersion.objects.all().delete()
    assert kept() == {}
    ClaimVersion.objects.bulk_create(versions)
    assert kept() == counted() != {}
    FacetCount.objects.update(bodies=7, newest=None)
    with connection.cursor() as cursor:
        cursor.execute(facet_count.RECOUNT)
    assert kept() == counted(), "for rows that were written past the triggers"


def test_parts_name_all_that_few_claims_share() -> None:
    claim = factories.claim()
    statement = factories.linked(claim)
    version = factories.draft(claim)
    article = Article.objects.create(
        organisation=Organisation.objects.get(), url="https://desk.example/a?utm_source=x", title="Bridges"
    )
    version.review.article = article
    version.review.save()
    version = factories.approved(version)
    publication = publish.publish(version, actor=version.approver)
    evidence = version.evidence.get()
    body = orjson.loads(bytes(publication.body.json))
    assert set(body_parts.contained_ids(body)) == {
        "statement",
        "evidence",
        "origin:own",
        body_parts.rating_key("right"),
        statement.public_id,
        statement.document.public_id,
        version.review.public_id,
        article.public_id,
        evidence.public_id,
        evidence.snapshot.public_id,
        body_parts.address_key("doc", statement.document.url),
        body_parts.address_key("art", "https://desk.example/a"),
        body_parts.address_key("pag", evidence.page.url),
    }
    assert all(len(name) <= 24 for name in body_parts.contained_ids(body))
    assert body_parts.rating_steps(body) == [f"{version.rating.scale.public_id}:3"]


@pytest.mark.parametrize("url", [None, "", "ftp://a.example/", "https://", "no address"])
def test_what_is_no_web_address_has_no_key(url: str | None) -> None:
    assert body_parts.address_key("doc", url) is None


def test_addresses_are_found_however_they_are_written() -> None:
    keys = {
        body_parts.address_key("doc", url)
        for url in (
            "https://Paper.example/story",
            "https://paper.example:443/story#quote",
            "https://paper.example/story?utm_medium=mail",
        )
    }
    assert len(keys) == 1
    assert body_parts.address_key("doc", "https://paper.example/other") not in keys
    assert body_parts.address_key("pag", "https://paper.example/story") not in keys


def test_a_body_of_before_scales_were_named_has_no_steps() -> None:
    body = {"reviews": [{"rating": {"label": "Right", "value": 3}}, {"rating": None}]}
    assert body_parts.rating_steps(body) == []
    assert list(body_parts.rated_steps(body)) == []


def test_withdrawn_reviews_stay_where_they_were() -> None:
    review = factories.published_review()
    before = body_parts.contained_ids(
        orjson.loads(bytes(ClaimVersion.objects.current("public").get().publication.body.json))
    )
    version = workflow.start_version(review, kind="withdrawal", actor=factories.editor(), public_note="Wrong bridge.")
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    assert review.public_id in ClaimVersion.objects.current("public").get().contained_ids
    assert review.public_id in before
