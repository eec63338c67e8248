"""The scan is exact, with simsimd and without."""

import numpy as np
import pytest

from claims.matching.vectors import scan


@pytest.fixture
def records():
    random = np.random.default_rng(1)
    records = np.zeros(9_000, [("before", "u1", 40), ("vector", "i1", 384)])
    records["vector"] = random.integers(-127, 128, (9_000, 384))
    return records


@pytest.mark.parametrize("library", ["simsimd", "numpy"])
def test_dot_products_are_exact_for_rows_that_lie_apart(records, library, monkeypatch):
    if library == "numpy":
        monkeypatch.setattr(scan, "simsimd", None)
    else:
        assert scan.simsimd is not None
    query = records["vector"][17]
    exact = records["vector"].astype(np.int64) @ query.astype(np.int64)
    assert (scan.dot_products(query, records["vector"]) == exact).all()
    assert scan.dot_products(query, records["vector"][:0]).shape == (0,)


@pytest.mark.parametrize("limit", [1, 3, 5, 9])
def test_best_sorts_downwards(limit):
    scores = np.array([0.5, 0.9, -np.inf, 0.8, 0.7], np.float32)
    assert list(scan.best(scores, limit)) == [1, 3, 4, 0, 2][:limit]


@pytest.mark.parametrize("size", [63, 64, 200, 5_000, 5_003])
@pytest.mark.parametrize("limit", [1, 3, 200])
def test_best_finds_the_same_as_sorting_all(size, limit):
    scores = np.random.default_rng(size).permutation(size).astype(np.float32)
    assert list(scores[scan.best(scores, limit)]) == list(range(size - 1, max(-1, size - 1 - limit), -1))
