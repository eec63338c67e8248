"""A mail server on loopback that keeps what it gets, and refuses what it was told to refuse."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


class MailServer(socketserver.ThreadingTCPServer):
    """`refusals` maps recipients to the code with which each is refused; `slow` holds every answer back."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.received: list[tuple[list[str], EmailMessage]] = []
        self.refusals: dict[str, int] = {}
        self.data_code = 250

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def mails(self) -> list[EmailMessage]:
        return [mail for _, mail in self.received]


class _Session(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        self._say(220, "ready")
        recipients: list[str] = []
        while line := self.rfile.readline():
            verb = line.decode("ascii", "replace").strip().upper()
            if verb.startswith(("EHLO", "HELO", "MAIL", "NOOP", "RSET")):
                self._say(250, "ok")
            elif verb.startswith("RCPT"):
                address = line.decode().strip().partition(":")[2].split(">")[0].lstrip("<")
                code = self.server.refusals.get(address, 250)
                if code == 250:
                    recipients.append(address)
                self._say(code, "as you say")
            elif verb == "DATA":
                self._say(354, "go on")
                self._read(recipients)
                recipients = []
            else:
                self._say(221 if verb == "QUIT" else 502, "good bye")
                if verb == "QUIT":
                    return

    def _read(self, recipients: list[str]) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        if self.server.data_code == 250:
            mail = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.server.received.append((recipients, mail))
        self._say(self.server.data_code, "kept")

    def _say(self, code: int, words: str) -> None:
        self.wfile.write(f"{code} {words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
