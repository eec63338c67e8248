"""The interface keeps what its schema promises, whatever is sent: schemathesis over every operation.

In the suite with a few examples for each operation; with thousands by `pytest -n 0 -m long` and this file's name.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from schemathesis.engine import events, from_schema
from schemathesis.transport.wsgi import WSGITransport

from claims.watch import sweep
from factcheck.newsrooms.keys import create_key
from factcheck.wsgi import application
from tests import factories

SCHEMA = "/api/v1/schema/"
# Places in a list that answers name, paths into an answer, and addresses of the web, which are read closely.
OPAQUE = {"cursor", "after", "pageToken", "fields", "include", "host", "address", "url"}
OPAQUE |= {"appearance_url", "article_url", "document_url", "evidence_url"}
# A write may name what is not there, or come when what is there does not allow it. These only ask.
ASKS = {"POST /api/v1/claims/status"}
REJECTED = [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428]
# Operations that want one of two parameters, or words in address or body; and a parameter that wants another.
REFUSES = {"GET /v1alpha1/claims:search", "GET /api/v1/search"}
OPAQUE |= {"mapped"}


@dataclass
class Run:
    """What came of it."""

    cases: int = 0
    answered: set[tuple[str, int]] = field(default_factory=set)
    """Operations with the statuses they answered."""
    failures: dict[str, str] = field(default_factory=dict)
    """What was found, each kind at each operation once, with the first request that shows it."""


def seed() -> str:
    """Something of each kind, published; returns a key for everything."""
    for number in range(3):
        review = factories.published_review(factories.claim(f"{number + 410} bridges need repair."))
        factories.linked(review.claim)
        page = review.latest_published().evidence.get().page
        factories.change(page, factories.PAGE_TEXT.replace("412", "430"))
    sweep.sweep()
    return create_key("Daily Paper", ["read", "write", "tips"])


def run(key: str, *, examples: int, coverage: bool, path: str = "") -> Run:
    """Every check over every operation, or those of a path. Deterministic: the same code comes to the same."""
    config = schemathesis.Config.from_dict(
        {
            "seed": 20_260_301,
            "continue-on-failure": True,
            "cache": {"enabled": False},
            "headers": {"Accept-Encoding": "identity"},  # in one process schemathesis does not unpack
            "auth": {"openapi": {"apiKey": {"bearer": key}}},
            "generation": {"mode": "all", "max-examples": examples, "deterministic": True, "allow-x00": True},
            "checks": {
                # 501 where Google's interface has what ours has not.
                "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", 501]},
                # 413 where a text that is too long makes the whole too long.
                "missing_required_header": {"expected-statuses": [400, 401, 403, 404, 406, 415, 422, 428]},
                "negative_data_rejection": {
                    "expected-statuses": [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428]
                },
            },
            "phases": {"coverage": {"enabled": coverage}, "stateful": {"enabled": coverage}},
        }
    )
    schema = schemathesis.openapi.from_wsgi(SCHEMA, application, config=config)
    if path:
        schema = schema.include(path=path)
    came = Run()
    for event in from_schema(schema).execute():
        if isinstance(event, events.FatalError):
            raise event.exception
        if isinstance(event, events.NonFatalError):
            came.failures.setdefault(event.label, f"{event.label}: {event.info}")
        if isinstance(event, (events.ScenarioFinished, events.FuzzScenarioFinished)):
            note(came, event.recorder)
    return came


def unsayable(case: Any) -> bool:
    """Whether the request may be refused for a reason that a schema cannot say."""
    writes = case.operation.method != "get" and case.operation.label not in ASKS
    return writes or bool(OPAQUE & set(case.query or {})) or case.operation.label in REFUSES


def note(came: Run, recorder: Any) -> None:
    for case_id, interaction in recorder.interactions.items():
        came.cases += 1
        case = recorder.cases[case_id].value
        if interaction.response is not None:
            came.answered.add((case.operation.label, interaction.response.status_code))
        for check in recorder.checks.get(case_id, []):
            if check.failure_info is None:
                continue
            if check.name == "positive_data_acceptance" and unsayable(case):
                continue
            found = f"{check.failure_info.failure}\n{case.as_curl_command()}"
            came.failures.setdefault(f"{case.operation.label} {check.name}", found)


@pytest.fixture(autouse=True)
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of sockets that schemathesis 4.32 hands to applications in the same process too."""
    send = WSGITransport.send

    def send_without(self: Any, case: Any, **options: Any) -> Any:
        for name in ("max_redirects", "verify", "cert"):
            options.pop(name, None)
        # The test client does not unpack what it asks for by default.
        options["headers"] = {"Accept-Encoding": "identity", **(options.get("headers") or {})}
        return send(self, case, **options)

    monkeypatch.setattr(WSGITransport, "send", send_without)


def whole(came: Run) -> None:
    assert came.failures == {}, "\n\n".join(came.failures.values())


def test_the_interface_keeps_its_contract(live_database: Any) -> None:
    came = run(seed(), examples=2, coverage=False)
    assert came.cases > 30
    whole(came)


def test_a_broken_contract_is_found(live_database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a route that has a bug."""
    key = seed()
    monkeypatch.setattr("claims.api.published.sources.published_sources", lambda request: 1 / 0)
    came = run(key, examples=4, coverage=False, path="/api/v1/sources/")
    assert "GET /api/v1/sources/ not_a_server_error" in came.failures
    assert "GET /api/v1/sources/ status_code_conformance" in came.failures


@pytest.mark.long
def test_the_interface_keeps_its_contract_over_thousands_of_cases(live_database: Any) -> None:
    came = run(seed(), examples=30, coverage=True)
    print(f"{came.cases} cases, {len(came.answered)} pairs of operation and status")
    whole(came)
    assert came.cases >= 5_000
    # Ids come from answers to other requests, so that more than 404 is looked at.
    assert {("GET /api/v1/claims/", 200), ("GET /api/v1/claims/{id}/", 200)} <= came.answered
