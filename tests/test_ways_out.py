"""Only the gate opens outgoing connections, so that its promises hold for every byte that leaves."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = {
    "aiohttp",
    "httpx",
    "requests",
    "urllib3",
    "http.client",
    "urllib.request",
    "smtplib",
    "ftplib",
    "websockets",
    "obstore",
    "boto3",
    "botocore",
    "playwright",
}
CALLS = {"create_connection", "open_connection", "connect_ex", "sock_connect", "getaddrinfo", "urlopen"}
GATE = {"sources/http/guard.py", "sources/http/fetcher.py", "sources/http/responses.py"}
# These ask servers that `up` itself started on this machine; each names no host but 127.0.0.1.
LOOPBACK = {
    "factcheck/embedded/watchdog.py",
    "factcheck/management/commands/up.py",
    "factcheck/demo/seed.py",
    "factcheck/demo/site_edits.py",
    "factcheck/demo/folder.py",
}
# Snapshot store, backups and checkpoints are where the administrator says, which may well be in a private network. No
# URL that a stranger names reaches these modules: they are given bytes and sha256 names alone.
ADMINISTRATORS = {"sources/snapshots/s3.py", "factcheck/backup/places.py", "claims/proof/outside.py"}
# Django sends its mail, to the server that the administrator names; it knows the errors of the standard library.
MAIL = {"claims/notifying/mail.py"}
# Drives a browser that has no network; what its pages ask for goes through sources.fetching.
BROWSER = {"sources/extraction/browser_child.py"}
MODULES = sorted(path for app in ("sources", "claims", "factcheck") for path in (ROOT / app).rglob("*.py"))


def ways_out(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name in CLIENTS}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            found |= {name for name in names if name in CLIENTS or name.split(".")[0] in CLIENTS}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            socket_connects = node.func.attr == "connect" and "sock" in ast.unparse(node.func.value).lower()
            if node.func.attr in CALLS or socket_connects:
                found.add(ast.unparse(node.func))
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_but_the_gate_opens_a_connection(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    found = ways_out(ast.parse(path.read_text()))
    if name in LOOPBACK:
        urls = re.findall(r"https?://[^{\"'\s]+", path.read_text())
        assert not [url for url in urls if not url.startswith("http://127.0.0.1")]
    elif name in ADMINISTRATORS:
        assert {each.split(".")[0] for each in found} <= {"obstore"}
    elif name in MAIL:
        assert found <= {"smtplib"} and "smtplib.SMTP(" not in path.read_text()
    elif name in BROWSER:
        assert {each.split(".")[0] for each in found} <= {"playwright"}
    elif name not in GATE:
        assert not found, f"{name} opens connections with {found}; use sources.http.fetcher"


@pytest.mark.parametrize(
    "line",
    [
        "import requests",
        "from urllib.request import urlopen",
        "from http import client\nimport http.client",
        "import aiohttp",
        "import socket; socket.create_connection(('h', 1))",
        "sock.connect(('h', 1))",
        "asyncio.open_connection('h', 1)",
    ],
)
def test_the_search_finds_ways_out(line: str) -> None:
    assert ways_out(ast.parse(line))
