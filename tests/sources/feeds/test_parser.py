"""Feed and sitemap formats, and hostile input."""

import gzip
import time

import pytest

from sources.feeds import parser
from sources.feeds.parser import FeedUnreadable, Item, parse

BASE = "https://paper.example/feed"
FIRST = Item("https://paper.example/a", "Bridges & roads", "2026-03-01")

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title><link>https://paper.example/</link>
<item><title>Bridges &amp; roads</title><link>/a?utm_source=rss#top</link><pubDate>2026-03-01</pubDate></item>
<item><title>Again</title><link>https://paper.example/a</link></item>
<item><title>Script</title><link>javascript:alert(1)</link></item><item><title>None</title></item></channel></rss>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Paper</title></channel>
<item><title>Bridges &amp; roads</title><link>https://paper.example/a</link><dc:date>2026-03-01</dc:date></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Paper</title><entry><title>Bridges &amp; roads</title>
<link rel="self" href="/self"/><link href="/a"/><updated>2026-03-01</updated></entry></feed>"""
JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "Paper", "items": [7, {"url": null},
{"url": "/a", "title": "Bridges & roads", "date_published": "2026-03-01"}]}"""


@pytest.mark.parametrize(("kind", "body"), [("rss", RSS), ("rss", RDF), ("atom", ATOM), ("json", JSON)])
def test_each_format_lists_its_pages_once(kind: str, body: str) -> None:
    assert parse(body.encode(), BASE) == parser.Feed(kind, (FIRST,), "Paper")


@pytest.mark.parametrize(
    ("kind", "outer", "inner"), [("sitemap", "urlset", "url"), ("sitemap_index", "sitemapindex", "sitemap")]
)
def test_sitemaps_and_sitemap_indexes_may_be_compressed(kind: str, outer: str, inner: str) -> None:
    body = f"<{outer}><{inner}><loc>https://paper.example/a</loc><lastmod>2026-03-01</lastmod></{inner}></{outer}>"
    wanted = parser.Feed(kind, (Item("https://paper.example/a", "", "2026-03-01"),))
    assert parse(body.encode(), BASE) == parse(gzip.compress(body.encode()), BASE) == wanted


BOMB = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss><channel><title>&b;</title></channel></rss>'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Not here</body></html>",
        b"<rss><channel>",
        b"{}",
        b'{"items": []}',
        b'{"version": "https://jsonfeed.org/version/1.1", "items": 5}',
        b'{"a":' * 100_000,
        BOMB,
        b" " * 100_000 + BOMB,
        BOMB.decode().encode("utf-16"),
        b"<!-- <![CDATA[ -->" + BOMB,
        b"<?xml version='1.0' encoding='cp037'?>" + BOMB.decode().encode("cp037"),
        b"<rss>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</rss>",
        gzip.compress(b"<rss></rss>")[:-12],
        gzip.compress(b" " * 60_000_000),
        b"\x1f\x8bnonsense",
    ],
    ids=range(16),
)
def test_other_and_hostile_files_are_refused_cheaply(body: bytes) -> None:
    started = time.process_time()
    with pytest.raises(FeedUnreadable, match=r"\.$"):
        parse(body, BASE)
    assert time.process_time() - started < 3


def test_a_document_type_is_refused_as_such() -> None:
    for body in (BOMB, BOMB.decode().encode("utf-16"), b"<!-- <![CDATA[ -->" + BOMB):
        with pytest.raises(FeedUnreadable, match="document type"):
            parse(body, BASE)
    assert parse(RSS.replace("None", "<![CDATA[<!DOCTYPE x>]]>").encode(), BASE).items == (FIRST,)


def test_titles_contain_no_unstorable_character_or_direction_mark() -> None:
    body = rb"""{"version": "https://jsonfeed.org/version/1.1", "title": "Pa\u0000per\ud800", "items": [
    {"url": "/a", "title": "Bridges\u0000 \u202e& roads\u2066", "date_published": "2026\ud8ff"},
    {"url": "/b\u0000", "title": "No address"}, {"url": "/c\ud800", "title": "None either"}]}"""
    feed = parse(body, BASE)
    assert feed.title == "Pa\ufffdper\ufffd"
    assert feed.items == (Item("https://paper.example/a", "Bridges\ufffd & roads", "2026\ufffd"),)


def test_a_guid_is_a_link_only_if_it_is_a_url() -> None:
    item = "<item><title>Bridges &amp; roads</title><guid>{}</guid><pubDate>2026-03-01</pubDate></item>"
    rss = f"<rss><channel>{item.format('4711')}{item.format('https://paper.example/a')}</channel></rss>"
    assert parse(rss.encode(), BASE).items == (FIRST,)


def test_titles_are_read_from_news_sitemaps() -> None:
    body = """<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>/a</loc>
    <news:news><news:publication_date>2026-03-01</news:publication_date><news:title>Bridges &amp; roads</news:title>
    </news:news><lastmod>2026-03-02</lastmod></url></urlset>"""
    assert parse(body.encode(), BASE).items == (FIRST,)


def test_too_many_elements_are_refused_in_bounded_memory() -> None:
    with pytest.raises(FeedUnreadable, match="elements"):
        parse(b"<rss>" + b"<a/>" * 2_400_000 + b"</rss>", BASE)
