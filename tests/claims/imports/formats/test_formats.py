"""Formats of real-world reviews: each malformed record is accepted with a recorded repair, or refused."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from claims.imports.formats import reading
from claims.imports.formats.reading import Refusal
from claims.imports.formats.records import Record
from tests.claims.sample_claimreviews import claim_review, rated

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def read(value: Any, *, form: str = "json", cut: int = 1 << 18, **options: Any) -> list[Record | Refusal]:
    """The entries of the value, as text or to be written as JSON, handed over in pieces of `cut` bytes."""
    raw = value if isinstance(value, bytes) else (value if isinstance(value, str) else json.dumps(value)).encode()
    pieces = (raw[place : place + cut] for place in range(0, len(raw), cut))
    return list(reading.entries(pieces, form=form, now=NOW, **options))


def one(value: Any, **options: Any) -> Record:
    (entry,) = read(value, **options)
    assert isinstance(entry, Record), entry
    return entry


def test_what_is_under_review_at_its_publisher_waits() -> None:
    (entry,) = read(claim_review(412) | {"reviewRating": None, "creativeWorkStatus": "Under review"})
    assert isinstance(entry, Refusal) and "under review" in entry.reason


def test_a_complete_record_needs_no_repair() -> None:
    record = one(claim_review(412))
    assert record.repairs == []
    assert (record.text, record.publisher, record.rating) == (
        "412 bridges need repair.",
        "The Checkers",
        "Mostly false",
    )
    assert record.numbers == (1, 1, 5)
    assert record.published_at == datetime(2024, 3, 5, tzinfo=UTC)
    (place,) = record.appearances
    assert (place.url, place.published_on) == ("https://paper.example/412", date(2024, 3, 1))
    assert place.speaker is not None
    assert (place.speaker.name, place.speaker.role) == ("A. Minister", "Minister of Bridges")


# What it is, what is changed in a complete record, what comes of it (attributes of the record), what the repair says.
REPAIRED: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("no itemReviewed", {"itemReviewed": None}, {"appearances": ()}, ""),
    ("itemReviewed is text", {"itemReviewed": "a post"}, {"appearances": ()}, ""),
    (
        "itemReviewed is the work in which it was said",
        {"itemReviewed": {"@type": "CreativeWork", "url": "https://x.example/1", "author": {"name": "A"}}},
        {"appearances.0.url": "https://x.example/1", "appearances.0.speaker.name": "A"},
        "",
    ),
    (
        "itemReviewed is a list in a list",
        {"itemReviewed": [[{"@type": "Claim", "author": ["B", {"@type": "Organization", "name": "C"}]}]]},
        {"appearances.0.speaker.name": "B", "appearances.1.speaker.kind": "organisation"},
        "",
    ),
    ("author is text", {"author": "Faktum"}, {"publisher": "Faktum"}, ""),
    ("author is a list", {"author": [{"name": "Faktum"}, {"name": "X"}]}, {"publisher": "Faktum"}, ""),
    (
        "author is a journalist",
        {"author": {"@type": "Person", "name": "A. Writer"}, "publisher": {"@type": "Organization", "name": "Faktum"}},
        {"publisher": "Faktum"},
        "",
    ),
    ("no author", {"author": None}, {"publisher": "checkers.example"}, "the publisher named by its host"),
    ("author is an address", {"author": "https://www.faktum.example/"}, {"publisher": "faktum.example"}, "host"),
    ("rating is text", {"reviewRating": "Pants on fire"}, {"rating": "Pants on fire", "numbers": None}, "bare"),
    ("rating is a list", {"reviewRating": [rated("A"), rated("B")]}, {"rating": "A"}, "the first of several ratings"),
    ("3/5", {"reviewRating": {"ratingValue": "3/5"}}, {"rating": "3/5", "numbers": (3, None, 5)}, "such as 3/5"),
    ("word for number", {"reviewRating": {"ratingValue": "False"}}, {"rating": "False", "numbers": None}, "word"),
    ("number alone", {"reviewRating": {"ratingValue": "2", "bestRating": 5}}, {"rating": "2/5"}, "shown as its number"),
    (
        "-1 beside a word",
        {"reviewRating": {"ratingValue": -1, "worstRating": 1, "bestRating": 5, "alternateName": "Satire"}},
        {"rating": "Satire", "numbers": None},
        "contradict",
    ),
    (
        "scale from -1 to 1",
        {"reviewRating": {"ratingValue": "0", "worstRating": "-1", "bestRating": "1", "alternateName": "Half"}},
        {"numbers": (0, -1, 1)},
        "",
    ),
    (
        "best below worst",
        {"reviewRating": {"ratingValue": 1, "bestRating": 1, "worstRating": 5, "alternateName": "True"}},
        {"rating": "True", "numbers": None},
        "contradict",
    ),
    (
        "number beyond counting",
        {"reviewRating": {"ratingValue": 1e300, "bestRating": "NaN", "alternateName": "True"}},
        {"rating": "True", "numbers": None},
        "",
    ),
    ("claim in HTML", {"claimReviewed": "<p>412 &amp;amp; &lt;b</p>"}, {"text": "412 & <b"}, "HTML"),
    ("claim elsewhere", {"claimReviewed": "", "itemReviewed": {"name": "A claim"}}, {"text": "A claim"}, "itemRev"),
    ("claim in a list", {"claimReviewed": ["412 bridges"]}, {"text": "412 bridges"}, "first of a list"),
    ("NUL and bells", {"claimReviewed": "412\x00 brid\x07ges"}, {"text": "412 bridges"}, "control characters"),
    ("emoji, right to left", {"claimReviewed": "😀 ٤١٢ جسرا"}, {"text": "😀 ٤١٢ جسرا"}, ""),
    ("no headline: none is made up", {"headline": None}, {"title": ""}, ""),
    ("a headline of 2 MB", {"headline": "x" * 2_000_000}, {"title": "x" * 499 + "…"}, "cut to 500"),
    ("a body of 2 MB", {"reviewBody": "x" * 2_000_000}, {"body": ""}, "2,000,000 characters left out"),
    ("@context without https", {"@context": "http://schema.org/"}, {"rating": "Mostly false"}, ""),
    ("type in another case", {"@type": "Claimreview"}, {"rating": "Mostly false"}, "type"),
    ("type in a list", {"@type": ["Article", "ClaimReview"]}, {"rating": "Mostly false"}, "type"),
    ("type as an address", {"@type": "https://schema.org/ClaimReview"}, {"rating": "Mostly false"}, "type"),
    ("relative url", {"url": "/2024/412"}, {"url": "https://checkers.example/2024/412"}, "relative address"),
    ("url without scheme", {"url": "www.x.example/2024"}, {"url": "https://www.x.example/2024"}, "relative"),
    (
        "tracking",
        {"url": "https://checkers.example/a?id=1&utm_source=feed&fbclid=x"},
        {"url": "https://checkers.example/a?id=1"},
        "tracking parameters",
    ),
    ("url with spaces", {"url": " https://checkers.example/a b\n"}, {"url": "https://checkers.example/ab"}, "spaces"),
    (
        "url elsewhere",
        {"url": None, "mainEntityOfPage": {"@id": "https://checkers.example/a"}},
        {"url": "https://checkers.example/a"},
        "mainEntityOfPage",
    ),
    ("day first", {"datePublished": "31/01/2024"}, {"published_at": datetime(2024, 1, 31, tzinfo=UTC)}, ""),
    ("3/4: March or April?", {"datePublished": "03/04/2024"}, {"published_at": None}, "cannot be read"),
    ("a date in words", {"datePublished": "March 5, 2024"}, {"published_at": datetime(2024, 3, 5, tzinfo=UTC)}, ""),
    ("a short date", {"datePublished": "2024-3-5"}, {"published_at": datetime(2024, 3, 5, tzinfo=UTC)}, ""),
    (
        "an e-mail's date",
        {"datePublished": "Tue, 05 Mar 2024 10:00:00 +0100"},
        {"published_at": datetime(2024, 3, 5, 9, tzinfo=UTC)},
        "",
    ),
    (
        "offset without colon",
        {"datePublished": "2024-03-05T10:00:00+0530"},
        {"published_at": datetime(2024, 3, 5, 4, 30, tzinfo=UTC)},
        "",
    ),
    ("milliseconds", {"datePublished": 1709632800000}, {"published_at": datetime(2024, 3, 5, 10, tzinfo=UTC)}, ""),
    ("the future", {"datePublished": "2062-03-05"}, {"published_at": None}, "in the future"),
    ("the year 1", {"datePublished": "0001-01-01T00:00:00"}, {"published_at": None}, "before 1900"),
    ("30 February", {"datePublished": "2024-02-30"}, {"published_at": None}, "cannot be read"),
    ("changed before it came out", {"dateModified": "2024-01-01"}, {"modified_at": None}, "before the pub"),
    ("language by name", {"inLanguage": "Spanish"}, {"language": "es"}, "name of a language"),
    ("language with underscore", {"inLanguage": "pt_br"}, {"language": "pt-BR"}, "BCP 47"),
    ("no language", {"inLanguage": "not a language!"}, {"language": "und"}, "no language"),
    ("licence as a thing", {"license": {"url": "https://l.example/by"}}, {"licence": "https://l.example/by"}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("what", "changes", "comes", "repair"), REPAIRED, ids=[each[0] for each in REPAIRED])
def test_a_malformed_record_is_repaired(what: str, changes: Any, comes: Any, repair: str) -> None:
    record = one(claim_review(412, **changes))
    for path, value in comes.items():
        found: Any = record
        for name in path.split("."):
            found = found[int(name)] if name.isdigit() else getattr(found, name)
        assert found == value
    assert repair in "; ".join(each.what for each in record.repairs) if repair else not record.repairs
    assert all(each.field for each in record.repairs)


REFUSED: list[tuple[str, Any, str]] = [
    ("no claim", claim_review(claimReviewed=None, itemReviewed=None), "which claim"),
    ("a claim of dots", claim_review(claimReviewed="…", itemReviewed=None), "which claim"),
    ("several claims", claim_review(claimReviewed=["One thing.", "Another."]), "several claims"),
    ("a claim of 2 MB", claim_review(claimReviewed="x y" * 700_000), "2,100,000 characters"),
    ("no rating", claim_review(reviewRating=None), "no rating"),
    ("an empty rating", claim_review(reviewRating={"@type": "Rating", "ratingValue": ""}), "says nothing"),
    ("not rated", claim_review(reviewRating={"ratingValue": -1}), "says nothing"),
    ("no address", claim_review(url=None), "no address"),
    ("an address of no host", claim_review(url="javascript:alert(1)", author="X"), "no address"),
    ("an address that is none", claim_review(url="http://[::", author="X"), "no address"),
    ("another type", {"@type": "NewsArticle", "headline": "x"}, "no ClaimReview"),
    ("a number", 7, "no ClaimReview"),
    ("cut off", '{"@type": "ClaimReview", "url": "https://x.ex', "no JSON"),
    ("too deep", "[" + '{"@graph":[' * 30_000 + "]}" * 30_000 + "]", "nested too deeply"),
    ("a number of 10,000 digits", '[{"a": ' + "9" * 10_000 + "}]", "number too long"),
    ("half of a claim", {"id": "clm_1", "reviews": [{}]}, "not all of it is there"),
]


@pytest.mark.parametrize(("what", "value", "reason"), REFUSED, ids=[each[0] for each in REFUSED])
def test_what_cannot_be_repaired_is_refused_with_its_reason(what: str, value: Any, reason: str) -> None:
    (entry,) = read(value)
    assert isinstance(entry, Refusal)
    assert reason in entry.reason
    assert entry.reason.endswith(".")


def test_lone_surrogates_are_replaced_and_pairs_kept() -> None:
    text = json.dumps(claim_review()).replace("1 bridges need", r"\ud83d\ude00 \ud800 1 bridges need")
    record = one(text)
    assert record.text == "😀 � 1 bridges need repair."
    record.text.encode()


FORMS: list[tuple[str, bytes]] = [
    ("one", json.dumps(claim_review(1)).encode()),
    ("with a byte order mark", b"\xef\xbb\xbf" + json.dumps(claim_review(1)).encode()),
    ("UTF-16", json.dumps(claim_review(1)).encode("utf-16")),
    ("@graph", json.dumps({"@context": "x", "@graph": [{"@type": "WebPage"}, claim_review(1)]}).encode()),
    (
        "@graph with references",
        json.dumps(
            {"@graph": [claim_review(1, author={"@id": "#org"}), {"@id": "#org", "name": "The Checkers"}]}
        ).encode(),
    ),
    ("a feed", json.dumps({"@type": "DataFeed", "dataFeedElement": [{"item": [[claim_review(1)]]}]}).encode()),
    (
        "a trailing comma",
        json.dumps([claim_review(1)]).encode().replace(b'"2024-03-05"', b'"2024-03-05",')[:-1] + b",]",
    ),
    ("NUL bytes between", json.dumps([claim_review(1)]).encode().replace(b', "headline"', b',\x00 "headline"')),
    ("line breaks in texts", json.dumps(claim_review(1)).encode().replace(b"need repair?", b"need\nrepair?")),
    ("two objects in a row", json.dumps(claim_review(1)).encode() + b"\n\n"),
    ("values after garbage", b"[oops\n, " + json.dumps(claim_review(1)).encode() + b"]"),
]


@pytest.mark.parametrize("cut", [7, 1 << 18])
@pytest.mark.parametrize(("what", "raw"), FORMS, ids=[each[0] for each in FORMS])
def test_the_same_record_is_found_in_every_form(what: str, raw: bytes, cut: int) -> None:
    records = [entry for entry in read(raw, cut=cut) if isinstance(entry, Record)]
    assert [(record.key, record.publisher, record.rating) for record in records] == [
        (one(claim_review(1)).key, "The Checkers", "Mostly false")
    ]


@pytest.mark.parametrize("cut", [1000, 1 << 18])
def test_a_broken_record_costs_itself_alone(cut: int) -> None:
    broken = json.dumps(claim_review(2))[:-60].replace('"url"', '"url') + "}}"
    feed = '{"@type":"DataFeed","dataFeedElement":[' + ",\n".join(
        [json.dumps(claim_review(1)), broken, json.dumps(claim_review(3))]
    )
    entries = read(feed + "]}", cut=cut)
    kinds = [type(entry).__name__ for entry in entries]
    assert kinds[0] == "Record"
    assert "Refusal" in kinds
    whole = [json.dumps(claim_review(1)), '{"a": tru}', json.dumps(claim_review(3))]
    entries = read('{"@type":"DataFeed","dataFeedElement":[' + ",\n".join(whole) + "]}", cut=cut)
    assert [type(entry).__name__ for entry in entries] == ["Record", "Refusal", "Record"]


def test_a_page_is_read_by_its_blocks() -> None:
    page = (
        '<!doctype html><script type=\'application/ld+json\'>{"@type":"WebSite"}</script>'
        '<SCRIPT TYPE="application/ld+json; charset=utf-8">\n<!--\n'
        f"{json.dumps(claim_review(1, url='/2024/1'))}\n-->\n</SCRIPT>"
        "<script type=application/ld+json>{ broken </script>"
    )
    record, refusal = read(page, form="html", url="https://checkers.example/page")
    assert isinstance(record, Record)
    assert record.url == "https://checkers.example/2024/1"
    assert isinstance(refusal, Refusal)
    (nothing,) = read("<html><p>Nothing here.</p>", form="html", url="https://checkers.example/page")
    assert isinstance(nothing, Refusal)
    assert "no ClaimReview" in nothing.reason


def test_a_table_is_read_by_the_names_of_its_columns() -> None:
    table = (
        "\ufeffClaim text;Verdict;Review URL;Fact-checker;Review date;Claimant;Claim URL\n"
        '"412 bridges; many";Falsch;https://f.example/1;Faktum;2024-03-05;A. Minister;https://p.example/1\n'
        ";;;;;;\n"
        '"A claim\nof two lines";Wahr;https://f.example/2;Faktum;5.3.2024;;\n'
        "Too short\n"
    )
    entries = read(table, form="csv", language="de")
    first, empty, second, short = entries
    assert isinstance(first, Record)
    assert (first.text, first.rating, first.language) == ("412 bridges; many", "Falsch", "de")
    assert first.appearances[0].url == "https://p.example/1"
    assert first.appearances[0].speaker is not None
    assert isinstance(second, Record)
    assert second.text == "A claim\nof two lines"
    assert second.published_at == datetime(2024, 3, 5, tzinfo=UTC)
    assert isinstance(empty, Refusal)
    assert isinstance(short, Refusal)
    (no_columns,) = read("a,b,c\n1,2,3\n", form="csv")
    assert isinstance(no_columns, Refusal)
    assert "no column for claim, rating, url" in no_columns.reason


def test_lines_of_ndjson_stand_alone() -> None:
    lines = "\n".join([json.dumps(claim_review(1)), "{broken", "", '{"a":1} {"b":2}', json.dumps(claim_review(2))])
    kinds = [type(entry).__name__ for entry in read(lines, form="ndjson", cut=50)]
    assert kinds == ["Record", "Refusal", "Refusal", "Record"]


def test_an_answer_of_the_fact_check_tools_api_is_read() -> None:
    answer = {
        "claims": [
            {
                "text": "412 bridges need repair.",
                "claimant": "A. Minister",
                "claimDate": "2024-03-01T00:00:00Z",
                "claimReview": [
                    {
                        "publisher": {"name": "The Checkers", "site": "checkers.example"},
                        "url": "https://checkers.example/2024/412",
                        "title": "412?",
                        "reviewDate": "2024-03-05T00:00:00Z",
                        "textualRating": "Mostly false",
                        "languageCode": "en",
                    }
                ],
            }
        ],
        "nextPageToken": "CAo",
    }
    record = one(answer)
    assert record.key == one(claim_review(412)).key
    assert (record.publisher, record.rating, record.title) == ("The Checkers", "Mostly false", "412?")


@pytest.mark.parametrize(
    "change",
    [
        {"url": "http://m.checkers.example/2024/1/"},
        {"url": "https://www.checkers.example/2024/1?utm_campaign=x#top"},
        {"claimReviewed": "“1  Bridges need repair.”"},
        {"author": {"name": "Checkers, The"}},
    ],
)
def test_what_makes_no_difference_makes_no_other_record(change: Any) -> None:
    assert one(claim_review(1, **change)).key == one(claim_review(1)).key


def test_composed_and_decomposed_letters_are_the_same_claim() -> None:
    assert one(claim_review(claimReviewed="Cafe\u0301s")).key == one(claim_review(claimReviewed="Caf\u00e9s")).key


@pytest.mark.parametrize("change", [{"claimReviewed": "2 bridges need repair."}, {"url": "https://checkers.example/2"}])
def test_another_claim_or_article_is_another_record(change: Any) -> None:
    assert one(claim_review(1, **change)).key != one(claim_review(1)).key


@pytest.mark.parametrize(
    ("name", "media_type", "head", "form"),
    [
        ("feed", "", b'\xef\xbb\xbf {"a"', "json"),
        ("x.jsonl", "", b"{}", "ndjson"),
        ("https://x.example/a", "text/html; charset=utf-8", b"", "html"),
        ("https://x.example/a.csv?x=1", "", b"a,b", "csv"),
        ("table", "", b"claim,rating,url", "csv"),
        ("page", "", b"\n<!DOCTYPE html>", "html"),
        ("wide", "", b"\xff\xfe{\x00", "json"),
    ],
)
def test_the_format_is_told(name: str, media_type: str, head: bytes, form: str) -> None:
    assert reading.detect_format(name, media_type, head) == form


def test_tables_of_properties_and_of_programs_are_read() -> None:
    properties = (
        "rating_ratingValue,rating_worstRating,rating_bestRating,rating_alternateName,creativeWork_author_name,"
        "creativeWork_datePublished,claimReview_author_name,claimReview_url,claimReview_claimReviewed,claimReview_source\n"
        "2,1,5,Mostly false,Ida Moe,2024-02-01,Faktum,https://f.example/1,412 bridges,faktum_short\n"
        "nan,nan,nan,False,None,,Faktum,https://f.example/2,413 bridges,faktum_short\n"
    )
    first, second = read(properties, form="csv")
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.rating, first.numbers, first.publisher) == ("Mostly false", (2, 1, 5), "Faktum")
    assert [place.speaker.name for place in first.appearances if place.speaker] == ["Ida Moe"]
    assert (second.rating, second.numbers, second.appearances) == ("False", None, ())
    check = (
        "Claim,Item page URL,Status,Report Published at,Fact-check title,Fact-check URL,Fact-check language\n"
        "412 bridges,https://c.example/1,False,2024-03-05 10:00:00 UTC,Do they?,https://f.example/3,en\n"
    )
    record = one(check, form="csv")
    assert (record.rating, record.title, record.language) == ("False", "Do they?", "en")
    assert record.published_at == datetime(2024, 3, 5, 10, tzinfo=UTC)
    (refusal,) = read("claim,status,url\nA claim,publish,https://f.example/4\n", form="csv")
    assert isinstance(refusal, Refusal)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"claimReviewed": "🌊🌊🌊", "itemReviewed": None}, "claimReviewed holds no words"),
        ({"url": "https://10.0.0.7/check", "author": "Faktum"}, "no public http address"),
        ({"url": None, "mainEntityOfPage": True, "author": "Faktum"}, "no address"),
    ],
)
def test_the_reason_of_a_refusal_is_true(changes: Any, reason: str) -> None:
    (refusal,) = read(claim_review(1, **changes))
    assert isinstance(refusal, Refusal)
    assert reason in refusal.reason
