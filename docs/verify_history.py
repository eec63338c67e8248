"""Verify the history of a published review without trusting whoever published it. Needs Python 3.11 and `cryptography`.

    python verify_history.py REVIEW --checkpoint FILE --key KEY --log FILE|URL … [--claims FILE …] [--feed URL]

REVIEW is the id of a review or a claim. --checkpoint: a file, best one that somebody else has kept, or the address
/api/v1/checkpoints/. --key: the public key, 64 hexadecimal digits, from where the desk has published it. --log: the
…-log.ndjson.gz of a dump, the address /api/v1/log/, or both: the address continues the file. --claims: the
…-claims.ndjson.gz of dumps. --feed: the address /api/v1/feed/, for earlier versions; an API key is read from KEY.
Exit code 0 if all that could be compared agrees, else 1. It says itself what is proved and what is not."""

import argparse
import base64
import gzip
import hashlib
import json
import os
import re
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Forged(Exception): ...


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def say(text):
    print("".join(char if char.isprintable() else "?" for char in text))  # nothing that a terminal obeys


def get(address, place=None):
    """What the address answers; one that `place` has named must be of its host, and the checkpoint's gets no key."""
    if not address.startswith("http") or (place and urlsplit(address)[:2] != urlsplit(place)[:2]):
        raise Forged(f"The next address, {address!r}, is not of the same host.")
    headers = {"Authorization": f"Bearer {os.environ['KEY']}"} if place and "KEY" in os.environ else {}
    return urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=60).read().decode()


def checkpoint_of(place, key):
    """Size, hash and further lines of a checkpoint of which a signature is by the key."""
    text = json.loads(get(place))["checkpoint"] if place.startswith("http") else Path(place).read_text()
    signed, _, signatures = text.partition("\n\n")
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
    for name, code in re.findall("^— ([^ ]+) ([A-Za-z0-9+/=]+)$", signatures, re.MULTILINE):
        raw = base64.b64decode(code)
        if raw[:4] == sha256(name.encode(), b"\n\x01", bytes.fromhex(key))[:4]:
            public.verify(raw[4:], f"{signed}\n".encode())
            break
    else:
        raise Forged("The checkpoint is not signed by this key.")
    origin, size, hash_, *rest = signed.split("\n")
    said = dict(each.partition(" ")[::2] for each in rest)
    if not re.fullmatch("0|[1-9][0-9]{0,17}", size) or said.get("format") != "factcheck-checkpoint/1":
        raise Forged("The checkpoint has another form than this script reads.")
    again = "".join(f" It says: history was {each} anew." for each in ("accepted", "restored") if each in said)
    say(f"The checkpoint of {said.get('time')}, of the log {origin}, is signed by the key you gave.{again}")
    return int(size), base64.b64decode(hash_), said


def rows(places):
    """The rows of the log, each once, from dumps and from the API."""
    last = 0
    for place in places:
        following = f"{place}?limit=1000&after={last}" if (remote := place.startswith("http")) else place
        while following:
            page = json.loads(get(following, place)) if remote else {"results": map(json.loads, gzip.open(place))}
            for row in page["results"]:
                if row["sequence"] > last:
                    last = row["sequence"]
                    yield row
            following = page.get("next")


def follow(places, size, form="factcheck-log/1"):
    """Recompute the chain; return the readable lines with their salts by sequence, the hash at `size`, the last row."""
    head, at_size, lines, number = bytes(32), bytes(32) if size == 0 else None, {}, 0
    for number, row in enumerate(rows(places), start=1):
        if row["sequence"] != number:
            raise Forged(f"Row {number} of the log is missing.")
        if "line" in row:
            lines[number] = line, _ = row["line"].split("\n"), row.get("salt", row.get("body"))
            if sha256(row["line"].encode()).hex() != row["line_sha256"] or line[:2] != [form, str(number)]:
                raise Forged(f"Row {number} of the log was changed.")
        head = sha256(head, bytes.fromhex(row["line_sha256"]))
        at_size = head if number == size else at_size
    return lines, at_size, number


def signed_log(places, size, hash_, form="factcheck-log/1"):
    """The readable lines and the last row of a log, once it is the one that was signed."""
    lines, at_size, end = follow(places, size, form)
    if at_size is None:
        raise Forged(f"The log you have ends at row {end}, before row {size} of the checkpoint: cut off, or older.")
    if at_size != hash_:
        raise Forged(f"The log has another hash at row {size} than the checkpoint: it was rewritten since, or before.")
    say(f"The log up to row {size} is the one that was signed: no row was changed, removed, added or moved since.")
    return lines, end


def bodies(files, feed):
    """Bodies byte for byte, from dumps and from the change feed."""
    for name in files:
        yield from map(bytes.rstrip, gzip.open(name))
    following = f"{feed}?fields=body&limit=100" if feed else None
    while following:
        text = get(following, feed)
        page, place = json.loads(text), len('{"results":[')
        for _ in page["results"]:
            start = place + len('{"body":')
            value, end = json.JSONDecoder().raw_decode(text, start)
            if value is not None:
                yield text[start:end].encode()
            place = end + len("},")
        following = page["next"] if page["more"] else None


def verify(given):
    size, hash_, _ = checkpoint_of(given.checkpoint, given.key)
    lines, end = signed_log(given.log, size, hash_)
    seen = set()
    for body in bodies(given.claims, given.feed):
        sequence = json.loads(body)["sequence"]
        if sequence not in lines:
            raise Forged(f"A body says that it is row {sequence} of the log, which you cannot read.")
        line, salt = lines[sequence]
        if salt is None or sha256(bytes.fromhex(salt), body).hex() != line[9]:
            raise Forged(f"The body of row {sequence} is not the one that the log commits to.")
        seen.add(sequence)
    claims = {line[6] for line, _ in lines.values() if given.review in (line[6], line[7])}
    history = {number: line for number, (line, _) in lines.items() if line[6] in claims}
    if not history:
        raise Forged(f"The log has no row of {given.review} that you may read.")
    for number, line in history.items():
        text = "the text is the published one" if number in seen else "the text was not given, so not compared"
        if lines[number][1] is None:
            text = "nobody gave what compares the text: it was redacted, or is withheld"
        text += "" if number <= size else "; after the checkpoint, which does not cover it"
        say(f"  row {number}, {line[2]}: {line[3]}, version {line[8]} of {line[6]}; {text}")
    proved = sum(number <= size and number in seen for number in history)
    say(f"Proved: {proved} of {len(history)} entries that you may read stood so when the checkpoint was signed.")
    if closed := [number for number in range(1, end + 1) if number not in lines]:
        say(f"Not proved: what {len(closed)} rows say that are closed to you, the last of them row {closed[-1]}. They")
        say("are said to be for newsrooms; each may be a later entry of this review, even that it was withdrawn.")
    say(f"Not proved: that nothing followed row {end}, where the log that you have ends.")
    say("Not proved: what is true; that the key is the desk's, unless you have it from elsewhere; times beyond order;")
    say("that all are shown the same log: compare checkpoints with others who keep them.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("review")
    for option, many in (("--checkpoint", None), ("--key", None), ("--log", "+")):
        parser.add_argument(option, nargs=many, required=True)
    parser.add_argument("--claims", nargs="*", default=[])
    parser.add_argument("--feed")
    try:
        verify(parser.parse_args())
    except (Forged, InvalidSignature) as error:
        sys.exit(f"Not proved: {str(error) or 'the checkpoint is not signed by this key.'}")
    except (RecursionError, OSError, EOFError, ValueError, KeyError, TypeError, IndexError) as error:
        sys.exit(f"Not proved: what was given cannot be read ({type(error).__name__}: {error}).")
