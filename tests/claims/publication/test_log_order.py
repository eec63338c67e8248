"""The order of the log under parallel writers, with real commits."""

import threading

import pytest
from django.db import connections

from claims.models import ClaimVersion, Publication
from claims.publication import append
from tests import factories

pytestmark = pytest.mark.sql


def test_sequence_follows_commit_order_under_parallel_writers(live_database: object, django_db_blocker: object) -> None:
    """Eight writers at once: no gap, nothing doubled, times never go back, the chain holds (the trigger checks)."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        claims = [factories.published_review(factories.claim(f"Claim {n}.")).claim for n in range(8)]
        failures: list[BaseException] = []

        def write(index: int) -> None:
            try:
                for _ in range(5):
                    append.append(claims[index], event="reconfirmed", audience="public")
            except BaseException as error:  # noqa: BLE001 - any failure of a thread must reach the test
                failures.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        rows = list(Publication.objects.order_by("sequence").values_list("sequence", "at"))
        assert [sequence for sequence, _ in rows] == list(range(1, 8 + 40 + 1))
        times = [at for _, at in rows]
        assert times == sorted(times)
        assert ClaimVersion.objects.current("public").count() == 8
