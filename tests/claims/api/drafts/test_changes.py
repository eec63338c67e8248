"""Concurrent changes of a draft: If-Match, and which of many simultaneous changes wins."""

import threading
from typing import Any

import orjson
import pytest
from django.db import connection, connections

from claims.models import ReviewVersion, Submission
from claims.reviews import workflow
from tests import factories
from tests.api_client import ask, problem, said
from tests.claims import drafts_api

pytestmark = pytest.mark.sql

AT_ONCE = 20


@pytest.fixture
def key(db: None) -> str:
    factories.organisation()
    return drafts_api.writing_key()


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize("sort", ["claim", "review", "evidence"])
def test_without_if_match_428_and_with_a_stale_one_412(key: str, sort: str, method: str) -> None:
    review = drafts_api.review(key)
    made = {"claim": said(f"{drafts_api.DESK}claims/", key)["results"][0], "review": review}
    url = (made.get(sort) or drafts_api.dataset(key, review["id"]))["url"]
    change = {"claim": {"place": "Norway"}, "review": {"body": "More."}, "evidence": {"note": "More."}}[sort]
    first = drafts_api.etag_of(url, key)
    body = change if method == "PATCH" else b""
    missing = drafts_api.send(url, key, body, method=method)
    assert (missing.status_code, problem(missing)["type"].rpartition(":")[2]) == (428, "precondition-required")
    assert drafts_api.changed(url, key, change, first).status_code == 200
    stale = drafts_api.send(url, key, body, method=method, If_Match=first)
    now = drafts_api.etag_of(url, key)
    assert (stale.status_code, stale.headers["ETag"], problem(stale)["etag"]) == (412, now, now)
    assert now != first
    for wrong in ('"other"', "nonsense", f"x{now}", '""'):
        assert drafts_api.send(url, key, body, method=method, If_Match=wrong).status_code == 412
    for right in ("W/{}", '"other", {}'):
        again = drafts_api.changed(url, key, change, right.format(now))
        assert again.status_code == 200
        now = again.headers["ETag"]
    assert ask(url, key).headers["ETag"] == now, "the answer to a change carries the ETag of the next one"


def test_the_same_words_again_are_another_state(key: str) -> None:
    """A → B → A: who has seen the first A has not seen what happened since."""
    url = drafts_api.review(key)["url"]
    first = drafts_api.etag_of(url, key)
    for summary in ("B", "The report says so."):
        assert drafts_api.changed(url, key, {"summary": summary}).status_code == 200
    assert said(url, key)["summary"] == "The report says so."
    assert drafts_api.changed(url, key, {"summary": "C"}, first).status_code == 412


def test_a_draft_that_the_desk_took_over_meanwhile_is_not_overwritten(key: str) -> None:
    url = drafts_api.review(key)["url"]
    etag = drafts_api.etag_of(url, key)
    version = ReviewVersion.objects.get()
    workflow.take_over(version, actor=factories.editor())
    assert drafts_api.changed(url, key, {"summary": "Late."}, etag).status_code == 412
    refused = drafts_api.changed(url, key, {"summary": "Late."})
    assert (refused.status_code, "taken this review over" in problem(refused)["detail"]) == (409, True)
    version.refresh_from_db()
    assert version.summary == "The report says so."


def test_submitting_what_has_changed_meanwhile_is_refused_if_asked(key: str) -> None:
    review = drafts_api.review(key)
    drafts_api.dataset(key, review["id"])
    etag = drafts_api.etag_of(review["url"], key)
    drafts_api.changed(review["url"], key, {"summary": "Changed."})
    submit = f"{review['url']}submit/"
    assert drafts_api.send(submit, key, b"", If_Match=etag).status_code == 412
    assert drafts_api.send(submit, key, b"", If_Match=drafts_api.etag_of(review["url"], key)).status_code == 200


def test_a_change_that_cannot_be_changes_nothing(key: str) -> None:
    url = drafts_api.review(key)["url"]
    before = ask(url, key)
    for body, pointer in (
        ({"summary": "x", "rating": "Pants on fire"}, "/rating"),
        ({"summary": 5}, "/summary"),
        ({"claim": "clm_0000000000000000"}, "/claim"),
        ({"true_as_of": "2026-02-30"}, "/true_as_of"),
        ([], ""),
        ("x", ""),
    ):
        refused = drafts_api.changed(url, key, body)
        assert refused.status_code == 422, body
        assert problem(refused)["errors"][0]["pointer"] == pointer
    assert drafts_api.send(url, key, b"{", method="PATCH", If_Match="*").status_code == 400
    after = ask(url, key)
    assert (after.content, after.headers["ETag"]) == (before.content, before.headers["ETag"])


def at_once(number: int, work: Any) -> list[Any]:
    """The results of `number` threads that start together."""
    start = threading.Barrier(number)
    found: list[Any] = [None] * number

    def one(index: int) -> None:
        try:
            start.wait(20)
            found[index] = work(index)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_of_twenty_changes_at_once_one_wins_each_version(live_database: Any) -> None:
    factories.organisation()
    key = drafts_api.writing_key()
    url = drafts_api.review(key)["url"]
    for turn in range(2):
        etag = drafts_api.etag_of(url, key)
        answers = at_once(
            AT_ONCE,
            lambda index, etag=etag, turn=turn: drafts_api.changed(url, key, {"summary": f"{turn}-{index}"}, etag),
        )
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [200] + [412] * (AT_ONCE - 1)
        winner = next(answer for answer in answers if answer.status_code == 200)
        assert ask(url, key).headers["ETag"] == winner.headers["ETag"]
        assert ReviewVersion.objects.get().summary == orjson.loads(winner.content)["summary"]
    assert Submission.objects.of("review").get().revision == 3
    events = ReviewVersion.pgh_event_model.objects.filter(
        pgh_label="update", pgh_context__reason="changed a review by API"
    )
    assert events.count() == 2, "every change is in the audit, once"
    # The control: who says * has looked at nothing, and everybody's word counts in turn.
    blind = at_once(5, lambda index: drafts_api.changed(url, key, {"summary": f"blind {index}"}, "*").status_code)
    assert blind == [200] * 5
    assert Submission.objects.of("review").get().revision == 8
    connection.close()


def test_a_newsrooms_first_drafts_at_once_create_one_sender(live_database: Any) -> None:
    from claims.models import Sender

    key = drafts_api.writing_key()
    made = at_once(6, lambda index: drafts_api.send("claims/", key, {"text": f"Claim {index}."}).status_code)
    assert made == [201] * 6
    assert Sender.objects.count() == 1
    assert len(said(f"{drafts_api.DESK}claims/", key)["results"]) == 6
    connection.close()


def test_one_statement_sent_at_once_is_one_row(live_database: Any) -> None:
    key = drafts_api.writing_key()
    start = drafts_api.TEXT.index(drafts_api.SAID)
    body = {
        "document": drafts_api.DOCUMENT,
        "text": drafts_api.SAID,
        "start": start,
        "end": start + len(drafts_api.SAID),
    }
    answers = at_once(8, lambda index: drafts_api.send("statements/", key, body))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.content for answer in answers}) == 1
    connection.close()


def test_a_draft_sent_at_once_with_one_idempotency_key_is_one(live_database: Any) -> None:
    key = drafts_api.writing_key()
    body = {"text": "412 bridges need repair."}
    answers = at_once(
        AT_ONCE,
        lambda index: drafts_api.send("claims/", key, body, Idempotency_Key="8e03978e-40d5-43dd-bc93-6894a57f9324"),
    )
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert len(said(f"{drafts_api.DESK}claims/", key)["results"]) == 1
    connection.close()
