"""Who made a claim, and where: each place with its own speaker, and no speaker of a name of nobody in particular."""

from typing import Any

import pytest

from tests.claims.imports.formats.test_formats import one
from tests.claims.sample_claimreviews import claim_review


def said(item: Any) -> list[tuple[str, str, str, str]]:
    places = one(claim_review(1, itemReviewed=item)).appearances
    return [
        (*((by.name, by.kind) if (by := each.speaker) else ("", "")), each.url, str(each.published_on or ""))
        for each in places
    ]


def test_each_work_keeps_its_own_speaker_and_day() -> None:
    works = [
        {"@type": "CreativeWork", "url": "https://a.example/1", "author": {"@type": "Person", "name": "Ida Moe"},
         "datePublished": "2024-02-01"},
        {"@type": "CreativeWork", "url": "https://b.example/2", "author": {"@type": "Organization", "name": "The News"},
         "datePublished": "2024-02-03"},
        {"@type": "CreativeWork", "url": "https://c.example/3"},
    ]  # fmt: skip
    assert said(works) == [
        ("Ida Moe", "person", "https://a.example/1", "2024-02-01"),
        ("The News", "organisation", "https://b.example/2", "2024-02-03"),
        ("", "", "https://c.example/3", ""),
    ]


def test_a_thing_with_several_addresses_is_several_places() -> None:
    item = {
        "@type": "Claim",
        "author": {"@type": "Person", "author": {"@type": "Person", "name": "Ida Moe"}},
        "appearance": {"url": ["https://a.example/1", "https://a.example/2"]},
    }
    assert [each[:3] for each in said(item)] == [
        ("Ida Moe", "person", "https://a.example/1"),
        ("Ida Moe", "person", "https://a.example/2"),
    ]


NOBODY = [
    "Twitter users", "Facebook", "Posts on Instagram", "viral WhatsApp message", "Multiple sources", "the internet",
    "Usuarios de Facebook", "Publications sur les réseaux sociaux", "Telegram-Kanäle", "Beiträge auf Facebook",
    "Посты в соцсети", "Unknown",
    "Ida Moe, Per Falk and others", "Ida Moe; Per Falk", "Ida Moe und Per Falk",
]  # fmt: skip


@pytest.mark.parametrize("name", NOBODY)
def test_a_name_of_nobody_in_particular_is_kept_as_written_and_makes_no_speaker(name: str) -> None:
    record = one(claim_review(1, itemReviewed={"@type": "Claim", "author": {"@type": "Person", "name": name}}))
    (place,) = record.appearances
    assert place.speaker is not None
    assert place.speaker.name == name
    assert not place.speaker.is_identified
    assert [each.field for each in record.repairs] == ["itemReviewed.author"]


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("Ida Moe", "Person"), ("Martin Luther King, Jr.", "Person"), ("A. Minister", "Person"), ("Madonna", "Person"),
        ("Ministry of Food, Farms and Fisheries", "Organization"),
        ("वायरल कुमार", "Person"),
        ("Facebook Oversight Board", "Organization"), ("María de los Ángeles Ortiz", "Person"),
    ],
)  # fmt: skip
def test_a_name_of_one_person_or_organisation_makes_a_speaker(name: str, type_: str) -> None:
    record = one(claim_review(1, itemReviewed={"@type": "Claim", "author": {"@type": type_, "name": name}}))
    assert record.appearances[0].speaker is not None
    assert record.appearances[0].speaker.is_identified
    assert record.repairs == []


def test_several_names_in_one_are_nobody_s() -> None:
    item = {"@type": "Claim", "author": {"@type": "Person", "name": ["Ida Moe", "Per Falk"]}}
    (place,) = one(claim_review(1, itemReviewed=item)).appearances
    assert place.speaker is not None
    assert (place.speaker.name, place.speaker.is_identified) == ("Ida Moe, Per Falk", False)


def test_a_journalist_is_no_publisher() -> None:
    record = one(claim_review(1, author={"@type": "Person", "name": "Jo Writer"}))
    assert record.publisher == "checkers.example"
