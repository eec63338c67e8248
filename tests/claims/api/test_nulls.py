"""Null, never "": no route answers with an empty text, also for sparse imports and for bodies of earlier versions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.utils import timezone

from claims.exports import dumps
from claims.imports.formats import reading
from claims.imports.importer import Importer
from claims.models import Article, Review, ReviewVersion
from claims.publication import body
from claims.reviews import publish, suspension
from claims.watch import sweep
from factcheck.newsrooms.keys import create_key
from tests import factories
from tests.api_client import ask, said
from tests.claims import drafts_api
from tests.claims.sample_claimreviews import claim_review
from tests.factcheck.rest.test_rest import TABLE, path_of

pytestmark = pytest.mark.django_db
SPARSE = claim_review(7, headline=None, itemReviewed=None, datePublished=None, inLanguage=None)
# Where a text of nothing is what was sent or found: the pieces of a word diff.
DIFF = ".diff["


def empty_texts(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from empty_texts(each, f"{path}.{name}")
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from empty_texts(each, f"{path}[{place}]")
    elif value == "" and DIFF not in path:
        yield path


def everything(folder: Path) -> None:
    """Reviews with as little as each may have: a quote that is a whole page, an article without a headline, imports."""
    whole = factories.page("https://counts.example/whole", factories.QUOTE)
    version = factories.approved(with_untitled_article(factories.draft(factories.claim(), of=whole)))
    publish.publish(version, actor=version.approver)
    factories.change(whole, factories.QUOTE.replace("412", "430"))
    sweep.sweep()
    held = factories.published_review(factories.claim("412 tunnels need repair."))
    suspension.suspend(held, actor=factories.editor(), reason="Look again.")
    things = [SPARSE, claim_review(8, headline=None)]
    entries = list(reading.entries(iter([orjson.dumps(things)]), form="json", now=timezone.now()))
    importer = Importer(source="test", fingerprint="1", refused=folder / "refused.ndjson")
    importer.import_entries(lambda after: iter(entries[after:]))
    assert Review.objects.filter(origin="imported").count() == 2


def with_untitled_article(version: ReviewVersion) -> ReviewVersion:
    version.review.article = Article.objects.create(
        organisation=version.review.organisation, url="https://desk.example/a", title=""
    )
    version.review.save()
    factories.linked(version.review.claim)
    return version


def addresses(key: str) -> Iterator[str]:
    """Every route that is read, each list with all that it can include, and one of each."""
    for route in TABLE:
        if "<name>" in route or route == "schema/":  # OpenAPI wants a description, be it empty
            continue
        if "<id>" not in route:
            yield path_of(route)
            continue
        listed = said(path_of(route.split("<")[0]), key)["results"]
        yield from (path_of(route).replace("<id>", each["id"]) for each in listed)
    for id in [each["id"] for each in said("/api/v1/claims/", key)["results"]]:
        yield f"/api/v1/claims/{id}/?include=events,freshness,verdict_mapped"
    yield "/api/v1/claims/?include=events,freshness,verdict_mapped"
    yield "/api/v1/reviews/?include=body,evidence,history"
    yield "/api/v1/feed/?fields=event,body.reviews,body.statements"
    yield "/api/v1/search?q=bridges&facets=verdict,language"
    yield "/v1alpha1/claims:search?query=bridges"


def found(key: str) -> dict[str, list[str]]:
    """The empty texts of every answer, by its address."""
    answers = {}
    for address in addresses(key):
        response = ask(address, key)
        assert response.status_code == 200, (address, response.content[:300])
        if "json" in response.headers["Content-Type"]:
            content = b"".join(response) if response.streaming else response.content
            answers[address] = list(empty_texts(orjson.loads(content)))
    assert len(answers) > 40
    return {address: empty for address, empty in answers.items() if empty}


def test_no_answer_has_an_empty_text(tmp_path: Path, settings: Any) -> None:
    settings.DUMPS, settings.DATA = str(tmp_path), tmp_path
    everything(tmp_path)
    dumps.write(tmp_path, keep=1)
    key = create_key("Daily Paper", ["read", "write", "tips"])
    assert found(key) == {}
    for text in ("412 bridges need repair.", "7 bridges need repair."):
        answer = drafts_api.send("/api/v1/match", key, {"texts": [text]})
        assert answer.status_code == 200 and list(empty_texts(orjson.loads(answer.content))) == []
    tip = drafts_api.made("/api/v1/tips/", key, {"text": "412 bridges need repair."})
    assert tip["checked"] and list(empty_texts(tip)) == []
    drafts_api.everything(key)
    hook = drafts_api.made("/api/v1/webhooks/", key, {"url": "https://cms.example/hook"})
    assert list(empty_texts(hook)) == []
    assert drafts_api.send(f"/api/v1/webhooks/{hook['id']}/test/", key, b"").status_code < 300
    deliveries = said(f"/api/v1/webhooks/{hook['id']}/deliveries/", key)
    assert deliveries["results"] and list(empty_texts(deliveries)) == []
    for route in ("desk/statements/", "desk/claims/", "desk/reviews/", "desk/evidence/", "webhooks/"):
        assert list(empty_texts(said(f"/api/v1/{route}", key))) == []


def test_what_earlier_versions_wrote_and_approved_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their bodies stay as they are; what is made from them has null for "", and what they approved leaves."""
    whole = factories.page("https://counts.example/whole", factories.QUOTE)
    render = body.article_body
    with monkeypatch.context() as earlier:
        earlier.setattr("claims.publication.body.article_body", lambda row: render(row) | {"title": row.title})
        version = with_untitled_article(factories.draft(factories.claim(), of=whole))
        version = factories.approved(version)
        again = factories.draft(factories.claim("412 tunnels need repair."))
        again.review.article = version.review.article
        again.review.save()
        again = factories.approved(again)
        publish.publish(again, actor=again.approver)
    publish.publish(version, actor=version.approver)
    key = create_key("Daily Paper")
    [new] = said(f"/api/v1/claims/{version.review.claim.public_id}/", key)["reviews"]
    assert new["article"]["title"] is None
    old = f"/api/v1/claims/{again.review.claim.public_id}/"
    assert said(old, key)["reviews"][0]["article"]["title"] == ""
    assert said(f"{old}?fields=reviews.article", key)["reviews"][0]["article"]["title"] is None
    assert said(f"/api/v1/reviews/{again.review.public_id}/", key)["article"]["title"] is None
    answer = drafts_api.send("/api/v1/match", key, {"texts": ["412 tunnels need repair."]})
    assert list(empty_texts(orjson.loads(answer.content))) == []
