"""Claims over REST: the stored bytes, filters, search, paging, and no stale responses."""

import json
from datetime import timedelta
from urllib.parse import quote as escaped

import pytest
from django.test.utils import override_settings
from jsonschema import Draft202012Validator

from claims.models import ClaimVersion, Evidence, PublicationBody, Recheck, Topic
from claims.reviews import publish, rechecks, workflow
from claims.watch import sweep
from sources.timestamp import timestamp
from tests import factories
from tests.api_client import ask, problem, reading_key, said

pytestmark = pytest.mark.django_db
CLAIMS = "/api/v1/claims/"
CHANGED = factories.PAGE_TEXT.replace("412", "430")


@pytest.fixture
def key(db: None) -> str:
    return reading_key()


def ids(path: str, key: str | None) -> list[str]:
    return [claim["id"] for claim in said(path, key)["results"]]


def schema_of(name: str) -> Draft202012Validator:
    document = said("/api/v1/schema/")
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return Draft202012Validator(strict(schema))


def strict(schema):
    """The same schema that also refuses what it does not describe, and objects of which a part is missing."""
    if isinstance(schema, dict):
        known = {name: strict(value) for name, value in schema.items()}
        if "anyOf" in known:
            known["anyOf"] = [each for each in known["anyOf"] if "schemas/Selected" not in each.get("$ref", "")]
        if "properties" in known and known.get("type") == "object":
            known.setdefault("additionalProperties", False)
        return known
    return [strict(item) for item in schema] if isinstance(schema, list) else schema


def broken(review) -> Recheck:
    """The page's text changed and was swept: newsrooms know, the public does not."""
    factories.change(review.latest_published().evidence.first().page, CHANGED)
    assert sweep.sweep() == 1
    return Recheck.objects.get(review=review)


def test_detail_answers_the_stored_bytes(key: str, django_assert_num_queries) -> None:
    claim = factories.published_review().claim
    version = ClaimVersion.objects.current("newsrooms").get(claim=claim)
    with django_assert_num_queries(3):  # the key, the head of the log, the claim
        response = ask(f"{CLAIMS}{claim.public_id}/", key)
    assert response.content == bytes(version.publication.body.json)
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["ETag"] == f'"{version.publication.commitment}"'
    assert response.headers["Last-Modified"].endswith("GMT")


def test_list_sets_the_stored_bytes_side_by_side(key: str, django_assert_num_queries) -> None:
    for _ in range(3):
        factories.published_review()
    with django_assert_num_queries(3):
        response = ask(CLAIMS, key)
    bodies = [bytes(body.json) for body in PublicationBody.objects.order_by("-publication")]
    assert response.content == b'{"results":[' + b",".join(bodies) + b'],"next":null}'


def test_an_empty_list_is_a_list(key: str) -> None:
    assert said(CLAIMS, key) == {"results": [], "next": None}


def test_answers_are_what_the_schema_says(key: str) -> None:
    claim = factories.claim(period_start="2026-01-01", place="Everywhere")
    claim.topics.add(Topic.objects.create(slug="roads", name="Roads"))
    factories.linked(claim)
    author = factories.editor()
    version = factories.draft(claim, author=author)
    others = [
        {"kind": "file", "file_name": "a.pdf", "file_sha256": "0" * 64},
        {"kind": "dataset", "dataset": "Bridges", "cell": "B2", "value": "412"},
        {"kind": "interview", "who": "A clerk", "how": "by letter", "happened_at": "2026-01-01T00:00:00Z"},
        {"kind": "broadcast", "programme": "News", "timecode": "00:12:30"},
        {"kind": "analysis", "note": "We counted."},
        {"kind": "analysis", "note": "We asked.", "visibility": "described", "description": "a clerk"},
    ]
    for fields in others:
        Evidence.objects.create(version=version, stance="context", **fields)
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    validator = schema_of("ClaimPage")
    validator.validate(said(CLAIMS, key))
    recheck = broken(version.review)
    validator.validate(said(CLAIMS, key))
    correction = rechecks.correct(recheck, actor=author)
    correction.kind, correction.correction_kind = "correction", "substantive"
    correction.public_note = "It says 430 now."
    correction.save()
    correction.evidence.filter(kind="page_quote").update(kept_because="It was right on its day.")
    correction = factories.approved(correction)
    publish.publish(correction, actor=correction.approver)
    validator.validate(said(CLAIMS, key))
    [claim_said] = said(CLAIMS, key)["results"]
    assert len(claim_said["reviews"][0]["evidence"]) == 7
    assert claim_said["reviews"][0]["history"][1]["public_note"] == "It says 430 now."
    del claim_said["verification"]["status"]
    assert not validator.is_valid({"results": [claim_said], "next": None}), "the control: it is really validated"


def test_a_broken_quote_shows_at_once_under_another_etag(key: str) -> None:
    review = factories.published_review()
    address = f"{CLAIMS}{review.claim.public_id}/"
    etag = ask(address, key).headers["ETag"]
    since = ask(address, key).headers["Last-Modified"]
    listed = ask(CLAIMS, key).headers["ETag"]
    assert ask(address, key, headers={"If-None-Match": etag}).status_code == 304
    broken(review)
    for stale in ({"If-None-Match": etag}, {"If-Modified-Since": since}):
        response = ask(address, key, headers=stale)
        assert response.status_code == 200, stale
        verification = json.loads(response.content)["verification"]
        assert verification["status"] == "needs_recheck"
        [because] = verification["because"]
        assert because["before"] == factories.QUOTE
        assert because["after"] == factories.QUOTE.replace("412", "430")
    assert ask(CLAIMS, key, headers={"If-None-Match": listed}).status_code == 200
    assert ids(f"{CLAIMS}?verification=needs_recheck", key) == [review.claim.public_id]
    assert ids(f"{CLAIMS}?verification=checked", key) == []


def test_without_a_key_an_unconfirmed_recheck_is_not_there() -> None:
    review = factories.published_review()
    address = f"{CLAIMS}{review.claim.public_id}/"
    with override_settings(ANONYMOUS_READ=True):
        before = ask(address).content
        recheck = broken(review)
        assert ask(address).content == before
        assert ids(f"{CLAIMS}?verification=needs_recheck", None) == []
        rechecks.confirm(recheck, actor=factories.editor())
        assert said(address)["verification"]["status"] == "needs_recheck"
        assert ids(f"{CLAIMS}?verification=needs_recheck", None) == [review.claim.public_id]


def test_filters_find_what_they_name_and_nothing_else(key: str) -> None:
    roads = factories.claim("Bridges fall.", language="pt-BR")
    roads.topics.add(Topic.objects.create(slug="roads", name="Roads"))
    statement = factories.linked(roads)
    first = factories.published_review(roads, rating="Wrong")
    evidence = first.latest_published().evidence.get()
    other = factories.published_review(factories.claim("Schools stand."), rating="Right").claim.public_id
    filters = {
        "verdict": "false",
        "rating": "Wrong",
        "topic": "roads",
        "speaker": statement.speaker.public_id,
        "language": "pt-BR",
        "source": evidence.page.source.public_id,
        "host": evidence.page.host.upper(),
        "page": evidence.page.public_id,
        "q": "bridges fall",
    }
    assert sorted(ids(CLAIMS, key)) == sorted([roads.public_id, other])
    for name, value in filters.items():
        assert ids(f"{CLAIMS}?{name}={escaped(value)}", key) == [roads.public_id], name
    everything = "&".join(f"{name}={escaped(value)}" for name, value in filters.items())
    assert ids(f"{CLAIMS}?{everything}", key) == [roads.public_id]
    assert ids(f"{CLAIMS}?{everything.replace('rating=Wrong', 'rating=Right')}", key) == []
    assert ids(f"{CLAIMS}?verdict=true", key) == [other]
    assert ids(f"{CLAIMS}?language=pt", key) == [roads.public_id], "a language range"
    assert ids(f"{CLAIMS}?language=p", key) == []
    assert ids(f"{CLAIMS}?speaker=spk_0000000000000000", key) == []


def test_updated_since_finds_changes_and_nothing_older(key: str) -> None:
    first, second = factories.published_review(), factories.published_review()
    moment = ClaimVersion.objects.current("newsrooms").get(claim=second.claim).changed_at
    assert ids(f"{CLAIMS}?updated_since={timestamp(moment)}", key) == [second.claim.public_id]
    broken(first)
    both = [first.claim.public_id, second.claim.public_id]
    assert ids(f"{CLAIMS}?updated_since={timestamp(moment)}", key) == both
    assert ids(f"{CLAIMS}?updated_since={timestamp(moment + timedelta(days=1))}", key) == []
    offset = escaped((moment + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S.%f") + "+02:00")
    assert ids(f"{CLAIMS}?updated_since={offset}", key) == both


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("bridges", True),
        ("BRIDGES repair", True),
        ('"need repair"', True),
        ('"repair need"', False),
        ("bridges -repair", False),
        ("schools or bridges", True),
        ("schools", False),
        ("minister", True),  # a speaker of one of its statements
        ("says", True),  # the summary of the review
        ("'); DROP TABLE claims_claim; --", False),
        ("!!! & | ( ) : *", False),
        ('"""', False),
    ],
)
def test_search(key: str, q: str, found: bool) -> None:
    claim = factories.claim()
    factories.linked(claim)
    factories.published_review(claim)
    assert bool(ids(f"{CLAIMS}?q={escaped(q)}", key)) is found


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("verification=unchecked", "checked, needs_recheck, suspended, withdrawn"),
        ("verdict=TRUE", "true, false, mixed, unproven"),
        ("speaker=someone", "spk_"),
        ("page=src_0000000000000000", "pag_"),
        ("updated_since=yesterday", "2026-03-01T09:30:00Z"),
        ("updated_since=2026-03-01T00:00:00+02:00", "%2B"),
        ("updated_since=0001-01-01T00:00:00%2B14:00", "2026-03-01T09:30:00Z"),
        ("updated_since=9999-12-31T23:59:59-14:00", "2026-03-01T09:30:00Z"),
        ("q=" + "a" * 201, "200"),
        ("q=", "blank"),
        ("topic=" + "a" * 81, "80"),
        ("topic=Public+works", "slug"),
        ("verdict=true&verdict=false", "once"),
    ],
)
def test_values_that_cannot_be_are_refused_with_a_sentence(key: str, query: str, sentence: str) -> None:
    body = problem(ask(f"{CLAIMS}?{query}", key))
    assert body["type"] == "urn:factcheck:problem:invalid-parameter"
    assert body["parameter"] == query.partition("=")[0]
    assert sentence in body["detail"]


def test_pages_keep_their_filters_and_survive_changes_between_them(key: str) -> None:
    made = [factories.published_review(factories.claim(language="de")) for _ in range(4)]
    factories.published_review(factories.claim(language="fr"))
    first = said(f"{CLAIMS}?language=de&limit=2", key)
    broken(made[0])  # moves to the front while the newsroom reads on
    second = said(first["next"], key)
    seen = [claim["id"] for claim in first["results"] + second["results"]]
    assert seen == [made[3].claim.public_id, made[2].claim.public_id, made[1].claim.public_id]
    assert second["next"] is None
    since = first["results"][0]["changed_at"]
    assert made[0].claim.public_id in ids(f"{CLAIMS}?updated_since={since}", key)


def test_a_withdrawn_review_keeps_its_address(key: str) -> None:
    review = factories.published_review()
    author = factories.editor()
    version = workflow.start_version(review, kind="withdrawal", actor=author, public_note="It was another bridge.")
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    body = said(f"{CLAIMS}{review.claim.public_id}/", key)
    assert body["verification"]["status"] == "withdrawn"
    assert body["reviews"][0]["withdrawn_at"]
    assert ids(f"{CLAIMS}?verification=withdrawn", key) == [review.claim.public_id]


def test_a_merged_claim_answers_where_it_went(key: str) -> None:
    review, other = factories.published_review(), factories.published_review()
    claim = review.claim
    factories.merged(claim, into=other.claim)
    assert said(f"{CLAIMS}{claim.public_id}/", key)["merged_into"] == other.claim.public_id


def test_an_unknown_id_answers_404(key: str) -> None:
    for unknown in ("clm_0000000000000000", "x", "1", "clm_%F0%9F%8C%89", "..%2f..%2fadmin"):
        assert problem(ask(f"{CLAIMS}{unknown}/", key))["status"] == 404
