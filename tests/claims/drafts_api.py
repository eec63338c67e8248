"""Create and change drafts by the REST API, as a newsroom with the scope `write` does."""

from typing import Any

import orjson
from django.http import HttpResponse

from claims.models import ReviewVersion
from claims.reviews import workflow
from factcheck.newsrooms.keys import create_key
from tests import factories
from tests.api_client import ask

DESK = "/api/v1/desk/"
TEXT = "Bridges are failing.\n\n“412 bridges need repair,” the minister said. Nobody replied."
SAID = "“412 bridges need repair,” the minister said."
DOCUMENT = {"text": TEXT, "url": "https://paper.example/bridges", "title": "Bridges"}


def writing_key(newsroom: str = "Daily Paper") -> str:
    """A key that may write drafts and read nothing else."""
    return create_key(newsroom, ["write"])


def send(path: str, key: str | None, body: Any, method: str = "POST", **headers: str) -> HttpResponse:
    """One request with a JSON body; `If_Match="…"` becomes the header If-Match."""
    data = body if isinstance(body, bytes) else orjson.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    path = path if path.startswith("/") else DESK + path
    return ask(path, key, method=method, data=data, content_type="application/json", headers=named)


def made(path: str, key: str | None, body: Any) -> dict[str, Any]:
    """The answer to POST, which must be 201."""
    response = send(path, key, body)
    assert response.status_code == 201, response.content[:800]
    answer: dict[str, Any] = orjson.loads(response.content)
    return answer


def changed(path: str, key: str, body: Any, etag: str | None = None) -> HttpResponse:
    """PATCH with the ETag, by default the one that a GET gives now."""
    return send(path, key, body, method="PATCH", If_Match=etag or etag_of(path, key))


def etag_of(path: str, key: str) -> str:
    return str(ask(path if path.startswith("/") else DESK + path, key).headers["ETag"])


def statement(key: str, **fields: Any) -> dict[str, Any]:
    start = TEXT.index(SAID)
    body = {"document": DOCUMENT, "text": SAID, "start": start, "end": start + len(SAID), **fields}
    return made("statements/", key, body)


def claim(key: str, **fields: Any) -> dict[str, Any]:
    return made("claims/", key, {"text": "412 bridges need repair.", **fields})


def review(key: str, **fields: Any) -> dict[str, Any]:
    """A draft without evidence, complete otherwise."""
    body = {
        "claim": fields.pop("claim", None) or claim(key)["id"],
        "rating": "Right",
        "summary": "The report says so.",
        "body": "We read it.",
        "true_as_of": "2026-03-01",
        **fields,
    }
    return made("reviews/", key, body)


def dataset(key: str, review: str, **fields: Any) -> dict[str, Any]:
    body = {
        "review": review,
        "kind": "dataset",
        "stance": "supports",
        "dataset": {"dataset": "Bridges, Ministry", "release": "2026", "cell": "Row 4", "value": "412"},
        **fields,
    }
    return made("evidence/", key, body)


def everything(key: str) -> dict[str, str]:
    """A draft of every sort with words that stand nowhere else; marks of them by what they are."""
    text = "A heron nests in the mast, the warden cooed."
    body = {"text": text, "start": 0, "end": len(text), "speaker_as_written": "Warden Wren"}
    document = {
        "text": text,
        "url": "https://heron-post.example/mast",
        "title": "Mast diary",
        "publisher": "Heron Post",
    }
    saying = made("statements/", key, {**body, "document": document})
    assertion = claim(key, text="Herons nest in masts.", place="Mastholm", statements=[saying["id"]])
    draft = review(key, claim=assertion["id"], summary="An egret agrees.", body="We asked a bittern.")
    rests_on = dataset(key, draft["id"], note="Counted by spoonbills.")
    return {
        "statement": saying["id"],
        "document": saying["document"]["id"],
        "claim": assertion["id"],
        "review": draft["id"],
        "evidence": rests_on["id"],
        "saying": "heron nests",
        "claim's text": "Herons nest",
        "summary": "egret",
        "note": "spoonbill",
        "name": "Okapi Post",
    }


def sent_back(key: str, review: str) -> dict[str, str]:
    """The review with its article and the saved text of a page, sent back; marks of what was told and sent."""
    article = {"url": "https://heron-post.example/checks/mast", "title": "Marabous and masts"}
    changed(f"reviews/{review}/", key, {"article": article, "bylines": ["Pelle Pelican"]})
    text = "The cassowary counted nests. Nobody else did."
    page = {"url": "https://cassowary.example/nests", "text": text}
    body = {"review": review, "kind": "page_quote", "stance": "supports", "page": page}
    kept = made("evidence/", key, body | {"quote": {"exact": "The cassowary counted nests."}})
    assert send(f"reviews/{review}/submit/", key, b"").status_code == 200
    version = ReviewVersion.objects.get(review__public_id=review)
    workflow.send_back(version, actor=factories.editor(), reason="A tapir would not say so.")
    return {
        "article": "heron-post.example/checks",
        "article's title": "Marabous",
        "byline": "Pelican",
        "saved page": "assowary",
        "saved page's evidence": kept["id"],
        "reason": "tapir",
    }
