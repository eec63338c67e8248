"""Claims with selected fields, included events, or as of a time, and the status of many claims at once."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from claims.models import Claim, Publication, PublicationBody, Recheck, Review
from claims.models.publication import ClaimVersion, last_before
from claims.publication import append
from claims.reviews import publish, rechecks, workflow
from claims.watch import sweep
from sources.timestamp import timestamp
from tests import factories
from tests.api_client import ask, problem, reading_key, said
from tests.claims.api.published.test_claims import schema_of

pytestmark = pytest.mark.django_db
CLAIMS = "/api/v1/claims/"
NOBODY = "clm_0000000000000000"


@pytest.fixture
def key(db: None) -> str:
    return reading_key()


def again(claim: Claim) -> Publication:
    return append.append(claim, event="reconfirmed", audience="public")


def corrected(review: Review) -> Publication:
    version = workflow.start_version(review, kind="correction", actor=factories.editor(), public_note="Miscounted.")
    version.correction_kind, version.summary = "substantive", "It says otherwise."
    version.save()
    version = factories.approved(version)
    return publish.publish(version, actor=version.approver)


def withdrawn(review: Review) -> Publication:
    version = workflow.start_version(review, kind="withdrawal", actor=factories.editor(), public_note="Other bridge.")
    version = factories.approved(version)
    return publish.publish(version, actor=version.approver)


def merged(claim: Claim, into: Claim) -> Publication:
    return factories.merged(claim, into=into)


def ids(path: str, key: str | None) -> list[str]:
    return [claim["id"] for claim in said(path, key)["results"]]


def statuses(asked: Any, key: str | None = None) -> Any:
    return ask(f"{CLAIMS}status", key, "POST", data=orjson.dumps(asked), content_type="application/json")


# fields and include


def test_fields_are_what_was_asked_for_in_the_order_of_the_answer(key: str) -> None:
    claim = factories.published_review().claim
    whole = said(f"{CLAIMS}{claim.public_id}/", key)
    for path in (f"{CLAIMS}?fields=", f"{CLAIMS}{claim.public_id}/?fields="):

        def asked(fields: str, path: str = path) -> Any:
            body = said(f"{path}{fields}", key)
            return body["results"][0] if "results" in body else body

        assert asked("text,id") == {"id": claim.public_id, "text": claim.text}
        assert asked("reviews.rating.label,%20reviews.id") == {
            "reviews": [{"id": whole["reviews"][0]["id"], "rating": {"label": "Right"}}]
        }
        assert asked("reviews.rating.label,reviews") == {"reviews": whole["reviews"]}
        assert asked("reviews,reviews.rating.label") == {"reviews": whole["reviews"]}
        assert asked("period.start") == {"period": None}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ("verdikt", "“verdikt”; there are: id, url, text"),
        ("reviews.verdikt", "“reviews” has: id"),
        ("text.length", "no fields"),
        ("id,,text", "“”"),
        ("id.", "no fields"),
        (".", "“.”"),
        ("", "blank"),
        (",".join(["id"] * 101), "100"),
        ("a" * 4001, "no field"),
    ],
)
def test_fields_that_are_not_there_are_refused(key: str, fields: str, sentence: str) -> None:
    body = problem(ask(f"{CLAIMS}?fields={fields}", key))
    assert (body["status"], body["parameter"]) == (400, "fields")
    assert sentence in body["detail"]


def test_events_are_included_and_only_those_that_the_audience_may_know(key: str) -> None:
    review = factories.published_review()
    factories.change(review.latest_published().evidence.first().page, factories.PAGE_TEXT.replace("412", "430"))
    sweep.sweep()
    address = f"{CLAIMS}{review.claim.public_id}/?include=events&fields=id"
    told = said(address, key)
    assert [event["event"] for event in told["events"]] == ["published", "recheck_raised"]
    assert told["events"][1]["version"] == 2
    [listed] = said(f"{CLAIMS}?include=events&fields=id", key)["results"]
    assert listed == told
    with override_settings(ANONYMOUS_READ=True):
        assert [event["event"] for event in said(address)["events"]] == ["published"]
    whole = said(f"{CLAIMS}{review.claim.public_id}/?include=events", key)
    schema_of("ClaimWithEvents").validate(whole)
    schema_of("ClaimPage").validate(said(f"{CLAIMS}?include=events", key))
    assert whole.pop("events") == told["events"]
    assert whole == said(f"{CLAIMS}{review.claim.public_id}/", key)


# as_of


def test_claims_as_they_were(key: str) -> None:
    before = timestamp(timezone.now())
    first = factories.published_review(factories.claim("First."))
    second = factories.published_review(factories.claim("Second."))
    then = Publication.objects.order_by("sequence").last()
    one, other = first.claim, second.claim
    moments = {"published": then.at, "corrected": corrected(first).at, "merged": merged(one, other).at}
    moments["withdrawn"] = withdrawn(second).at

    def told(claim: Claim, moment: str) -> Any:
        return said(f"{CLAIMS}{claim.public_id}/?as_of={timestamp(moments[moment])}", key)

    assert told(one, "published")["event"] == "published"
    assert told(one, "published")["reviews"][0]["summary"] == "The report says so."
    assert told(one, "corrected")["reviews"][0]["summary"] == "It says otherwise."
    assert told(one, "corrected")["merged_into"] is None
    assert told(one, "merged")["merged_into"] == other.public_id
    assert told(other, "merged")["verification"]["status"] == "checked"
    assert [bool(each["withdrawn_at"]) for each in told(other, "withdrawn")["reviews"]] == [True, False]

    stored = PublicationBody.objects.get(publication=then.pk)
    assert ask(f"{CLAIMS}{other.public_id}/?as_of={timestamp(then.at)}", key).content == bytes(stored.json)
    assert ids(f"{CLAIMS}?as_of={timestamp(then.at)}", key) == [other.public_id, one.public_id]
    assert ids(f"{CLAIMS}?as_of={timestamp(moments['merged'])}", key) == [other.public_id], "it is part of the other"
    assert ids(f"{CLAIMS}?as_of={before}", key) == []
    assert problem(ask(f"{CLAIMS}{one.public_id}/?as_of={before}", key))["status"] == 404
    as_of = f"as_of={timestamp(moments['merged'])}"
    assert ids(f"{CLAIMS}?verification=withdrawn&{as_of}", key) == []
    assert ids(f"{CLAIMS}?verification=checked&{as_of}&q=second", key) == [other.public_id]
    assert said(f"{CLAIMS}?{as_of}&fields=text&limit=1", key)["results"] == [{"text": "Second."}]
    events = said(f"{CLAIMS}{one.public_id}/?{as_of}&include=events", key)["events"]
    assert [event["event"] for event in events] == ["published", "corrected", "merged"]


def test_pages_as_of_a_time_stay_while_claims_change(key: str) -> None:
    made = [factories.published_review().claim for _ in range(3)]
    moment = timestamp(timezone.now())
    first = said(f"{CLAIMS}?as_of={moment}&limit=2", key)
    again(made[0])
    again(made[1])
    second = said(first["next"], key)
    seen = [claim["id"] for claim in first["results"] + second["results"]]
    assert seen == [claim.public_id for claim in reversed(made)]
    assert second["next"] is None


def test_the_public_sees_of_a_time_what_it_saw_then(key: str) -> None:
    review = factories.published_review()
    address = f"{CLAIMS}{review.claim.public_id}/?as_of="
    factories.change(review.latest_published().evidence.first().page, factories.PAGE_TEXT.replace("412", "430"))
    sweep.sweep()
    raised = timestamp(timezone.now())
    rechecks.confirm(Recheck.objects.get(), actor=factories.editor())
    with override_settings(ANONYMOUS_READ=True):
        assert said(f"{address}{raised}")["verification"]["status"] == "checked"
        assert said(f"{address}{raised}", key)["verification"]["status"] == "needs_recheck"
        assert said(f"{address}{timestamp(timezone.now())}")["verification"]["status"] == "needs_recheck"


def test_what_was_redacted_since_stays_redacted(key: str) -> None:
    claim = factories.published_review().claim
    moment = timestamp(factories.redacted(claim, event="reconfirmed").at)
    again(claim)
    left = said(f"{CLAIMS}{claim.public_id}/?as_of={moment}", key)
    assert left["redacted"] is True
    schema_of("RedactedClaim").validate(left)
    assert ids(f"{CLAIMS}?as_of={moment}", key) == []
    assert ids(f"{CLAIMS}?as_of={timestamp(timezone.now())}", key) == [claim.public_id], "the control"


@pytest.mark.parametrize(
    "moment",
    ["2999-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "tomorrow", "0001-01-01T00:00:00%2B14:00", "", "1"],
)
def test_a_time_that_has_not_been_is_refused(key: str, moment: str) -> None:
    claim = factories.published_review().claim
    for address in (CLAIMS, f"{CLAIMS}{claim.public_id}/"):
        body = problem(ask(f"{address}?as_of={moment}", key))
        assert (body["status"], body["parameter"]) == (400, "as_of")


def test_the_last_publication_before_a_moment_is_found_by_halving(django_assert_num_queries) -> None:
    def found(moment) -> int:
        return ClaimVersion.objects.annotate(last=last_before(moment)).values_list("last", flat=True)[0]

    claim = factories.published_review().claim
    for _ in range(9):
        again(claim)
    log = list(Publication.objects.order_by("sequence"))
    for publication in log:
        assert found(publication.at) == publication.sequence - 1
        assert found(publication.at + timedelta(microseconds=1)) == publication.sequence
    assert found(log[0].at - timedelta(days=1)) == 0
    assert found(log[-1].at + timedelta(days=1)) == log[-1].sequence


def test_rendered_answers_take_as_many_queries_as_ever(key: str) -> None:
    claim = factories.published_review().claim
    moment = timestamp(timezone.now())
    counted = []
    for _ in range(2):
        for address, expected in (
            (f"{CLAIMS}?fields=id", 3),
            (f"{CLAIMS}?include=events", 4),
            (f"{CLAIMS}?as_of={moment}", 3),
            (f"{CLAIMS}{claim.public_id}/?fields=id&as_of={moment}", 3),
            (f"{CLAIMS}{claim.public_id}/?include=events", 4),
            (f"{CLAIMS}?updated_since={moment}", 3),
        ):
            with CaptureQueriesContext(connection) as queries:
                said(address, key)
            counted.append((address, len(queries), expected))
        for _ in range(2):
            again(factories.published_review().claim)
    assert [(address, count) for address, count, expected in counted if count != expected] == []


# status


def test_status_says_which_copies_are_current_and_where_claims_went(key: str, django_assert_num_queries) -> None:
    checked, gone, moved, flagged = (factories.published_review() for _ in range(4))
    withdrawn(gone)
    merged(moved.claim, checked.claim)
    factories.change(flagged.latest_published().evidence.first().page, factories.PAGE_TEXT.replace("412", "430"))
    sweep.sweep()
    asked = [review.claim.public_id for review in (checked, gone, moved, flagged)] + [NOBODY, "", "x", "clm_\u0663"]
    with django_assert_num_queries(6):  # the key, the claims, four for the times of all quotes
        response = statuses({"ids": [*asked, asked[0]]}, key)
    answer = orjson.loads(response.content)
    schema_of("ClaimStatuses").validate(answer)
    results = answer["results"]
    assert [result["id"] for result in results] == asked, "each once, in the order of the question"
    for result in results[:4]:
        whole = ask(f"{CLAIMS}{result['id']}/", key)
        body = orjson.loads(whole.content)
        assert result["etag"] == whole.headers["ETag"]
        assert [result[name] for name in ("version", "sequence", "changed_at")] == [
            body[name] for name in ("version", "sequence", "changed_at")
        ]
        assert result["verification"] == body["verification"]["status"]
        assert result["moved_to"] == body["merged_into"]
    assert [result["withdrawn"] for result in results[:4]] == [False, True, False, False]
    assert results[2]["moved_to"] == checked.claim.public_id
    assert results[3]["recheck_since"] == orjson.loads(whole.content)["verification"]["since"]
    for result in results[4:]:
        assert result.pop("known") is False
        del result["id"]
        assert set(result.values()) == {None}
    with override_settings(ANONYMOUS_READ=True):
        public = orjson.loads(statuses({"ids": asked[3:4]}).content)["results"]
    assert public[0]["verification"] == "checked", "no editor has confirmed it"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"ids": [NOBODY] * 500}, 200),
        ({"ids": [NOBODY] * 501}, 422),
        ({"ids": []}, 422),
        ({}, 422),
        ({"ids": "clm_0000000000000000"}, 422),
        ({"ids": {"0": NOBODY}}, 422),
        ({"ids": [1]}, 422),
        ({"ids": [None]}, 422),
        ({"ids": [True]}, 422),
        ({"ids": [[NOBODY]]}, 422),
        ({"ids": ["a" * 65]}, 422),
        ({"ids": [NOBODY], "verification": "checked"}, 422),
        ([NOBODY], 422),
        ("ids", 422),
        (None, 422),
    ],
)
def test_questions_that_cannot_be_are_refused(key: str, asked: Any, status: int) -> None:
    response = statuses(asked, key)
    assert response.status_code == status, response.content
    if status == 422:
        assert problem(response)["type"] == "urn:factcheck:problem:invalid-body"


def test_bodies_that_are_no_json_are_refused(key: str) -> None:
    for body, kind, status in (
        (b"", "application/json", 422),
        (b"{", "application/json", 400),
        (b'{"ids": ["\xff"]}', "application/json", 400),
        (b'{"ids": ["x"]}', "text/plain", 415),
        (b"ids=x", "application/x-www-form-urlencoded", 415),
    ):
        response = ask(f"{CLAIMS}status", key, "POST", data=body, content_type=kind)
        assert problem(response)["status"] == status, (body, kind)
    assert (
        problem(ask(f"{CLAIMS}status?fields=id", key, "POST", data=b'{"ids":["x"]}', content_type="application/json"))[
            "status"
        ]
        == 400
    )
