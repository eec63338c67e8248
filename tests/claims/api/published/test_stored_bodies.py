"""The hand-built SQL returns what the ORM would for every filter, or leaves the request to it."""

from datetime import timedelta

import orjson
import pytest
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from claims.api.published.stored_bodies import NeedsOrm, StoredBodies, stored_body
from claims.api.request.filters import ClaimQuery
from claims.models import Claim, ClaimVersion, Publication, Topic
from claims.models.publication import Audience
from claims.publication import append
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
# Answered by the ORM: searching, and what is told otherwise than as stored bytes.
BEYOND = {"q", "mapped", "fields", "include", "as_of"}
COLUMNS = ("sequence_from", "publication__body__json")


@pytest.fixture
def claims() -> list[Claim]:
    """Five, of which one is retold, and one's last event is for newsrooms alone."""
    made = []
    for number, rating in enumerate(("Right", "Wrong", "Half right", "Right", "Wrong")):
        claim = factories.claim(f"Claim {number}", language="de" if number % 2 else "en")
        claim.topics.add(Topic.objects.get_or_create(slug=f"topic-{number % 2}", defaults={"name": "Topic"})[0])
        factories.linked(claim, speaker="A. Minister" if number < 3 else "B. Mayor")
        factories.published_review(claim, rating=rating)
        made.append(claim)
    append.append(made[0], event="updated", audience=Audience.PUBLIC)
    append.append(made[1], event="recheck_raised", audience=Audience.NEWSROOMS)
    return made


def both(audience: str, asked: dict[str, object], limit: int = 50) -> tuple[list[dict], list[dict]]:
    """What the statement and what the queryset answer."""
    query = ClaimQuery()
    plain = query.narrow(StoredBodies(audience), asked)
    orm = query.narrow(ClaimVersion.objects.current(audience).values(*COLUMNS), asked)
    rows = list(orm.order_by("-sequence_from")[:limit])
    return plain.order_by("-sequence_from")[:limit], [
        {**row, "publication__body__json": bytes(row["publication__body__json"])} for row in rows
    ]


@pytest.mark.parametrize("audience", Audience.values)
def test_every_filter_alone_and_together(audience: str, claims: list[Claim]) -> None:
    version = ClaimVersion.objects.current(audience).get(claim=claims[0])
    body = orjson.loads(bytes(version.publication.body.json))
    document = body["statements"][0]["document"]
    page = body["reviews"][0]["evidence"][0]["page"]
    now, long_ago = timezone.now(), timezone.now() - timedelta(days=1)
    values = {
        "verification": ["checked", "withdrawn"],
        "verdict": ["true", "false", "unproven"],
        "rating": ["Right", "Wrong' OR '1'='1", "”\\"],
        "topic": ["topic-1", "topic-0", "none"],
        "speaker": [version.speakers[0], "spk_0000000000000000"],
        "organisation": [version.organisations[0]],
        "language": [("de",), ("en",), ("fr", "d"), ("fr", "de", "en")],
        "origin": ["own", "imported"],
        "source": [version.sources[0]],
        "host": [version.hosts[0].upper()],
        "page": [version.pages[0]],
        "document": [document["id"], "doc_0000000000000000"],
        "article": ["art_0000000000000000"],
        "appearance_url": [document["url"], page["url"]],
        "evidence_url": [page["url"], document["url"]],
        "article_url": [page["url"]],
        "published_since": [version.first_published_at, long_ago, now],
        "published_until": [version.first_published_at, long_ago, now],
        "updated_since": [version.changed_at, long_ago, now],
        "updated_until": [version.changed_at, long_ago, now],
    }
    assert set(values) == set(ClaimQuery().fields) - BEYOND, "a filter is not tried here"
    found = 0
    for name, tried in values.items():
        for value in tried:
            plain, orm = both(audience, {name: value})
            assert plain == orm, (name, value)
            found += len(plain)
    assert found > 20
    for asked in (
        {},
        {"topic": "topic-1", "verdict": "false"},
        {"verdict": "false", "mapped": "true"},
        {"verdict": "false", "mapped": "false"},
        {"speaker": version.speakers[0], "language": ("en",), "updated_since": version.changed_at},
    ):
        plain, orm = both(audience, asked)
        assert plain == orm
        assert plain
    assert len(both(audience, {}, limit=2)[0]) == 2


def test_two_filters_find_old_claims_too(claims: list[Claim], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"topic": "topic-0", "language": ("en",)}
    whole = both(Audience.NEWSROOMS, asked)[1]
    assert len(whole) == 3
    for newest in (1, 2, 4, 5, 1_000):
        monkeypatch.setattr("claims.api.published.stored_bodies.NEWEST", newest)
        for limit in (1, 2, 3, 50):
            plain, orm = both(Audience.NEWSROOMS, asked, limit)
            assert plain == orm == whole[:limit], (newest, limit)
        query = ClaimQuery().narrow(StoredBodies(Audience.NEWSROOMS), asked)
        after = query.filter(sequence_from__lt=whole[0]["sequence_from"]).order_by("-sequence_from")
        assert after[:50] == whole[1:]


def test_what_was_redacted_takes_no_place_on_a_page(claims: list[Claim]) -> None:
    factories.redacted(claims[4])
    for asked in ({}, {"language": ("en",)}, {"language": ("en",), "topic": "topic-0"}):
        for limit in (1, 2, 50):
            query = ClaimQuery().narrow(StoredBodies(Audience.PUBLIC), asked)
            rows = query.order_by("-sequence_from")[:limit]
            left = claims[:4] if not asked else claims[0:4:2]
            assert len(rows) == min(limit, len(left)), "a page that is short would be taken for the last"
            assert all(row["publication__body__json"] for row in rows)
    assert stored_body(claims[4].public_id, Audience.PUBLIC) is None


def test_a_page_goes_on_after_a_row(claims: list[Claim]) -> None:
    audience = Audience.NEWSROOMS
    every = [row["sequence_from"] for row in StoredBodies(audience).order_by("-sequence_from")[:50]]
    assert len(every) == 5
    assert every == sorted(every, reverse=True)
    after = StoredBodies(audience).filter(Q() | (Q() & Q(sequence_from__lt=every[1])))
    assert [row["sequence_from"] for row in after.order_by("-sequence_from")[:2]] == every[2:4]


def test_a_place_in_the_log_may_be_asked_of_the_database(claims: list[Claim]) -> None:
    audience = Audience.NEWSROOMS
    every = [row["sequence_from"] for row in StoredBodies(audience).order_by("-sequence_from")[:50]]
    at = ClaimVersion.objects.current(audience).get(sequence_from=every[2]).changed_at
    place = RawSQL("SELECT max(sequence) FROM claims_publication WHERE at < %s AND at < %s", [at, at])
    after = StoredBodies(audience).filter(Q(sequence_from__gt=place), language__gte="")
    assert [row["sequence_from"] for row in after.order_by("-sequence_from")[:50]] == every[:3]


@pytest.mark.parametrize(
    "condition",
    [
        Q(language="de") | Q(language="en"),
        ~Q(language="de"),
        Q(claim__text="x"),
        Q(language__startswith="d"),
        Q(language=None),
        Q(topics__contains=["a", "b"]),
        Q(topics__contains=[]),
    ],
)
def test_what_it_does_not_understand_is_left_to_the_orm(condition: Q) -> None:
    with pytest.raises(NeedsOrm):
        StoredBodies(Audience.PUBLIC).order_by("-sequence_from").filter(condition)[:1]


def test_other_orders_and_pieces_are_left_to_the_orm() -> None:
    bodies = StoredBodies(Audience.PUBLIC)
    for unknown in (("sequence_from",), ("-publication_id",), ("-sequence_from", "claim")):
        with pytest.raises(NeedsOrm):
            bodies.order_by(*unknown)
    for piece in (slice(1, 2), slice(1, None), slice(None)):
        with pytest.raises(NeedsOrm):
            bodies.order_by("-sequence_from")[piece]


def test_search_is_left_to_the_orm() -> None:
    with pytest.raises(NeedsOrm):
        ClaimQuery().narrow(StoredBodies(Audience.PUBLIC), {"q": "bridges"})


def test_one_body_is_the_one_that_answers_that_audience_now(claims: list[Claim]) -> None:
    for audience in Audience.values:
        for claim in claims:
            version = ClaimVersion.objects.current(audience).get(claim=claim)
            body, commitment, changed_at = stored_body(claim.public_id, audience)
            assert body == bytes(version.publication.body.json)
            assert (commitment, changed_at) == (version.publication.commitment, version.changed_at)
    told = {audience: stored_body(claims[1].public_id, audience)[1] for audience in Audience.values}
    assert told["newsrooms"] != told["public"]
    assert Publication.objects.filter(commitment=told["newsrooms"]).get().event == "recheck_raised"
    for unknown in ("clm_0000000000000000", "", "\ud800", "x" * 5_000):
        assert stored_body(unknown, "newsrooms") is None
