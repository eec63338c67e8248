"""The client of web processes: light, and never the reason that a page fails."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from claims.matching import client, draft_client
from claims.matching.server.drafts_index import DraftRequests
from claims.matching.server.listener import Listener
from claims.matching.server.requests import NotReady, PublishedRequests
from claims.matching.types import Hit, Match, Tier, Why
from claims.matching.wire.socket_folder import DRAFTS, PUBLISHED, socket_path

ROOT = Path(__file__).resolve().parents[3]
FOUND = Match(
    claims=("clm_a", "clm_b"),
    score=0.75,
    tier=Tier.POSSIBLE,
    why=(Why("number", "12"),),
    others=(("clm_c", (Why("period", "2020", "2021"),)),),
    terms=("ferry",),
    by_meaning=True,
    shared=0.5,
)


class OneClaim:
    """An engine that knows one answer."""

    def match(self, texts: list[str], language: str, limit: int) -> list[list[Match]]:
        return [[FOUND] if "ferry" in text else [] for text in texts]

    def search(self, q: str, *, limit: int, filters: Any) -> list[Hit]:
        return [Hit("clm_a", 2.5, (q, *filters.get("language", ())))]


@pytest.fixture
def answering(settings: Any, tmp_path: Path):
    """Starts a matcher with this engine, or with none that is ready."""
    settings.MATCHER, settings.MATCHER_FOLDER = "words", tmp_path / "matching"
    started: list[Listener] = []

    def start(engine: Any = OneClaim, state: str = "ok", drafts: Any = OneClaim) -> None:
        for name, handler in (
            (PUBLISHED, PublishedRequests(engine, lambda: {"state": state})),
            (DRAFTS, DraftRequests(engine, drafts)),
        ):
            listener = Listener(socket_path(settings.MATCHER_FOLDER, name), handler)
            listener.start()
            started.append(listener)

    client._pool.forget()
    draft_client._pool.forget()
    yield start
    for listener in started:
        listener.stop()


def not_ready() -> Any:
    raise NotReady


def test_answers_come_through_whole(answering) -> None:
    answering()
    assert client.match(["The ferry is late", "No"], "en", 3) == client.Answer([[FOUND], []], degraded=False)
    assert client.search("q", 5, {"language": ["en"]}).hits == [Hit("clm_a", 2.5, ("q", "en"))]
    assert client.state() == {"state": "ok"}
    assert client.match(["half a ferry \ud800"]).results == [[FOUND]]
    assert client.match([]).results == []


def test_many_texts_are_one_request(answering) -> None:
    answering()
    assert client.match(["ferry"] * 500).results == [[FOUND]] * 500


def test_an_index_that_is_filling_says_so(answering) -> None:
    answering(state="filling")
    assert client.match(["The ferry"]).degraded
    assert client.match(["The ferry"]).results == [[FOUND]]


class Hesitating(OneClaim):
    """An engine that has no time for what comes after the first text."""

    def match(self, texts: list[str], language: str, limit: int) -> list[list[Match]]:
        time.sleep(0.4)
        return super().match(texts, language, limit)


def test_what_the_matcher_has_no_time_for_is_answered_by_postgresql(answering, monkeypatch) -> None:
    monkeypatch.setattr(client, "SECONDS", 0.7)
    monkeypatch.setattr(client, "SECONDS_A_TEXT", 0.0)
    monkeypatch.setattr(client.fallback, "match", lambda texts, language, limit: [[FOUND, FOUND] for _ in texts])
    answering(engine=Hesitating)
    assert client.match(["The ferry", "A ferry", "Ferries"]) == client.Answer([[FOUND], *[[FOUND, FOUND]] * 2], True)
    assert client.match(["The ferry"]).degraded is False


@pytest.mark.django_db
def test_without_an_index_postgresql_answers(answering, monkeypatch) -> None:
    answering(engine=not_ready)
    assert client.match(["The ferry"]) == client.Answer([[]], degraded=True)
    assert client.search("ferry") == client.SearchAnswer([], degraded=True)
    likeness = (FOUND.terms, FOUND.by_meaning, FOUND.shared)
    assert draft_client.similar("The ferry") == [
        draft_client.Similar("clm_a", Tier.POSSIBLE, FOUND.why, False, 0.75, *likeness),
        draft_client.Similar("clm_b", Tier.POSSIBLE, FOUND.why, False, 0.75, *likeness),
        draft_client.Similar("clm_c", Tier.RELATED, (Why("period", "2020", "2021"),), False, 0.225, *likeness),
    ]


def test_similar_claims_say_whether_they_are_published(answering) -> None:
    answering(drafts=not_ready)
    assert {each.published for each in draft_client.similar("The ferry")} == {True}
    assert len(draft_client.similar("The ferry", limit=2)) == 2


@pytest.mark.django_db
def test_a_matcher_that_is_off_is_not_asked(answering, settings) -> None:
    answering()
    settings.MATCHER = "off"
    assert client.state()["state"] == "off"
    assert client.match(["The ferry"]).degraded
    assert draft_client.similar("The ferry") == []


def test_the_socket_of_the_published_claims_knows_no_drafts(answering) -> None:
    answering()
    assert client._ask({"ask": "similar", "text": "ferry", "language": "", "limit": 3}, 2) == {
        "error": "no such request"
    }


def test_web_processes_load_nothing_heavy() -> None:
    program = """
import resource, sys, django
django.setup()
before = set(sys.modules)
kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
import claims.matching.client, claims.matching.draft_client
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - kilobytes
new = set(sys.modules) - before
heavy = {"numpy", "tantivy", "onnxruntime", "onnx", "tokenizers", "simsimd", "snowballstemmer"}
print(sorted({name.split(".")[0] for name in sys.modules} & heavy), len(new) < 40, grown < 10_000)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] True True"
