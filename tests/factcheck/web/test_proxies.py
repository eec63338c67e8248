"""deploy/nginx.conf and deploy/Caddyfile as they are, but for names, ports and paths, in front of a real server."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from factcheck.management.commands.up import free_port
from tests.factcheck.web.test_body_gate import ask, served
from tests.running_demo import ROOT


@dataclass(frozen=True)
class Proxy:
    """A proxy that runs, its port for https, and the port of the server behind it."""

    name: str
    port: int
    plain_port: int
    behind: int
    logs: Path

    def connect(self) -> http.client.HTTPSConnection:
        client = http.client.HTTPSConnection("desk.example.org", timeout=10)
        client.sock = self.socket()
        return client

    def socket(self) -> ssl.SSLSocket:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        return context.wrap_socket(plain, server_hostname="desk.example.org")

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        with closing(self.connect()) as client:
            sent = {"Host": "desk.example.org"} | {name.replace("0", "-"): value for name, value in headers.items()}
            client.request(method, path, body, sent)
            response = client.getresponse()
            return response.status, response.read()

    def logged(self) -> str:
        return "".join(file.read_text() for file in self.logs.glob("*.log"))


def _certificate(folder: Path) -> None:
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem", "-days", "2"),
            *("-subj", "/CN=desk.example.org"),
        ],
        check=True,
        capture_output=True,
    )


def _nginx(folder: Path, port: int, plain_port: int, behind: int) -> list[str]:
    site = (ROOT / "deploy" / "nginx.conf").read_text()
    site = re.sub(r" *listen \[::\].*\n", "", site)
    for given, here in (
        ("listen 80;", f"listen 127.0.0.1:{plain_port};"),
        ("listen 443 ", f"listen 127.0.0.1:{port} "),
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
        ("/etc/letsencrypt/live/desk.example.org", str(folder)),
        ("/var/log/nginx", str(folder)),
    ):
        assert given in site
        site = site.replace(given, here)
    (folder / "site.conf").write_text(site)
    user = "user root;" if os.geteuid() == 0 else ""
    paths = " ".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/start.log; events {{ worker_connections 2000; }}\n"
        f"http {{ {paths} include {folder}/site.conf; }}\n"
    )
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "start.log")]


def _caddy(folder: Path, port: int, plain_port: int, behind: int) -> list[str]:
    site = (ROOT / "deploy" / "Caddyfile").read_text()
    version = subprocess.run(["caddy", "version"], capture_output=True, text=True).stdout
    numbers = [int(number) for number in re.findall(r"\d+", version)[:2]]
    if numbers < [2, 7]:
        site = site.replace("request_buffers 10MB", "buffer_requests")
    for given, here in (
        ("{\n\t# No access log", f"{{\n\tadmin off\n\thttp_port {plain_port}\n\thttps_port {port}\n\t# No access log"),
        (
            "desk.example.org {\n",
            f"desk.example.org:{port} {{\n\tbind 127.0.0.1\n\ttls {folder}/fullchain.pem {folder}/privkey.pem\n",
        ),
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
    ):
        assert given in site
        site = site.replace(given, here)
    (folder / "Caddyfile").write_text(site)
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


COMMANDS = {"nginx": _nginx, "caddy": _caddy}


@contextmanager
def running(name: str, folder: Path, behind: int) -> Iterator[Proxy]:
    for needed in (name, "openssl"):
        if shutil.which(needed) is None:
            pytest.skip(f"Install {needed} for this (apt-get install nginx-light caddy openssl).")
    _certificate(folder)
    port, plain_port = free_port(0), free_port(0)
    command = COMMANDS[name](folder, port, plain_port, behind)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    with (folder / "process.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            with closing(socket.socket()) as probe:
                if not probe.connect_ex(("127.0.0.1", port)):
                    break
            assert process.poll() is None, (folder / "process.log").read_text()
            time.sleep(0.05)
        yield Proxy(name, port, plain_port, behind, folder)
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with (
        served("behind_a_proxy") as behind,
        running(request.param, tmp_path_factory.mktemp(request.param), behind) as each,
    ):
        yield each


@contextmanager
def endless(proxy: Proxy, count: int) -> Iterator[list[ssl.SSLSocket]]:
    with ExitStack() as stack:
        sockets = []
        for _ in range(count):
            each = stack.enter_context(proxy.socket())
            each.sendall(b"POST /admin/ HTTP/1.1\r\nHost: desk.example.org\r\nContent-Length: 100000\r\n\r\na")
            sockets.append(each)
        time.sleep(0.3)
        yield sockets


def test_endless_bodies_reach_nothing_behind(proxy: Proxy) -> None:
    with endless(proxy, 60):
        began = time.monotonic()
        assert proxy.ask("/healthz")[0] == 200
        assert proxy.ask("/admin/", "POST", b"abc") == (200, b"3")
        assert time.monotonic() - began < 2
        assert ask(proxy.behind, "POST", "/admin/", b"abc")[2] == b"3", "no turn is taken behind"


def test_without_the_proxy_the_same_bodies_take_the_turns(proxy: Proxy) -> None:
    with ExitStack() as stack:
        for _ in range(10):
            each = stack.enter_context(socket.create_connection(("127.0.0.1", proxy.behind)))
            each.sendall(b"POST /admin/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\na")
        time.sleep(0.5)
        assert ask(proxy.behind, "POST", "/admin/", b"abc")[0] == 503


def test_nobody_chooses_an_address_or_a_scheme(proxy: Proxy) -> None:
    forged = {
        "X0Forwarded0For": "9.9.9.9",
        "X_Forwarded_For": "8.8.8.8",
        "X0Forwarded_For": "7.7.7.7",
        "x_forwarded0for": "6.6.6.6",
        "X0Forwarded0Proto": "http",
        "X_Forwarded_Proto": "http",
        "Forwarded": "for=5.5.5.5",
        "X0Forwarded0Host": "evil.example",
    }
    _, body = proxy.ask("/headers", **forged)
    assert orjson.loads(body) == {"HTTP_X_FORWARDED_FOR": "127.0.0.1", "HTTP_X_FORWARDED_PROTO": "https"}


def test_a_body_that_is_too_large_is_refused(proxy: Proxy) -> None:
    with closing(proxy.socket()) as client:
        client.sendall(b"POST /admin/ HTTP/1.1\r\nHost: desk.example.org\r\nContent-Length: 20000000\r\n\r\na")
        if proxy.name == "caddy":  # it reads as far as it may, and more would break the connection
            client.sendall(b"a" * 10_000_000)
        status = int(client.recv(1_000).split()[1])
    # Caddy 2.6 notices it in two places, of which one calls it a bad gateway.
    assert status in ({413} if proxy.name == "nginx" else {413, 502})


def test_server_sent_events_are_not_held_back(proxy: Proxy) -> None:
    with closing(proxy.connect()) as client:
        client.request("GET", "/events", headers={"Host": "desk.example.org"})
        response = client.getresponse()
        began = time.monotonic()
        assert response.read1(100).startswith(b"data: first")
        assert time.monotonic() - began < 1.5
        assert response.read().endswith(b"data: last\n\n")


def test_http_leads_to_https(proxy: Proxy) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", proxy.plain_port, timeout=10)) as client:
        client.request("GET", "/admin/", headers={"Host": "desk.example.org"})
        response = client.getresponse()
        assert response.status in (301, 308)
        assert (response.getheader("Location") or "").startswith("https://desk.example.org")


def test_no_log_has_queries_or_keys(proxy: Proxy, tmp_path: Path) -> None:
    """The second proxy has nothing behind it, so that it logs errors."""
    proxy.ask("/admin/?q=secret-words", Authorization="Bearer secret-words")
    proxy.ask("/account/password/reset/key/1-secret-words/")
    with running(proxy.name, tmp_path, free_port(0)) as alone:
        secrets = {"Authorization": "Bearer secret-words", "Cookie": "a=secret-words"}
        assert alone.ask("/admin/?key=secret-words", **secrets)[0] == 502
        time.sleep(0.2)
        assert "secret-words" not in alone.logged()
        assert proxy.name == "nginx" or "/admin/" in alone.logged(), "the control: Caddy logs the error"
    assert "secret-words" not in proxy.logged()
    if proxy.name == "nginx":
        assert '"GET /admin/" 200' in proxy.logged(), "the control: the access log is written"


def test_one_address_has_so_many_connections(proxy: Proxy) -> None:
    if proxy.name == "caddy":
        pytest.skip("Caddy has no such limit.")
    with endless(proxy, 100):
        assert proxy.ask("/admin/")[0] == 429
