"""Make every public page into a file: from the start pages and each published claim, along their links."""

import gzip
from collections import deque
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import resolve
from django.utils.translation import override

from claims.models.publication import Audience
from claims.public.bodies import current, events_of
from claims.public.mirror.addresses import OF_A_CLAIM, STARTS, target
from claims.public.mirror.files import Folder
from claims.public.mirror.rewrite import rewritten
from claims.public.page import ROUTES, base_of, site
from claims.public.proof.entries import signed
from claims.public.proof.log import site_log_lines
from claims.public.state import state
from claims.public.static_files import static_file
from claims.publication import log_proof

_BATCH = 1_000


def export(path: Path, *, host: str, secure: bool) -> Folder:
    """Bring the folder to what readers read now. Raises `NotAMirror`.

    A page that was made for the same state of the site is not made again; a file is written if it differs.
    """
    folder = Folder(path)
    made = _Export(folder, host, secure)
    made.run()
    folder.finish()
    return folder


class _Request(WSGIRequest):
    """A request for a page of the live site, whose host need not be one that this process answers."""

    def get_host(self) -> str:
        return str(self.META["HTTP_HOST"])


class _Export:
    def __init__(self, folder: Folder, host: str, secure: bool) -> None:
        self.folder = folder
        self.host, self.secure = host, secure
        self.base = base_of(self.request("/"))
        self.state = f"{state().decode()} {self.base}"
        self.waiting: deque[str] = deque()
        self.seen: set[str] = set()
        self.static: set[str] = set()

    def run(self) -> None:
        self._ask(STARTS)
        for claim in self._claims():
            self._ask(address.format(claim) for address in OF_A_CLAIM)
            self._pages()
            self._bodies(claim)
        self._pages()
        self._record()
        for name in sorted(self.static):
            self._write(name.strip("/"), static_file(name.removeprefix(settings.STATIC_URL)))

    def request(self, address: str) -> HttpRequest:
        parts = urlsplit(address)
        scheme, port = ("https", "443") if self.secure else ("http", "80")
        environ = {
            "REQUEST_METHOD": "GET",
            "HTTP_HOST": self.host,
            "SERVER_NAME": self.host,
            "SERVER_PORT": port,
            "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1"),
            "QUERY_STRING": parts.query,
            "wsgi.url_scheme": scheme,
            "wsgi.input": BytesIO(),
        }
        request = _Request(environ)
        request.is_mirror = True  # type: ignore[attr-defined]
        return request

    def _claims(self) -> Iterator[str]:
        last = 0
        while rows := list(
            current().filter(claim__gt=last).order_by("claim").values_list("claim", "claim_public_id")[:_BATCH]
        ):
            last = rows[-1][0]
            yield from (name for _, name in rows)

    def _ask(self, addresses: Iterable[str]) -> None:
        for address in addresses:
            if address not in self.seen:
                self.seen.add(address)
                self.waiting.append(address)

    def _pages(self) -> None:
        while self.waiting:
            self._page(self.waiting.popleft())

    def _page(self, address: str) -> None:
        found = target(address)
        if found is None:
            return
        # What a proof shows depends on checkpoints, too.
        known = None if "/proof" in address else self.folder.known(found.file, self.state)
        if known is None:
            response = self._response(address)
            if not found.file.endswith(".html"):
                self._write(found.file, response.content)
                return
            page = rewritten(response.content.decode(), address=address, file=found.file, base=self.base)
            known = self.folder.write(
                found.file, page.text.encode(), state=self.state, links=page.links, static=page.static
            )
        else:
            self.folder.keep(known)
        self._ask(known.links)
        self.static.update(known.static)

    def _response(self, address: str) -> HttpResponse:
        """The page as the site gives it; one that says where it is if there is none, so that no link is broken."""
        request = self.request(address)
        match = resolve(request.path_info, ROUTES)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        if response.status_code in (200, 410):
            return response
        with override(settings.READERS_LANGUAGE):
            frame = {"site": site(request), "title": "404", "here": request.path, "live": f"{self.base}{address}"}
            return HttpResponse(render_to_string("readers/mirror/elsewhere.html", frame))

    def _bodies(self, claim: str) -> None:
        """What was published of a claim, byte for byte, as docs/verify_history.py takes it after --claims."""
        bodies = [event.body for event in events_of(claim) if event.body is not None]
        self._write(f"claims/{claim}/bodies.ndjson.gz", _gzip(b"".join(body + b"\n" for body in bodies)))

    def _record(self) -> None:
        """The newest signature and both logs, as the script takes them after --checkpoint and --log."""
        if checkpoint := signed():
            self._write("proof/checkpoint.txt", checkpoint.text.encode())
        end = log_proof.end(Audience.PUBLIC)
        rows = log_proof.rows_until(end, audience=Audience.PUBLIC, batch=_BATCH)
        self.folder.write_compressed("proof/site-log.ndjson.gz", site_log_lines())
        self.folder.write_compressed(
            "proof/log.ndjson.gz", (b"".join(row.json + b"\n" for row in batch) for batch in rows)
        )

    def _write(self, file: str, content: bytes) -> None:
        self.folder.write(file, content, state="", links=[], static=[])


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
