"""The stand-alone script proves the history of a real dump, and refuses every forged one. It knows nothing of ours."""

import ast
import gzip
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from wsgiref.simple_server import WSGIRequestHandler, make_server

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test.utils import override_settings

from claims.exports import dumps
from claims.proof import checkpoints, keys, note
from claims.publication import append
from tests import factories
from tests.conftest import LiveDatabase

pytestmark = pytest.mark.sql
SCRIPT = Path(__file__).parents[3] / "docs" / "verify_history.py"


class Given(NamedTuple):
    """What a stranger has."""

    review: str
    folder: Path
    key: str

    def run(self, **changed: str | list[str]) -> tuple[int, str]:
        """Exit code and everything the script says."""
        log, claims = (str(next(self.folder.glob(f"*-{name}.ndjson.gz"))) for name in ("log", "claims"))
        options: dict[str, str | list[str]] = {
            "checkpoint": str(self.folder / "kept.txt"), "key": self.key, "log": log, "claims": claims, **changed,
        }  # fmt: skip
        arguments = [self.review]
        for name, value in options.items():
            values = [value] if isinstance(value, str) else value
            arguments += [f"--{name}", *values] if values else []
        command = [sys.executable, "-I", str(SCRIPT), *arguments]
        environment = {"PATH": os.environ["PATH"]}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=self.folder)
        return done.returncode, done.stdout + done.stderr

    def rewrite(self, name: str, change: Callable[[list[bytes]], list[bytes]]) -> None:
        """Change the lines of a file of the dump."""
        path = next(self.folder.glob(f"*-{name}.ndjson.gz"))
        with gzip.open(path) as file:
            lines = file.read().splitlines()
        path.write_bytes(gzip.compress(b"".join(line + b"\n" for line in change(lines))))


def given(folder: Path) -> Given:
    review = factories.published_review()
    other = factories.published_review()
    append.append(review.claim, event="watch_lost", audience="newsrooms", review=review)
    append.append(review.claim, event="reconfirmed", audience="public", review=review)
    append.append(other.claim, event="reconfirmed", audience="public", review=other)
    written = dumps.write(folder / "dumps", keep=1)
    checkpoint = checkpoints.write()
    assert written and checkpoint
    (written / "kept.txt").write_text(checkpoint.text)
    return Given(review.public_id, written, keys.current().public)


def test_it_is_short_and_imports_nothing_of_the_product() -> None:
    text = SCRIPT.read_text()
    assert len([line for line in text.splitlines() if line]) <= 150
    names = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name) or ""
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names | {"cryptography"}


@pytest.mark.django_db
def test_a_real_dump_is_proved_and_every_forged_one_refused(tmp_path: Path) -> None:
    stranger = given(tmp_path)
    code, said = stranger.run()
    assert code == 0, said
    assert "The log up to row 5 is the one that was signed" in said
    assert "row 4" in said and "the text is the published one" in said
    assert "row 1" in said and "the text was not given" in said
    assert "Proved: 1 of 2 entries" in said and "Not proved: what is true" in said
    assert "what 1 rows say that are closed to you, the last of them row 3" in said
    kept = {path: path.read_bytes() for path in stranger.folder.iterdir()}
    stranger.rewrite("log", lambda lines: [*lines[:3], closed(lines[3]), lines[4]])
    assert "2 rows say that are closed to you, the last of them row 4" in stranger.run(claims=[])[1], "a withdrawal?"
    stranger.rewrite("log", lambda lines: changed_row(lines, 0, salt=None))
    assert "it was redacted, or is withheld" in stranger.run(claims=[])[1]
    for path, content in kept.items():
        path.write_bytes(content)
    missed = {}
    for name, (file, change, expected) in FORGERIES.items():
        if file == "kept":
            [text] = change([kept[stranger.folder / "kept.txt"]])
            (stranger.folder / "kept.txt").write_bytes(text)
        else:
            stranger.rewrite(file, change)
        code, said = stranger.run()
        if code != 1 or expected not in said:
            missed[name] = said
        for path, content in kept.items():
            path.write_bytes(content)
    assert missed == {}
    code, said = stranger.run(key="ab" * 32)
    assert code == 1 and "not signed by this key" in said
    code, said = stranger.run(checkpoint=str(tmp_path / "nowhere"))
    assert code == 1 and "cannot be read" in said
    assert stranger._replace(review="rev_0000000000000000").run()[0] == 1
    assert stranger.run()[0] == 0


def closed(line: bytes) -> bytes:
    row = orjson.loads(line)
    return orjson.dumps({"sequence": row["sequence"], "line_sha256": row["line_sha256"]})


def test_what_it_does_not_know_in_a_checkpoint_is_passed_over(tmp_path: Path) -> None:
    """Other people's signatures and extension lines, and a name that would write over what the terminal shows."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    name = "desk.example/\x1b[2Klog"
    text = note.write(name, 0, "00" * 32, {"format": note.FORMAT, "time": "now", "accepted": "ab"}, [key])
    text = text.replace("\n\n", "\n\ngarbage\n— other.example AAAAAAAA\n")
    (tmp_path / "kept.txt").write_text(text)
    for each in ("log", "claims"):
        (tmp_path / f"x-{each}.ndjson.gz").write_bytes(gzip.compress(b""))
    code, said = Given("rev_0000000000000000", tmp_path, keys.public_key(key)).run()
    assert "of the log desk.example/?[2Klog, is signed by the key you gave. It says: history was accepted" in said, said
    assert code == 1 and "has no row of" in said
    later = note.write("x", 0, "00" * 32, {"format": "factcheck-checkpoint/2"}, [key])
    (tmp_path / "kept.txt").write_text(later)
    assert "another form" in Given("rev_0000000000000000", tmp_path, keys.public_key(key)).run()[1]


def changed_row(lines: list[bytes], number: int, **values: object) -> list[bytes]:
    row = orjson.loads(lines[number]) | values
    return [*lines[:number], orjson.dumps(row), *lines[number + 1 :]]


def other_line(lines: list[bytes]) -> list[bytes]:
    return changed_row(lines, 0, line=orjson.loads(lines[0])["line"].replace("published", "corrected"))


FORGERIES: dict[str, tuple[str, Callable[[list[bytes]], list[bytes]], str]] = {
    "a changed text": ("claims", lambda lines: [line.replace(b"says so", b"says no") for line in lines], "commits to"),
    "a changed line": ("log", other_line, "Row 1 of the log was changed"),
    "a changed hash": ("log", lambda lines: changed_row(lines, 2, line_sha256="ab" * 32), "another hash at row 5"),
    "a row less": ("log", lambda lines: [*lines[:1], *lines[2:]], "Row 2 of the log is missing"),
    "two rows swapped": ("log", lambda lines: [lines[1], lines[0], *lines[2:]], "is missing"),
    "cut at the end": ("log", lambda lines: lines[:-1], "ends at row 4, before row 5"),
    "another salt": ("log", lambda lines: changed_row(lines, 3, salt="ab" * 32), "commits to"),
    "no log": ("log", lambda lines: [], "ends at row 0"),
    "half a row": ("log", lambda lines: [lines[0][:40]], "cannot be read"),
    "another checkpoint": ("kept", lambda texts: [texts[0].replace(b"\n5\n", b"\n4\n")], "not signed by this key"),
    "no checkpoint": ("kept", lambda texts: [b"x"], "not signed by this key"),
}


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def desk(live_database: LiveDatabase) -> Iterator[str]:
    """The product on loopback, open to everybody."""
    with override_settings(ANONYMOUS_READ=True):
        application = get_wsgi_application()

        def serve(*arguments: object) -> object:
            try:
                return application(*arguments)
            finally:
                connections.close_all()

        server = make_server("127.0.0.1", 0, serve, handler_class=Quiet)  # type: ignore[arg-type]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/api/v1"
        server.shutdown()
        thread.join()
        server.server_close()


def test_log_checkpoint_and_feed_are_read_from_the_desk(desk: str, tmp_path: Path) -> None:
    stranger = given(tmp_path)
    live = {"checkpoint": f"{desk}/checkpoints/", "log": f"{desk}/log/", "claims": [], "feed": f"{desk}/feed/"}
    code, said = stranger.run(**live)  # type: ignore[arg-type]
    assert code == 0 and "Proved: 2 of 2 entries" in said, said
    factories.published_review()
    checkpoint = checkpoints.write()
    assert checkpoint
    (stranger.folder / "kept.txt").write_text(checkpoint.text)
    assert "ends at row 5, before row 6" in stranger.run()[1]
    log = str(next(stranger.folder.glob("*-log.ndjson.gz")))
    code, said = stranger.run(log=[log, f"{desk}/log/"])
    assert code == 0 and "The log up to row 6" in said, "the address continues the dump"
