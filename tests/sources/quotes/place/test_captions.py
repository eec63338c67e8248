"""A sentence that was cut from its article and stands as the caption of a picture is no longer the passage."""

import pytest

from sources.quotes.locate import Result, locate, select

S = "The north wall lost 38 metres of stone in the storm."
A = "Engineers inspected the harbour on Monday, after a week of gales."
B = "Divers will return on Friday to look at the foundations."
PAGE = """Harbour wall to be rebuilt

{}

The works are expected to take two years, and the ferries will berth at the old quay until then.

Imprint"""
CREDITS = (
    "Photo: Harbour Office",
    "| Reuters",
    "(AP Photo/Lena Holt)",
    "© Lena Holt",
    "Foto: Lena Holt/dpa",
    "[Bild: Hafenamt]",
    "Zdjęcie: Urząd",
    "写真：港湾局",
)


def result(before: str, now: str) -> Result:
    was = PAGE.format(before)
    quote = select(S, was, A if f"{A} {S}" in was else "", B if f"{S} {B}" in was else "")
    return locate(quote, PAGE.format(now), was).result


@pytest.mark.parametrize("credit", CREDITS)
@pytest.mark.parametrize(
    ("before", "now"),
    [
        (f"{A} {S}", f"{A}\n\n{S} {{}}"),
        (f"{S} {B}", f"{S} {{}}\n\n{B}"),
        (f"{A}\n\n{S}\n\n{B}", f"{A}\n\n{S} {{}}\n\n{B}"),
        (f"{A} {S} {B}", f"{S} {{}}"),
        (f"{A} {S} {B}", f"{A} {B}\n\n{S} {{}}"),
        (f"{A} {S}", f"{A}\n\n{S}\n\n{{}}"),
    ],
)
def test_it_stands_as_a_caption_alone(before: str, now: str, credit: str) -> None:
    if credit.startswith("|") and now.endswith("\n{}"):
        credit = "Photo by Lena Holt"
    assert result(before, now.format(credit)) in (Result.GONE, Result.MOVED)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (f"{A} {S}", f"{A} {S}\n\n{S} Photo: Harbour Office"),
        (f"{A} {S} {B}", f"{S} Photo: Harbour Office\n\n{A} {S} {B}"),
        (f"{S} Photo: Harbour Office\n\n{A} {S} {B}", f"{A} {S} {B}"),
        (f"{S} Photo: Harbour Office", f"{S} Photo: Lena Holt/Harbour Office"),
        (f"{A}\n\n{S}\n\n{B}", f"{A}\n\n{S}\n\nPhoto: Harbour Office\n\n{B}"),
        (f"{A} {S} {B}", f"{A}\n\n{S}\n\n{B}"),
        (f"{A}\n\n{S}\n\n{B}", f"{A}\n\n{S} The picture shows it: it is a ruin.\n\n{B}"),
    ],
)
def test_it_still_stands(before: str, now: str) -> None:
    assert result(before, now) is Result.INTACT
