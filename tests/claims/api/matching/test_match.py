"""POST /api/v1/match: what it says of claims, to whom, and what it refuses."""

from typing import Any

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from claims.api.matching import article, match
from claims.matching.current import recheck_tier
from claims.matching.types import Why
from claims.models import Article, ClaimVersion, Review
from claims.reviews import suspension
from claims.statements.statement_sandbox import Limits, NotRead
from claims.watch import sweep
from factcheck.newsrooms import rate_limits
from factcheck.newsrooms.models import Bucket, Newsroom, StoredAnswer
from tests import factories
from tests.api_client import ask, problem
from tests.claims.api.matching.stub import StubMatcher
from tests.claims.api.matching.stub import match as found
from tests.claims.api.published.test_as_of import schema_of

pytestmark = pytest.mark.django_db
MATCH = "/api/v1/match"
JSON = "application/json"


def send(body: Any, key: str | None, path: str = MATCH, **options: Any) -> HttpResponse:
    data = body if isinstance(body, bytes) else orjson.dumps(body)
    return ask(path, key, "POST", data=data, content_type=JSON, **options)


def results(body: Any, key: str | None, **options: Any) -> Any:
    response = send(body, key, **options)
    assert response.status_code == 200, response.content
    return orjson.loads(response.content)


def published(text: str = "412 bridges need repair.", **fields: Any) -> Review:
    return factories.published_review(factories.claim(text, **fields))


def test_an_entry_says_what_a_newsroom_has_to_know(key: str, matcher: StubMatcher) -> None:
    review = published(place="Weirside")
    body = ask(f"/api/v1/claims/{review.claim.public_id}/", key)
    whole = orjson.loads(body.content)
    matcher.matches = [
        found(review.claim.public_id, score=0.93456, terms=("bridges",), why=[Why("number", "4", "412")])
    ]
    response = send({"texts": ["Bridges, 412 of them!"], "language": "en"}, key)
    answer = orjson.loads(response.content)
    schema_of("MatchAnswer").validate(answer)
    assert (response.headers["Cache-Control"], "ETag" in response.headers) == ("no-store", False)
    ((entry,),) = answer["results"]
    assert answer["degraded"] is False
    assert entry["claim"] == {
        **{name: whole[name] for name in ("id", "url", "text", "language", "period", "place", "topics")},
        "verification": {"status": "checked", "since": whole["verification"]["since"]},
    }
    assert (entry["score"], entry["tier"], entry["matched_terms"]) == (0.9346, "match", ["bridges"])
    assert entry["why"] == [{"code": "number", "text": "4", "claim": "412"}]
    (shown,) = entry["reviews"]
    (theirs,) = whole["reviews"]
    assert (shown["id"], shown["claim"], shown["state"]) == (theirs["id"], whole["id"], "stands")
    assert shown["rating"] == theirs["rating"] and shown["display"] == theirs["display"]
    assert ask(shown["url"], key).status_code == 200
    assert matcher.asked == [(["Bridges, 412 of them!"], "en", 5 + match.SPARE)]
    send({"texts": ["x"], "language": "und"}, key)
    assert matcher.asked[-1][1] == "", "und says that it is not known"
    assert send({"texts": ["x"]}, key, f"{MATCH}/").content == send({"texts": ["x"]}, key).content


def test_an_address_alone_finds_the_claims_of_its_page(key: str, matcher: StubMatcher) -> None:
    other = published("There are 97 herons at the weir.")
    statement = factories.linked(claim := factories.claim("412 bridges need repair."))
    factories.published_review(claim)
    unpublished = factories.linked(factories.claim("There are 98 otters."), text="“98 otters swim there,” she said.")
    matcher.matches = [found(other.claim.public_id)]
    address = statement.document.url
    sent = [address + "?utm_source=x", address.partition("://")[2], unpublished.document.url, f"See {address}"]
    first, bare, hidden, words = results({"texts": sent}, key)["results"]
    (entry,) = first
    assert (entry["claim"]["id"], entry["tier"], entry["why"][0]["code"]) == (claim.public_id, "possible", "same_page")
    assert [each["claim"]["id"] for each in bare] == [claim.public_id]
    assert hidden == []
    assert [each["claim"]["id"] for each in words] == [other.claim.public_id]


def test_claims_in_the_same_words_are_one_entry(key: str, matcher: StubMatcher) -> None:
    one, twin, other = (published() for _ in range(3))
    later = published("Bridges in need of repair: 430.")
    ids = [review.claim.public_id for review in (one, twin, other, later)]
    matcher.matches = [
        found(*ids, others=((other.claim.public_id, (Why("period", "2024", "2026"),)), (ids[3], (Why("place"),)))),
        found(ids[1]),
        found(ids[3], tier="possible"),
    ]
    ((first, *rest),) = results({"texts": ["x"]}, key)["results"]
    assert first["claims"] == ids[:3], "one that has other words by now is none of them"
    assert {each["claim"] for each in first["reviews"]} == set(ids[:3])
    assert [reason["code"] for reason in first["why"]] == ["same_meaning"], "its own, not those of the others"
    (related,) = first["others"]
    assert (related["claim"]["id"], related["tier"]) == (ids[3], "related")
    assert related["why"] == [{"code": "place", "text": None, "claim": None}]
    assert rest == [], "a claim is shown once"


def test_more_is_asked_for_when_claims_are_gone(key: str, matcher: StubMatcher) -> None:
    claims = [published(f"Bridge {number} needs repair.").claim.public_id for number in range(3)]
    matcher.matches = [found(f"clm_{number:016}") for number in range(8)] + [found(name) for name in claims]
    ((*entries,),) = results({"texts": ["x"], "limit": 2}, key)["results"]
    assert [entry["claim"]["id"] for entry in entries] == claims[:2]
    assert [limit for *_, limit in matcher.asked] == [2 + match.SPARE, 8 + match.SPARE]
    matcher.matches = matcher.matches[:4]
    matcher.degraded = True
    assert results({"texts": ["x", "y"]}, key) == {"results": [[], []], "degraded": True}


def test_a_suspended_review_shows_no_verdict(key: str, matcher: StubMatcher) -> None:
    review = published()
    suspension.suspend(review, actor=factories.editor(), reason="A doubt.")
    matcher.matches = [found(review.claim.public_id)]
    response = send({"texts": ["x"]}, key)
    schema_of("MatchAnswer").validate(orjson.loads(response.content))
    (((entry,),),) = (orjson.loads(response.content)["results"],)
    assert entry["claim"]["verification"]["status"] == "suspended"
    (shown,) = entry["reviews"]
    assert (shown["state"], shown["rating"], shown["summary"]) == ("suspended", None, None)
    assert shown["display"].startswith("Under review since")
    assert b"Right" not in response.content and b"report says" not in response.content


def test_a_broken_quote_is_told_to_those_who_may_know(key: str, matcher: StubMatcher) -> None:
    review = published()
    factories.change(review.latest_published().evidence.get().page, factories.PAGE_TEXT.replace("412", "430"))
    sweep.sweep()
    matcher.matches = [found(review.claim.public_id)]
    (((entry,),),) = (results({"texts": ["x"]}, key)["results"],)
    assert entry["claim"]["verification"]["status"] == "needs_recheck"
    assert entry["reviews"][0]["state"] == "needs_recheck"
    with override_settings(ANONYMOUS_READ=True):
        (((public,),),) = (results({"texts": ["x"]}, None)["results"],)
    assert (public["claim"]["verification"]["status"], public["reviews"][0]["state"]) == ("checked", "stands")


def test_a_merged_claim_leads_to_the_one_that_it_is_part_of(key: str, matcher: StubMatcher) -> None:
    one, other = published("412 bridges need repair."), published("Bridges in need of repair: 412.")
    factories.merged(one.claim, into=other.claim)
    matcher.matches = [found(one.claim.public_id), found(other.claim.public_id)]
    ((entry,),) = results({"texts": ["x"]}, key)["results"]
    assert entry["claim"]["id"] == other.claim.public_id and entry["claim"]["text"].startswith("Bridges")
    assert len(entry["reviews"]) == 2


def test_a_claim_that_changed_lately_is_compared_again(key: str, matcher: StubMatcher) -> None:
    claim = published("430 bridges need repair.").claim.public_id
    matcher.matches = [found(claim)]

    def tier(text: str) -> tuple[str, list[str]]:
        ((entry,),) = results({"texts": [text], "language": "en"}, key)["results"]
        return entry["tier"], [why["code"] for why in entry["why"]]

    now, why = tier("412 bridges need repair.")
    assert now != "match" and set(why) == {"number"}, "the matcher has read the claim before"
    assert tier("430 bridges need repair!") == ("match", ["same_meaning"])
    matcher.matches = [found(claim, tier="possible")]
    assert tier("430 bridges need repair!")[0] == "possible"
    matcher.matches = [found(claim)]
    matcher.position = ClaimVersion.objects.get().sequence_from
    assert tier("412 bridges need repair.")[0] == "match", "the control: what has read the claim has compared it"
    matcher.position -= 1
    assert tier("412 bridges need repair.")[0] != "match"
    matcher.position = None
    ClaimVersion.objects.update(changed_at=timezone.now() - recheck_tier.LATELY)
    assert tier("412 bridges need repair.")[0] == "match"


def test_words_of_a_claim_that_was_merged_count_too(key: str, matcher: StubMatcher) -> None:
    one, other = published("412 bridges need repair."), published("All bridges of the north are unsafe.")
    factories.merged(one.claim, into=other.claim)
    matcher.matches = [found(one.claim.public_id)]
    ((entry,),) = results({"texts": ["412 bridges need repair."], "language": "en"}, key)["results"]
    assert (entry["claim"]["id"], entry["tier"]) == (other.claim.public_id, "match")


def test_an_article_is_answered_statement_by_statement(key: str, matcher: StubMatcher) -> None:
    review = published()
    matcher.matches = [found(review.claim.public_id)]
    text = (
        "It rained \U0001f327\ufe0f on Monday.\r\n\r\n"
        "“412 bridges need repair by spring,” the minister said.\rSo it goes."
    )
    answer = results({"article": text, "language": "en", "limit": 1}, key)
    schema_of("MatchAnswer").validate(answer)
    spans = [(each["start"], each["end"]) for each in answer["statements"]]
    assert [text[start:end] for start, end in spans] == [
        "It rained \U0001f327\ufe0f on Monday.",
        "“412 bridges need repair by spring,” the minister said.",
        "So it goes.",
    ]
    assert [[(each["start"], each["end"]) for each in entries] for entries in answer["results"]] == [
        [span] for span in spans
    ]
    ((texts, language, _),) = matcher.asked
    assert (texts[1], language) == ("“412 bridges need repair by spring,”", "en"), "what is said, without who says it"
    assert answer["next_start"] is None


def test_of_a_long_article_the_first_statements_are_looked_at(
    key: str, matcher: StubMatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(article, "MOST_STATEMENTS", 3)
    text = " ".join(f"Bridge {number} needs repair now." for number in range(5))
    answer = results({"article": text}, key)
    assert len(answer["results"]) == len(answer["statements"]) == 3
    assert text[answer["next_start"] :].startswith("Bridge 3")
    assert len(results({"article": text[answer["next_start"] :]}, key)["results"]) == 2


@pytest.mark.parametrize(
    ("body", "pointer", "words"),
    [
        ({}, "", "either"),
        ({"texts": ["x"], "article": "x"}, "", "either"),
        ({"texts": "412 bridges"}, "/texts", "list"),
        ({"texts": None}, "/texts", "list"),
        ({"texts": []}, "/texts", "at least one"),
        ({"texts": ["x"] * 51}, "/texts", "at most 50"),
        ({"texts": ["x", " \n"]}, "/texts/1", "empty"),
        ({"texts": [7]}, "/texts/0", "quotation marks"),
        ({"texts": [["x"]]}, "/texts/0", "quotation marks"),
        ({"texts": ["x" * 10_001]}, "/texts/0", "10,000 characters"),
        ({"article": "x" * 200_001}, "/article", "200,000 characters"),
        ({"article": ["x"]}, "/article", "quotation marks"),
        ({"article": ""}, "/article", "empty"),
        ({"texts": ["x"], "language": "the English one"}, "/language", "language tag"),
        ({"texts": ["x"], "language": "english"}, "/language", "language tag"),
        ({"texts": ["x"], "language": 3}, "/language", "string"),
        ({"texts": ["x"], "limit": 21}, "/limit", "1 to 20"),
        ({"texts": ["x"], "limit": 0}, "/limit", "1 to 20"),
        ({"texts": ["x"], "limit": "5"}, "/limit", "1 to 20"),
        ({"text": "x"}, "/text", "allowed: article, language, limit, texts"),
        (["x"], "", "JSON object"),
        (None, "", "JSON object"),
    ],
)
def test_what_cannot_be_asked_is_said(key: str, matcher: StubMatcher, body: Any, pointer: str, words: str) -> None:
    response = send(body, key)
    error = problem(response)
    assert (response.status_code, error["type"]) == (422, "urn:factcheck:problem:invalid-body"), error
    (told,) = [each["detail"] for each in error["errors"] if each["pointer"] == pointer]
    assert words in told and matcher.asked == []
    assert len(response.content) < 2_000, "it does not send the text back"


def test_other_requests_are_refused(key: str, matcher: StubMatcher) -> None:
    assert send(b'{"texts": ["\\u0000"]}', key).status_code == 400
    assert send(b"{", key).status_code == 400
    assert problem(send({"texts": ["x"], "language": "english"}, key))["errors"][0]["pointer"] == "/language"
    assert problem(send({"texts": ["x"]}, key, f"{MATCH}?limit=3"))["allowed"] == []
    assert send({"texts": ["x"]}, None).status_code == 401
    assert ask(MATCH, key, "POST", data="texts=x", content_type="application/x-www-form-urlencoded").status_code == 415
    for method in ("GET", "PUT", "DELETE"):
        assert ask(MATCH, key, method).status_code == 405


def test_an_article_that_is_not_read_says_what_to_do(
    key: str, matcher: StubMatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_read(*arguments: Any) -> Any:
        raise NotRead("It could not start.", lasting=False)

    with monkeypatch.context() as patched:
        patched.setattr(article, "extract", not_read)
        response = send({"article": "Bridges fall."}, key)
        assert (response.status_code, "at the moment" in problem(response)["detail"]) == (503, True)
        assert int(response.headers["Retry-After"]) > 0
        patched.setattr(article, "LIMITS", Limits(0, 0.0))  # as if it had taken all of its time
        response = send({"article": "Bridges fall."}, key)
        assert (response.status_code, problem(response)["errors"][0]["pointer"]) == (422, "/article")
    assert send({"article": "Bridges fall."}, key).status_code == 200, "the slot is free again"


def test_some_articles_are_read_at_once_and_no_more(
    key: str, matcher: StubMatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []

    def meanwhile(*arguments: Any) -> list[Any]:
        taken.append(send({"article": "Bridges rise."}, key).status_code)
        return []

    monkeypatch.setattr(article, "extract", meanwhile)
    assert send({"article": "Bridges fall."}, key).status_code == 200
    assert taken == [503, 200], "the innermost of three is refused"


@pytest.mark.parametrize("body", [{"texts": ["x"] * 50}, {"texts": ["x" * 5_000]}, {"article": "Bridges fall. " * 300}])
def test_long_requests_leave_threads_to_others(
    body: Any, key: str, matcher: StubMatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes: list[int] = []

    def meanwhile(*arguments: Any) -> None:
        if 503 not in codes:
            response = send(body, key)
            codes.append(response.status_code)
            if response.status_code == 503:
                assert response.headers["Retry-After"] == "2"
                assert problem(response)["type"] == "urn:factcheck:problem:busy"
                codes.append(send({"texts": ["x"] * match.FEW_TEXTS}, key).status_code)

    monkeypatch.setattr(match, "charge", meanwhile)
    assert send(body, key).status_code == 200
    assert codes == [503, 200, 200, 200], "the innermost of four is refused, and a short one answered"
    assert send(body, key).status_code == 200, "the turns are free again"


def test_what_is_too_much_is_refused_before_it_is_read(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Any] = []
    monkeypatch.setattr(match.SentText, "run_validation", lambda field, data: read.append(data))
    response = send({"texts": [""] * 51}, key)
    errors = problem(response)["errors"]
    assert (response.status_code, errors[0]["pointer"], "" in read) == (422, "/texts", False)
    assert "at most 50" in errors[0]["detail"]
    named: list[str] = []

    def why(body: Any, name: str) -> str:
        named.append(name)
        return "No."

    monkeypatch.setattr(match.MatchBody, "_why_refused", why)
    assert send({f"field{n}": 1 for n in range(1_000)}, key).status_code == 422
    assert len(named) == 20


@pytest.fixture
def limited(key: str) -> str:
    """The key of a newsroom with 60 requests a minute, none of them used."""
    Newsroom.objects.update(requests_per_minute=60)
    Bucket.objects.all().delete()
    rate_limits.reset()
    return key


def left(response: HttpResponse) -> int:
    return int(response.headers["RateLimit"].split("r=")[1].split(";")[0])


def test_each_text_counts(limited: str, matcher: StubMatcher) -> None:
    response = send({"texts": ["x"] * 50}, limited)
    assert (response.status_code, left(response)) == (200, 10)
    response = send({"texts": ["x"] * 20}, limited)
    told = problem(response)
    assert (response.status_code, told["type"]) == (429, "urn:factcheck:problem:too-many-requests")
    assert "counts as 20" in told["detail"] and "60 requests a minute" in told["detail"]
    assert response.headers["Retry-After"] in ("10", "11") and len(matcher.asked) == 1
    assert left(response) == 9, "the request itself counts, its texts do not"
    assert left(send({"texts": ["x"] * 5}, limited)) == 4
    assert send({"texts": []}, limited).status_code == 422


def test_a_long_text_counts_as_several(limited: str, matcher: StubMatcher) -> None:
    assert left(send({"texts": ["x " * 1_000, "x"]}, limited)) == 57


def test_a_request_with_more_texts_than_the_limit_takes_all_of_it(limited: str, matcher: StubMatcher) -> None:
    Newsroom.objects.update(requests_per_minute=3)
    response = send({"texts": ["x"] * 50}, limited)
    assert (response.status_code, left(response)) == (200, 0)
    assert send({"texts": ["x"]}, limited).status_code == 429


def test_an_article_counts_by_its_length(limited: str, matcher: StubMatcher) -> None:
    assert left(send({"article": "Bridges fall. " * 100}, limited)) == 60 - 7
    assert match.texts_in("x" * 200_000) == article.MOST_STATEMENTS


CANARY = "Xylographic zebrules outnumber quaggas"


def test_texts_are_neither_stored_nor_logged(
    key: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    published()
    headers = {"Idempotency-Key": "a-key"}
    for body in ({"texts": [CANARY]}, {"article": f"{CANARY}, he said. {CANARY}."}, {"texts": [CANARY], "limit": 99}):
        assert send(body, key, headers=headers).status_code in (200, 422)
    assert not StoredAnswer.objects.exists()
    from claims.api.matching import match as view

    def broken(*arguments: Any) -> Any:
        raise RuntimeError("The matcher is broken.")

    monkeypatch.setattr(view.client, "match", broken)
    response = send({"texts": [CANARY]}, key, headers=headers)
    assert response.status_code == 500
    said = capfd.readouterr()
    assert "broken" in caplog.text, "the control: the error is logged"
    for where in (caplog.text, said.out, said.err, response.content.decode()):
        # The driver's debug lines would show parameters; no level that is served with does.
        assert "zebrule" not in where


def test_null_is_what_is_not_sent(key: str, matcher: StubMatcher) -> None:
    text = "Many bridges need repair."
    assert send({"texts": [text], "article": None, "language": None, "limit": None}, key).status_code == 200
    assert matcher.asked[-1] == ([text], "", 5 + 3)
    assert send({"texts": None, "article": text, "limit": None}, key).status_code == 200
    assert send({"texts": None, "article": None}, key).status_code == 422


def test_each_review_says_where_readers_find_it(key: str, matcher: StubMatcher, settings: Any, client: Client) -> None:
    review = published()
    claim = review.claim.public_id
    matcher.matches = [found(claim)]

    def link() -> str | None:
        ((entry,),) = results({"texts": ["x"]}, key)["results"]
        told: str | None = entry["reviews"][0]["link"]
        return told

    page = link()
    assert page == f"http://testserver/claims/{claim}#{review.public_id}"
    answer = client.get(page.partition("#")[0])
    assert answer.status_code == 200 and f'id="{review.public_id}"' in answer.content.decode()
    settings.READERS = False
    assert link() is None
    settings.READERS = True
    hidden = published("412 dams need repair.")
    ClaimVersion.objects.filter(claim=hidden.claim).update(audience="newsrooms")
    matcher.matches = [found(hidden.claim.public_id)]
    assert link() is None, "readers have no page of it"
    review.article = Article.objects.create(organisation=review.organisation, url="https://desk.example/a", title="A")
    review.save()
    factories.published_again(review.claim)
    matcher.matches = [found(claim)]
    assert link() == "https://desk.example/a"
