"""Bodies that never end, connections that stay silent and clients that read slowly, against a real server."""

import http.client
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager

import orjson
import pytest

from factcheck.management.commands.up import free_port
from factcheck.web import body_gate
from tests.running_demo import ROOT

SOME = "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n{more}\r\na"


@contextmanager
def served(application: str) -> Iterator[int]:
    port = free_port(0)
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--http", "1", "--no-ws"),
        *("--blocking-threads", str(body_gate.THREADS), "--log-level", "error", "--workers-kill-timeout", "1"),
        f"tests.factcheck.web.gated_app:{application}",
    ]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with closing(socket.socket()) as probe:
                if not probe.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served("gated") as number:
        yield number


@contextmanager
def endless(port: int, count: int, *, path: str = "/admin/", more: str = "", addresses: int = 1) -> Iterator[None]:
    """Connections that have sent the first byte of a long body, from loopback addresses in turns."""
    with ExitStack() as stack:
        for number in range(count):
            source = (f"127.0.1.{1 + number % addresses}", 0)
            each = stack.enter_context(socket.create_connection(("127.0.0.1", port), source_address=source))
            each.sendall(SOME.format(path=path, length=100_000, more=more).encode())
        time.sleep(0.2)
        yield


def ask(
    port: int, method: str = "GET", path: str = "/", body: bytes | None = None, timeout: float = 5, source: str = ""
) -> tuple[int, dict[str, str], bytes]:
    with closing(
        http.client.HTTPConnection("127.0.0.1", port, timeout=timeout, source_address=(source, 0) if source else None)
    ) as client:
        client.request(method, path, body)
        response = client.getresponse()
        return response.status, dict(response.getheaders()), response.read()


def slowest_read(port: int) -> float:
    worst = 0.0
    for path in ("/healthz", "/admin/") * 5:
        began = time.monotonic()
        assert ask(port, path=path)[0] == 200
        worst = max(worst, time.monotonic() - began)
    return worst


class TestEndlessBodies:
    @pytest.mark.parametrize("addresses", [1, 60])
    def test_reads_go_on(self, port: int, addresses: int) -> None:
        with endless(port, 60, addresses=addresses):
            assert slowest_read(port) < 1

    def test_without_the_gate_they_take_every_thread(self) -> None:
        with served("bare") as bare, endless(bare, 60), pytest.raises(TimeoutError):
            ask(bare, path="/healthz", timeout=3)

    def test_other_addresses_still_send_bodies(self, port: int) -> None:
        with endless(port, 60, addresses=1):
            assert ask(port, "POST", body=b"abc")[2] == b"3"

    def test_the_rest_is_refused_with_a_time_to_try_again(self, port: int) -> None:
        with endless(port, 60, addresses=1):
            status, headers, body = ask(port, "POST", "/api/v1/drafts/", b"abc", source="127.0.1.1")
            assert status == 503 and headers["retry-after"] == "5" and headers["connection"] == "close"
            problem = orjson.loads(body)
            assert problem["type"] == "urn:factcheck:problem:busy"
            assert problem["request_id"] == headers["x-request-id"]
            status, _, body = ask(port, "POST", "/v1alpha1/pages", b"abc", source="127.0.1.1")
            assert (status, orjson.loads(body)["error"]["status"]) == (503, "UNAVAILABLE")
            assert b"Nothing was saved" in ask(port, "POST", "/admin/", b"abc", source="127.0.1.1")[2]

    def test_turns_come_back_when_the_clients_go(self, port: int) -> None:
        with endless(port, 60, addresses=60):
            assert ask(port, "POST", body=b"abc")[0] == 503
        deadline = time.monotonic() + 5
        while (status := ask(port, "POST", body=b"abc")[0]) == 503 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert status == 200

    def test_a_read_with_a_body_waits_for_its_turn_too(self, port: int) -> None:
        with endless(port, 60, addresses=60):
            assert ask(port, "GET", "/", b"abc")[0] == 503

    def test_behind_a_proxy_the_address_is_the_one_it_appended(self) -> None:
        with served("behind_a_proxy") as behind, endless(behind, 20, more="X-Forwarded-For: 1.1.1.1, 8.8.8.8\r\n"):
            statuses = []
            for forwarded in ("8.8.8.8", "1.1.1.1"):
                with closing(http.client.HTTPConnection("127.0.0.1", behind, timeout=5)) as client:
                    client.request("POST", "/", b"abc", {"X-Forwarded-For": forwarded})
                    statuses.append(client.getresponse().status)
            assert statuses == [503, 200]


class TestHonestBodies:
    def test_a_burst_of_one_address_is_not_refused(self, port: int) -> None:
        with ThreadPoolExecutor(50) as pool:
            for _ in range(4):
                statuses = list(pool.map(lambda _: ask(port, "POST", body=b"x" * 20_000)[0], range(50)))
                assert Counter(statuses) == {200: 50}

    @pytest.mark.parametrize("length", [0, 1, 65_536, 200_000, 2_500_000])
    def test_a_body_arrives_whole(self, port: int, length: int) -> None:
        assert ask(port, "POST", body=b"x" * length)[2] == str(length).encode()

    @pytest.mark.parametrize(
        "path, length, expected",
        [("/admin/", 10_000_001, 413), ("/admin/", 10**17, 400), ("/api/v1/drafts/", 10_000_001, 200)],
    )
    def test_a_body_that_is_too_long_is_not_read(self, port: int, path: str, length: int, expected: int) -> None:
        """The REST interface answers by the length alone, so that its requests go on without a body."""
        with closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as client:
            client.sendall(SOME.format(path=path, length=length, more="Expect: 100-continue\r\n").encode())
            answer = client.recv(1_000)
        assert answer.startswith(f"HTTP/1.1 {expected} ".encode())

    def test_a_body_in_chunks_is_left_to_the_application(self, port: int) -> None:
        with closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as client:
            client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
            answer = client.recv(1_000)
        assert answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(b"\r\n\r\n0")

    def test_a_client_that_asks_first_is_told_to_continue(self, port: int) -> None:
        with closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as client:
            client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
            assert client.recv(1_000).startswith(b"HTTP/1.1 100 Continue")
            client.sendall(b"abc")
            assert client.recv(1_000).endswith(b"\r\n\r\n3")


class TestSlowReaders:
    def test_they_keep_no_thread(self, port: int) -> None:
        with slow_readers(port, body_gate.THREADS + 4):
            assert slowest_read(port) < 1

    def test_without_the_gate_they_take_every_thread(self) -> None:
        with served("bare") as bare, slow_readers(bare, body_gate.THREADS + 4), pytest.raises(TimeoutError):
            ask(bare, path="/healthz", timeout=3)


@contextmanager
def slow_readers(port: int, count: int) -> Iterator[None]:
    with ExitStack() as stack:
        for _ in range(count):
            each = stack.enter_context(socket.socket())
            each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
            each.connect(("127.0.0.1", port))
            each.sendall(b"GET /static/ HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(1)  # until their responses are made
        yield
