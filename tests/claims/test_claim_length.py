"""The longest text of a claim."""

from claims.claim_length import LONGEST_CLAIM, too_long


def test_one_character_too_many_is_refused_with_both_numbers() -> None:
    assert too_long("a" * LONGEST_CLAIM) == ""
    assert too_long("a" * (LONGEST_CLAIM + 1)) == "The claim is 10,001 characters long; at most 10,000 are taken."
