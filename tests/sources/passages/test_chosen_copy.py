"""Where words stand several times on a page, somebody says which place is meant."""

import pytest

from sources.passages.chosen_copy import SeveralPlaces, choose
from sources.quotes.locate import QuoteNotFound

WORDS = "The ministry counted 412 bridges in need of repair."
TEXT = f"Bridges\n\n“{WORDS}”\n\nThe yearly report is out. {WORDS} The next report is due.\n\nAlso read: {WORDS}"


def test_a_message_names_each_place_by_what_stands_around_it() -> None:
    with pytest.raises(SeveralPlaces) as refused:
        choose(WORDS, TEXT)
    assert "3 places" in str(refused.value)
    assert "yearly report is out. [the words] The next report is due." in str(refused.value)
    assert len(refused.value.places) == 3


@pytest.mark.parametrize(
    ("meant", "before"),
    [
        ({"copy": 1}, "Bridges\n\n“"),
        ({"copy": 2}, "The yearly report is out. "),
        ({"copy": 3}, "Also read: "),
        ({"prefix": "yearly report is out. "}, "The yearly report is out. "),
        ({"suffix": " The next report"}, "The yearly report is out. "),
        ({"prefix": "Also read: "}, "Also read: "),
    ],
)
def test_the_place_is_chosen_by_its_number_or_its_neighbours(meant: dict[str, object], before: str) -> None:
    quote = choose(WORDS, TEXT, **meant)  # type: ignore[arg-type]
    assert quote.start is not None and TEXT[: quote.start].endswith(before)
    assert TEXT[quote.start :].startswith(WORDS)
    assert quote.prefix.endswith(before) and quote.exact == WORDS


def test_one_place_needs_no_choice_and_a_wrong_number_is_refused() -> None:
    text = TEXT.partition("\n\nAlso")[0].partition("\n\nThe")[2]
    assert choose(WORDS, text).start == choose(WORDS, text, copy=1).start == text.find(WORDS)
    with pytest.raises(QuoteNotFound, match="no number 4"):
        choose(WORDS, TEXT, copy=4)
    with pytest.raises(QuoteNotFound):
        choose("Nothing like it stands here at all.", TEXT)


def test_copies_among_the_same_neighbours_are_as_good_as_one() -> None:
    block = f"The yearly report is out, as we said before. {WORDS} The next report is due in spring next year."
    text = f"{block}\n{block}\n{block}"
    assert text[choose(WORDS, text).start or 0 :].startswith(WORDS)
