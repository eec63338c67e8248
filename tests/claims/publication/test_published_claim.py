"""The one description of the published claim: bodies, OpenAPI and examples follow it, and it evolves by its rule."""

import copy
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypedDict

import orjson
import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator

from claims import causes
from claims.models import Article, Evidence, Organisation, PublicationBody, Recheck, Topic
from claims.publication import published_claim
from claims.publication.citation import attribution, display, quote_wording
from claims.publication.description import FieldClass, Meaning, example, fields, human, leaves
from claims.publication.published_claim import PATHS, paths_of, words
from claims.requests import source_requests
from claims.reviews import publish, rechecks, workflow
from claims.watch import sweep
from sources.models import Source
from sources.passages import last_seen
from tests import factories
from tests.claims.api.published.test_claims import schema_of, strict
from tests.claims.imports.test_bulk_publish import SAMPLE, take
from tests.claims.sample_claimreviews import claim_review

# Fields that bodies of the first version lack.
LATER = {
    ("Review", name)
    for name in ("claim_reviewed", "display_codes", "reconfirmed_at", "suspended_since", "undated", "right_of_reply")
} | {
    *(
        ("Evidence", name)
        for name in (
            "decided_at",
            "kept_because",
            "stands_as",
            "wording",
            "cause",
            "grade",
            "notice",
            "seen_at_least_until",
        )
    ),
    *(("Cause", name) for name in ("cause", "grade", "notice", "comes_and_goes")),
    *(("Statement", name) for name in ("review", "reviews", "attribution", "content", "attributions")),
    ("ReviewHistory", "undated"),
    ("DisplayCode", "on"),
    ("Claim", "merged_from"),
}
FIRST_VERSION = orjson.loads((Path(__file__).parent / "body_of_version_1.json").read_bytes())


def values(body: Any, shape: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every plain value of a body with its path, found by the body's own keys."""
    for name, value in body.items():
        field = fields(shape).get(name)
        path = prefix + name
        if field is not None and field.shape is None:
            yield path + "[]" * field.many, value
        elif isinstance(value, list):
            for each in value:
                yield from values(each, field and field.shape, f"{path}[].")
        elif isinstance(value, dict):
            yield from values(value, field and field.shape, f"{path}.")
        elif field is None:
            yield path, value


def objects(body: Any, shape: Any) -> Iterator[tuple[Any, Any]]:
    """Every object of a body with its description."""
    yield body, shape
    for name, value in body.items():
        inner = fields(shape)[name].shape
        for each in value if isinstance(value, list) else [value]:
            if inner and each is not None:
                yield from objects(each, inner)


_published: list[tuple[str, Any]] = []


@pytest.fixture
def published(db: None, tmp_path: Path) -> list[tuple[str, Any]]:
    """Audience and body of events of every kind, oldest first: of our own claim through its life, and of imports.

    They are made once: what was published is plain data.
    """
    if not _published:
        publish_everything(tmp_path)
        rows = PublicationBody.objects.order_by("pk").values_list("publication__audience", "json")
        _published.extend((audience, orjson.loads(bytes(body))) for audience, body in rows)
    return copy.deepcopy(_published)


@pytest.fixture
def bodies(published: list[tuple[str, Any]]) -> list[Any]:
    return [body for _, body in published]


def publish_everything(folder: Path) -> None:
    claim = factories.claim(period_start="2026-01-01", place="Everywhere")
    claim.topics.add(Topic.objects.create(slug="roads", name="Roads"))
    text = "“412 bridges need repair,” the minister said; the engineers deny that 412 do."
    factories.appearing(claim, factories.attributed(text, also="412 do"))
    version = factories.draft(claim)
    last_seen.mark(version.evidence.get().passage_id, timezone.now())
    Source.objects.update(homepage="https://agency.example/", language="en")
    Organisation.objects.update(licence="https://creativecommons.org/licenses/by/4.0/")
    version.review.article = Article.objects.create(
        organisation=version.review.organisation, url="https://desk.example/bridges", title="Bridges", language="en"
    )
    version.review.save()
    for kind in (
        {"kind": "file", "file_name": "a.pdf", "file_sha256": "0" * 64},
        {"kind": "dataset", "dataset": "Bridges", "cell": "B2", "value": "412"},
        {"kind": "interview", "who": "A clerk", "how": "by letter", "happened_at": "2026-01-01T00:00:00Z"},
        {"kind": "broadcast", "programme": "News", "timecode": "00:12:30"},
        {"kind": "analysis", "note": "We asked.", "visibility": "described", "description": "a clerk"},
    ):
        Evidence.objects.create(version=version, stance="context", **kind)
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    factories.change(version.evidence.first().page, factories.PAGE_TEXT.replace("412", "430"))
    assert sweep.sweep() == 1
    recheck = Recheck.objects.get()
    rechecks.confirm(recheck, actor=version.author)
    correction = rechecks.correct(recheck, actor=version.author)
    correction.kind, correction.correction_kind = "correction", "substantive"
    correction.public_note = "It says 430 now."
    correction.reply_asked, correction.reply_asked_on = "the minister", date(2026, 3, 1)
    correction.reply, correction.reply_answered_on = "It was so then.", date(2026, 3, 2)
    correction.save()
    correction.evidence.filter(kind="page_quote").update(kept_because="It was right on its day.")
    correction = factories.approved(correction)
    publish.publish(correction, actor=correction.approver)
    factories.change(version.evidence.first().page, factories.PAGE_TEXT.replace("412", "450"))
    assert sweep.sweep() == 1
    recheck = Recheck.objects.open().get()
    source_requests.send(
        recheck,
        actor=version.author,
        page=version.evidence.first().page,
        grade="request",
        text="What did you count?",
        recipient="the agency",
        deadline=timezone.now().date() + timedelta(days=7),
    )
    rechecks.reconfirm(recheck, actor=version.author, note="It counts again each month.")
    disowned = factories.PAGE_TEXT.replace("412", "450").replace("repair.", "repair. [This is not correct.]")
    factories.change(version.evidence.first().page, disowned)
    assert sweep.sweep() == 1
    stands = factories.PAGE_TEXT.replace("412", "450")
    for text in (*("Nothing is left of it.", stands) * 2, "Nothing is left of it."):
        factories.change(version.evidence.first().page, text)
        assert sweep.sweep() == 1
    withdrawal = workflow.start_version(version.review, kind="withdrawal", actor=version.author, public_note="Wrong.")
    withdrawal = factories.approved(withdrawal)
    publish.publish(withdrawal, actor=withdrawal.approver)
    other = factories.claim("412 bridges are broken.", period_start="2026-01-01", period_end="2026-02-01")
    other.topics.add(Topic.objects.create(slug="bridges", name="Bridges"))
    factories.linked(other)
    factories.published_review(other)
    factories.merged(other, into=claim)
    joining = {"url": "https://third.example/1", "author": {"name": "Third"}, "claimReviewed": "1 Bridges need repair"}
    in_the_same_letters = {"url": "https://fourth.example/1", "author": {"name": "Fourth"}}
    take(folder, *SAMPLE, claim_review(1, **joining), claim_review(1, **in_the_same_letters))


def test_bodies_hold_every_path_of_the_description_and_no_other(bodies: list[Any]) -> None:
    found = {path for body in bodies for path, _ in values(body, published_claim.Claim)}
    assert found == set(PATHS)


def test_the_keys_of_every_object_stand_in_the_order_of_the_description(bodies: list[Any]) -> None:
    for body in bodies:
        for thing, shape in objects(body, published_claim.Claim):
            described = fields(shape)
            assert list(thing) == [name for name in described if name in thing], shape
            assert {name for name, field in described.items() if field.required} <= set(thing), shape


def test_every_field_may_be_seen_by_the_audience_that_gets_it(published: list[tuple[str, Any]]) -> None:
    public = [body for audience, body in published if audience == "public"]
    seen = {path for body in public for path, _ in values(body, published_claim.Claim)}
    assert len(seen) > 100
    assert {PATHS[path].meaning.audience for path in seen} == {"public"}


def test_a_field_without_a_class_fails() -> None:
    class WithClass(published_claim.Topic):
        colour: Annotated[str, human("red")]

    class Without(published_claim.Topic):
        colour: Annotated[str, Meaning("red")]

    class Bare(TypedDict):
        topics: list[Without]
        name: str

    assert set(dict(leaves(WithClass))) == {"slug", "name", "colour"}
    for shape, name in ((Without, "Without.colour"), (Bare, "Without.colour")):
        with pytest.raises(TypeError, match=f"{name} has no class"):
            dict(leaves(shape))


def test_texts_follow_from_the_fields_that_are_named(bodies: list[Any]) -> None:
    """Made of those fields alone, they are the same again."""

    def named(thing: Any, shape: Any, name: str) -> Any:
        follows = fields(shape)[name].meaning.follows_from.split()
        return {each: thing[each] for each in follows if each in thing or fields(shape)[each].required}

    checked = set()
    for body in [*bodies, example(published_claim.Claim)]:
        assert body["url"] == f"/api/v1/claims/{body['id']}/"
        for review in body["reviews"]:
            assert review["attribution"] == attribution(named(review, published_claim.Review, "attribution"))
            kept = named(review, published_claim.Review, "display")
            assert review["display"] == display(kept, kept["display_codes"])
            checked |= {code["code"] for code in review["display_codes"]}
            assert all(item["watchable"] == (item["kind"] == "page_quote") for item in review["evidence"])
            for item in review["evidence"]:
                follows = fields(published_claim.Evidence)["wording"].meaning.follows_from.split()
                assert item.get("wording", "") == quote_wording({each: item[each] for each in follows if each in item})
        for cause in [*body["verification"]["because"], example(published_claim.Cause)]:
            kept = named(cause, published_claim.Cause, "wording")
            at, recurs = datetime.fromisoformat(kept["detected_at"]), kept.get("comes_and_goes", False)
            assert cause["wording"] == causes.sentence(kept["cause"], at, comes_and_goes=recurs)
    assert checked >= {"rated_as_of", "rated", "corrected", "withdrawn", "recheck_raised", "recheck_confirmed"}
    derived = {path.rpartition(".")[2] for path in paths_of(FieldClass.DERIVED)}
    assert derived == {"url", "watchable", "wording", "attribution", "display", "code", "on"}


def test_words_are_what_no_machine_event_changes(bodies: list[Any]) -> None:
    first, raised, confirmed, corrected = bodies[:4]
    assert [body["event"] for body in bodies[:4]] == ["published", "recheck_raised", "recheck_confirmed", "corrected"]
    assert words(first) == words(raised) == words(confirmed) != words(corrected)
    kept = paths_of(FieldClass.HUMAN, FieldClass.FIXED, FieldClass.LOG)
    found = {path for body in bodies for path, _ in values(words(body), published_claim.Claim)}
    assert paths_of(FieldClass.HUMAN) <= found <= kept
    said = words(first)
    assert said["reviews"][0]["evidence"][0]["quote"]["exact"] == factories.QUOTE
    assert "verification" not in said and "state" not in said["reviews"][0]["evidence"][0]
    assert said["reviews"][0]["evidence"][0]["snapshot"]["id"].startswith("snp_")


def test_every_field_is_of_one_class() -> None:
    classes = [paths_of(each) for each in FieldClass]
    assert sum(map(len, classes)) == len(PATHS) == len(frozenset().union(*classes))


# The rule of evolution (docs/api.md, "Versioning"). The file is a body as it was written before any field was added:
# those in the log are never rewritten, so clients read such bodies for ever, by today's description.


def validator(db_schema: Any) -> Draft202012Validator:
    return Draft202012Validator(strict(db_schema))


@pytest.fixture
def schema(db: None) -> Any:
    return schema_of("Claim").schema


def test_a_body_of_the_first_version_is_still_what_the_schema_says(schema: Any) -> None:
    validator(schema).validate(FIRST_VERSION)


@pytest.mark.parametrize("component", ["Claim", "Review", "Evidence", "Statement", "Cause", "Rating", "ReviewHistory"])
def test_removing_a_field_or_requiring_a_new_one_fails(schema: Any, component: str) -> None:
    """What the test above refuses, for each field that there is."""
    for name in schema["components"]["schemas"][component]["properties"]:
        removed = copy.deepcopy(schema)
        described = removed["components"]["schemas"][component]
        del described["properties"][name]
        described["required"] = [each for each in described["required"] if each != name]
        if (component, name) not in LATER:
            assert not validator(removed).is_valid(FIRST_VERSION), name
    required = copy.deepcopy(schema)
    described = required["components"]["schemas"][component]
    described["properties"]["shade"] = {"type": "string"}
    assert validator(required).is_valid(FIRST_VERSION), "a new optional field"
    described["required"] = [*described["required"], "shade"]
    assert not validator(required).is_valid(FIRST_VERSION)
