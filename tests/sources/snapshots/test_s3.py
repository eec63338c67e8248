"""The S3 store against an S3 server on loopback."""

import logging
from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

from sources.snapshots.default_store import open_store
from sources.snapshots.folder import FolderStore
from sources.snapshots.s3 import BucketStore
from sources.snapshots.store import SnapshotCorrupt, SnapshotMissing, StorageError, key

BUCKET = "snapshots"
DATA = b"<p>Grain exports rose</p>\x00\xff" * 50_000


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def client(endpoint: str) -> object:
    made = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        config=Config(retries={"max_attempts": 1}),
    )
    made.create_bucket(Bucket=BUCKET)
    return made


@pytest.fixture
def store(endpoint: str, client: object) -> BucketStore:
    made = open_store(f"s3://{BUCKET}/desk/?endpoint={endpoint}", "key", "secret")
    assert isinstance(made, BucketStore)
    return made


def test_bytes_come_back_under_their_sha256(store: BucketStore) -> None:
    name = store.put(DATA)
    assert store.put(DATA) == name
    assert store.get(name) == DATA
    assert store.verify(name) == len(DATA)
    assert store.exists(name)


def test_the_object_is_the_same_file_as_in_a_folder_store(store: BucketStore, client: object, tmp_path: object) -> None:
    folder = FolderStore(tmp_path)  # type: ignore[arg-type]
    name = store.put(DATA)
    folder.put(DATA)
    kept = client.get_object(Bucket=BUCKET, Key=f"desk/{key(name)}")["Body"].read()  # type: ignore[attr-defined]
    assert kept == folder.path(name).read_bytes()


def test_a_missing_snapshot_says_what_to_do(store: BucketStore) -> None:
    with pytest.raises(SnapshotMissing, match="Restore the store"):
        store.get("1" * 64)
    with pytest.raises(SnapshotMissing):
        store.verify("1" * 64)
    assert not store.exists("1" * 64)


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "other"])
def test_damaged_bytes_are_never_handed_out(store: BucketStore, client: object, damage: str) -> None:
    name = store.put(damage.encode() * 900)
    place = {"Bucket": BUCKET, "Key": f"desk/{key(name)}"}
    packed = bytearray(client.get_object(**place)["Body"].read())  # type: ignore[attr-defined]
    if damage == "flip":
        packed[len(packed) // 2] ^= 1
    elif damage == "cut":
        del packed[-4:]
    elif damage == "empty":
        packed.clear()
    else:
        other = store.put(b"other bytes")
        packed[:] = client.get_object(Bucket=BUCKET, Key=f"desk/{key(other)}")["Body"].read()  # type: ignore[attr-defined]
    client.put_object(**place, Body=bytes(packed))  # type: ignore[attr-defined]
    with pytest.raises(SnapshotCorrupt, match="is damaged"):
        store.get(name)
    with pytest.raises(SnapshotCorrupt):
        store.verify(name)


def test_a_missing_bucket_is_reported(endpoint: str) -> None:
    store = BucketStore(f"s3://nowhere?endpoint={endpoint}", "key", "secret")
    assert store.state() == "down: the bucket does not exist"
    with pytest.raises(StorageError, match="cannot be written"):
        store.put(b"x")
    # Not “missing”: an integrity check would otherwise report every snapshot as lost.
    with pytest.raises(StorageError, match="cannot be read") as caught:
        store.verify("1" * 64)
    assert not isinstance(caught.value, SnapshotMissing)


def test_a_store_that_does_not_respond_is_reported() -> None:
    store = BucketStore("s3://b?endpoint=http://127.0.0.1:9", "key", "the secret")
    state = store.state()
    assert state.startswith("down: the bucket does not respond")
    assert "127.0.0.1" not in state


def test_a_working_store_is_ok(store: BucketStore) -> None:
    assert store.state() == "ok"


@pytest.mark.parametrize(
    "place",
    ["gs://b/p", "s3://", "s3://b?endpoint=file:///etc", "s3://b?other=1", "s3://key:secret@b"],
)
def test_malformed_addresses_are_refused(place: str) -> None:
    with pytest.raises(StorageError):
        BucketStore(place, "key", "secret")


def test_a_bucket_needs_its_keys() -> None:
    with pytest.raises(StorageError, match="SNAPSHOT_STORE_ACCESS_KEY"):
        open_store("s3://bucket")
