"""The matcher as a process of its own, on a database where commits are real."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from claims.matching import client, draft_client
from claims.matching.server.process import let_threads_take_short_turns
from claims.matching.types import Tier
from claims.models import Claim
from tests import factories

ROOT = Path(__file__).resolve().parents[4]
HERON = "Herons nest on the crane of the old harbour."
MILL = "The mill at Vordingborg grinds no flour any more."


@contextmanager
def running(live_database: Any, data: Path) -> Iterator["subprocess.Popen[bytes]"]:
    environment = os.environ | live_database.environment | {"FACTCHECK_DATA": str(data), "FACTCHECK_MATCHER": "words"}
    with (data / "stderr").open("ab") as errors:
        process = subprocess.Popen([sys.executable, "manage.py", "matcher"], cwd=ROOT, env=environment, stderr=errors)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def test_threads_take_short_turns() -> None:
    before = sys.getswitchinterval()
    try:
        let_threads_take_short_turns()
        assert sys.getswitchinterval() < before / 5
    finally:
        sys.setswitchinterval(before)


def soon(holds: Callable[[], bool], *, within: float = 20) -> float:
    """Wait until it holds; returns the seconds that took."""
    started = time.monotonic()
    while not holds():
        assert time.monotonic() - started < within, "it does not come true"
        time.sleep(0.1)
    return time.monotonic() - started


def matches(text: str) -> set[str]:
    """The claims that the matcher calls a match; what PostgreSQL says does not count."""
    client._pool.forget()
    answer = client.match([text], "en")
    return (
        {claim for each in answer.results[0] if each.tier == Tier.MATCH for claim in each.claims}
        if not (answer.degraded)
        else {"degraded"}
    )


def published(text: str) -> Claim:
    claim = factories.claim(text)
    factories.published_review(claim)
    return claim


@pytest.mark.sql
def test_it_runs_follows_is_killed_and_ends(live_database, tmp_path: Path, settings: Any) -> None:
    settings.MATCHER, settings.MATCHER_FOLDER = "words", tmp_path / "matching"
    heron = published(HERON)
    assert matches(HERON) == {"degraded"}
    with running(live_database, tmp_path) as process:
        soon(lambda: matches(HERON) == {heron.public_id})
        assert client.state() | {"mode_reason": ""} == {
            "state": "ok",
            "mode": "words",
            "mode_reason": "",
            "reason": "",
            "claims": 1,
            "sequence": 1,
            "vectors": {},
        }
        # A publication is found and a redaction gone within seconds, and a draft by the desk alone.
        mill = published(MILL)
        assert soon(lambda: matches(MILL) == {mill.public_id}) < 5
        factories.redacted(mill)
        assert soon(lambda: matches(MILL) == set()) < 5
        draft = factories.claim("Swifts breed under the roof of the mint.")
        seen = soon(lambda: any(each.claim == draft.public_id for each in draft_client.similar(draft.text, "en")))
        assert seen < 8
        [similar] = [each for each in draft_client.similar(draft.text, "en") if each.tier == Tier.MATCH]
        assert (similar.claim, similar.published) == (draft.public_id, False)
        assert matches(draft.text) == set()
        assert not any(hit.claim == draft.public_id for hit in client.search("swifts mint roof").hits)
        # What was asked is kept nowhere: not in the folder, and not in what it wrote.
        canary = "quodlibet xylose"
        assert matches(f"The {canary} of the harbour") == set()
        assert client.search(canary).degraded is False
        draft_client.similar(canary)
        kept = [path for path in tmp_path.rglob("*") if path.is_file() and canary.encode() in path.read_bytes()]
        assert kept == []
        # Another one on the same folder refuses to start.
        with running(live_database, tmp_path) as second:
            assert second.wait(30) == 1
        assert "already runs" in (tmp_path / "stderr").read_text()
        assert matches(HERON) == {heron.public_id}
        # One that is stopped costs a second or so, and answers again once it goes on.
        process.send_signal(signal.SIGSTOP)
        started = time.monotonic()
        assert matches(HERON) == {"degraded"}
        assert time.monotonic() - started < 3
        assert client.state()["reason"] == "it did not answer a moment ago"
        process.send_signal(signal.SIGCONT)
        soon(lambda: matches(HERON) == {heron.public_id})
        process.kill()
        process.wait()
        assert matches(HERON) == {"degraded"}
    with running(live_database, tmp_path) as process:
        soon(lambda: matches(HERON) == {heron.public_id})
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert time.monotonic() - started < 2
        assert not list((tmp_path / "matching").glob("*.sock"))
