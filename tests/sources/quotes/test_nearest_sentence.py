"""The nearest sentence among new ones and among all."""

from random import Random

from sources.quotes import nearest_sentence
from sources.quotes.nearest_sentence import Run


def test_exactly_the_runs_with_a_new_sentence_are_compared() -> None:
    rng = Random(7)
    for _ in range(300):
        count, size = rng.randint(0, 12), rng.randint(1, 5)
        fresh = sorted(rng.sample(range(count), rng.randint(0, count)))
        windows = [first for first in range(count - size + 1) if set(range(first, first + size)) & set(fresh)]
        assert list(nearest_sentence._firsts(fresh, size, count)) == windows


def test_an_altered_sentence_is_found_with_and_without_the_earlier_text() -> None:
    before = "\n".join(f"In {year} the office counted {year * 3} lamps. They were old." for year in range(1990, 2020))
    after = before.replace("In 2001 the office counted 6003 lamps.", "In 2001 the office counted 6300 lamps.")
    wording = "In 2001 the office counted 6003 lamps."
    found = nearest_sentence.nearest(wording, after, before=before, new=0.62, anywhere=0.68)
    assert found is not None
    assert found.run.normal == "In 2001 the office counted 6300 lamps."
    assert after[found.run.start : found.run.end] == found.run.normal


def test_long_lines_are_split_like_short_ones() -> None:
    words = "One is here. Two is there! ขอบคุณ ครับ. Three"
    line = " ".join([words] * 100)
    assert len(line) > nearest_sentence._REMEMBERED
    assert len(words) <= nearest_sentence._REMEMBERED
    nearest_sentence._cut.cache_clear()
    kept = nearest_sentence._cut.cache_info().currsize
    runs = nearest_sentence.sentences(f"{line}\n{words}")
    assert nearest_sentence._cut.cache_info().currsize == kept + 1, "a long line is not remembered"
    short = [run.normal for run in runs if run.start > len(line)]
    assert [run.normal for run in runs[: len(short) - 1]] == short[:-1]
    assert runs[0] == Run(0, 3, "One"), "as in each line with a script that puts spaces between clauses"
