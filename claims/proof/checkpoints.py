"""Write an hourly checkpoint of log and seals, signed, and keep it; what is sent outside is its text alone.

The text gives position and hash of the last log entry that everybody may read: the log ends there for strangers. Of the
site's own log it gives the last entry of before today, so that nobody learns at which hour a complaint came. What else
was true, the last entry of all and the last seal of each table, is in one keyed hash, `sealed`, from which nobody
without the key learns anything, not even whether somebody works on a draft.
"""

from contextlib import suppress
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claims.models import Checkpoint, Publication, Seal
from claims.models.publication import Audience
from claims.proof import continuity, keys, note, seals
from claims.proof.continuity import NEWEST
from claims.proof.keys import Keys
from claims.proof.stored import latest_macs, newest, previous, sealed
from claims.publication import log_proof
from claims.publication.site.log import site_end
from sources import atomic_file
from sources.database.locks import Lock, held
from sources.timestamp import timestamp

EVERY = timedelta(hours=1)
FIRST = "0" * 64


def origin() -> str:
    """The name of the log in its checkpoints: by setting, else by the first host name of the site."""
    if settings.CHECKPOINT_ORIGIN:
        return str(settings.CHECKPOINT_ORIGIN)
    public = (name.lstrip(".") for name in settings.ALLOWED_HOSTS if name not in {*settings.LOOPBACK, "*"})
    return f"{next(public, 'localhost')}/factcheck-log"


def write_due(*, every: timedelta = EVERY) -> Checkpoint | None:
    """Seal and write a checkpoint if the last one is `every` old. None if it is not, or if another process does.

    Raises `KeyProblem`.
    """
    last = newest()
    now = timezone.now()
    if last is not None and now - every < last.at <= now + every:  # later: the clock was wrong
        return None
    return write()


def write(
    *, patience: float = seals.PATIENCE, also_by: Ed25519PrivateKey | None = None, accepted: str = ""
) -> Checkpoint | None:
    """Seal and write a checkpoint now. None if another process does. `also_by` signs it too, when keys are replaced.

    It is not written where the history does not continue the last one, unless an administrator has `accepted` it: then
    the checkpoint says so to everybody. Raises `KeyProblem` and `BrokenHistory`.
    """
    with held(Lock.SEAL) as alone:
        if not alone:
            return None
        used = keys.current()
        if not accepted:
            continuity.require()
        seals.seal_all(used, patience=patience)
        with transaction.atomic():
            said = {"accepted": accepted} if accepted else continuity.restored()
            checkpoint = _made(used, [used.checkpoint, *([also_by] if also_by else [])], said)
            checkpoint.save(force_insert=True)
    with suppress(OSError):  # a full disk must not stop checkpoints from leaving
        atomic_file.write(keys.folder() / NEWEST, checkpoint.text)
    return checkpoint


def _made(used: Keys, signers: list[Ed25519PrivateKey], said: dict[str, str]) -> Checkpoint:
    before = newest()
    size = log_proof.end(Audience.PUBLIC)
    head = Publication.objects.order_by("-sequence").values_list("sequence", "hash").first() or (0, FIRST)
    # Later than the one before, by whatever clock: files outside are named by their time.
    at = max(timezone.now(), before.at + timedelta(microseconds=1)) if before else timezone.now()
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
        "site": note.place(*site_end()),
        "sealed": sealed(used.seal, at, head, latest_macs(last_seal)),
        **said,
    }
    checkpoint.text = note.write(origin(), size, checkpoint.hash, extensions, signers)
    return checkpoint
