"""The snapshot store in an S3-compatible place, for several hosts that share the work.

The endpoint is an administrator's own setting, often in a private network, so that requests to it do not go
through the gate of `sources.http.fetcher`, which is for addresses that strangers name. Needed rights: GetObject,
PutObject and, so that what is missing can be told from what is forbidden, ListBucket.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from sources.snapshots.store import Damaged, SnapshotCorrupt, SnapshotMissing, StorageError, key, pack, unpack

_STEP = 1_000_000
_AT_ONCE = 8  # requests
_MISSING = (FileNotFoundError, NotFoundError)
_T = TypeVar("_T")


class BucketStore:
    """A `SnapshotStore` at `s3://bucket/prefix?endpoint=https://…&region=…`. Safe for threads.

    A put is one PUT with the checksum of its body, which a store takes whole or refuses.
    """

    def __init__(self, place: str, access_key: str, secret_key: str) -> None:
        parts = urlsplit(place)
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        endpoint, region = options.pop("endpoint", ""), options.pop("region", "us-east-1")
        if parts.scheme != "s3" or not parts.netloc or options or parts.fragment or "@" in parts.netloc:
            raise StorageError(
                "SNAPSHOT_STORE is a folder or s3://bucket/prefix?endpoint=https://host:port&region=name, nothing else."
            )
        if endpoint and urlsplit(endpoint).scheme not in {"http", "https"}:
            raise StorageError("The endpoint in SNAPSHOT_STORE must start with http:// or https://.")
        if not access_key or not secret_key:
            raise StorageError(
                "SNAPSHOT_STORE names a bucket: set SNAPSHOT_STORE_ACCESS_KEY and SNAPSHOT_STORE_SECRET_KEY as well."
            )
        self.bucket = parts.netloc
        self.prefix = parts.path.strip("/")

        def connect(seconds: float, retries: int) -> S3Store:
            return S3Store(
                self.bucket,
                access_key_id=access_key,
                secret_access_key=secret_key,
                region=region,
                config={"endpoint": endpoint} if endpoint else {},
                virtual_hosted_style_request=False,
                checksum_algorithm="SHA256",
                client_options={
                    "allow_http": endpoint.startswith("http://"),
                    "connect_timeout": timedelta(seconds=min(seconds, 5)),
                    "timeout": timedelta(seconds=seconds),
                },
                retry_config={"max_retries": retries, "retry_timeout": timedelta(seconds=seconds)},
            )

        self._store = connect(30, 4)
        self._impatient = connect(3, 0)

    def put(self, data: bytes) -> str:
        return self._put(data, hashlib.sha256(data).hexdigest())

    def _put(self, data: bytes, sha256: str) -> str:
        if not self.exists(sha256):
            self._ask(lambda: obstore.put(self._store, self._key(sha256), pack(data), use_multipart=False), "written")
        return sha256

    def put_many(self, several: Sequence[bytes], names: Sequence[str] = ()) -> list[str]:
        names = names or [hashlib.sha256(data).hexdigest() for data in several]
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            return list(pool.map(self._put, several, names))

    def get(self, sha256: str) -> bytes:
        return b"".join(self._read(sha256))

    def verify(self, sha256: str) -> int:
        return sum(map(len, self._read(sha256)))

    def exists(self, sha256: str) -> bool:
        place = self._key(sha256)

        def head() -> bool:
            try:
                obstore.head(self._store, place)
            except _MISSING:
                return False
            return True

        return self._ask(head, "read")

    def state(self) -> str:
        try:
            obstore.head(self._impatient, self._key("0" * 64))
        except _MISSING:
            return self._bucket_state()
        except (BaseError, OSError) as error:
            return f"down: the bucket does not answer ({type(error).__name__.removesuffix('Error')})"
        return "ok"

    def clear_abandoned(self) -> None:
        """A bucket shows only what was written whole."""

    def _bucket_state(self) -> str:
        """A HEAD cannot tell a missing bucket from a missing object; the body of a GET can."""
        try:
            obstore.get(self._impatient, self._key("0" * 64))
        except _MISSING as error:
            return "down: the bucket is not there" if "NoSuchBucket" in str(error) else "ok"
        except (BaseError, OSError) as error:
            return f"down: the bucket does not answer ({type(error).__name__.removesuffix('Error')})"
        return "ok"

    def _key(self, sha256: str) -> str:
        return f"{self.prefix}/{key(sha256)}" if self.prefix else key(sha256)

    def _read(self, sha256: str) -> Iterator[bytes]:
        place = self._key(sha256)
        try:
            answer = obstore.get(self._store, place)
            yield from unpack((bytes(chunk) for chunk in answer.stream(min_chunk_size=_STEP)), sha256)
        except _MISSING as error:
            if "NoSuchBucket" in str(error):
                raise self._away("read", error) from error
            raise SnapshotMissing(
                f"Snapshot {sha256} is not in the bucket {self.bucket}. Restore the store from its backup."
            ) from error
        except Damaged as error:
            raise SnapshotCorrupt(
                f"Snapshot {sha256} in the bucket {self.bucket} is damaged. Restore this object from the backup of the "
                "store; fetching the page again would not bring back what it said."
            ) from error
        except (BaseError, OSError) as error:
            raise self._away("read", error) from error

    def _ask(self, request: Callable[[], _T], done: str) -> _T:
        try:
            return request()
        except (BaseError, OSError) as error:
            raise self._away(done, error) from error

    def _away(self, done: str, error: Exception) -> StorageError:
        # The library's message is many lines and names the endpoint; its kind is enough here, the rest is chained.
        kind = type(error).__name__.removesuffix("Error")
        if isinstance(error, _MISSING):
            kind = "no such bucket"
        return StorageError(
            f"The bucket {self.bucket} cannot be {done} ({kind}). Check SNAPSHOT_STORE, its keys, and that the store "
            "runs; nothing was half written."
        )
