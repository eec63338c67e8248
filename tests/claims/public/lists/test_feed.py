"""Feeds and the sitemap for readers: valid, days alone, and no verdict that has fallen."""

import json
import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client

from claims.models import Claim, ClaimVersion, Topic
from claims.public.lists import sitemap
from factcheck.readers.middleware import pages
from tests import factories

pytestmark = pytest.mark.django_db
ATOM, SITEMAP = "{http://www.w3.org/2005/Atom}", "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def get(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.fixture
def claims() -> list[Claim]:
    topic = Topic.objects.create(slug="roads", name="Roads")
    made = [factories.claim(text) for text in ("412 bridges need repair.", "412 bridges are to be repaired.")]
    for each in made:
        each.topics.add(topic)
        factories.published_review(each)
    return made


def test_entries_lead_to_the_claims_page_and_give_days_alone(claims: list[Claim]) -> None:
    for path in ("/feed.atom", "/topics/roads/feed.atom"):
        entries = ElementTree.fromstring(get(path)).findall(f"{ATOM}entry")
        links = {entry.find(f"{ATOM}link").attrib["href"] for entry in entries}
        assert links == {f"http://testserver/claims/{each.public_id}" for each in claims}
        assert {entry.findtext(f"{ATOM}content") for entry in entries} == {"Now: Our desk: Right"}
        times = re.findall(r"T(\d\d:\d\d:\d\d)", get(path))
        assert times and set(times) == {"00:00:00"}
    items = json.loads(get("/feed.json"))["items"]
    assert len(items) == 2 and items[0]["title"].startswith("Published: 412 bridges")


def test_what_was_merged_says_where_it_is_now(claims: list[Claim]) -> None:
    factories.merged(claims[1], into=claims[0])
    assert claims[1].public_id not in get("/feed.atom") + get("/topics/roads/feed.atom") + get("/sitemaps/0.xml")
    assert claims[0].public_id in get("/sitemaps/0.xml")


@pytest.mark.sql
def test_a_part_of_the_sitemap_has_the_day_of_the_last_change_among_its_claims(
    claims: list[Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "PART", 10**9)
    days = [datetime(2026, 3, 2, 23, 30, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)]

    def dated() -> list[str]:
        for claim, at in zip(claims, days, strict=True):
            ClaimVersion.objects.filter(claim=claim, sequence_to=None).update(changed_at=at)
        pages.clear()
        return re.findall("<lastmod>(.*?)</lastmod>", get("/sitemap.xml"))

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone TO 'Pacific/Kiritimati'")
        assert dated() == ["2026-03-02"]
        cursor.execute("SET LOCAL timezone TO 'UTC'")
    factories.merged(claims[0], into=claims[1])
    assert dated() == ["2026-03-01"], "what is part of another is in no part of the sitemap"


def test_the_sitemap_names_parts_and_parts_name_claims(claims: list[Claim], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "PART", 1)
    parts = [each.text or "" for each in ElementTree.fromstring(get("/sitemap.xml")).iter(f"{SITEMAP}loc")]
    assert len(parts) == 3
    named: list[str] = []
    for part in parts:
        addresses = ElementTree.fromstring(get(part.removeprefix("http://testserver"))).findall(f"{SITEMAP}url")
        named += [each.findtext(f"{SITEMAP}loc") or "" for each in addresses]
    assert {f"http://testserver/claims/{each.public_id}" for each in claims} <= set(named)
    assert "http://testserver/topics/roads" in named
    assert Client().get("/sitemaps/7777777.xml").status_code == 404
    assert "Sitemap: http://testserver/sitemap.xml" in get("/robots.txt")
