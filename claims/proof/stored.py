"""The checkpoints in the database that are really ours, and the seals that they name.

The role *app* may add rows, so that ids, columns and deliveries can be anybody's; signatures cannot.
"""

import hmac
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from claims.models import Checkpoint, Seal
from claims.proof import keys, note
from sources.timestamp import timestamp

OPENINGS = {"accepted", "restored"}
_TIMES = datetime(2000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def newest() -> Checkpoint | None:
    """The newest checkpoint by a key of the data folder; of any key if the folder has none, as on hosts of the web.

    By its time: ids can be chosen by whoever adds false ones.
    """
    return next(ours(), None)


def ours() -> Iterator[Checkpoint]:
    """Those by a key of the data folder, or all if it has none; the newest first."""
    public = keys.all_public_keys()
    rows = Checkpoint.objects.filter(at__range=_TIMES).select_related("delivery").order_by("-at", "pk")
    for row in rows.iterator(chunk_size=10):
        try:
            if (not public or row.key in public) and is_described(row, note.read(row.text)):
                yield row
        except note.BadNote:
            continue


def openings() -> Iterator[tuple[Checkpoint, note.Note]]:
    """Those of ours that say that history was begun anew, accepted or restored; the newest first.

    They explain older checkpoints elsewhere that the database does not have.
    """
    for row in ours():
        each = note.read(row.text)
        if OPENINGS & each.extensions.keys():
            yield row, each


def is_described(row: Checkpoint, each: note.Note) -> bool:
    """Whether the columns, which are not signed, say what the text says."""
    said = (row.size, row.hash, timestamp(row.at)) == (each.size, each.hash, each.time)
    return said and re.fullmatch("[0-9a-f]{64}", row.key) is not None and each.is_signed_by(row.key)


def fits_seals(row: Checkpoint, each: note.Note, macs: dict[str, str]) -> bool:
    """Whether the checkpoint was made with these seals, by any key that the data folder has; true if it has none.

    No signature covers which key it was, so that all are tried.
    """
    secrets = keys.all_seal_keys().values()
    expected = {sealed(key, row.at, (row.head, row.head_hash), macs) for key in secrets}
    return not expected or each.extensions.get("sealed") in expected


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


def undelivered(*, since_first: bool = False) -> list[Checkpoint]:
    """Those of ours that have not arrived outside since the last that did, in order.

    If none ever did, the newest alone, for those from before the setting are not sent; or all of them.
    """
    waiting: list[Checkpoint] = []
    for row in ours():
        if hasattr(row, "delivery"):
            break
        waiting.append(row)
    else:
        waiting = waiting if since_first else waiting[:1]
    return waiting[::-1]
