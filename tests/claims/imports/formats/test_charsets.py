"""Charsets: as declared; without a declaration UTF-8, or by the language of the record, or refused."""

import json
from typing import Any

import pytest

from claims.imports.formats.reading import Refusal
from claims.imports.formats.records import Record
from tests.claims.imports.formats.test_formats import one, read
from tests.claims.sample_claimreviews import claim_review


def encoded(charset: str, **changes: Any) -> bytes:
    return json.dumps(claim_review(1, **changes), ensure_ascii=False).encode(charset)


DECLARED = [
    ("windows-1252", "Über Brücken – „so“ teuer", "Zu übertrieben"),
    ("iso-8859-1", "Über Brücken – nicht", "Falsch"),  # a label of windows-1252 on the Web
    ("windows-1251", "Мосты стоят", "Неправда"),
    ("shift_jis", "橋は安全です", "誤り"),
    ("windows-1250", "Mosty są źle", "Fałsz"),
]


@pytest.mark.parametrize("cut", [1, 5, 1 << 18])
@pytest.mark.parametrize(("charset", "claim", "rating"), DECLARED)
def test_a_declared_charset_counts(charset: str, claim: str, rating: str, cut: int) -> None:
    raw = encoded("windows-1252" if charset == "iso-8859-1" else charset, claimReviewed=claim, reviewRating=rating)
    record = one(raw, charset=charset, cut=cut)
    assert (record.text, record.rating) == (claim, rating)


@pytest.mark.parametrize("cut", [3, 1 << 18])
def test_what_is_utf_8_is_read_as_such_whatever_is_declared(cut: int) -> None:
    record = one(encoded("utf-8", claimReviewed="Über Brücken"), charset="windows-1252", cut=cut)
    assert record.text == "Über Brücken"


def test_without_a_declaration_the_language_tells() -> None:
    german = one(encoded("windows-1252", claimReviewed="Über Brücken", inLanguage="de"))
    polish = one(encoded("windows-1250", claimReviewed="Mosty są źle", inLanguage="pl"))
    assert (german.text, polish.text) == ("Über Brücken", "Mosty są źle")
    assert ("claimReviewed", "bytes that are not UTF-8 read as windows-1252, by the language") in german.repairs


def test_words_that_cannot_be_decoded_are_refused_and_the_rest_counted() -> None:
    (refusal,) = read(encoded("windows-1252", claimReviewed="Über Brücken", inLanguage=None))
    assert isinstance(refusal, Refusal)
    assert "--charset" in refusal.reason
    assert "claimReviewed" in refusal.reason
    record = one(encoded("windows-1252", headline="Über Brücken", inLanguage=None))
    assert record.title == "\ufffdber Br\ufffdcken"
    (repair,) = record.repairs
    assert repair.field == "headline"
    assert repair.what.startswith("2 × U+FFFD")


def test_a_page_is_read_in_the_charset_that_it_declares() -> None:
    block = encoded("windows-1251", claimReviewed="Мосты стоят")
    page = b'<!doctype html><meta charset="windows-1251"><script type="application/ld+json">' + block + b"</script>"
    assert one(page, form="html").text == "Мосты стоят"


def test_a_table_is_read_in_its_charset_and_with_its_separator() -> None:
    table = "sep=|\nclaim|rating|url|publisher\nÜber; Brücken|Falsch|https://f.example/1|Faktum\n"
    record = one(table.encode("windows-1252"), form="csv", charset="windows-1252")
    assert (record.text, record.rating) == ("Über; Brücken", "Falsch")
    assert isinstance(one(table.encode("utf-16"), form="csv"), Record)


@pytest.mark.parametrize("mark", ["\ufffe", "\uffff", "\U0001fffe", "\u202e", "\u200b", "\x9f", "\ufeff"])
def test_marks_that_no_text_needs_are_taken_out(mark: str) -> None:
    record = one(claim_review(claimReviewed=f"412 {mark}bridges"))
    assert record.text == "412 bridges"
    assert record.repairs == [("claimReviewed", "control characters taken out")]
    (refusal,) = read(claim_review(claimReviewed=mark * 3, itemReviewed=None))
    assert isinstance(refusal, Refusal)
