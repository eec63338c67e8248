"""Places in a folder and in a bucket answer alike; what goes wrong is a sentence."""

import logging
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from factcheck.backup.places import BackupError, Place, open_place


@pytest.fixture(scope="module")
def bucket() -> Iterator[Place]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key="secret"
    )
    client.create_bucket(Bucket="backups")
    yield open_place(f"s3://backups/desk?endpoint={endpoint}", "key", "secret")
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        return open_place(str(tmp_path / "backups"))
    made: Place = request.getfixturevalue("bucket")
    return made


def test_files_come_back_and_are_listed(place: Place) -> None:
    assert list(place.files()) == [] and place.folders("sets") == []
    place.check_writable()
    big = [b"x" * 3_000_000, b"y" * 3_000_000]
    place.write("sets/one/database", iter(big))
    place.write("sets/two/manifest", b"{}")
    place.under("blobs").write("aa/bb/file.gz", b"data")
    assert b"".join(place.read("sets/one/database")) == b"".join(big)
    assert place.folders("sets") == ["one", "two"]
    assert {file.name: file.size for file in place.files("sets/")} == {
        "sets/one/database": 6_000_000,
        "sets/two/manifest": 2,
    }
    assert [file.name for file in place.under("blobs").files("aa/")] == ["aa/bb/file.gz"]
    place.write("sets/two/manifest", b"{}{}")
    assert b"".join(place.read("sets/two/manifest")) == b"{}{}"
    place.delete(["sets/two/manifest", "sets/one/database", "blobs/aa/bb/file.gz", "never there"])
    assert [file.name for file in place.files("sets/")] == []
    with pytest.raises(FileNotFoundError):
        list(place.read("sets/two/manifest"))


def test_what_breaks_off_leaves_no_file(place: Place) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"x" * 6_000_000
        raise BackupError("pg_dump failed")

    with pytest.raises(BackupError, match="pg_dump failed"):
        place.write("sets/one/database", breaking())
    assert list(place.files("sets/one/")) == []


def test_a_full_disk_is_called_one(small_disk: Path) -> None:
    place = open_place(str(small_disk))
    with pytest.raises(BackupError, match=r"the disk is full. Free space there"):
        place.write("blob", b"x" * 1_000_000)
    with pytest.raises(BackupError, match="the disk is full"):
        place.write("dump", iter([b"x" * 1_000_000] * 8))
    assert list(place.files()) == []


def test_a_bucket_that_does_not_answer_is_named_without_its_keys() -> None:
    place = open_place("s3://backups/desk?endpoint=http://127.0.0.1:9", "key", "secret")
    place._store = place._store.__class__(  # without the minute of retries
        "backups", access_key_id="key", secret_access_key="secret", config={"endpoint": "http://127.0.0.1:9"},
        client_options={"allow_http": True}, retry_config={"max_retries": 0},
    )  # fmt: skip
    with pytest.raises(BackupError) as refused:
        place.check_writable()
    assert str(refused.value).startswith("s3://backups/desk cannot be written: ") and "secret" not in str(refused.value)
