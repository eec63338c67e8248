"""Whether the history in the database continues the last checkpoint; if not, nothing is signed on top of it.

Whoever owns the database can make all of it anew, but not what was signed: the last checkpoint in the data folder, and
the newest one outside.
"""

from collections.abc import Iterator

from django.conf import settings

from claims.models import Checkpoint, LogRestore, Publication
from claims.proof import keys, note, outside
from claims.proof.stored import fits_seals, latest_macs, newest, openings
from claims.publication import log_line
from claims.publication.site.log import has_site_entry
from sources.timestamp import timestamp

NEWEST = "newest_checkpoint"
"""A file in the data folder: whoever has the database alone cannot take the last checkpoint away."""


class BrokenHistory(keys.KeyProblem):
    """The history does not continue the last checkpoint. The message says what to do."""


def require() -> None:
    """Raise `BrokenHistory` unless what is in the database continues the last checkpoints."""
    for reason in broken():
        raise BrokenHistory(
            f"{reason} Nothing is sealed or signed on top of it. Run manage.py audit verify, and read docs/proof.md on "
            "findings before you accept the history as it is now: manage.py audit accept 'REASON'."
        )


def broken(*, quick: bool = False) -> Iterator[str]:
    """Why the history does not continue the last checkpoints, a sentence each; nothing if it does.

    `quick` leaves out seals, of which there are many, and what is outside.
    """
    last = newest()
    if last is None and Checkpoint.objects.exists():
        yield "No checkpoint in the database is by the keys of this installation."
    for where, kept in _kept(not quick and not restored()):
        name = f"The checkpoint of {kept.time} in {where}"
        if not Checkpoint.objects.filter(text__startswith=kept.signed + "\n").exists():
            if not any(kept.time < opening.time for _, opening in openings()):
                yield f"{name} is not in the database: {was_restored() or 'it was removed there'}."
        elif not _log_has(kept.size, kept.hash):
            yield f"{name} knows another hash of row {kept.size} of the log."
        elif not _site_log_has(kept):
            yield f"{name} knows another log of the site's complaints and pages."
    if last is not None:
        name = f"The last checkpoint, of {last.at:%Y-%m-%d %H:%M} UTC,"
        if not (_log_has(last.size, last.hash) and _log_has(last.head, last.head_hash)):
            yield f"{name} knows another log than the database has."
        elif not _site_log_has(note.read(last.text)):
            yield f"{name} knows another log of the site's complaints and pages than the database has."
        if not quick and not fits_seals(last, note.read(last.text), latest_macs(last.seal)):
            yield f"{name} does not fit the seals in the database."


def restored() -> dict[str, str]:
    """The line in which the first checkpoint after a restore says so; empty if there was none since the last one.

    A restore makes a new data folder, without a last checkpoint. Where there is one, a row that claims a restore is
    not believed.
    """
    last, restore = newest(), LogRestore.objects.order_by("-pk").first()
    if restore is None or (keys.folder() / NEWEST).exists() or (last is not None and restore.at < last.at):
        return {}
    return {"restored": f"{restore.sequence} {timestamp(restore.at)}"}


def was_restored() -> str:
    """That the log was restored, as the part of a sentence; empty if the database does not say so."""
    row = LogRestore.objects.order_by("-pk").first()
    return f"the database says that the log was restored to row {row.sequence} on {row.at:%Y-%m-%d}" if row else ""


def _kept(look_outside: bool) -> Iterator[tuple[str, note.Note]]:
    """The last checkpoint in the data folder and the newest one outside, as far as they can be read and are ours."""
    places = [("the data folder", str(keys.folder() / NEWEST))] if (keys.folder() / NEWEST).exists() else []
    to = str(settings.CHECKPOINT_TO)
    if look_outside and to and not to.startswith("http"):
        places.append((to, to))
    public = keys.all_public_keys()
    for where, place in places:
        try:
            text = outside.newest(place)
            each = note.read(text) if text else None
        except (outside.OutsideError, note.BadNote):
            continue  # the audit and `/healthz` tell of it
        if each is not None and any(each.is_signed_by(key) for key in public):
            yield where, each


def _log_has(sequence: int, hash: str) -> bool:
    if sequence == 0:
        return hash == log_line.NO_HASH
    return Publication.objects.filter(sequence=sequence, hash=hash).exists()


def _site_log_has(each: note.Note) -> bool:
    try:
        place = each.site
    except note.BadNote:
        return False
    return place is None or place == (0, log_line.NO_HASH) or has_site_entry(*place)
