"""Send checkpoints to where nobody of this installation can change them, and read those that were sent.

FACTCHECK_CHECKPOINT_TO names a folder (best one of another host), a bucket, or an address that takes a POST.
"""

from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from urllib.parse import urlsplit

import obstore
import orjson
from django.conf import settings
from django.db import IntegrityError, transaction
from obstore.exceptions import BaseError

from claims.models import Checkpoint, CheckpointDelivery
from claims.proof import stored
from sources import atomic_file
from sources.http.client import request
from sources.http.defaults import request_defaults
from sources.snapshots.s3 import Bucket
from sources.snapshots.store import StorageError

MOST = 100
"""Checkpoints sent in one run; after an outage the others follow in the next ones."""
_SUFFIX = "-checkpoint.txt"
_SETTING = "FACTCHECK_CHECKPOINT_TO"


class OutsideError(Exception):
    """The place does not take or give checkpoints. The message says what to do."""


def send_due() -> int:
    """Send those that have not arrived yet, in order; returns how many did. Raises `OutsideError` at the first failure.

    Those from before the setting was first used are not sent, but for the newest.
    """
    if not settings.CHECKPOINT_TO:
        return 0
    sent = 0
    for checkpoint in stored.undelivered()[:MOST]:
        deliver(settings.CHECKPOINT_TO, name_of(checkpoint), checkpoint.text)
        try:
            with transaction.atomic():
                CheckpointDelivery.objects.create(checkpoint=checkpoint)
        except IntegrityError:
            continue  # another process sent the same
        sent += 1
    return sent


def name_of(checkpoint: Checkpoint) -> str:
    """The name of its file: names are in the order of time."""
    return f"{checkpoint.at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}{_SUFFIX}"


def deliver(place: str, name: str, text: str) -> None:
    """Put a checkpoint there under this name. Raises `OutsideError`."""
    scheme = urlsplit(place).scheme
    if scheme == "s3":
        _deliver_to_bucket(place, name, text)
    elif scheme in {"http", "https"}:
        _deliver_by_post(place, text)
    else:
        _deliver_to_folder(Path(place), name, text)


def _deliver_to_folder(folder: Path, name: str, text: str) -> None:
    if not folder.is_absolute() or not folder.is_dir():
        raise OutsideError(
            f"{_SETTING} names {folder}, which is no folder. Mount it, or name another one with / first."
        )
    try:
        atomic_file.write(folder / name, text, mode=0o666)
    except OSError as error:
        raise OutsideError(f"No checkpoint can be written to {folder} ({error.strerror}); see {_SETTING}.") from error


def _bucket(place: str) -> Bucket:
    try:
        keys = settings.CHECKPOINT_ACCESS_KEY, settings.CHECKPOINT_SECRET_KEY
        return Bucket.of(place, *keys, setting=_SETTING)
    except StorageError as error:
        raise OutsideError(str(error)) from error


def _deliver_to_bucket(place: str, name: str, text: str) -> None:
    bucket = _bucket(place)
    key = f"{bucket.prefix}/{name}" if bucket.prefix else name
    try:
        obstore.put(bucket.connect(seconds=30, retries=2), key, text.encode(), use_multipart=False)
    except (BaseError, OSError) as error:
        raise _unavailable(bucket, error) from error


def _unavailable(bucket: Bucket, error: Exception) -> OutsideError:
    kind = type(error).__name__.removesuffix("Error")
    return OutsideError(
        f"The bucket {bucket.name} does not respond as it should ({kind}); see {_SETTING} and its keys."
    )


def _deliver_by_post(place: str, text: str) -> None:
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    answer = request(place, method="POST", headers=headers, body=text.encode(), **request_defaults())
    if not 200 <= (answer.status or 0) < 300:
        reason = answer.detail or f"status {answer.status}"
        raise OutsideError(f"{_shown(place)} did not take the checkpoint ({reason}); see {_SETTING}.")


def _shown(place: str) -> str:
    """The address without what may be secret in it."""
    parts = urlsplit(place)
    return f"{parts.scheme}://{parts.hostname}{':' + str(parts.port) if parts.port else ''}"


def read(place: str) -> Iterator[str]:
    """The texts of the checkpoints in a folder, file, bucket or at an address, the oldest first.

    An address answers with one as text, or with JSON as /api/v1/checkpoints/ does. Raises `OutsideError`.
    """
    readers: dict[str, Callable[[str], Iterator[str]]] = {"s3": _of_bucket, "http": _of_address, "https": _of_address}
    yield from readers.get(urlsplit(place).scheme, _of_folder)(place)


def newest(place: str) -> str | None:
    """The text of the newest checkpoint in a folder, file or bucket; None if there is none. Raises `OutsideError`."""
    found = _of_bucket(place, last=True) if urlsplit(place).scheme == "s3" else _of_folder(place, last=True)
    return next(found, None)


def _of_folder(place: str, *, last: bool = False) -> Iterator[str]:
    path = Path(place)
    try:
        files = sorted(path.glob(f"*{_SUFFIX}")) if path.is_dir() else [path]
        for file in files[-1:] if last else files:
            yield file.read_text()
    except (OSError, ValueError) as error:
        raise OutsideError(f"The checkpoints in {place} cannot be read ({error}).") from error


def _of_bucket(place: str, *, last: bool = False) -> Iterator[str]:
    bucket = _bucket(place)
    store = bucket.connect(seconds=30, retries=2)
    try:
        found = [item["path"] for page in obstore.list(store, prefix=bucket.prefix or None) for item in page]
        paths = sorted(path for path in found if path.endswith(_SUFFIX))
        for path in paths[-1:] if last else paths:
            yield bytes(obstore.get(store, path).bytes()).decode()
    except (BaseError, OSError, ValueError) as error:
        raise _unavailable(bucket, error) from error


def _of_address(place: str) -> Iterator[str]:
    answer = request(place, **request_defaults())
    if answer.status != 200 or answer.body is None:
        reason = answer.detail or f"status {answer.status}"
        raise OutsideError(f"{_shown(place)} gives no checkpoint ({reason}).")
    text = answer.body.decode(errors="replace")
    if not text.startswith("{"):
        yield text
        return
    try:
        yield str(orjson.loads(text)["checkpoint"])
    except (ValueError, KeyError, TypeError) as error:
        raise OutsideError(f"{_shown(place)} gives no checkpoint.") from error
