"""Which wordings are one claim's, and which are not."""

from datetime import date

import pytest

from claims.imports.joining.same_claim import SameWords, normalized

SAME = [
    ("The bridge holds.", "the bridge holds"),
    ("The bridge  holds", " The\u00a0bridge\nholds. "),
    ("“The bridge holds.”", "The bridge holds."),
    ("“The bridge holds”.", "»The bridge holds.«"),
    ("The “bridge” holds", 'The "bridge" holds.'),
    ("It’s the mayor’s bridge", "It's the mayor's bridge"),
    ("Tolls rose by 3–5 %", "Tolls rose by 3-5 %."),
    ("It was −5 degrees", "It was -5 degrees"),
    ("Cafe\u0301 closed", "Café closed"),
    ("Die Straße ist gesperrt!", "DIE STRASSE IST GESPERRT"),
    ("The bridge\u00adhead\u200b holds", "The bridgehead holds"),
    ("Ｔhe bridge holds", "The bridge holds"),
    ("橋は安全だ。", "橋は安全だ"),
]
OTHER = [
    ("412 bridges failed", "41 bridges failed"),
    ("It was -5 degrees", "It was 5 degrees"),
    ("Tolls rose 5 %", "Tolls rose 5"),
    ("The bridge is not safe", "The bridge is safe"),
    ("The bridge isn't safe", "The bridge is safe"),
    ("The bridge holds?", "The bridge holds."),
    ("10² people came", "102 people came"),
    ("2½ bridges failed", "21/2 bridges failed"),
    ("The bridge holds...", "The bridge holds."),
    ("The bridge holds …", "The bridge holds"),
    ("“The bridge” is not “safe”", "The bridge” is not “safe"),
    ("They are 5!", "They are 5"),
    ("1,5 million", "15 million"),
    ("1.5 million", "1,5 million"),
    ("+5 degrees", "5 degrees"),
    ("The resume is lost", "The résumé is lost"),
    ("Tolls rose 5'", 'Tolls rose 5"'),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_case_spaces_quotes_dashes_and_the_last_stop_make_no_other_claim(one: str, other: str) -> None:
    assert normalized(one) == normalized(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_digits_signs_negations_and_questions_do(one: str, other: str) -> None:
    assert normalized(one) != normalized(other)


@pytest.mark.parametrize("text", [text for pair in SAME + OTHER for text in pair] + ["", ".", "!", '"', '""', "a."])
def test_it_changes_nothing_the_second_time(text: str) -> None:
    assert normalized(normalized(text)) == normalized(text)


def words(text: str = "The bridge holds.", **changes: object) -> SameWords:
    told: dict[str, object] = {"language": "en", "period_start": None, "period_end": None, "place": ""}
    return SameWords.of(text, **told | changes)  # type: ignore[arg-type]


def test_language_period_and_place_are_part_of_it() -> None:
    year = {"period_start": date(2024, 1, 1), "period_end": date(2024, 12, 31)}
    told = [
        words(),
        words(language="de"),
        words(language="en-GB"),
        words(**year),
        words(period_start=date(2024, 1, 1)),
        words(period_end=date(2024, 1, 1)),
        words(place="Weirside"),
        words("The bridge holds\nen"),
    ]
    assert len(set(told)) == len({each.fingerprint for each in told}) == len(told)
    assert words(place="Weirside ") == words("the bridge holds", place="weirside")


def test_one_short_word_names_no_claim() -> None:
    assert not any(words(text).identify for text in ("Video", "Fake!", "地球平"))
    assert all(words(text).identify for text in ("The bridge holds", "橋はとても安全だと思う"))


def test_a_fingerprint_fits_a_column() -> None:
    assert all(-(2**63) <= words(str(number)).fingerprint < 2**63 for number in range(200))
