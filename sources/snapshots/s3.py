"""A snapshot store in an S3-compatible bucket, for installations with several hosts.

An administrator sets the endpoint, often in a private network, so requests to it bypass `sources.http.guard`, which
protects from URLs that strangers choose. Required permissions: GetObject, PutObject, and ListBucket, without which S3
reports a missing object as a forbidden one. A thinning has keys of its own, which also need DeleteObject.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from sources.snapshots.store import DamagedFile, SnapshotCorrupt, SnapshotMissing, StorageError, key, pack, unpack

_STEP = 1_000_000
_PARALLEL_REQUESTS = 8
_MISSING = (FileNotFoundError, NotFoundError)
_T = TypeVar("_T")


class Bucket(NamedTuple):
    """The address of a bucket, `s3://bucket/prefix?endpoint=https://…&region=…`, with its keys."""

    name: str
    prefix: str
    endpoint: str
    region: str
    access_key: str
    secret_key: str

    @classmethod
    def of(cls, address: str, access_key: str, secret_key: str, *, setting: str = "SNAPSHOT_STORE") -> "Bucket":
        """Parse an address. Raises `StorageError`, which names the setting that holds it."""
        parts = urlsplit(address)
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        endpoint, region = options.pop("endpoint", ""), options.pop("region", "us-east-1")
        if parts.scheme != "s3" or not parts.netloc or options or parts.fragment or "@" in parts.netloc:
            raise StorageError(
                f"Set {setting} to a folder or to s3://bucket/prefix?endpoint=https://host:port&region=name."
            )
        if endpoint and urlsplit(endpoint).scheme not in {"http", "https"}:
            raise StorageError(f"The endpoint in {setting} must start with http:// or https://.")
        if not access_key or not secret_key:
            keys = setting.removesuffix("_TO")
            raise StorageError(f"{setting} names a bucket: set {keys}_ACCESS_KEY and {keys}_SECRET_KEY as well.")
        return cls(parts.netloc, parts.path.strip("/"), endpoint, region, access_key, secret_key)

    def connect(self, *, seconds: float, retries: int) -> S3Store:
        """Return a client that gives up a request after so many seconds and retries."""
        return S3Store(
            self.name,
            access_key_id=self.access_key,
            secret_access_key=self.secret_key,
            region=self.region,
            config={"endpoint": self.endpoint} if self.endpoint else {},
            virtual_hosted_style_request=False,
            checksum_algorithm="SHA256",
            client_options={
                "allow_http": self.endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=min(seconds, 5)),
                "timeout": timedelta(seconds=seconds),
            },
            retry_config={"max_retries": retries, "retry_timeout": timedelta(seconds=seconds)},
        )


class BucketStore:
    """A `SnapshotStore` at `s3://bucket/prefix?endpoint=https://…&region=…`. Thread-safe.

    Each write is one PUT with a checksum of its body, which the server accepts whole or refuses.
    """

    def __init__(self, address: str, access_key: str, secret_key: str) -> None:
        bucket = Bucket.of(address, access_key, secret_key)
        self.bucket = bucket.name
        self.prefix = bucket.prefix
        self._store = bucket.connect(seconds=30, retries=4)
        self._for_state = bucket.connect(seconds=3, retries=0)

    def put(self, data: bytes) -> str:
        return self._put(data, hashlib.sha256(data).hexdigest())

    def _put(self, data: bytes, sha256: str) -> str:
        if not self.exists(sha256):
            self._call(lambda: obstore.put(self._store, self._key(sha256), pack(data), use_multipart=False), "written")
        return sha256

    def put_many(self, blobs: Sequence[bytes], names: Sequence[str] = ()) -> list[str]:
        names = names or [hashlib.sha256(data).hexdigest() for data in blobs]
        with ThreadPoolExecutor(max_workers=_PARALLEL_REQUESTS) as pool:
            return list(pool.map(self._put, blobs, names))

    def get(self, sha256: str) -> bytes:
        return b"".join(self._read(sha256))

    def verify(self, sha256: str) -> int:
        return sum(map(len, self._read(sha256)))

    def exists(self, sha256: str) -> bool:
        def head() -> bool:
            try:
                obstore.head(self._store, self._key(sha256))
            except _MISSING:
                return False
            return True

        return self._call(head, "read")

    def remove(self, sha256: str) -> None:
        def delete() -> None:
            try:
                obstore.delete(self._store, self._key(sha256))
            except FileNotFoundError:
                return  # some stores answer so for an object that is gone

        self._call(delete, "cleared")

    def state(self) -> str:
        try:
            obstore.head(self._for_state, self._key("0" * 64))
        except _MISSING:
            return self._bucket_state()
        except (BaseError, OSError) as error:
            return f"down: the bucket does not respond ({type(error).__name__.removesuffix('Error')})"
        return "ok"

    def remove_abandoned(self) -> None:
        """Do nothing: a bucket holds complete objects only."""

    def _bucket_state(self) -> str:
        """Tell a missing bucket from a missing object, which the body of a GET does and a HEAD cannot."""
        try:
            obstore.get(self._for_state, self._key("0" * 64))
        except _MISSING as error:
            return "down: the bucket does not exist" if "NoSuchBucket" in str(error) else "ok"
        except (BaseError, OSError) as error:
            return f"down: the bucket does not respond ({type(error).__name__.removesuffix('Error')})"
        return "ok"

    def _key(self, sha256: str) -> str:
        return f"{self.prefix}/{key(sha256)}" if self.prefix else key(sha256)

    def _read(self, sha256: str) -> Iterator[bytes]:
        try:
            response = obstore.get(self._store, self._key(sha256))
            yield from unpack((bytes(chunk) for chunk in response.stream(min_chunk_size=_STEP)), sha256)
        except _MISSING as error:
            if "NoSuchBucket" in str(error):
                raise self._unavailable("read", error) from error
            raise SnapshotMissing(
                f"Snapshot {sha256} is not in the bucket {self.bucket}. Restore the store from its backup."
            ) from error
        except DamagedFile as error:
            raise SnapshotCorrupt(
                f"Snapshot {sha256} in the bucket {self.bucket} is damaged. Restore this object from the backup of the "
                "store; fetching the page again would not recover its earlier content."
            ) from error
        except (BaseError, OSError) as error:
            raise self._unavailable("read", error) from error

    def _call(self, request: Callable[[], _T], done: str) -> _T:
        try:
            return request()
        except (BaseError, OSError) as error:
            raise self._unavailable(done, error) from error

    def _unavailable(self, done: str, error: Exception) -> StorageError:
        # The library's message has many lines and names the endpoint; the chained exception holds it.
        kind = type(error).__name__.removesuffix("Error")
        if isinstance(error, _MISSING):
            kind = "no such bucket"
        return StorageError(
            f"The bucket {self.bucket} cannot be {done} ({kind}). Check SNAPSHOT_STORE, its keys, and that the store "
            "runs; no object was partly written."
        )
