"""Write an hourly checkpoint of log and seals, signed, and keep it; what is sent outside is its text alone.

The text gives position and hash of the last log entry that everybody may read: the log ends there for strangers. What
else was true, the last entry of all and the last seal of each table, is in one keyed hash, `sealed`, from which nobody
without the key learns anything, not even whether somebody works on a draft.
"""

import hmac
import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claims.models import Checkpoint, Publication, Seal
from claims.models.publication import Audience
from claims.proof import keys, note, seals
from claims.proof.keys import Keys
from claims.publication import log_proof
from sources.database.locks import Lock, held
from sources.timestamp import timestamp

EVERY = timedelta(hours=1)
NEWEST = "newest_checkpoint"
"""A file in the data folder: whoever has the database alone cannot take the last checkpoint away."""
FIRST = "0" * 64
_LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "*"}


def origin() -> str:
    """The name of the log in its checkpoints: by setting, else by the first host name of the site."""
    if settings.CHECKPOINT_ORIGIN:
        return str(settings.CHECKPOINT_ORIGIN)
    host = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name not in _LOOPBACK), "localhost")
    return f"{host}/factcheck-log"


def write_due(*, every: timedelta = EVERY) -> Checkpoint | None:
    """Seal and write a checkpoint if the last one is `every` old. None if it is not, or if another process does.

    Raises `KeyProblem`.
    """
    newest = Checkpoint.objects.order_by("-pk").first()
    if newest is not None and newest.at > timezone.now() - every:
        return None
    return write()


def write(*, patience: float = seals.PATIENCE, also_by: Ed25519PrivateKey | None = None) -> Checkpoint | None:
    """Seal and write a checkpoint now. None if another process does. `also_by` signs it too, when keys are replaced.

    Raises `KeyProblem`.
    """
    with held(Lock.SEAL) as alone:
        if not alone:
            return None
        used = keys.current()
        seals.seal_all(used, patience=patience)
        with transaction.atomic():
            checkpoint = _made(used, [used.checkpoint, *([also_by] if also_by else [])])
            checkpoint.save(force_insert=True)
    with suppress(OSError):  # a full disk must not stop checkpoints from leaving
        _keep(keys.folder() / NEWEST, checkpoint.text)
    return checkpoint


def _made(used: Keys, signers: list[Ed25519PrivateKey]) -> Checkpoint:
    before = Checkpoint.objects.order_by("-pk").first()
    size = log_proof.end(Audience.PUBLIC)
    head = Publication.objects.order_by("-sequence").values_list("sequence", "hash").first() or (0, FIRST)
    at = max(timezone.now(), before.at) if before else timezone.now()
    last_seal = Seal.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    checkpoint = Checkpoint(
        at=at,
        size=size,
        hash=log_proof.hash_at(size),
        head=head[0],
        head_hash=head[1],
        seal=last_seal,
        seal_key=used.seal_id,
        key=used.public,
    )
    extensions = {
        "format": note.FORMAT,
        "time": timestamp(at),
        "previous": previous(before.text if before else None),
        "sealed": sealed(used.seal, at, head, latest_macs(last_seal)),
    }
    checkpoint.text = note.write(origin(), size, checkpoint.hash, extensions, signers)
    return checkpoint


def previous(text: str | None) -> str:
    """How a checkpoint names the one before; `text` is None for the first."""
    return note.text_sha256(note.read(text).signed if text else "")


def latest_macs(last_seal: int) -> dict[str, str]:
    """The `mac` of each table's newest seal, among those up to this one."""
    rows = Seal.objects.filter(pk__lte=last_seal).order_by("table", "-pk").distinct("table")
    return dict(rows.values_list("table", "mac"))


def sealed(key: bytes, at: datetime, head: tuple[int, str], macs: dict[str, str]) -> str:
    """The keyed hash of the log's last entry and of all seals at this time."""
    lines = ["factcheck-sealed/1", timestamp(at), f"{head[0]} {head[1]}", *(f"{t} {macs[t]}" for t in sorted(macs))]
    return hmac.digest(key, "".join(f"{line}\n" for line in lines).encode(), "sha256").hex()


def _keep(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    fresh.write_text(text)
    fresh.chmod(0o600)
    fresh.replace(path)
