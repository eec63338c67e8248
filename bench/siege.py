"""Measure how long health and desk take to respond while connections that never finish are held open.

    python bench/siege.py [--seconds 8] [--connections 300] [--addresses 8] [--port PORT]

The benchmark starts `manage.py up` without the demo in a temporary folder, or uses the server at PORT. Attacks, each
alone and then all together, from one loopback address and from several:

    bodies      requests whose body never ends; one byte more each second
    eight       eight of them, as many as the web once had threads
    idle        connections that have had one response and stay open
    half-open   connections that send nothing, or half of a header

Meanwhile `/healthz` and the desk's log-in page are requested ten times a second, and a small POST is sent from another
address; the table gives the p50, p99 and maximum of their wall time. A request that fails counts as 10 s. The targets
are 1 s for health and 2 s for the desk.
"""

import argparse
import http.client
import json
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

import database_template  # noqa: E402

FAILED = 10.0  # seconds
LIMITS = {"health": 1.0, "desk": 2.0}
ATTACKS = ("none", "eight", "bodies", "idle", "half-open", "together")
HOST = b"Host: 127.0.0.1\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n"
BODY = b"POST /account/login/ HTTP/1.1\r\n%b" + FORM + b"\r\na"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8, help="duration of each attack")
    parser.add_argument("--connections", type=int, default=300, help="of each kind")
    parser.add_argument("--addresses", type=int, default=8, help="loopback addresses of the second round")
    parser.add_argument("--port", type=int, help="of a server that runs already")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    rows = []
    with running(options.port) as port:
        print(f"{'attack':<10} {'addresses':>9}  {'what':<7} {'asked':>5} {'p50':>7} {'p99':>7} {'max':>7}  refused")
        for addresses in (1, options.addresses):
            for attack in ATTACKS:
                if attack == "none" and addresses > 1:
                    continue
                for row in measure(port, attack, options.connections, addresses, options.seconds):
                    rows.append(row)
                    print(
                        f"{attack:<10} {addresses:>9}  {row['what']:<7} {row['requests']:>5} {row['p50']:>7.3f}"
                        f" {row['p99']:>7.3f} {row['max']:>7.3f}  {row['refused']}",
                        flush=True,
                    )
    missed = [row for row in rows if row["max"] > LIMITS.get(row["what"], FAILED)]
    print(json.dumps({"connections": options.connections, "missed": missed, "rows": rows}))


@contextmanager
def running(port: int | None) -> Iterator[int]:
    if port is not None:
        yield port
        return
    with tempfile.TemporaryDirectory(prefix="factcheck-siege-") as folder:
        database_template.copy_to(Path(folder))
        command = [sys.executable, "manage.py", "up", "--no-demo", "--port", "0", "--data", folder]
        up = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert up.stdout is not None
            ready = next((line for line in up.stdout if line.startswith("ready ")), "")
            if not ready:
                raise SystemExit("up ended before it was ready")
            yield int(ready.rsplit(":", 1)[1])
        finally:
            up.terminate()
            up.wait(30)


def measure(port: int, attack: str, connections: int, addresses: int, seconds: float) -> list[dict[str, Any]]:
    """Hold the attack's connections for so long, and ask meanwhile."""
    found: dict[str, list[tuple[float, int]]] = {"health": [], "desk": [], "post": []}
    over = threading.Event()
    asking = [
        threading.Thread(target=ask_often, args=(port, method, path, found[what], over))
        for what, method, path in (
            ("health", "GET", "/healthz"),
            ("desk", "GET", "/account/login/"),
            ("post", "POST", "/api/v1/tips/"),
        )
    ]
    for thread in asking:
        thread.start()
    try:
        with ExitStack() as stack:
            sockets: list[socket.socket] = []
            for kind, count in held(attack, connections).items():
                for number in range(count):
                    sockets.append(stack.enter_context(connected(port, number % addresses)))
                    begin(sockets[-1], kind, number)
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                time.sleep(1)
                if attack in ("eight", "bodies", "together"):
                    for each in sockets[: held(attack, connections).get("bodies", 0)]:
                        with suppress(OSError):  # it was refused
                            each.sendall(b"a")
    finally:
        over.set()
        for thread in asking:
            thread.join()
    return [summary(attack, addresses, what, results) for what, results in found.items()]


def held(attack: str, connections: int) -> dict[str, int]:
    """Connections by kind; those with bodies first."""
    if attack == "none":
        return {}
    if attack == "eight":
        return {"bodies": 8}
    kinds = ("bodies", "idle", "half-open") if attack == "together" else (attack,)
    return dict.fromkeys(kinds, connections)


def connected(port: int, number: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(f"127.0.7.{1 + number}", 0))


def begin(connection: socket.socket, kind: str, number: int) -> None:
    if kind == "bodies":
        connection.sendall(BODY % HOST)
    elif kind == "idle":
        connection.sendall(b"GET /static/factcheck/icon.svg HTTP/1.1\r\n%b\r\n" % HOST)
        connection.recv(100)
    elif number % 2:
        connection.sendall(b"GET / HTTP/1.1\r\nHos")


def ask_often(port: int, method: str, path: str, results: list[tuple[float, int]], over: threading.Event) -> None:
    while not over.wait(0.1):
        began = time.monotonic()
        status = ask(port, method, path)
        results.append((time.monotonic() - began if status else FAILED, status))


def ask(port: int, method: str, path: str) -> int:
    """The status; 0 if there was none within FAILED seconds."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=FAILED)) as client:
        try:
            client.request(method, path, b"{}" if method == "POST" else None, {"Content-Type": "application/json"})
            response = client.getresponse()
            response.read()
        except OSError:
            return 0
        return response.status


def summary(attack: str, addresses: int, what: str, results: list[tuple[float, int]]) -> dict[str, Any]:
    times = sorted(seconds for seconds, _ in results) or [FAILED]
    return {
        "attack": attack,
        "addresses": addresses,
        "what": what,
        "requests": len(results),
        "p50": round(times[len(times) // 2], 4),
        "p99": round(times[min(len(times) - 1, int(len(times) * 0.99))], 4),
        "max": round(times[-1], 4),
        "refused": sum(status == http.client.SERVICE_UNAVAILABLE and what == "post" for _, status in results),
        "failed": sum(not status or (status >= 500 and what != "post") for _, status in results),
    }


if __name__ == "__main__":
    main()
