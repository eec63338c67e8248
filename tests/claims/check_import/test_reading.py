"""Rows of a CSV file, however it was saved, and what a header and a row mean."""

import io

import pytest

from claims.check_import.columns import NoListOfCheck, columns
from claims.check_import.reading import encoding_of, rows
from claims.check_import.row import claim_text, item_of, tags_of
from tests.claims.check_import import lists


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    row = lists.item(1, "Die Brücke, „fällt“; morgen.", tags="Brücken, Verkehr")
    found = list(rows(lists.file([lists.HEADER, row], encoding=encoding, delimiter=delimiter)))
    assert [each.number for each in found] == [1, 2]
    assert found[0].cells == lists.HEADER
    assert found[1].cells == row
    assert not found[1].broken


def test_other_letters_survive() -> None:
    for text in ("عدد الجسور ٤١٢", "जिन पुलों की मरम्मत", "橋は四百十二", "🙂 412"):
        (_, row) = rows(lists.items(lists.item(1, text)))
        assert row.cells[0] == text


def test_a_letter_at_the_edge_of_a_piece_does_not_change_the_encoding() -> None:
    assert encoding_of(io.BytesIO(b"x" * ((1 << 20) - 1) + "ü".encode() + b"y")) == "utf-8"
    assert encoding_of(io.BytesIO(b"x" * 10 + "ü".encode()[:1])) == "windows-1252"


def test_broken_rows_are_said_and_the_others_read() -> None:
    good = lists.item(2)
    found = list(rows(lists.file([lists.HEADER, lists.item(1)[:5], good, [*good, "more"], ["x" * 140_000], good])))
    assert [bool(row.broken) for row in found] == [False, True, False, True, True, False]
    assert [row.number for row in found] == [1, 2, 3, 4, 5, 6]
    assert "end is missing" in found[1].broken


def test_empty_rows_are_none_and_line_breaks_in_cells_stay() -> None:
    data = b'Claim,Status\r\n"two\r\nlines",False\r\n\r\n,\r\nlast,True\r\n'
    found = [row.cells for row in rows(io.BytesIO(data))]
    assert found == [["Claim", "Status"], ["two\r\nlines", "False"], ["last", "True"]]


def test_an_empty_file_has_no_rows() -> None:
    assert list(rows(io.BytesIO(b""))) == []
    assert list(rows(io.BytesIO(b"\xef\xbb\xbf"))) == []


@pytest.mark.parametrize("header", [lists.HEADER, lists.FACT_CHECKS, lists.FEED, ["claim", "ITEM PAGE URL"]])
def test_lists_of_check_are_known(header: list[str]) -> None:
    assert columns(header).places


@pytest.mark.parametrize(
    "header",
    [["ID", "Title", "Description", "URL", "Language"], ["Claim"], ["name", "age"], [""], ["Title", "Author"]],
)
def test_other_tables_are_refused(header: list[str]) -> None:
    with pytest.raises(NoListOfCheck):
        columns(header)


def test_what_is_no_column_of_check_is_an_annotation() -> None:
    where = columns([*lists.HEADER, "Which country?", "Claim", ""])
    item = item_of([*lists.item(7, "A claim"), "Austria", "twice", "nothing"], where)
    assert item["words"]["annotations"] == [["Which country?", "Austria"], ["Claim", "twice"]]
    assert item["external_id"] == "https://checkmedia.org/desk/media/7"
    assert item["status"] == "False"


def test_an_item_without_a_page_is_named_by_its_number_article_or_words() -> None:
    where = columns(lists.FACT_CHECKS)
    told = ["12", "A title", "A summary", "https://desk.example/a", "en", "published", "false"]
    assert item_of(told, where)["external_id"] == "fact-check 12"
    told[0] = ""
    assert item_of(told, where)["external_id"] == "https://desk.example/a"
    told[3] = ""
    first, again = item_of(told, where)["external_id"], item_of(told, where)["external_id"]
    assert first == again != item_of([*told[:1], "Another", *told[2:]], where)["external_id"]


def test_formula_cells_are_words() -> None:
    where = columns(lists.HEADER)
    words = item_of(lists.item(1, '\'=HYPERLINK("https://evil.example")'), where)["words"]
    assert claim_text(words) == '=HYPERLINK("https://evil.example")'
    assert claim_text(item_of(lists.item(1, "-3 % fewer"), where)["words"]) == "-3 % fewer"


def test_tags() -> None:
    assert tags_of("Health, #covid, health,  , Long  COVID") == ["Health", "covid", "Long COVID"]
    assert len(tags_of(",".join(map(str, range(500))))) == 50


def test_only_addresses_are_links() -> None:
    where = columns(["Claim", "Item page URL", "Link"])
    assert item_of(["a", "javascript:alert(1)", "see https://x.example/p, there"], where)["words"]["link"] == (
        "https://x.example/p"
    )
    assert item_of(["a", "javascript:alert(1)", "none"], where)["words"]["item"] == ""
