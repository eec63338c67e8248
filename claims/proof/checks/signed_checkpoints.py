"""Compare checkpoints, those stored and those kept outside, with log and seals.

A log that was cut at its end, or made anew with right hashes from any row on, has no other trace.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from django.conf import settings

from claims.models import Checkpoint, Seal
from claims.proof import keys, note, outside, stored
from claims.proof.checks.log_hashes import LogHashes
from claims.proof.continuity import NEWEST, was_restored
from claims.proof.finding import Finding
from sources.timestamp import timestamp

OF_DATA_FOLDER = "the data folder"
LISTED = 5
"""Findings of one kind that are listed one by one."""
_UNSIGNED = "are signed by none of the keys in the data folder"
_Kind = tuple[str, str]  # what the checkpoint does, and a sentence


def log_hashes(given: Iterable[note.Note]) -> LogHashes:
    """For the hashes of the publication log at the entries that checkpoints name."""
    rows = Checkpoint.objects.values_list("size", "head")
    wanted = {sequence for row in rows for sequence in row} | {each.size for each in given}
    return LogHashes("the log", "row", "rows", wanted=wanted)


def given(place: str | None) -> tuple[list[tuple[str, note.Note]], list[Finding]]:
    """The checkpoints kept outside, each with where it was, and what is wrong with them as they are."""
    notes: list[tuple[str, note.Note]] = []
    findings: list[Finding] = []
    place = place if place is not None else str(settings.CHECKPOINT_TO)
    # What was sent by POST can be read by whoever received it alone.
    readable = place if place and not (place == settings.CHECKPOINT_TO and place.startswith("http")) else ""
    newest = keys.folder() / NEWEST
    texts = [(OF_DATA_FOLDER, str(newest))] if newest.exists() else []
    for where, path in [*texts, *([(readable, readable)] if readable else [])]:
        try:
            for text in outside.read(path):
                try:
                    notes.append((where, note.read(text)))
                except note.BadNote:
                    findings.append(_finding(f"A checkpoint in {where} is damaged: it is no signed note."))
        except outside.OutsideError as error:
            findings.append(_finding(str(error)))
    return notes, findings


def compared(notes: list[tuple[str, note.Note]], log: LogHashes, site: LogHashes) -> Iterator[Finding]:
    """Verify all checkpoints, after both logs were seen whole. A few of each kind are listed, the rest is counted."""
    public = keys.all_public_keys()
    if not public and (notes or Checkpoint.objects.exists()):
        yield _finding(f"The data folder has no {keys.CHECKPOINT_KEY}, so that nobody can say who signed checkpoints.")
    if not keys.all_seal_keys() and Checkpoint.objects.exists():
        yield _finding(f"The data folder has no {keys.SEAL_KEY}, so that nobody can compare checkpoints with seals.")
    by_time: dict[str, str] = {}
    openings: list[str] = []
    outside_ones = (
        each
        for where, text in notes
        if text.time in by_time or not any(text.time < opening for opening in openings)
        for each in _kept_outside(where, text, public, log, site, by_time)
    )
    counted: Counter[str] = Counter()
    found = chain(_stored(public, log, site, by_time, openings), outside_ones, _arrived(notes))
    for kind, sentence in found:
        counted[kind] += 1
        if counted[kind] <= LISTED:
            yield _finding(sentence)
    for kind, number in counted.items():
        if number > LISTED:
            yield _finding(f"{number - LISTED:,} more checkpoints {kind}.")


def _stored(
    public: set[str], log: LogHashes, site: LogHashes, by_time: dict[str, str], openings: list[str]
) -> Iterator[_Kind]:
    """Those in the database. `by_time` is told the text of each, and `openings` when history was begun anew.

    A checkpoint that says so, signed, explains older ones outside that the database does not have.
    """
    seals = Seal.objects.order_by("pk").values_list("pk", "table", "mac").iterator()
    waiting = next(seals, None)
    macs: dict[str, str] = {}
    text: str | None = None
    for row in Checkpoint.objects.order_by("at", "pk").iterator():  # ids can be chosen by whoever adds false ones
        name = f"The checkpoint of {row.at:%Y-%m-%d %H:%M} UTC"
        while waiting and waiting[0] <= row.seal:
            macs[waiting[1]] = waiting[2]
            waiting = next(seals, None)
        try:
            each = note.read(row.text)
        except note.BadNote:
            yield "are damaged", f"{name} in the database is damaged: it is no signed note."
            continue
        by_time[each.time] = each.signed
        if public and not any(each.is_signed_by(key) for key in public):
            yield _UNSIGNED, f"{name} in the database is signed by none of the keys in the data folder."
            continue
        if stored.OPENINGS & each.extensions.keys():
            openings.append(each.time)
        if each.extensions.get("previous") != stored.previous(text):
            yield "do not follow the one before", f"{name} does not follow the one before: checkpoints were removed."
        text = row.text
        yield from _holds(name, each.size, each.hash, log)
        if row.head != each.size:
            yield from _holds(name, row.head, row.head_hash, log)
        yield from _site_holds(name, each, site)
        if not stored.is_described(row, each):
            yield "have columns of others", f"{name} has columns in the database that its text does not have."
        if not stored.fits_seals(row, each, macs):
            sentence = f"{name} does not fit the seals of its time: seals were removed or added."
            yield "do not fit the seals of their time", sentence


def _arrived(notes: list[tuple[str, note.Note]]) -> Iterator[_Kind]:
    """Whether the last that arrived outside is still there."""
    place = str(settings.CHECKPOINT_TO)
    there = {each.time for where, each in notes if where == place}
    last = next((row for row in stored.ours() if hasattr(row, "delivery")), None)
    if place and not place.startswith("http") and last is not None and timestamp(last.at) not in there:
        name = f"The checkpoint of {last.at:%Y-%m-%d %H:%M} UTC"
        yield "have gone", f"{name} arrived in {place} and is not there any more: it was removed, or cannot be read."


def _kept_outside(
    where: str, each: note.Note, public: set[str], log: LogHashes, site: LogHashes, by_time: dict[str, str]
) -> Iterator[_Kind]:
    name = f"The checkpoint of {each.time} in {where}"
    if public and not any(each.is_signed_by(key) for key in public):
        yield _UNSIGNED, f"{name} is signed by none of the keys in the data folder."
        return
    if each.time not in by_time:
        sentence = f"{name} is not in the database: {was_restored() or 'it was removed there'}."
        yield f"in {where} are not in the database", sentence
    elif by_time[each.time] != each.signed:
        yield f"in {where} are others than the database has", f"{name} is another one than the database has."
    yield from _holds(name, each.size, each.hash, log)
    yield from _site_holds(name, each, site)


def _holds(name: str, sequence: int, hash: str, log: LogHashes) -> Iterator[_Kind]:
    if (here := log.at(sequence)) == hash:
        return
    entry = f"{log.entry} {sequence} of {log.log}"
    if here is None:
        sentence = f"{name} knows {entry}, which ends at {log.entry} {log.end}: {log.entries} were cut off."
        yield f"know {log.entries} that were cut off", sentence
    else:
        yield f"know other hashes of {log.log}", f"{name} knows another hash of {entry}: {log.log} was rewritten."


def _site_holds(name: str, each: note.Note, site: LogHashes) -> Iterator[_Kind]:
    try:
        place = each.site
    except note.BadNote as error:
        yield f"name no entry of {site.log}", f"{name}: {error}"
        return
    if place is not None:
        yield from _holds(name, *place, site)


def _finding(sentence: str) -> Finding:
    return Finding("checkpoints", sentence)
