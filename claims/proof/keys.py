"""The two secret keys that prove history, as files in the data folder that their owner alone can read.

seal_key          32 bytes in hexadecimal, for the HMACs of seals: what a stolen database password does not bring
checkpoint_key    an Ed25519 private key, 32 bytes in hexadecimal, for the signatures of checkpoints
keys/             those that were replaced, which still verify what they made
"""

import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import NamedTuple, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from claims.models import Checkpoint, Seal

SEAL_KEY = "seal_key"
CHECKPOINT_KEY = "checkpoint_key"
RETIRED = "keys"


class KeyProblem(Exception):
    """A key is missing, or unreadable. The message says what to do."""


class Keys(NamedTuple):
    """The keys in use."""

    seal: bytes
    checkpoint: Ed25519PrivateKey

    @property
    def seal_id(self) -> str:
        return seal_id(self.seal)

    @property
    def public(self) -> str:
        """The public key of checkpoints, in hexadecimal."""
        return public_key(self.checkpoint)

    @classmethod
    def of(cls, folder: Path) -> Self:
        """The keys in the folder. Raises `KeyProblem`."""
        private = Ed25519PrivateKey.from_private_bytes(read(folder / CHECKPOINT_KEY))
        return cls(read(folder / SEAL_KEY), private)


def seal_id(key: bytes) -> str:
    """What tells keys of seals apart, and tells nothing of them."""
    return hashlib.sha256(b"factcheck-seal-key\n" + key).hexdigest()[:16]


def public_key(private: Ed25519PrivateKey) -> str:
    return private.public_key().public_bytes_raw().hex()


def folder() -> Path:
    return Path(settings.DATA)


def current() -> Keys:
    """The keys of this installation, made now if nothing was ever sealed. Raises `KeyProblem`.

    Keys that are lost are not replaced in silence: whoever deletes them would otherwise begin a new history.
    """
    place = folder()
    if not (place / SEAL_KEY).exists() or not (place / CHECKPOINT_KEY).exists():
        if Seal.objects.exists() or Checkpoint.objects.exists():
            raise KeyProblem(
                f"The keys that sealed the history so far ({SEAL_KEY} and {CHECKPOINT_KEY}) are not both in {place}: "
                "restore them from the backup, or copy them from the host that has them. If they are lost, "
                "manage.py audit new-keys begins with new ones, and docs/proof.md says what that means."
            )
        for name in (SEAL_KEY, CHECKPOINT_KEY):
            _create(place / name)
    return Keys.of(place)


def replace() -> Keys:
    """Put the keys aside, if they are there, and make new ones."""
    place = folder()
    for name in (SEAL_KEY, CHECKPOINT_KEY):
        if (place / name).exists():
            (place / RETIRED).mkdir(mode=0o700, exist_ok=True)
            known = hashlib.sha256(read(place / name)).hexdigest()[:16]
            (place / name).rename(place / RETIRED / f"{name}-{known}")
        _create(place / name)
    return Keys.of(place)


def all_seal_keys() -> dict[str, bytes]:
    """Every key that the folder has for seals, by its id."""
    return {seal_id(key): key for key in map(read, _files(SEAL_KEY))}


def all_public_keys() -> set[str]:
    """The public keys of every checkpoint key that the folder has."""
    return {public_key(Ed25519PrivateKey.from_private_bytes(key)) for key in map(read, _files(CHECKPOINT_KEY))}


def _files(name: str) -> list[Path]:
    place = folder()
    return [*filter(Path.exists, [place / name]), *sorted((place / RETIRED).glob(f"{name}-*"))]


def read(path: Path) -> bytes:
    """The key in a file. Raises `KeyProblem`."""
    try:
        text = path.read_text().strip()
    except (OSError, ValueError) as error:
        raise KeyProblem(f"The key {path} cannot be read ({error}). Restore it from the backup.") from error
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise KeyProblem(f"The key {path} is damaged: it must hold 64 hexadecimal digits. Restore it from the backup.")
    return bytes.fromhex(text)


def _create(path: Path) -> None:
    """Write a new key completely or not at all; one that is there stays."""
    if path.exists():
        return
    fresh = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(fresh, path)
    except FileExistsError:
        return  # another process was faster
    except OSError as error:
        raise KeyProblem(f"No key can be written to {path.parent} ({error.strerror}). Mend the data folder.") from error
    finally:
        fresh.unlink(missing_ok=True)
