"""Keep the keys of an installation with its backup, encrypted by the passphrase of the settings.

The bundle holds the secret key and the other keys of the data folder, as JSON under AES-GCM; scrypt derives the key
from the passphrase. The manifest has only a fingerprint of the secret key, by which a wrong one is recognised.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from factcheck.backup.places import BackupError

SECRET_KEY = "secret_key"  # noqa: S105 - the name of a file
# Files of the data folder that nobody else may read, and that nothing can make anew.
FILES = (SECRET_KEY, "demo/logins", "seal_key", "checkpoint_key", "keys")
_SCRYPT = {"n": 2**16, "r": 8, "p": 1, "maxmem": 2**27}
_ABOUT = b"factcheck keys 1"

WITHOUT_KEY = (
    "Without the secret key everybody must log in anew, second factors and links that were sent stop working, and each "
    "webhook must be given a new secret before anything is delivered to it. Published reviews and their history are "
    "whole."
)


def collect(data: Path, secret_key: str) -> dict[str, bytes]:
    """The keys to keep, by their path in the data folder."""
    found = {SECRET_KEY: secret_key.encode() + b"\n"}
    for name in FILES[1:]:
        path = data / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                found[str(file.relative_to(data))] = file.read_bytes()
    return found


def encrypt(files: Mapping[str, bytes], passphrase: str) -> bytes:
    """The bundle as JSON."""
    salt, nonce = os.urandom(16), os.urandom(12)
    plain = orjson.dumps({name: base64.b64encode(content).decode() for name, content in files.items()})
    cipher = AESGCM(_derive(passphrase, salt)).encrypt(nonce, plain, _ABOUT)
    parts = {"salt": salt, "nonce": nonce, "keys": cipher}
    return orjson.dumps({name: base64.b64encode(part).decode() for name, part in parts.items()})


def decrypt(bundle: bytes, passphrase: str) -> dict[str, bytes]:
    """The keys of a bundle. Raises `BackupError` for another passphrase."""
    try:
        parts = {name: base64.b64decode(part) for name, part in orjson.loads(bundle).items()}
        plain = AESGCM(_derive(passphrase, parts["salt"])).decrypt(parts["nonce"], parts["keys"], _ABOUT)
    except (InvalidTag, ValueError, KeyError) as error:
        raise BackupError(
            "FACTCHECK_BACKUP_PASSPHRASE is not the one with which the keys of this backup were encrypted. Set the "
            "right one, or leave the keys out with --without-keys. " + WITHOUT_KEY
        ) from error
    return {name: base64.b64decode(content) for name, content in orjson.loads(plain).items()}


def _derive(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, dklen=32, **_SCRYPT)


def fingerprint(secret_key: str, salt: str = "") -> dict[str, str]:
    """Salt and hash that recognise the secret key and tell nothing of it."""
    salt = salt or os.urandom(16).hex()
    digest = hashlib.scrypt(secret_key.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=16)
    return {"salt": salt, "scrypt": digest.hex()}


def is_of(secret_key: str, known: Mapping[str, Any]) -> bool:
    """Whether the fingerprint is of this secret key."""
    return hmac.compare_digest(fingerprint(secret_key, known["salt"])["scrypt"], known["scrypt"])
