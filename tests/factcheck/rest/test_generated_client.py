"""A client generated from the schema reads what the interface sends, also with `fields` and `include`."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from factcheck.newsrooms.keys import create_key
from tests import factories
from tests.api_client import ask, said

NAME = "generated_factcheck_client"
SCHEMA = "/api/v1/schema/"


class ToTheSite(httpx.BaseTransport):
    """Requests reach the site without a socket, in the transaction of the test."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {name: value for name, value in request.headers.items() if name not in ("host", "accept-encoding")}
        path = request.url.raw_path.decode()
        response = ask(path, None, request.method, data=request.read(), headers=headers)
        return httpx.Response(response.status_code, headers=dict(response.headers), content=response.content)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Path]:
    """The folder in which the generated package is."""
    pytest.importorskip("openapi_python_client")
    from factcheck.rest.openapi import _schema

    folder = tmp_path_factory.mktemp("client")
    (folder / "schema.json").write_bytes(_schema())
    (folder / "config.yaml").write_text(f"package_name_override: {NAME}\npost_hooks: []\n")
    command = [
        *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"),
        *("--path", "schema.json", "--config", "config.yaml", "--output-path", NAME),
    ]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    told = made.stdout + made.stderr
    assert "Unable to process schema" not in told and "Failure to process" not in told, told
    # It knows no Atom, and says so; that operation has a method all the same.
    assert [line for line in told.splitlines() if line.startswith("WARNING")] == [
        "WARNING parsing GET /api/v1/feed/atom within feed."
    ]
    sys.path.insert(0, str(folder))
    yield folder / NAME
    sys.path.remove(str(folder))


def as_sent(parsed: Any) -> Any:
    """What a model of the client was read from; Python writes UTC in another way."""
    return json.loads(json.dumps(parsed.to_dict()).replace("+00:00", "Z"))


def operation(tag: str, name: str) -> ModuleType:
    return importlib.import_module(f"{NAME}.api.{tag}.{name}")


@pytest.fixture
def client(generated: Path, db: None) -> Any:
    """A client of the site, without a socket between them."""
    factories.published_review()
    review = factories.published_review(factories.claim("430 bridges need repair."))
    factories.linked(review.claim)
    package = importlib.import_module(NAME)
    key = create_key("Daily Paper", ["read", "write", "tips"])
    return package.AuthenticatedClient(
        base_url="http://testserver", token=key, httpx_args={"transport": ToTheSite()}, raise_on_unexpected_status=True
    )


LISTS = {
    "claims": ["id,text", "id,reviews.rating.label", "verification.status", "statements.speaker.name,topics"],
    "statements": ["id,text", "speaker.name"],
    "speakers": ["name"],
    "documents": ["url"],
    "reviews": ["id,display", "rating.verdict"],
    "articles": ["title"],
    "organisations": ["site,claims"],
    "evidence": ["state,quote.exact"],
    "snapshots": ["page.url,quotes.state"],
    "sources": ["name"],
    "pages": ["host,health.outcome"],
    "changes": ["kind,quotes.result"],
    "rating_scales": ["ratings.label"],
    "topics": ["slug"],
    "feed": ["sequence,event,claim", "id,body.text"],
}


def test_lists_are_read_whole_and_in_part(client: Any) -> None:
    for name, parts in LISTS.items():
        listed = operation(name, name)
        whole = listed.sync_detailed(client=client)
        assert whole.status_code == 200 and whole.parsed is not None
        path = f"/api/v1/{name.replace('_', '-')}/"
        assert [as_sent(each) for each in whole.parsed.results] == said(path, client.token)["results"]
        for fields in parts:
            part = listed.sync_detailed(client=client, fields=fields)
            assert part.status_code == 200, part.content
            sent = json.loads(part.content)["results"]
            assert [as_sent(each) for each in part.parsed.results] == sent
            for each in sent:
                assert set(each) == {field.partition(".")[0] for field in fields.split(",")}


def test_one_claim_is_read_in_part_and_with_more(client: Any) -> None:
    claim = operation("claims", "claim")
    name = said("/api/v1/claims/", client.token)["results"][0]["id"]
    for asked in (
        {},
        {"fields": "id,text"},
        {"include": "events,freshness,verdict_mapped"},
        {"fields": "id,events.event", "include": "events"},
    ):
        response = claim.sync_detailed(name, client=client, **asked)
        assert as_sent(response.parsed) == json.loads(response.content), asked
    reviews = operation("reviews", "reviews").sync_detailed(client=client, include="body,evidence,history")
    assert all(each.to_dict()["evidence"] for each in reviews.parsed.results)


def test_questions_and_writes_are_read(client: Any) -> None:
    models = importlib.import_module(f"{NAME}.models")
    statuses = operation("claims", "claim_statuses")
    asked = statuses.sync_detailed(client=client, body=models.StatusQuestion(ids=["clm_0000000000000000"]))
    assert [each.known for each in asked.parsed.results] == [False]
    tip = operation("tips", "send_tip")
    sent = tip.sync_detailed(client=client, body=models.TipBody(text="Have 412 bridges been repaired?"))
    assert (sent.status_code, sent.parsed.receipt[:4]) == (201, "tip_")


def test_an_error_is_read_as_a_problem(client: Any) -> None:
    response = operation("claims", "claims").sync_detailed(client=client, fields="nonsense")
    assert (response.status_code, type(response.parsed).__name__) == (400, "Problem")
    assert response.parsed.parameter == "fields"
