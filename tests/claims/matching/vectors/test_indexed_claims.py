"""Claims by number, before and after the recent ones are sorted in."""

import pytest

from claims.matching.vectors import indexed_claims
from claims.matching.vectors.indexed_claims import IndexedClaims


@pytest.mark.parametrize("most_recent", [1, 7, 10_000])
def test_claims_come_change_go_and_come_again(monkeypatch, most_recent):
    monkeypatch.setattr(indexed_claims, "_MOST_RECENT", most_recent)
    claims, expected = IndexedClaims(), {}
    for round_ in range(3):
        for each in range(0, 2_000, round_ + 1):
            claims.set(f"clm_{each:016d}", each * 10 + round_)
            expected[f"clm_{each:016d}"] = each * 10 + round_
        for each in range(round_, 2_000, 3):
            claims.remove(f"clm_{each:016d}")
            expected.pop(f"clm_{each:016d}", None)
    assert len(claims) == len(expected)
    present, keys = claims.present(), claims.keys()
    assert {claims.id(number): keys[number] for number in present.nonzero()[0]} == expected
    for each in range(2_000):
        number = claims.find(f"clm_{each:016d}")
        assert (number >= 0) == (f"clm_{each:016d}" in expected)
        assert number < 0 or keys[number] == expected[f"clm_{each:016d}"]
    claims.remove("clm_unknown")
    assert claims.find("clm_unknown") == -1


def test_an_id_that_is_too_long_is_refused():
    with pytest.raises(ValueError, match="at most 24"):
        IndexedClaims().set("clm_" + "0" * 30, 1)
