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


def rss(title: str = "Bridges &amp; roads", link: str = "https://paper.example/a", more: str = "") -> str:
    entry = f"<item><title>{title}</title><link>{link}</link>{more}<pubDate>2026-03-01</pubDate></item>"
    return f'<rss version="2.0"><channel><title>Paper</title>{entry}</channel></rss>'


DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
NETSCAPE = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'


@pytest.mark.parametrize(
    "body",
    [
        "\n\n " + DECLARATION + rss(),
        "\ufeff\n" + DECLARATION + rss(),
        "<br />\n<b>Warning</b>: Undefined index in <b>/feed.php</b><br />\n" + DECLARATION + rss(),
        DECLARATION.replace("1.0", "1.1") + rss(),
        DECLARATION + NETSCAPE + rss(),
        "<!-- made by hand -->" + NETSCAPE + rss(),
        rss() + "<script>track()</script>",
        rss("Bridges & roads"),
        rss("Bridges&nbsp;&amp; roads"),
        rss("<![CDATA[Bridges & roads]]>", "<![CDATA[https://paper.example/a]]>"),
        rss("Bridges &lt;i&gt;&amp;amp;&lt;/i&gt; roads"),
        rss(more="<description>five < six<br><p>and &eacute; <img src=x></description>"),
        rss(more="<media:title>Picture</media:title><enclosure url=https://paper.example/b.mp3 length=5/>"),
        rss(more='<a b="1" b="2"/>'),
        rss(link="", more="<guid>https://paper.example/a</guid>"),
        rss(link="", more='<atom:link rel="self" href="/b"/><atom:link href="/a"/>'),
        rss().replace("<item>", '<item rdf:about="/b">'),
        rss().replace("</item>", ""),
        rss().replace("item", "ITEM").replace("channel", "Channel").replace("rss", "RSS").replace("title", "TITLE"),
    ],
    ids=range(19),
)
def test_feeds_are_read_as_feed_readers_do(body: str) -> None:
    assert parse(body.encode(), BASE) == parser.Feed("rss", (FIRST,), "Paper")


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/a?x=1&y=2", "/a?x=1&y=2"),
        ("/a?copy=1&section=2&reg=3", "/a?copy=1&section=2&reg=3"),
        ("<![CDATA[/a?x=1&amp;y=2]]>", "/a?x=1&y=2"),
        ("\n /two words \n", "/two%20words"),
    ],
)
def test_links_are_read_as_browsers_follow_them(link: str, url: str) -> None:
    assert [item.url for item in parse(rss(link=link).encode(), BASE).items] == [f"https://paper.example{url}"]


@pytest.mark.parametrize(
    ("label", "codec", "title"),
    [
        ("Shift_JIS", "cp932", "橋と道路①"),
        ("EUC-JP", "euc_jp", "橋と道路"),
        ("ISO-2022-JP", "iso2022_jp", "橋と道路"),
        ("GB2312", "gbk", "桥梁与道路镕"),
        ("GBK", "gbk", "桥梁与道路"),
        ("EUC-KR", "cp949", "다리와 도로 똠"),
        ("Big5", "big5", "橋樑與道路"),
        ("koi8-r", "koi8_r", "Мосты и дороги"),
        ("windows-1251", "cp1251", "Мосты и дороги"),
        ("utf-16", "utf-16", "Мосты и дороги"),
        ("utf-16", "utf-16-be", "Мосты и дороги"),
        ("iso-8859-1", "cp1252", "Café “Lumière”"),
        ("utf-8", "cp1252", "Café “Lumière” à la mer"),  # states the wrong one
        ("iso-8859-1", "utf-8", "Café “Lumière”"),
        ("x-unknown", "utf-8", "Café"),
    ],
)
def test_charsets_are_decoded_before_parsing(label: str, codec: str, title: str) -> None:
    body = f'<?xml version="1.0" encoding="{label}"?>{rss(title)}'.encode(codec)
    assert [item.title for item in parse(body, BASE).items] == [title]


def test_the_charset_of_the_header_is_used_without_a_declaration() -> None:
    body = rss("Мосты и дороги").encode("koi8_r")
    assert parse(body, BASE, "koi8-r").items[0].title == "Мосты и дороги"


def test_one_damaged_byte_does_not_change_the_charset() -> None:
    body = (DECLARATION + rss("Cafés à la mer, été, hiver, théâtre, lumière, forêt, où, ça, là, déjà")).encode()
    title = parse(body.replace("forêt".encode(), b"for\xeat"), BASE).items[0].title
    assert title.startswith("Cafés à la mer") and "for\ufffdt" in title


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("<id>https://paper.example/a</id>", "https://paper.example/a"),
        ('<id>https://paper.example/a</id><link rel="self" href="/a.atom"/>', "https://paper.example/a"),
        ('<id>https://paper.example/1</id><link rel="alternate" href="/a"/>', "https://paper.example/a"),
        ('<link type="application/json" href="/a.json"/><link type="text/html" href="/a"/>', "https://paper.example/a"),
        ('<link xml:base="https://other.example/x/" href="a"/>', "https://other.example/x/a"),
        ('<id>tag:paper.example,2026:1</id><link rel="self" href="/a.atom"/>', "https://paper.example/a.atom"),
        ("<id>tag:paper.example,2026:1</id>", None),
        ("<title>Neither</title>", None),
    ],
)
def test_the_page_of_an_atom_entry_is_found(entry: str, url: str | None) -> None:
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{entry}</entry></feed>'
    assert [item.url for item in parse(body.encode(), BASE).items] == ([url] if url else [])


def test_a_base_applies_to_relative_links() -> None:
    feed = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://other.example/x/">'
    body = f'{feed}<entry xml:base="y/"><link href="a"/></entry><entry><title>None</title></entry></feed>'
    assert [item.url for item in parse(body.encode(), BASE).items] == ["https://other.example/x/y/a"]


def test_items_of_a_json_feed_may_have_only_an_id() -> None:
    body = """{"version": "https://jsonfeed.org/version/1", "items": [{"id": "https://paper.example/a"},
    {"id": "7", "external_url": "https://other.example/b"}, {"id": "8"}]}"""
    urls = ["https://paper.example/a", "https://other.example/b"]
    for codec in ("utf-8", "utf-8-sig", "utf-16"):
        assert [item.url for item in parse(body.encode(codec), BASE).items] == urls


def test_a_feed_that_is_cut_short_lists_nothing() -> None:
    """Its last link may be cut, too, and name another page."""
    body = rss()
    for length in range(body.index("<item>"), len(body)):
        with pytest.raises(FeedUnreadable):
            parse(body[:length].encode(), BASE)


@pytest.mark.parametrize(
    "body",
    [
        "<rss>&" + '<a "' * 200_000,
        "<rss>&" + "<![CDATA[" * 200_000,
        "<rss>&" + "<" * 1_100_000,
        "<rss>&" + "<!--" * 200_000,
        "<rss>&" + "</b>" * 200_000,
        "<rss>&" + "<a>" * 200_000,
        "<rss>& <!DOCTYPE x [<!ENTITY a 'b'>]><a>&a;</a></rss>",
        "<rss>&" + "x" * parser.MAX_REPAIRED + "</rss>",
        "<a>" + "&" * 1_000_000,
        "<!DOCTYPE rss " + "'" * 1_000_001 + rss(),
    ],
    ids=range(10),
)
def test_hostile_files_that_are_not_well_formed_cost_little(body: str) -> None:
    started = time.process_time()
    with pytest.raises(FeedUnreadable, match=r"\.$"):
        parse(body.encode(), BASE)
    assert time.process_time() - started < 3


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
