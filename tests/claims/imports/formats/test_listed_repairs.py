"""What was changed so that a record could be read is listed, by record and field; what was not is not."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from claims.imports.formats import reading
from claims.imports.formats.records import Record
from tests.claims.sample_claimreviews import claim_review

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLAIN = orjson.dumps(claim_review())
WITH_NAME = orjson.dumps(claim_review(claimReviewed="Die Brücke ist gesperrt.", inLanguage="de"))


def page(block: bytes) -> bytes:
    return b'<html><body><script type="application/ld+json">' + block + b"</script></body></html>"


def repairs(content: bytes, form: str) -> list[str]:
    (entry,) = reading.entries(iter([content]), form=form, now=NOW, url="https://checkers.example/2024/1")
    assert isinstance(entry, Record), entry
    return [f"{each.field}: {each.what}" for each in entry.repairs]


@pytest.mark.parametrize(
    ("content", "form", "repair"),
    [
        (page(PLAIN + b";"), "html", "semicolon"),
        (PLAIN + b";\n", "ndjson", "semicolon"),
        (page(PLAIN.replace(b'"@type"', b'\x00"@type"', 1)), "html", "NUL"),
        (PLAIN.replace(b',"headline"', b'\x00,"headline"', 1), "json", "NUL"),
        (PLAIN.replace(b',"headline"', b',,"headline"', 1), "json", "surplus commas"),
        (page(PLAIN.replace(b'"', b"&quot;")), "html", "entities of its JSON"),
        (page(WITH_NAME.decode().encode("windows-1252")), "html", "no charset is declared"),
    ],
)
def test_what_was_unusual_in_the_form_is_listed(content: bytes, form: str, repair: str) -> None:
    (made,) = repairs(content, form)
    assert made.startswith("record: ")
    assert repair in made


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (page(PLAIN), "html"),
        (PLAIN, "json"),
        (PLAIN + b"\n", "ndjson"),
        (page(WITH_NAME), "html"),
        (page(WITH_NAME.decode().encode("windows-1252")).replace(b"<body>", b"<meta charset=cp1252><body>"), "html"),
    ],
)
def test_what_is_as_it_should_be_is_not(content: bytes, form: str) -> None:
    assert repairs(content, form) == []


@pytest.mark.parametrize(
    ("url", "repair"),
    [
        ("https://paper.example/1?fbclid=abc", "tracking parameters"),
        ("https://paper.example/?a=1&amp;b=2", "HTML entities"),
    ],
)
def test_a_change_to_the_address_of_an_appearance_is_listed(url: str, repair: str) -> None:
    item: Any = {"@type": "Claim", "appearance": {"@type": "CreativeWork", "url": url}}
    (made,) = repairs(orjson.dumps(claim_review(itemReviewed=item)), "json")
    assert made.startswith("itemReviewed.appearance: ")
    assert repair in made


def test_a_language_that_says_of_itself_that_it_is_not_known_is_no_repair() -> None:
    item: Any = {
        "@type": "Claim",
        "inLanguage": "und",
        "appearance": {"url": "https://p.example/1", "inLanguage": "und"},
    }
    assert repairs(orjson.dumps(claim_review(itemReviewed=item, inLanguage="und")), "json") == []
