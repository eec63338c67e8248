"""Drafts by API: what a newsroom may send, what it reads back, and what it may never do."""

from typing import Any

import orjson
import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User

from claims.models import (
    Appearance,
    Attribution,
    Claim,
    Document,
    Evidence,
    Review,
    ReviewVersion,
    Sender,
    Statement,
    Submission,
)
from claims.permissions import Refused, is_newsroom, may_approve, may_decide, may_edit, may_publish
from claims.publication.words import leaving
from claims.reviews import publish, workflow
from claims.statements import ingest
from factcheck.newsrooms.keys import create_key, revoke_key
from factcheck.newsrooms.models import Newsroom
from sources.database.audit import acting
from tests import factories
from tests.api_client import ask, problem, said
from tests.claims import drafts_api

pytestmark = pytest.mark.django_db
DESK = drafts_api.DESK


@pytest.fixture
def key(db: None) -> str:
    factories.organisation()
    return drafts_api.writing_key()


def test_from_a_statement_to_a_review_that_people_publish(key: str) -> None:
    statement = drafts_api.statement(key, speaker_as_written="the minister", cue="said", quoted=True)
    claim = drafts_api.claim(
        key, statements=[statement["id"]], period={"start": "2026-01-01", "end": None}, place="Norway"
    )
    review = drafts_api.review(key, claim=claim["id"])
    evidence = drafts_api.dataset(key, review["id"])
    submitted = drafts_api.send(f"reviews/{review['id']}/submit/", key, b"")
    assert submitted.status_code == 200, submitted.content
    assert orjson.loads(submitted.content)["state"] == "in_review"

    version = ReviewVersion.objects.get(review__public_id=review["id"])
    assert (version.state, str(version.rating), version.author.username) == (
        "in_review",
        "Right",
        "Daily Paper, by API",
    )
    assert [each.public_id for each in version.evidence.all()] == [evidence["id"]]
    assert version.review.claim.statements.get().text == drafts_api.SAID
    approver = factories.editor()
    workflow.approve(version, actor=approver, shown=leaving(version).sha256)
    assert said(review["url"], key)["state"] == "in_review", "approval is the desk's own affair"
    publish.publish(ReviewVersion.objects.get(pk=version.pk), actor=approver)
    assert said(review["url"], key)["state"] == said(claim["url"], key)["state"] == "published"
    shown = said(f"/api/v1/claims/{claim['id']}/", create_key("Reader"))
    assert shown["reviews"][0]["id"] == review["id"]
    assert shown["statements"][0]["id"] == statement["id"]
    assert b"by API" not in orjson.dumps(shown)


def test_no_route_approves_or_publishes(key: str) -> None:
    review = drafts_api.review(key)
    drafts_api.dataset(key, review["id"])
    for verb in ("approve", "publish", "send-back"):
        assert drafts_api.send(f"reviews/{review['id']}/{verb}/", key, {}).status_code == 404
    for state in ("approved", "published"):
        refused = drafts_api.changed(review["url"], key, {"state": state})
        assert problem(refused)["errors"] == [{"pointer": "/state", "detail": "“state” is read-only; leave it out."}], (
            refused.content
        )
    assert ReviewVersion.objects.get().state == "draft"


def test_the_newsrooms_service_user_has_no_rights_of_a_person(key: str) -> None:
    review = drafts_api.review(key)
    drafts_api.dataset(key, review["id"])
    drafts_api.send(f"reviews/{review['id']}/submit/", key, b"")
    version = ReviewVersion.objects.get()
    user = version.author
    assert is_newsroom(user)
    assert not any((may_edit(user), may_approve(user, version), may_publish(user, version), may_decide(user)))
    assert not user.is_active and not user.has_usable_password() and not user.is_staff
    assert authenticate(username=user.username, password="") is None
    other = factories.approved(factories.draft())
    for verb in (
        lambda: workflow.approve(version, actor=user, shown=leaving(version).sha256),
        lambda: workflow.send_back(version, actor=user),
        lambda: publish.publish(other, actor=user),
        lambda: workflow.discard(other, actor=user),
        lambda: workflow.submit(factories.draft(), actor=user),
        lambda: workflow.start_version(factories.published_review(), kind="update", actor=user),
    ):
        with pytest.raises(Refused):
            verb()


def test_the_audit_names_newsroom_and_key(key: str) -> None:
    claim = drafts_api.claim(key)
    event = Claim.pgh_event_model.objects.get(pgh_obj__public_id=claim["id"])
    assert event.pgh_context["actor"] == "Daily Paper, by API"
    assert event.pgh_context["key"] == f"fc_{key.split('_')[1]}_…"
    assert key.split("_")[2] not in str(event.pgh_context)


def test_an_editor_who_changes_a_draft_becomes_its_author_and_cannot_approve_it(key: str) -> None:
    review = drafts_api.review(key)
    drafts_api.dataset(key, review["id"])
    version = ReviewVersion.objects.get()
    editor = factories.editor()
    version.summary = "What the desk makes of it."
    with acting(editor, reason="edited"):
        version.save()
    workflow.take_over(version, actor=editor)
    shown = said(review["url"], key)
    assert (shown["state"], shown["summary"]) == ("taken_over", "The report says so.")
    refused = drafts_api.changed(review["url"], key, {"summary": "No."})
    assert problem(refused)["status"] == 409
    assert "taken this review over" in problem(refused)["detail"]
    version.refresh_from_db()
    workflow.submit(version, actor=editor)
    with pytest.raises(Refused, match="Ask a colleague"):
        workflow.approve(version, actor=editor, shown=leaving(version).sha256)
    assert workflow.approve(version, actor=factories.editor(), shown=leaving(version).sha256).state == "approved"


def test_an_editor_who_submits_what_the_newsroom_has_not_takes_it_over(key: str) -> None:
    drafts_api.dataset(key, drafts_api.review(key)["id"])
    editor = factories.editor()
    version = workflow.submit(ReviewVersion.objects.get(), actor=editor)
    assert (version.author, version.state) == (editor, "in_review")
    with pytest.raises(Refused, match="Ask a colleague"):
        workflow.approve(version, actor=editor, shown=leaving(version).sha256)


def test_evidence_that_an_editor_adds_takes_the_draft_over_and_is_not_shown(key: str) -> None:
    from claims.reviews import evidence

    review = drafts_api.review(key)
    before = ask(review["url"], key).content
    editor = factories.editor()
    evidence.attach_quote(
        ReviewVersion.objects.get(), url_or_page=factories.page(), exact=factories.QUOTE, stance="context", actor=editor
    )
    assert ReviewVersion.objects.get().author == editor
    after = ask(review["url"], key).content
    assert after.replace(b"taken_over", b"draft") == before
    assert said(f"{DESK}evidence/", key)["results"] == []


def test_a_draft_is_for_the_key_that_sent_it_alone_on_every_route(key: str) -> None:
    statement, claim = drafts_api.statement(key), drafts_api.claim(key)
    review = drafts_api.review(key, claim=claim["id"])
    evidence = drafts_api.dataset(key, review["id"])
    own = [each["url"] for each in (statement, claim, review, evidence)]
    colleague = drafts_api.writing_key()  # the newsroom's other live key
    stranger = drafts_api.writing_key("Evening Paper")
    for other in (colleague, stranger):
        for url in own:
            missing = ask(url[:-5] + "0000/", other)
            for method in ("GET", "PATCH", "DELETE"):
                answer = drafts_api.send(url, other, {}, method=method, If_Match="*")
                assert answer.status_code in (404, 405), (method, url)
                if method == "GET":
                    assert answer.content == missing.content
        assert drafts_api.send(f"reviews/{review['id']}/submit/", other, b"").status_code == 404
        for folder in ("statements", "claims", "reviews", "evidence"):
            assert said(f"{DESK}{folder}/", other) == {"results": [], "next": None}
        # To refer to it is answered as to refer to what is not there.
        for path, body, name in (
            ("claims/", {"text": "x", "statements": [statement["id"]]}, "statements"),
            ("claims/", {"text": "x", "repeats": claim["id"]}, "repeats"),
            ("reviews/", {"claim": claim["id"]}, "claim"),
            ("evidence/", {"review": review["id"], "kind": "analysis", "stance": "context", "note": "x"}, "review"),
        ):
            theirs = drafts_api.send(path, other, body)
            invented = body[name][0] if isinstance(body[name], list) else body[name]
            invented = invented[:-4] + "0000"
            nobodys = drafts_api.send(path, other, {**body, name: [invented] if name == "statements" else invented})
            assert theirs.status_code == 422
            assert theirs.content == nobodys.content
    for url in own:
        assert ask(url, key).status_code == 200


def test_when_a_key_is_revoked_the_newsrooms_next_key_takes_its_drafts_on(key: str) -> None:
    claim = drafts_api.claim(key)
    following, stranger = drafts_api.writing_key(), drafts_api.writing_key("Evening Paper")
    assert ask(claim["url"], following).status_code == 404
    revoke_key("Daily Paper", key.split("_")[1])
    assert ask(claim["url"], key).status_code == 401
    assert ask(claim["url"], following).status_code == 200
    assert drafts_api.changed(claim["url"], following, {"place": "Norway"}).status_code == 200
    assert said(f"{DESK}claims/", following)["results"][0]["place"] == "Norway"
    assert ask(claim["url"], stranger).status_code == 404


def test_a_statement_must_cut_the_documents_text_exactly(key: str) -> None:
    start = drafts_api.TEXT.index(drafts_api.SAID)
    whole = {
        "document": drafts_api.DOCUMENT,
        "text": drafts_api.SAID,
        "start": start,
        "end": start + len(drafts_api.SAID),
    }
    for change, pointer in (
        ({"start": start + 1}, "/text"),
        ({"end": start + len(drafts_api.SAID) - 1}, "/text"),
        ({"text": drafts_api.SAID.replace("412", "413")}, "/text"),
        ({"text": drafts_api.SAID + " "}, "/text"),
        ({"start": 5, "end": 5}, "/end"),
        ({"end": 10**15}, "/end"),
        ({"end": 400_000}, "/text"),
        ({"start": -1}, "/start"),
        ({"start": "22"}, "/start"),
        ({"content": [[start - 1, start + 4]]}, "/content"),
        ({"content": [[start, start + 4], [start + 2, start + 6]]}, "/content"),
        ({"content": [[1]]}, "/content"),
        ({"document": {**drafts_api.DOCUMENT, "text": ""}}, "/document/text"),
        ({"document": {**drafts_api.DOCUMENT, "text": "a\r\nb"}}, "/document/text"),
        ({"document": {**drafts_api.DOCUMENT, "url": "javascript:alert(1)"}}, "/document/url"),
        ({"document": {**drafts_api.DOCUMENT, "kind": "tip"}}, "/document/kind"),
        ({"document": {**drafts_api.DOCUMENT, "published_on": "yesterday"}}, "/document/published_on"),
        ({"document": {**drafts_api.DOCUMENT, "id": "doc_0000000000000000"}}, "/document/id"),
        ({"document": "doc_0000000000000000"}, "/document"),
        ({"document": 7}, "/document"),
        ({"speaker": {"id": "spk_0000000000000000", "name": "A. Minister"}}, "/speaker/id"),
        ({"speaker": {"name": "A. \u202eMinister"}}, "/speaker/name"),
        ({"speaker": 7}, "/speaker"),
    ):
        refused = drafts_api.send("statements/", key, {**whole, **change})
        assert refused.status_code == 422, (change, refused.content)
        assert pointer in [error["pointer"] for error in problem(refused)["errors"]], (change, refused.content)
    assert not Statement.objects.exists() and not Document.objects.exists()
    shown = drafts_api.statement(key)
    assert Statement.objects.get().text == drafts_api.TEXT[shown["start"] : shown["end"]]
    assert Statement.objects.get().figures[0]["value"] == 412


def test_a_second_statement_names_its_document_and_the_same_one_again_is_one(key: str) -> None:
    first = drafts_api.statement(key)
    start = drafts_api.TEXT.index("Nobody")
    second = drafts_api.made(
        "statements/",
        key,
        {"document": first["document"]["id"], "text": "Nobody replied.", "start": start, "end": start + 15},
    )
    assert second["document"] == first["document"]
    again = drafts_api.send(
        "statements/", key, {name: first[name] for name in ("text", "start", "end")} | {"document": drafts_api.DOCUMENT}
    )
    assert (again.status_code, orjson.loads(again.content)) == (200, first)
    assert (Document.objects.count(), Statement.objects.count()) == (1, 2)
    assert [row["id"] for row in said(f"{DESK}statements/", key)["results"]] == [second["id"], first["id"]]


def test_what_editors_know_of_the_same_text_is_not_revealed(key: str) -> None:
    import hashlib

    start = drafts_api.TEXT.index(drafts_api.SAID)
    known = Document.objects.create(
        text=drafts_api.TEXT,
        text_sha256=hashlib.sha256(drafts_api.TEXT.encode()).hexdigest(),
        url=drafts_api.DOCUMENT["url"],
        title="The desk's title",
        publisher="Hush",
    )
    Statement.objects.create(
        document=known, text=drafts_api.SAID, start=start, end=start + len(drafts_api.SAID), cue="hushed"
    )
    shown = drafts_api.statement(key)
    assert shown["document"]["title"] == "Bridges"
    assert b"ush" not in ask(shown["url"], key).content
    assert Document.objects.count() == Statement.objects.count() == 1


def test_read_only_and_unknown_fields_are_refused_by_name(key: str) -> None:
    for path, body in (
        ("claims/", {"text": "x", "id": "clm_0000000000000000", "verdikt": 1}),
        ("reviews/", {"claim": "clm_0000000000000000", "author": "me", "verdikt": 1}),
        ("evidence/", {"kind": "file", "watchable": True, "verdikt": 1}),
        ("/api/v1/tips/", {"text": "x", "state": "taken", "verdikt": 1}),
    ):
        opener = create_key(f"Newsroom {path}", ["write", "tips"])
        answer = problem(drafts_api.send(path, opener, body))
        assert answer["type"].endswith(":invalid-body")
        sentences = {error["pointer"]: error["detail"] for error in answer["errors"]}
        (read_only,) = {"id", "author", "watchable", "state"} & set(body)
        assert "read-only" in sentences[f"/{read_only}"]
        assert "no field “verdikt” here; allowed: " in sentences["/verdikt"]
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"text"', 422),
        (b'{"text": NaN}', 400),
        (b'{"text": "a\\u0000b"}', 400),
        (b'{"text": "a\x00b"}', 400),
        (b'{"text": "\\ud800"}', 400),
        (b'{"text": "\xff"}', 400),
        (b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
        (b'{"text": ' + b"[" * 900 + b"]" * 900 + b"}", 400),
        (b'{"text": ' + b"9" * 10_000 + b"}", 400),
        (b'{"text": ' + b"9" * 300 + b"}", 400),
        (b'{"text": [[1]]}', 422),
        (b'{"text": "' + b"a" * 10_001 + b'"}', 422),
        (b'{"text": "' + b"a" * 2_600_000 + b'"}', 413),
        (b'{"text": "x", "period": {"start": "9999-99-99"}}', 422),
        (b'{"text": "x", "period": {"start": "2026-02-01", "end": "2026-01-01"}}', 422),
        (b'{"text": "x", "topics": ["no-such"]}', 422),
        (b'{"text": "x", "topics": ["a\\u0001"]}', 422),
        (b'{"text": "x", "topics": {"a": 1}}', 422),
        (b'{"text": "x", "language": "' + b"e" * 40 + b'"}', 422),
        (b'{"text": "x", "statements": ' + orjson.dumps(["stm_0000000000000000"] * 51) + b"}", 422),
        (b'{"text": "x", "\\u0000": 1}', 400),
    ],
)
def test_invalid_bodies_are_problems(key: str, raw: bytes, status: int) -> None:
    response = drafts_api.send("claims/", key, raw)
    assert response.status_code == status, response.content[:300]
    problem(response)
    assert not Claim.objects.exists()


def test_a_body_that_is_not_json_is_told_so(key: str) -> None:
    response = ask(
        f"{DESK}claims/", key, method="POST", data=b"text=x", content_type="application/x-www-form-urlencoded"
    )
    assert (response.status_code, problem(response)["type"].rpartition(":")[2]) == (415, "unsupported-media-type")
    with_charset = ask(
        f"{DESK}claims/", key, method="POST", data=b'{"text": "x"}', content_type="application/json; charset=utf-8"
    )
    assert with_charset.status_code == 201


def test_unknown_parameters_are_refused_whatever_the_method(key: str) -> None:
    claim = drafts_api.claim(key)
    for method, path in (("POST", f"{DESK}claims/"), ("PATCH", claim["url"]), ("DELETE", claim["url"])):
        response = drafts_api.send(f"{path}?force=1", key, {"text": "x"}, method=method, If_Match="*")
        assert problem(response)["type"].endswith(":unknown-parameter")
    assert Claim.objects.count() == 1


def test_evidence_of_every_kind(key: str) -> None:
    review = drafts_api.review(key)["id"]
    bodies: dict[str, dict[str, Any]] = {
        "file": {"file": {"name": "report.pdf", "sha256": "a" * 64}},
        "dataset": {"dataset": {"dataset": "D", "cell": "C", "value": "1"}},
        "interview": {"interview": {"who": "A doctor", "when": "2026-03-01T09:30:00Z", "how": "telephone"}},
        "broadcast": {"broadcast": {"programme": "News", "timecode": "00:12:30"}},
        "analysis": {"note": "We counted."},
    }
    for kind, own in bodies.items():
        made = drafts_api.made("evidence/", key, {"review": review, "kind": kind, "stance": "context", **own})
        row = Evidence.objects.get(public_id=made["id"])
        assert row.kind == kind
        assert drafts_api.changed(made["url"], key, {"stance": "refutes"}).status_code == 200
        row.refresh_from_db()
        assert row.stance == "refutes"
    assert len(said(f"{DESK}evidence/", key)["results"]) == 5
    assert Evidence.objects.get(kind="interview").who == "A doctor"
    for body, pointer in (
        ({"kind": "file"}, "/file"),
        ({"kind": "file", "file": {"sha256": "abc"}}, "/file/sha256"),
        ({"kind": "dataset", "dataset": {"dataset": "D"}}, "/dataset/cell"),
        ({"kind": "analysis"}, "/note"),
        ({"kind": "analysis", "note": "x", "file": {"sha256": "a" * 64}}, "/file"),
        ({"kind": "analysis", "note": "x", "visibility": "described"}, "/description"),
        ({"kind": "broadcast", "broadcast": {"programme": "P", "timecode": "12"}}, "/broadcast/timecode"),
        (
            {"kind": "interview", "interview": {"who": "W", "how": "h", "when": "0000-01-01T00:00:00Z"}},
            "/interview/when",
        ),
        ({"kind": "page_quote"}, "/page"),
        ({"kind": "page_quote", "page": {"url": "ftp://x"}, "quote": {"exact": "a b c"}}, "/page/url"),
        ({"kind": "rumour"}, "/kind"),
    ):
        refused = drafts_api.send("evidence/", key, {"review": review, "stance": "context", **body})
        assert refused.status_code == 422, (body, refused.content)
        assert pointer in [error["pointer"] for error in problem(refused)["errors"]], (body, refused.content)
    deleted = drafts_api.send(made["url"], key, b"", method="DELETE", If_Match=drafts_api.etag_of(made["url"], key))
    assert deleted.status_code == 204
    assert ask(made["url"], key).status_code == 404
    assert Evidence.objects.count() == 4


def test_submitting_names_all_that_is_missing_and_locks_the_draft(key: str) -> None:
    review = drafts_api.made("reviews/", key, {"claim": drafts_api.claim(key)["id"]})
    answer = problem(drafts_api.send(f"reviews/{review['id']}/submit/", key, b""))
    assert answer["status"] == 409
    for what in ("rating", "summary", "day", "evidence"):
        assert what in answer["detail"]
    rest = {"rating": "Wrong", "summary": "No.", "true_as_of": "2026-03-01"}
    assert drafts_api.changed(review["url"], key, rest).status_code == 200
    evidence = drafts_api.dataset(key, review["id"])
    assert drafts_api.send(f"reviews/{review['id']}/submit/", key, {"approve": True}).status_code == 422
    assert drafts_api.send(f"reviews/{review['id']}/submit/", key, b"").status_code == 200
    for response in (
        drafts_api.changed(review["url"], key, {"summary": "Yes."}),
        drafts_api.changed(evidence["url"], key, {"note": "Yes."}),
        drafts_api.send(evidence["url"], key, b"", method="DELETE", If_Match="*"),
        drafts_api.send(review["url"], key, b"", method="DELETE", If_Match="*"),
        drafts_api.send(f"reviews/{review['id']}/submit/", key, b""),
        drafts_api.send(
            "evidence/", key, {"review": review["id"], "kind": "analysis", "stance": "context", "note": "x"}
        ),
    ):
        assert (response.status_code, "send it back" in problem(response)["detail"]) == (409, True), response.content
    version = ReviewVersion.objects.get()
    assert (version.summary, version.evidence.count()) == ("No.", 1)
    workflow.send_back(version, actor=factories.editor())
    assert drafts_api.changed(review["url"], key, {"summary": "Yes."}).status_code == 200


def test_ratings_and_organisations_are_the_desks_own(key: str) -> None:
    claim = drafts_api.claim(key)["id"]
    answer = problem(drafts_api.send("reviews/", key, {"claim": claim, "rating": "Pants on fire"}))
    assert answer["errors"] == [
        {"pointer": "/rating", "detail": "Say one of Our desk's ratings: Wrong, Half right, Right."}
    ]
    second = factories.organisation("Our other desk")
    assert problem(drafts_api.send("reviews/", key, {"claim": claim}))["errors"][0]["pointer"] == "/organisation"
    assert drafts_api.made("reviews/", key, {"claim": claim, "organisation": second.public_id})
    type(second).objects.filter(pk=second.pk).update(is_ours=False)
    assert drafts_api.send("reviews/", key, {"claim": claim, "organisation": second.public_id}).status_code == 422


def test_drafts_are_taken_back_and_nothing_else(key: str) -> None:
    statement = drafts_api.statement(key)
    claim = drafts_api.claim(key, statements=[statement["id"]])
    review = drafts_api.review(key, claim=claim["id"])
    drafts_api.dataset(key, review["id"])
    refused = drafts_api.send(claim["url"], key, b"", method="DELETE", If_Match="*")
    assert (refused.status_code, "reviews first" in problem(refused)["detail"]) == (409, True)
    assert Claim.objects.get().statements.count() == 1
    for url in (review["url"], claim["url"]):
        assert drafts_api.send(url, key, b"", method="DELETE", If_Match=drafts_api.etag_of(url, key)).status_code == 204
        assert ask(url, key).status_code == 404
    assert not Review.objects.exists() and not Claim.objects.exists() and not Evidence.objects.exists()
    assert drafts_api.send(statement["url"], key, b"", method="DELETE", If_Match="*").status_code == 405
    assert {row.target for row in Submission.objects.all()} == {"document", "statement"}


def test_a_published_claim_can_be_reviewed_and_not_changed(key: str) -> None:
    published = factories.published_review().claim
    review = drafts_api.review(key, claim=published.public_id)
    assert review["claim"] == published.public_id
    assert (
        drafts_api.send(f"claims/{published.public_id}/", key, {"text": "x"}, method="PATCH", If_Match="*").status_code
        == 404
    )
    hidden = factories.claim("Not published.")
    assert drafts_api.send("reviews/", key, {"claim": hidden.public_id}).status_code == 422


def test_a_newsroom_that_is_renamed_keeps_its_service_user_and_shares_it_with_no_person(key: str) -> None:
    User.objects.create_user("Evening Paper, by API")
    drafts_api.claim(key)
    Newsroom.objects.filter(name="Daily Paper").update(name="Evening Paper")
    drafts_api.claim(key)
    sender = Sender.objects.get()
    assert sender.name == "Evening Paper"
    assert sender.user.username.startswith("Evening Paper, by API (nws_")
    assert set(Claim.objects.values_list("created_by", flat=True)) == {sender.user_id}


def test_lists_follow_their_pages(key: str) -> None:
    made = [drafts_api.claim(key, text=f"Claim {number}.")["id"] for number in range(5)]
    found, page = [], said(f"{DESK}claims/?limit=2", key)
    while True:
        found += [row["id"] for row in page["results"]]
        if page["next"] is None:
            break
        page = said(page["next"].removeprefix("http://testserver"), key)
    assert found == made[::-1]


BOTH = "Ida Moe said that the dam holds, but Karl Falk said that it leaks."


def both_speak(key: str, **fields: Any) -> dict[str, Any]:
    """A statement with two attributions, which the desk has read, as a newsroom sends it."""
    ingest.store(ingest.read(BOTH.encode()), ingest.statements(BOTH))
    body = {"document": {"text": BOTH}, "text": BOTH, "start": 0, "end": len(BOTH), **fields}
    return drafts_api.made("statements/", key, body)


def speaker_of(claim: dict[str, Any]) -> str | None:
    hung = Appearance.objects.get(claim__public_id=claim["id"]).attribution
    return hung.speaker_as_written if hung else None


def test_of_several_who_speak_the_words_that_were_sent_tell_who_makes_the_claim(key: str) -> None:
    statement = both_speak(key, speaker_as_written="Karl Falk", cue="said", content=[[49, 65]])
    assert speaker_of(drafts_api.claim(key, statements=[statement["id"]])) == "Karl Falk"


def test_of_several_who_speak_a_claim_names_the_attribution(key: str) -> None:
    statement = both_speak(key)
    moe, falk = Statement.objects.get(public_id=statement["id"]).attributions.all()
    claim = drafts_api.claim(key, statements=[statement["id"]])
    assert speaker_of(claim) is None
    named = drafts_api.claim(key, statements=[statement["id"]], attributions=[moe.public_id])
    assert (speaker_of(named), named["attributions"]) == ("Ida Moe", [moe.public_id])
    assert drafts_api.changed(named["url"], key, {"attributions": [falk.public_id]}).status_code == 200
    assert speaker_of(named) == "Karl Falk"


def test_an_attribution_must_be_asserted_and_of_a_statement_of_the_claim(key: str) -> None:
    statement = both_speak(key)
    other = factories.attributed().attributions.get()
    refused = {"text": "It holds.", "statements": [statement["id"]], "attributions": [other.public_id]}
    response = drafts_api.send("claims/", key, refused)
    assert response.status_code == 422 and b"/attributions/0" in response.content
    denied = Statement.objects.get(public_id=statement["id"]).attributions.all()[0]
    mend_polarity(denied)
    assert drafts_api.send("claims/", key, refused | {"attributions": [denied.public_id]}).status_code == 409


def mend_polarity(attribution: Attribution) -> None:
    attribution.polarity, attribution.speaker = Attribution.Polarity.NEGATED, None
    attribution.save()
