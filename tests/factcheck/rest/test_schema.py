"""The OpenAPI document is valid, whole, and true: its examples fit its schemas, and it describes what webhooks send."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from claims.models import DraftEvent, Publication
from factcheck.newsrooms.webhooks import payloads
from factcheck.rest.openapi import _schema
from factcheck.rest.openapi_document import TAGS
from tests import factories

Json = dict[str, Any]
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document() -> Json:
    parsed: Json = orjson.loads(_schema())
    return parsed


def operations(document: Json) -> Iterator[tuple[str, Json]]:
    for part in ("paths", "webhooks"):
        for path, item in document[part].items():
            for method, operation in item.items():
                assert method in METHODS
                yield f"{method.upper()} {path}", operation


def errors(schema: Json, value: Any, document: Json) -> list[str]:
    whole = {**schema, "components": document["components"]}
    return [error.message[:300] for error in OAS31Validator(whole).iter_errors(value)]


def test_it_is_valid(document: Json) -> None:
    assert document["openapi"] == "3.1.1"
    OpenAPIV31SpecValidator(document).validate()


def test_it_names_the_server_and_describes_tags_and_operations(document: Json) -> None:
    assert [each["url"] for each in document["servers"]] == ["/"]
    described = {each["name"]: each["description"] for each in document["tags"]}
    used = {tag for _, operation in operations(document) for tag in operation["tags"]}
    assert used == set(described), "give a new tag its description in factcheck/rest/openapi_document.py"
    assert described.items() <= TAGS.items()
    assert all(described.values())
    summaries = [operation["summary"] for _, operation in operations(document)]
    for name, operation in operations(document):
        assert 3 <= len(operation["summary"]) <= 120 and not operation["summary"].endswith("."), name
        assert operation["description"], name
        assert operation["operationId"], name
    assert len(set(summaries)) > len(summaries) * 0.9, "most say something of their own"


def test_every_example_fits_its_schema(document: Json) -> None:
    seen = 0
    wrong = []
    for name, operation in operations(document):
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        for body in [*bodies, *operation["responses"].values()]:
            for media_type, content in body.get("content", {}).items():
                for title, shown in content.get("examples", {}).items():
                    if media_type.endswith("json"):
                        seen += 1
                        found = errors(content["schema"], shown["value"], document)
                        wrong += [f"{name}, {title}: {error}" for error in found]
        for parameter in operation.get("parameters", []):
            if "example" in parameter:
                assert errors(parameter["schema"], parameter["example"], document) == []
    assert wrong == []
    assert seen > 80


def test_an_example_that_does_not_fit_is_found(document: Json) -> None:
    """The control."""
    assert errors({"$ref": "#/components/schemas/Claim"}, {"id": 1}, document)


def test_it_says_which_members_fields_leaves_out(document: Json) -> None:
    for path, item in document["paths"].items():
        operation = item.get("get", {})
        if not any(each["name"] == "fields" for each in operation.get("parameters", [])):
            continue
        [(media_type, content)] = [
            each for each in operation["responses"]["200"]["content"].items() if each[0] == "application/json"
        ]
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        members = document["components"]["schemas"].get(name, {}).get("properties", {})
        part = members["results"]["items"] if "results" in members else content["schema"]
        assert errors(part, {}, document) == [], (path, media_type)


@pytest.mark.parametrize("event", Publication.Event.values)
def test_each_event_has_a_webhook_with_its_payload(document: Json, event: str) -> None:
    post = document["webhooks"][payloads.event_type(event)]["post"]
    assert {each["name"] for each in post["parameters"]} == {"webhook-id", "webhook-timestamp", "webhook-signature"}
    schema = post["requestBody"]["content"]["application/json"]["schema"]
    assert schema["properties"]["type"]["const"] == f"claim.{event}"


def test_what_webhooks_send_fits_what_is_described(db: None, document: Json) -> None:
    factories.published_review()
    publication = Publication.objects.select_related("body", "claim").get()
    body = bytes(publication.body.json)
    schema = document["webhooks"]["claim.published"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    for most in (len(body), 10):
        message = orjson.loads(payloads.of_publication(publication, body, max_bytes=most))
        assert errors(schema, message, document) == [], message["complete"]
    sent = orjson.loads(payloads.of_test("whk_0k3m5t7z9b1d4f6h", publication.at))
    test = document["webhooks"]["webhook.test"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert errors(test, sent, document) == []


@pytest.mark.parametrize(("kind", "reason"), [("sent_back", "Which year?"), ("sent_back", ""), ("published", "")])
def test_what_webhooks_tell_of_drafts_fits_what_is_described(document: Json, kind: str, reason: str) -> None:
    event = DraftEvent(kind=kind, review="rev_0", claim="clm_0", reason=reason, at=datetime(2026, 3, 1, tzinfo=UTC))
    post = document["webhooks"][f"draft.{kind}"]["post"]
    schema = post["requestBody"]["content"]["application/json"]["schema"]
    message = orjson.loads(payloads.of_draft(event))
    assert errors(schema, message, document) == []
    assert set(message["data"]) == set(schema["properties"]["data"]["properties"])


def test_the_schema_tells_a_slug_from_a_name(document: Json) -> None:
    seen = 0
    for _, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            if parameter.get("name") == "topic":
                seen += 1
                assert errors(parameter["schema"], "public-works_2", document) == []
                assert errors(parameter["schema"], "court or parliament", document)
    assert seen >= 4
