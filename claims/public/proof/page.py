"""The page that says how to verify a claim's history without trusting us, the same as a file, and the script."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from claims.public import wording
from claims.public.bodies import MOST_EVENTS, PublicClaim, events_of, public_claim
from claims.public.page import address, finished, page, readers_page
from claims.public.proof.entries import Signed, file_of, rows_of, signed
from claims.publication.log_proof import ProofRow

SCRIPTS = {name: Path(settings.BASE_DIR) / "docs" / f"{name}.py" for name in ("verify_history", "verify_register")}


@dataclass(frozen=True)
class Shown:
    """An entry of the log as the page shows it."""

    sequence: int
    on: str
    label: str
    version: str
    line: str
    line_sha256: str
    hash: str
    salt: str
    removed: bool
    covered: bool


@readers_page
def proof(request: HttpRequest, id: str) -> HttpResponse:
    """The page for the claim with this public id; made anew each time, for it changes with each checkpoint."""
    found = _found(id)
    checkpoint = signed()
    text = found.body["text"] if found.body else ""
    context = {
        "id": id,
        "text": text,
        "language": found.body["language"] if found.body else "",
        "entries": [_shown(row, checkpoint) for row in rows_of(id)],
        "most": MOST_EVENTS,
        "checkpoint": checkpoint,
        "signed_on": wording.day(checkpoint.at) if checkpoint else "",
        "is_mirror": getattr(request, "is_mirror", False),
        "command": _command(request, id) if checkpoint else "",
    }
    return page(request, "readers/proof/page.html", context, title=_("Verify this history"), keep=False)


@readers_page
def proof_file(request: HttpRequest, id: str) -> HttpResponse:
    """The proof as JSON."""
    return finished(proof_of(request, _found(id)), "application/json", keep=False)


@readers_page
def proof_script(request: HttpRequest, name: str) -> HttpResponse:
    """A script of docs/, to read and to run."""
    return finished(_script(name), "text/plain; charset=utf-8")


def proof_of(request: HttpRequest, claim: PublicClaim) -> bytes:
    """The file of a claim's proof; without any words once the words of the claim were removed."""
    events = [] if claim.body is None else list(events_of(claim.id))
    return file_of(request, claim.id, events, signed())


def _found(id: str) -> PublicClaim:
    found = public_claim(id)
    if found is None:
        raise Http404
    return found


def _shown(row: ProofRow, checkpoint: Signed | None) -> Shown:
    fields = (row.line or "").split("\n")
    return Shown(
        sequence=row.sequence,
        on=wording.day(fields[2]),
        label=wording.event(fields[3]),
        version=fields[8],
        line=row.line or "",
        line_sha256=row.line_sha256,
        hash=row.hash,
        salt=row.salt.hex() if row.salt else "",
        removed=row.salt is None,
        covered=checkpoint is not None and row.sequence <= checkpoint.size,
    )


def _command(request: HttpRequest, id: str) -> str:
    if getattr(request, "is_mirror", False):  # which has the same as files
        record = "--checkpoint proof/checkpoint.txt --log proof/log.ndjson.gz"
        return f"python proof/verify_history.py {id} --key KEY {record} --claims claims/{id}/bodies.ndjson.gz"
    file, log = address(request, "proof_file", id), address(request, "proof_log")
    return f"python verify_history.py {id} --key KEY --checkpoint {file} --log {log} --feed {file}"


@cache
def _script(name: str) -> bytes:
    return SCRIPTS[name].read_bytes()
