"""Hashes of clients: the same in all processes for less than an hour, then nobody can make them again."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from factcheck.backup import source
from factcheck.newsrooms import client_hash, tasks
from factcheck.newsrooms.models import ClientHashKey

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


@pytest.fixture(autouse=True)
def a_new_process() -> Iterator[None]:
    client_hash.reset()
    yield
    client_hash.reset()


def test_processes_share_the_key_and_it_is_replaced_in_time() -> None:
    first = client_hash.digest("address:192.0.2.7")
    assert len(first) == 64 and first != client_hash.digest("address:192.0.2.8")
    client_hash.reset()  # another process
    assert client_hash.digest("address:192.0.2.7") == first
    key = bytes(ClientHashKey.objects.get().key)
    ClientHashKey.objects.update(made_at=timezone.now() - timedelta(minutes=51))
    client_hash.reset()
    assert client_hash.digest("address:192.0.2.7") != first
    assert bytes(ClientHashKey.objects.get().key) != key, "nobody has the old one any more"


def test_a_process_forgets_its_copy_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first = client_hash.digest("address:192.0.2.7")
    ClientHashKey.objects.update(made_at=timezone.now() - timedelta(minutes=51))
    now = client_hash.time.monotonic()
    monkeypatch.setattr(client_hash.time, "monotonic", lambda: now + client_hash.LIFETIME + 1)
    assert client_hash.digest("address:192.0.2.7") != first


def test_an_old_key_is_deleted_though_nobody_asks_and_a_young_one_stays() -> None:
    client_hash.digest("address:192.0.2.7")
    tasks.delete_expired()
    assert ClientHashKey.objects.exists()
    ClientHashKey.objects.update(made_at=timezone.now() - timedelta(minutes=51))
    tasks.delete_expired()
    assert not ClientHashKey.objects.exists()
    assert client_hash.LIFETIME + 600 <= 3_600, "the task runs every ten minutes"


def test_no_backup_has_the_key_or_who_sent_a_tip() -> None:
    assert {"newsrooms_clienthashkey", "claims_tipsender"} <= set(source.left_out())
