"""Write and read checkpoints as signed notes, in the text form of C2SP's signed-note and tlog-checkpoint.

desk.example/factcheck-log          origin: the name of the log
412                                 size: the last entry that everybody may read
TLdk…=                              its hash in base64
format factcheck-checkpoint/1       extension lines, a name and a value each; more may follow
time 2026-03-03T10:00:00.000000Z
previous q83v…=                     sha256 of the text, without signatures, of the checkpoint before
site 14 mZx0…=                      the last entry of the site's own log of before that day, and its hash (since 0.8.0)
sealed 5f1c…                        keyed hash of what else was true: claims/proof/checkpoints.py

— desk.example/factcheck-log 8KbJ…  a signature, of everything above the empty line
"""

import base64
import hashlib
import re
from binascii import Error as Base64Error
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FORMAT = "factcheck-checkpoint/1"
ED25519 = b"\x01"
"""What signed notes call this kind of key."""
_PLACE = re.compile(r"(0|[1-9][0-9]{0,17}) ([A-Za-z0-9+/]{43}=)")
_SIGNATURE = re.compile(r"— (\S+) ([A-Za-z0-9+/=]+)")


class BadNote(Exception):
    """The text is no checkpoint. The message is a sentence."""


class Note(NamedTuple):
    """A checkpoint as its text has it; `hash` in hexadecimal, `signatures` as pairs of name and bytes."""

    origin: str
    size: int
    hash: str
    extensions: dict[str, str]
    signed: str
    signatures: list[tuple[str, bytes]]

    @property
    def site(self) -> tuple[int, str] | None:
        """The place in the site's own log; None in checkpoints of before 0.8.0. Raises `BadNote`."""
        if "site" not in self.extensions:
            return None
        found = _PLACE.fullmatch(self.extensions["site"])
        if found is None:
            raise BadNote("The line `site` of the checkpoint names no entry.")
        return int(found[1]), base64.b64decode(found[2]).hex()

    @property
    def time(self) -> str:
        return self.extensions.get("time", "")

    def is_signed_by(self, public: str) -> bool:
        """Whether one of the signatures is by this public key, in hexadecimal."""
        key = bytes.fromhex(public)
        for name, signature in self.signatures:
            if signature[:4] != key_id(name, key):
                continue
            try:
                Ed25519PublicKey.from_public_bytes(key).verify(signature[4:], self.signed.encode())
            except InvalidSignature:
                continue
            return True
        return False


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes that say which key a signature is by."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def text_sha256(signed: str) -> str:
    """The hash, in base64, by which the next checkpoint names this one; of its text without signatures."""
    return base64.b64encode(hashlib.sha256(signed.encode()).digest()).decode()


def place(sequence: int, hash: str) -> str:
    """A place in a log as an extension line has it: sequence, and the hash in base64."""
    return f"{sequence} {base64.b64encode(bytes.fromhex(hash)).decode()}"


def write(origin: str, size: int, hash: str, extensions: dict[str, str], keys: list[Ed25519PrivateKey]) -> str:
    """The text of a checkpoint, signed by each of the keys."""
    lines = [origin, str(size), base64.b64encode(bytes.fromhex(hash)).decode()]
    signed = "".join(f"{line}\n" for line in (*lines, *(f"{name} {value}" for name, value in extensions.items())))
    signatures = ""
    for key in keys:
        signature = key_id(origin, key.public_key().public_bytes_raw()) + key.sign(signed.encode())
        signatures += f"— {origin} {base64.b64encode(signature).decode()}\n"
    return f"{signed}\n{signatures}"


def read(text: str) -> Note:
    """Take a checkpoint apart, without believing it. Raises `BadNote`."""
    signed, separator, signatures = text.partition("\n\n")
    lines = signed.split("\n")
    try:
        if not separator or len(lines) < 3 or not all(lines):
            raise ValueError
        size, digest = int(lines[1]), base64.b64decode(lines[2], validate=True)
        if str(size) != lines[1] or size < 0 or len(digest) != 32:
            raise ValueError
        found = [_SIGNATURE.fullmatch(line) for line in signatures.splitlines()]
        pairs = [(each[1], base64.b64decode(each[2], validate=True)) for each in found if each]
    except (ValueError, Base64Error) as error:
        raise BadNote("The text is no checkpoint in the form of a signed note.") from error
    extensions = dict(line.partition(" ")[::2] for line in lines[3:])
    return Note(lines[0], size, digest.hex(), extensions, f"{signed}\n", pairs)
