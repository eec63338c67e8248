"""A verb that waits for a merge goes on with the claim to which the merge moved its review."""

import threading
import time
from typing import Any

import pytest
from django.db import connection, transaction

from claims.models import Claim
from claims.reviews.claim_lock import lock_claim_of
from tests import factories
from tests.claims.reviews.test_merging import published

pytestmark = pytest.mark.sql
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def test_the_claim_is_found_where_a_merge_moved_its_review(live_database: Any) -> None:
    one, other = published("412 bridges need repair."), published("Bridges in need of repair: 412.")
    review = one.reviews.get().pk
    found: list[Claim] = []

    def verb() -> None:
        try:
            with transaction.atomic():
                found.append(lock_claim_of(review))
        finally:
            connection.close()

    with transaction.atomic():
        factories.merged(one, into=other)
        thread = threading.Thread(target=verb)
        thread.start()
        with connection.cursor() as cursor:
            for _ in range(200):
                if cursor.execute(_WAITING).fetchone() != (0,):
                    break
                time.sleep(0.05)
    thread.join(30)
    assert found == [other]
