"""Eight concurrent writers and a reader of the feed: nothing is skipped or repeated."""

import threading
from typing import Any

import pytest
from django.db import connections, transaction

from claims.models import Claim, Publication
from claims.publication import append
from tests import factories
from tests.api_client import reading_key, said

pytestmark = pytest.mark.sql

WRITERS, ROUNDS = 8, 6


class Writing:
    """In each round every writer makes a claim, and publishes it once all have made theirs.

    So each round all claims have their numbers before the first is committed, as happens under load. In the
    first round the lowest number is committed last, after somebody has seen a higher one.
    """

    def __init__(self) -> None:
        self.made = threading.Barrier(WRITERS)
        self.lowest: list[int] = []
        self.seen = threading.Event()
        self.failures: list[BaseException] = []
        self.threads = [threading.Thread(target=self._write) for _ in range(WRITERS)]

    def _write(self) -> None:
        try:
            for turn in range(ROUNDS):
                with transaction.atomic():
                    claim = factories.claim(f"Claim of turn {turn}.")
                    if turn == 0:
                        self.lowest.append(claim.pk)
                    self.made.wait(20)
                    if turn == 0 and claim.pk == min(self.lowest):
                        assert self.seen.wait(20)
                    append.append(claim, event="published", audience="public", words=factories.words_of(claim))
        except BaseException as error:  # noqa: BLE001 - any failure of a thread must reach the test
            self.failures.append(error)
            self.made.abort()
        finally:
            connections.close_all()

    @property
    def done(self) -> bool:
        return not any(thread.is_alive() for thread in self.threads)


def test_the_feed_skips_and_doubles_nothing_under_eight_writers(live_database: object, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        key = reading_key()
        writing = Writing()
        for thread in writing.threads:
            thread.start()
        followed: list[int] = []
        numbered: list[int] = []
        address = "/api/v1/feed/?limit=3&fields=sequence"
        over = False
        while True:
            answer = said(address, key)
            followed += [item["sequence"] for item in answer["results"]]
            address = answer["next"].removeprefix("http://testserver")
            # The control: the same, by numbers that are given before the commit.
            after = numbered[-1] if numbered else 0
            numbered += Claim.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
            if numbered:
                writing.seen.set()
            if over and not answer["more"]:
                break
            over = writing.done  # and once more, for what came before the last look
        assert writing.failures == []
        assert (
            followed
            == list(range(1, WRITERS * ROUNDS + 1))
            == list(Publication.objects.order_by("sequence").values_list("sequence", flat=True))
        )
        missed = set(Claim.objects.values_list("pk", flat=True)) - set(numbered)
        assert min(writing.lowest) in missed, "the control must miss what this test is about"
