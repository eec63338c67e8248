"""Public ids: their form and their randomness."""

import re

from sources.database.public_ids import random_id, random_ids

FORM = re.compile(r"clm_[0-9a-hjkmnp-tv-z]{16}")


def test_ids_have_their_form_and_differ() -> None:
    ids = [*random_ids("clm", 5_000), random_id("clm")]
    assert all(FORM.fullmatch(each) for each in ids)
    assert len(set(ids)) == 5_001
    assert len({character for each in ids for character in each[4:]}) == 32
    assert random_ids("clm", 0) == []
