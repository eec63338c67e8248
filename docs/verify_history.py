"""Verify the history of a published review without trusting whoever published it. Needs Python 3.11 and `cryptography`.

    python verify_history.py REVIEW --checkpoint FILE --key KEY --log FILE|URL … [--claims FILE …] [--feed URL]

REVIEW        the id of a review or a claim: rev_… or clm_…
--checkpoint  a file with a checkpoint, best one that somebody else has kept, or the address /api/v1/checkpoints/
--key         the public key of checkpoints, 64 hexadecimal digits, from where the desk has published it
--log         the …-log.ndjson.gz of a dump, the address /api/v1/log/, or both: the address continues the file
--claims      the …-claims.ndjson.gz of dumps, whose bodies are compared with the log
--feed        the address /api/v1/feed/, for bodies of earlier versions; an API key is read from the variable KEY
Exit code 0 if all that could be compared agrees, else 1. It says itself what is proved and what is not."""

import argparse
import base64
import gzip
import hashlib
import json
import os
import sys
import urllib.request
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Forged(Exception):
    """Something does not agree."""


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def get(address):
    headers = {"Authorization": f"Bearer {os.environ['KEY']}"} if "KEY" in os.environ else {}
    return urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=60).read().decode()


def checkpoint_of(place, key):
    """Size, hash and time of a checkpoint whose signature is by the key."""
    text = json.loads(get(place))["checkpoint"] if place.startswith("http") else Path(place).read_text()
    signed, _, signatures = text.partition("\n\n")
    public = bytes.fromhex(key)
    for line in signatures.splitlines():
        name, raw = line.split(" ")[1], base64.b64decode(line.split(" ")[2])
        if raw[:4] == sha256(name.encode(), b"\n\x01", public)[:4]:
            Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], f"{signed}\n".encode())
            _, size, hash_, *rest = signed.split("\n")
            return int(size), base64.b64decode(hash_), dict(each.split(" ", 1) for each in rest).get("time", "no time")
    raise Forged("The checkpoint is not signed by this key.")


def rows(places):
    """The rows of the log, each once, from dumps and from the API."""
    last = 0
    for place in places:
        following = f"{place}?limit=1000&after={last}" if (remote := place.startswith("http")) else place
        while following:
            page = json.loads(get(following)) if remote else {"results": map(json.loads, gzip.open(place))}
            for row in page["results"]:
                if row["sequence"] > last:
                    last = row["sequence"]
                    yield row
            following = page.get("next")


def follow(places, size):
    """Recompute the chain; return the readable lines with their salts by sequence, the hash at `size`, the last row."""
    head, at_size, lines, number = bytes(32), bytes(32) if size == 0 else None, {}, 0
    for number, row in enumerate(rows(places), start=1):
        if row["sequence"] != number:
            raise Forged(f"Row {number} of the log is missing.")
        if "line" in row:
            lines[number] = line, _ = row["line"].split("\n"), row["salt"]
            if sha256(row["line"].encode()).hex() != row["line_sha256"] or line[:2] != ["factcheck-log/1", str(number)]:
                raise Forged(f"Row {number} of the log was changed.")
        head = sha256(head, bytes.fromhex(row["line_sha256"]))
        at_size = head if number == size else at_size
    return lines, at_size, number


def bodies(files, feed):
    """Bodies byte for byte, from dumps and from the change feed."""
    for name in files:
        yield from map(bytes.rstrip, gzip.open(name))
    following = f"{feed}?fields=body&limit=100" if feed else None
    while following:
        text = get(following)
        page, place = json.loads(text), len('{"results":[')
        for _ in page["results"]:
            start = place + len('{"body":')
            value, end = json.JSONDecoder().raw_decode(text, start)
            if value is not None:
                yield text[start:end].encode()
            place = end + len("},")
        following = page["next"] if page["more"] else None


def verify(given):
    size, hash_, time = checkpoint_of(given.checkpoint, given.key)
    print(f"The checkpoint of {time} is signed by the key you gave; it is about the {size} rows of the log until then.")
    lines, at_size, end = follow(given.log, size)
    if at_size is None:
        raise Forged(f"The log you have ends at row {end}, before row {size} of the checkpoint: cut off, or older.")
    if at_size != hash_:
        raise Forged(f"The log has another hash at row {size} than the checkpoint: it was rewritten since, or before.")
    print(f"The log up to row {size} is the one that was signed: no row was changed, removed, added or moved since.")
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
        text += "" if number <= size else "; after the checkpoint, which does not cover it"
        print(f"  row {number}, {line[2]}: {line[3]}, version {line[8]} of {line[6]}; {text}")
    proved = sum(number <= size and number in seen for number in history)
    print(f"Proved: {proved} of {len(history)} entries stood so, word for word, when the checkpoint was signed.")
    print(
        "Not proved: what is true; that the key is the desk's, unless you have it from elsewhere; times beyond order;"
    )
    print(
        "what newsrooms alone may read; that all are shown the same log: compare checkpoints with others who keep them."
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("review")
    for option, many in (("--checkpoint", None), ("--key", None), ("--log", "+")):
        parser.add_argument(option, nargs=many, required=True)
    parser.add_argument("--claims", nargs="*", default=[])
    parser.add_argument("--feed")
    try:
        verify(parser.parse_args())
    except Forged as error:
        sys.exit(f"Not proved: {error}")
    except InvalidSignature:
        sys.exit("Not proved: the checkpoint is not signed by this key.")
    except (OSError, EOFError, ValueError, KeyError, TypeError, IndexError) as error:
        sys.exit(f"Not proved: what was given cannot be read ({type(error).__name__}: {error}).")
