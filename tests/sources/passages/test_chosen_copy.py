"""Where words stand several times on a page, somebody says which place is meant."""

import pytest

from sources.passages.chosen_copy import SeveralPlaces, choose, follow
from sources.quotes.locate import QuoteNotFound, Result, locate

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


# The passage is followed from one text of its page to the next; a copy never takes its place.


def followed(sentence: str, *texts: str) -> tuple[list[Result], int]:
    """What each text after the first says of the sentence, and the number of the last text in which it was seen."""
    quote, seen, said = choose(sentence, texts[0], copy=1), 0, []
    for number, text in enumerate(texts[1:], 1):
        here = follow(quote, texts[seen], lambda: texts[0]) if seen else quote
        said.append(locate(here, text, texts[seen]).result)
        if said[-1] in (Result.INTACT, Result.MOVED):
            seen = number
    return said, seen


def article(*paragraphs: str) -> str:
    return "\n\n".join(("Home", "The mill pond", *paragraphs, "Most read", "  Fog over the sound", "Imprint"))


LEAD = "The town has let the water out of the mill pond to see what lies at its bottom."
ABOVE = "Workers brought up bicycles, a safe and the bell of a school that burnt down long ago."
SENTENCE = "The safe held 38 letters, all of them addressed to the last miller of the place."
EDITED = "The safe held 83 letters, all of them addressed to the last miller of the place."
BELOW = "A museum in the capital has asked for the bell, but the school wants it back."
END = "The pond will be filled again before winter, the council said in a short note."
FIRST = article(LEAD, f"{ABOVE} {SENTENCE} {BELOW}", END)
ALONE = article(LEAD, ABOVE, SENTENCE, BELOW, END)
KEPT = ("Older version", ABOVE, SENTENCE, BELOW)


@pytest.mark.parametrize(
    ("texts", "seen"),
    [
        ((FIRST, article(LEAD, f"{ABOVE} {BELOW}", END, "Share", SENTENCE)), 0),
        ((FIRST, article(LEAD, f"{ABOVE} {EDITED} {BELOW}", END, "Share", SENTENCE)), 0),
        ((FIRST, article(LEAD, f"{ABOVE} {SENTENCE} {BELOW}", SENTENCE, END), FIRST.replace(SENTENCE, EDITED)), 1),
        ((ALONE, article(LEAD, ABOVE, EDITED, SENTENCE, BELOW, END)), 0),
        ((ALONE, article(LEAD, ABOVE, SENTENCE, SENTENCE, BELOW, END), ALONE.replace(SENTENCE, EDITED)), 1),
        (
            (
                ALONE,
                article(LEAD, ABOVE.replace("safe", "chest"), SENTENCE, BELOW.replace("asked", "begged"), END, *KEPT),
                article(LEAD, ABOVE.replace("safe", "chest"), EDITED, BELOW.replace("asked", "begged"), END, *KEPT),
            ),
            1,
        ),
        (
            (
                FIRST,
                article(f"{LEAD} {SENTENCE}", f"{ABOVE} {BELOW}", END),
                article(f"{LEAD} {SENTENCE}", SENTENCE, f"{ABOVE} {BELOW}", END),
                article(f"{LEAD} {EDITED}", SENTENCE, f"{ABOVE} {BELOW}", END),
            ),
            2,
        ),
    ],
)
def test_a_copy_that_is_left_is_never_seen_as_the_passage(texts: tuple[str, ...], seen: int) -> None:
    said, last = followed(SENTENCE, *texts, texts[-1], texts[-1])
    assert last == seen
    assert not {Result.INTACT, Result.MOVED} & set(said[seen:]) and {Result.INTACT, Result.MOVED} >= set(said[:seen])


@pytest.mark.parametrize(
    "texts",
    [
        (FIRST, article(LEAD, f"{ABOVE} {SENTENCE} {BELOW}", SENTENCE, END), FIRST),
        (FIRST, article(LEAD, f"{ABOVE} {BELOW}", f"{SENTENCE} {END}"), FIRST),
        (FIRST, ALONE, article(LEAD, ABOVE, BELOW, SENTENCE, END), FIRST),
        (ALONE, article(LEAD, ABOVE, SENTENCE, BELOW, END, *KEPT), ALONE),
        (ALONE, article(LEAD, BELOW, END, ABOVE, SENTENCE), article(SENTENCE, ABOVE, END, BELOW, LEAD), ALONE),
        (ALONE, article(LEAD, ABOVE, SENTENCE, "Share", SENTENCE, BELOW, END), article(LEAD, ABOVE, SENTENCE, END)),
    ],
)
def test_a_passage_that_stands_is_followed_wherever_it_goes(texts: tuple[str, ...]) -> None:
    said, last = followed(SENTENCE, *texts, texts[-1])
    assert last == len(texts) and {Result.INTACT, Result.MOVED} >= set(said)
