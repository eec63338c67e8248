"""Bodies that mean nothing, or show otherwise than they read: refused with a sentence, never with an error page."""

import copy
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from claims.models import Claim, Document, Tip
from claims.visible_text import NO_LANGUAGE
from factcheck.newsrooms.keys import create_key
from factcheck.newsrooms.models import Newsroom
from tests import factories
from tests.api_client import ask, problem
from tests.claims import drafts_api
from tests.claims.api.google.test_markup_pages import PAGE

pytestmark = pytest.mark.django_db
WRONG: list[Any] = [
    "x" * 10_001,
    *(
        None,
        True,
        -1,
        0,
        1.5,
        2**53 - 1,
        2**31,
        1e300,
        "",
        " ",
        "x" * 10_001,
        "\u200b",
        "\u202eabc",
        "a\x1bb",
        "\ufdd0",
    ),
    *("<b>", "9" * 400, "٣", "𝟡", "2026-02-30", "0000-00-00", "9999-12-31T23:59:60+99:99", "clm_" + "0" * 16, "%00"),
    *([], [[]], [None], [[0, 1]], [[2**40, 2**41]], [[-1, 5]], ["stm_" + "0" * 16] * 60, {}, {"": ""}, {"text": {}}),
]
RAW = [
    *(b"", b"[", b"{", b'"', b"nul", b"\xff\xfe", b"[]", b"1", b'{"text": NaN}', b'{"text": "\\ud800"}'),
    *(b'{"text": "\\u0000"}', b'{"a":' * 5_000, b"[" * 100_000, b'{"text": 1e999}', b'{"text": ' + b"9" * 5_000 + b"}"),
    *(b'{"text": "a", "text": {"text": []}}', b"\xef\xbb\xbf{}", b'{"\\u0000": 1}', b'{"__class__": "x", "pk": 1}'),
]
STATEMENT = {"document": drafts_api.DOCUMENT, "text": drafts_api.SAID, "start": 22, "end": 67, "content": [[23, 46]]}


@pytest.fixture
def key(db: None) -> str:
    factories.organisation()
    return create_key("Daily Paper", ["write", "tips"])


def bodies(claim: str, review: str) -> dict[str, dict[str, Any]]:
    period = {"start": "2026-01-01", "end": None}
    return {
        "statements/": STATEMENT,
        "claims/": {"text": "The dam holds.", "language": "en", "period": period, "place": "", "statements": []},
        "reviews/": {"claim": claim, "summary": "It does.", "body": "", "true_as_of": "2026-03-01", "rating": None},
        "evidence/": {
            "review": review,
            "kind": "interview",
            "stance": "supports",
            "interview": {"who": "A. Doctor", "when": "2026-03-01T09:00:00Z", "how": "by letter"},
        },
        "/api/v1/tips/": {"text": "Is it so?", "language": "en", "contact": {"name": "A", "email": "a@b.example"}},
        "/v1alpha1/pages": PAGE,
    }


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for step, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(each, (*path, step))


def with_wrong(body: Any, path: tuple[Any, ...], wrong: Any) -> Any:
    if not path:
        return wrong
    changed = copy.deepcopy(body)
    within = changed
    for step in path[:-1]:
        within = within[step]
    within[path[-1]] = wrong
    return changed


@pytest.mark.parametrize("path", list(bodies("", "")))
def test_no_body_is_answered_by_an_error_page(key: str, path: str) -> None:
    Newsroom.objects.update(requests_per_minute=100_000)
    claim = drafts_api.claim(key)["id"]
    review = drafts_api.review(key, claim=claim)["id"]
    body = bodies(claim, review)[path]
    failed = []
    # Each place gets a fourth of what is wrong, and each of these many places.
    sent = [with_wrong(body, place, wrong) for n, place in enumerate(places(body)) for wrong in WRONG[n % 4 :: 4]]
    for each in [*map(orjson.dumps, sent), *RAW]:
        answer = drafts_api.send(path, key, each)
        if answer.status_code >= 500 or (answer.status_code >= 400 and not sentence(answer)):
            failed.append((answer.status_code, each[:200], answer.content[:200]))
    assert failed == []


def sentence(answer: Any) -> bool:
    said = orjson.loads(answer.content)
    text = said["error"]["message"] if "error" in said else said["detail"]
    return len(text.split()) > 2


@pytest.mark.parametrize("text", ["\u200b", "The \u202edam holds.", "\u3164"], ids=ascii)
def test_what_nobody_can_read_is_refused_as_by_forms(key: str, text: str) -> None:
    wanted = "reorder text" if "\u202e" in text else "no letter"
    for path, body in (
        ("claims/", {"text": text}),
        ("claims/", {"text": "The dam holds.", "place": text}),
        ("statements/", {**STATEMENT, "speaker_as_written": text}),
        ("/api/v1/tips/", {"text": text}),
    ):
        refused = problem(drafts_api.send(path, key, body))
        assert refused["status"] == 422 and wanted in refused["errors"][0]["detail"], (path, refused)
    assert not Claim.objects.exists() and not Document.objects.exists() and not Tip.objects.exists()


def test_a_language_is_a_tag_or_is_told_from_the_text(key: str) -> None:
    refused = problem(drafts_api.send("claims/", key, {"text": "The dam holds.", "language": "<b>"}))
    assert refused["errors"][0]["detail"] == NO_LANGUAGE
    german = "Der Minister sagte, dass die Brücke hält und dass sie nicht gesperrt wird."
    assert drafts_api.made("claims/", key, {"text": german})["language"] == "de"
    assert drafts_api.made("claims/", key, {"text": "Zzz 412."})["language"] == "und"
    assert drafts_api.made("claims/", key, {"text": german, "language": "en"})["language"] == "en"
    document = {"text": german, "url": "https://paper.example/de"}
    sent = {"document": document, "text": german, "start": 0, "end": len(german)}
    assert drafts_api.made("statements/", key, sent)["document"]["language"] == "de"


def test_a_statement_of_half_a_megabyte_is_answered(key: str) -> None:
    text = "1,2 " * 100_000 + "x."
    answer = drafts_api.send(
        "statements/", key, {"document": {"text": text, "url": ""}, "text": text, "start": 0, "end": len(text)}
    )
    assert answer.status_code in {201, 413}, answer.content[:300]
    assert ask("/api/v1/desk/statements/", key).status_code == 200
