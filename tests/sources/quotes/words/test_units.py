"""The table of units' names is CLDR's, and what it does not name counts only where it was exchanged."""

import runpy
from pathlib import Path

import pytest

from sources.quotes.words.units import exchanged_after, same_unit

ROOT = Path(__file__).resolve().parents[4]


def test_the_table_is_that_of_babel() -> None:
    script = runpy.run_path(str(ROOT / ".ci" / "units"))
    lines = script["FILE"].read_text(encoding="utf-8").splitlines()
    written = {(unit, side): set(names.split("|")) for unit, side, names in (line.split("\t") for line in lines)}
    for language in ("en", "pl", "sw", "ja"):
        for key, names in script["names"](language).items():
            assert names <= written[key], (language, key)


@pytest.mark.parametrize(
    ("was", "now", "same"),
    [
        (" km from it", " kilometres from it", True),
        (" Std. lang", " Stunden lang", True),
        ("公里", "千米", True),
        (" m from it", " miles from it", False),
        (", km", " km", False),
    ],
)
def test_names_of_one_unit(was: str, now: str, same: bool) -> None:
    assert same_unit(was, now) is same


def test_a_name_of_a_month_is_no_unit() -> None:
    assert not exchanged_after(" mai im Land", " Mai im Land")
    assert not exchanged_after(" set a new mark", " may set a new mark")
