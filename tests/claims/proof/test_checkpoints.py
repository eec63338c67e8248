"""A checkpoint says what is public, binds what is not, is signed, and arrives outside."""

import base64
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from moto.server import ThreadedMotoServer

from claims import tasks
from claims.models import Checkpoint, CheckpointDelivery
from claims.proof import checkpoints, keys, note, outside
from claims.proof.outside import OutsideError
from claims.proof.verify import verify
from claims.publication import append
from tests import factories
from tests.factcheck.webhook_receiver import receiving

pytestmark = pytest.mark.django_db
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def written() -> Checkpoint:
    made = checkpoints.write()
    assert made is not None
    return made


def found(**options: Any) -> list[str]:
    return [each.sentence for each in verify(**options) if each.part in ("seals", "checkpoints")]


def test_a_note_is_read_as_it_was_written_and_only_its_key_verifies_it() -> None:
    text = note.write("desk.example/log", 7, "ab" * 32, {"format": note.FORMAT, "later": "x y"}, [KEY])
    each = note.read(text)
    assert (each.origin, each.size, each.hash) == ("desk.example/log", 7, "ab" * 32)
    assert each.extensions == {"format": note.FORMAT, "later": "x y"}
    assert each.is_signed_by(keys.public_key(KEY))
    assert not each.is_signed_by(keys.public_key(Ed25519PrivateKey.generate()))
    assert not note.read(text.replace("\n7\n", "\n8\n")).is_signed_by(keys.public_key(KEY))


def test_the_signature_is_that_of_signed_notes() -> None:
    """A note that another implementation has signed, from the documentation of Go's package `note`."""
    name, number, encoded = ["PeterNeumann", "c74f20a3", "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"]
    public = base64.b64decode(encoded)
    assert public[:1] == note.ED25519 and note.key_id(name, public[1:]).hex() == number
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    assert note.Note("", 0, "", {}, text, [(name, base64.b64decode(signature))]).is_signed_by(public[1:].hex())


@pytest.mark.parametrize("text", ["", "a\n1\n", "a\nx\nAAAA\n\n", "a\n-1\nAAAA\n\n— a AAAA\n", "a\n01\nAAAA\n\n"])
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(note.BadNote):
        note.read(text)


@pytest.mark.sql
def test_it_is_about_the_last_entry_that_everybody_may_read(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "desk.example"]
    empty = note.read(written().text)
    assert (empty.size, empty.hash, empty.origin) == (0, checkpoints.FIRST, "desk.example/factcheck-log")
    review = factories.published_review()
    public = written()
    append.append(review.claim, event="watch_lost", audience="newsrooms", review=review)
    hidden = written()
    assert (public.size, hidden.size, hidden.head) == (1, 1, 2)
    one, two = note.read(public.text), note.read(hidden.text)
    assert (one.size, one.hash) == (two.size, two.hash)
    assert one.extensions["sealed"] != two.extensions["sealed"], "but what is behind it is bound"
    assert found() == []


def test_it_tells_nothing_of_what_is_unpublished() -> None:
    """Without the key nobody can tell a checkpoint of an idle hour from one of a busy one."""
    written()
    idle = note.read(written().text)
    factories.draft()
    busy = note.read(written().text)
    assert {*idle.extensions} == {*busy.extensions} == {"format", "time", "previous", "site", "sealed"}
    assert (idle.size, idle.hash) == (busy.size, busy.hash)
    assert (
        len({each.extensions["sealed"] for each in map(note.read, Checkpoint.objects.values_list("text", flat=True))})
        == 3
    )


def test_there_is_one_an_hour_also_when_nothing_happens() -> None:
    first = checkpoints.write_due()
    assert first and checkpoints.write_due() is None
    assert checkpoints.write_due(every=timedelta())
    assert note.read(Checkpoint.objects.latest("pk").text).extensions["previous"] == note.text_sha256(
        note.read(first.text).signed
    )


def test_a_folder_outside_gets_each_once_in_order(settings: Any, tmp_path: Path) -> None:
    settings.CHECKPOINT_TO = str(tmp_path / "outside")
    first = written()
    with pytest.raises(OutsideError, match="no folder"):
        outside.send_due()
    (tmp_path / "outside").mkdir()
    assert outside.send_due() == 1 and outside.send_due() == 0
    second, third = written(), written()
    assert outside.send_due() == 2
    assert list(outside.read(settings.CHECKPOINT_TO)) == [first.text, second.text, third.text]
    assert CheckpointDelivery.objects.count() == 3
    assert found() == []
    newest = sorted((tmp_path / "outside").iterdir())[-1]
    newest.write_text(newest.read_text().replace("\n0\n", "\n1\n", 1))
    assert any("signed by none of the keys" in sentence for sentence in found())
    newest.write_text("x")
    assert any("is damaged" in sentence for sentence in found())


@pytest.mark.sql
def test_a_checkpoint_outside_that_the_database_lacks_is_found(tmp_path: Path, data: Path) -> None:
    factories.published_review()
    kept = tmp_path / "kept-checkpoint.txt"
    other = note.write(
        "localhost/factcheck-log", 9, "ab" * 32, {"time": "2026-01-01T00:00:00.000000Z"}, [keys.current().checkpoint]
    )
    kept.write_text(other)
    written()
    sentences = found(checkpoints=str(kept))
    assert any("is not in the database" in sentence for sentence in sentences)
    assert any("which ends at row 1: rows were cut off" in sentence for sentence in sentences)


def test_many_alike_are_counted_and_a_missing_key_is_said_once(settings: Any, tmp_path: Path, data: Path) -> None:
    settings.CHECKPOINT_TO = str(tmp_path)
    for _ in range(8):
        outside.deliver(str(tmp_path), outside.name_of(written()), Checkpoint.objects.latest("pk").text)
    (data / keys.CHECKPOINT_KEY).rename(data / "elsewhere")
    assert [sentence for sentence in found() if "no checkpoint_key" in sentence] == found()
    (data / keys.CHECKPOINT_KEY).write_text("ab" * 32)
    sentences = found()
    assert len(sentences) == 6 and sentences[-1].startswith("12 more checkpoints are signed by none"), sentences


def test_an_address_gets_it_by_post_and_a_refusal_is_tried_again(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with receiving() as receiver:
        settings.FETCH_ALLOWED_LOOPBACK = receiver.address
        settings.CHECKPOINT_TO = receiver.url("/hook?token=secret")
        receiver.replies["/hook?token=secret"] = [500, 204]
        assert tasks.checkpoint() == 0
        assert "did not take the checkpoint" in caplog.text and "secret" not in caplog.text
        assert tasks.checkpoint() == 1
        assert [each.body.decode() for each in receiver.received] == [Checkpoint.objects.get().text] * 2


def test_an_address_inside_is_not_asked(settings: Any) -> None:
    settings.CHECKPOINT_TO = "http://127.0.0.1:9/"
    written()
    with pytest.raises(OutsideError, match="did not take"):
        outside.send_due()


@pytest.fixture
def bucket() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key="secret"
    )
    client.create_bucket(Bucket="checkpoints")
    yield f"s3://checkpoints/desk?endpoint={endpoint}"
    server.stop()


def test_a_bucket_gets_them_and_gives_them_back(settings: Any, bucket: str) -> None:
    settings.CHECKPOINT_TO = bucket
    first = written()
    with pytest.raises(OutsideError, match="FACTCHECK_CHECKPOINT_ACCESS_KEY"):
        outside.send_due()
    settings.CHECKPOINT_ACCESS_KEY, settings.CHECKPOINT_SECRET_KEY = "key", "secret"
    assert outside.send_due() == 1
    assert list(outside.read(bucket)) == [first.text]
    assert found() == []
    settings.CHECKPOINT_TO = bucket.replace("checkpoints/", "missing/")
    written()
    with pytest.raises(OutsideError, match="does not respond as it should"):
        outside.send_due()
