"""The whole product under siege; the short form, against a server without Django, is in test_body_gate.py."""

import json
import subprocess
import sys

import pytest

from tests.running_demo import ROOT


@pytest.mark.long
def test_health_and_desk_respond_throughout() -> None:
    """900 connections that never finish: results with their date are in docs/benchmarks.md."""
    command = [sys.executable, "bench/siege.py", "--seconds", "8", "--connections", "300"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr[-2_000:]
    result = json.loads(ended.stdout.splitlines()[-1])
    assert result["missed"] == []
    assert not any(row["failed"] for row in result["rows"])
