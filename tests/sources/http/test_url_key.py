"""Which addresses mean the same page, and which do not."""

import pytest

from sources.http.url_key import MAX_KEY_LENGTH, stored_key, url_key

SAME = [
    ("https://www.harbour-post.example/a/1", "http://harbour-post.example/a/1/"),
    ("harbour-post.example/a/1", "https://harbour-post.example/a/1"),
    ("//harbour-post.example/a/1", "https://harbour-post.example/a/1"),
    ("https://HARBOUR-post.example./a/1", "https://harbour-post.example/a/1"),
    ("https://m.harbour-post.example/a/1", "https://amp.harbour-post.example/a/1"),
    ("https://www.m.harbour-post.example/a/1", "https://harbour-post.example/a/1"),
    ("https://pt.m.wikipedia.org/wiki/Porto", "https://pt.wikipedia.org/w/index.php?title=Porto"),
    ("https://en.wikipedia.org/wiki/Tidal%20power", "https://en.wikipedia.org/wiki/Tidal_power"),
    ("https://harbour-post.example/a/1?utm_campaign=x&b=2&a=1", "https://harbour-post.example/a/1?a=1&b=2"),
    ("https://harbour-post.example/a/1?source=newsletter", "https://harbour-post.example/a/1?via=whatsapp"),
    ("https://harbour-post.example/a/1?ref=front_page_top", "https://harbour-post.example/a/1"),
    ("https://harbour-post.example/a/1?srsltid=AfmBOop&gbraid=0AAA", "https://harbour-post.example/a/1"),
    ("https://harbour-post.example/a/1?at_medium=RSS&at_campaign=KARANGA", "https://harbour-post.example/a/1"),
    ("https://harbour-post.example/a/1?sid=9f3a0c77d1e24b5680aa", "https://harbour-post.example/a/1"),
    ("https://harbour-post.example/a/1;JSESSIONID=AB12CD34?x=1", "https://harbour-post.example/a/1?x=1"),
    ("https://harbour-post.example/a.php?nr=3&ASPSESSIONIDQQ=AKJH", "https://harbour-post.example/a.php?nr=3"),
    ("https://harbour-post.example/a/1/amp", "https://harbour-post.example/amp/a/1"),
    ("https://harbour-post.example/a/1.amp.html", "https://harbour-post.example/a/1.html"),
    ("https://harbour-post.example/a/1?outputType=amp", "https://harbour-post.example/a/1?format=print"),
    ("https://harbour-post.example/a/1?amp", "https://harbour-post.example/a/1"),
    ("https://www-harbour--post-example.cdn.ampproject.org/v/s/www.harbour-post.example/a/1/amp?amp_js_v=0.1",
     "https://harbour-post.example/a/1"),
    ("https://www.google.com/amp/s/www.harbour-post.example/a/1", "https://harbour-post.example/a/1"),
    ("https://www.google.com/url?q=https%3A%2F%2Fharbour-post.example%2Fa%2F1&sa=D", "https://harbour-post.example/a/1"),
    ("https://l.facebook.com/l.php?u=https%3A%2F%2Fharbour-post.example%2Fa%2F1%3Ffbclid%3Dx&h=AT1",
     "https://harbour-post.example/a/1"),
    ("https://quay-news.blogspot.example/2031/04/tide.html?m=1", "https://quay-news.blogspot.example/2031/04/tide.html"),
    ("https://town.example/INDEX.HTM", "https://town.example/"),
    ("https://town.example/index.php?id=4", "https://town.example/?id=4"),
    ("https://town.example/a//b///c", "https://town.example/a/b/c"),
    ("https://town.example/b%75dget", "https://town.example/budget"),
    ("https://town.example/caf%c3%a9", "https://town.example/café"),
    ("https://zürich-nord.example/a", "https://xn--zrich-nord-9db.example/a"),
    ("https://town.example/q?name=a+b", "https://town.example/q?name=a%20b"),
    ("https://town.example:443/a", "http://town.example:80/a"),
    ("  https://town.example/a#section-2  ", "https://town.example/a"),
    ("https://youtu.be/aB3_xYz-012?t=33", "https://www.youtube.com/live/aB3_xYz-012?feature=shared"),
    ("https://www.youtube-nocookie.com/embed/aB3_xYz-012", "https://m.youtube.com/watch?list=PL1&v=aB3_xYz-012"),
    ("https://twitter.com/i/web/status/1780000000000000001", "https://x.com/quaynews/status/1780000000000000001/photo/1"),
    ("https://x.com/QuayNews", "https://twitter.com/quaynews?lang=en"),
    ("https://de-de.facebook.com/quaynews/posts/10150000000000001", "https://www.facebook.com/permalink.php?story_fbid=10150000000000001&id=77"),
    ("https://www.facebook.com/watch/?v=3300000000", "https://m.facebook.com/quaynews/videos/3300000000/"),
    ("https://www.facebook.com/photo.php?fbid=901&set=a.1", "https://www.facebook.com/quaynews/photos/a.1/901"),
    ("https://www.facebook.com/groups/tides/permalink/55", "https://facebook.com/groups/tides/posts/55/"),
    ("https://www.instagram.com/quaynews/reel/Cx_1-a/", "https://instagram.com/p/Cx_1-a/?img_index=2"),
    ("https://www.tiktok.com/@quaynews/video/7300000000000000001?_r=1", "https://www.tiktok.com/embed/v2/7300000000000000001"),
    ("https://telegram.me/QuayNews/15", "https://t.me/s/quaynews/15?single"),
    ("https://old.reddit.com/r/tides/comments/1abcd/a_title/", "https://redd.it/1abcd"),
    ("https://archive.ph/AbC12", "https://archive.is/AbC12"),
]  # fmt: skip
OTHER = [
    ("https://harbour-post.example/a/1", "https://harbour-post.example/a/2"),
    ("https://harbour-post.example/a/1?page=2", "https://harbour-post.example/a/1"),
    ("https://harbour-post.example/a/1?id=1", "https://harbour-post.example/a/1?id=2"),
    ("https://harbour-post.example/a?fbid=1", "https://harbour-post.example/a?fbid=2"),
    ("https://harbour-post.example/a?gid=1", "https://harbour-post.example/a?gid=2"),
    ("https://council.example/plan?ref=2031/1187", "https://council.example/plan?ref=2031/1188"),
    ("https://council.example/plan?source=budget", "https://council.example/plan?source=audit"),
    ("https://council.example/find?s=bridge", "https://council.example/find?s=ferry"),
    ("https://harbour-post.example/?p=120", "https://harbour-post.example/?p=121"),
    ("https://harbour-post.example/en/a", "https://harbour-post.example/fr/a"),
    ("https://en.wikipedia.org/wiki/Tide", "https://fr.wikipedia.org/wiki/Tide"),
    ("https://en.wikipedia.org/w/index.php?title=Tide&oldid=7", "https://en.wikipedia.org/wiki/Tide"),
    ("https://blog.harbour-post.example/a", "https://harbour-post.example/a"),
    ("https://m.example", "https://example.example"),
    ("https://m.co.uk/a", "https://co.uk/a"),
    ("https://mobile.example/a", "https://www.mobile.example/b"),
    ("https://harbour-post.example/a/champ", "https://harbour-post.example/a"),
    ("https://harbour-post.example/amp", "https://harbour-post.example/"),
    ("https://harbour-post.example/a%3Fb", "https://harbour-post.example/a?b"),
    ("https://harbour-post.example/A", "https://harbour-post.example/a"),
    ("https://harbour-post.example:8443/a", "https://harbour-post.example/a"),
    ("https://maps.example/#!/place/1", "https://maps.example/#!/place/2"),
    ("https://harbour-post.example/tag?x=1&x=2", "https://harbour-post.example/tag?x=1"),
    ("https://www.youtube.com/watch?v=aB3_xYz-012", "https://www.youtube.com/watch?v=aB3_xYz-013"),
    ("https://www.youtube.com/playlist?list=PL1", "https://www.youtube.com/playlist?list=PL2"),
    ("https://www.youtube.com/@quaynews", "https://www.youtube.com/@tidenews"),
    ("https://x.com/quaynews", "https://x.com/tidenews"),
    ("https://www.facebook.com/permalink.php?story_fbid=12&id=1", "https://www.facebook.com/permalink.php?story_fbid=12&id=2"),
    ("https://www.facebook.com/quaynews", "https://www.facebook.com/tidenews"),
    ("https://t.me/quaynews/15?comment=3", "https://t.me/quaynews/15"),
    ("https://www.reddit.com/r/tides/comments/1abcd/a/xyz", "https://www.reddit.com/r/tides/comments/1abcd/a/"),
    ("https://archive.ph/AbC12", "https://archive.ph/abc12"),
    ("https://web.archive.org/web/20310101000000/https://town.example/a", "https://web.archive.org/web/20310102000000/https://town.example/a"),
    ("https://web.archive.org/web/20310101000000/https://town.example/a", "https://town.example/a"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_addresses_of_one_page_have_one_key(one: str, other: str) -> None:
    assert url_key(one) == url_key(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_addresses_of_two_pages_have_two_keys(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize("url", sorted({each for pair in SAME + OTHER for each in pair}))
def test_a_key_is_its_own_key(url: str) -> None:
    key = url_key(url)
    assert url_key(key) == key == url_key(f"http://{key}")
    assert key.isascii()


@pytest.mark.parametrize(
    "url", ["", "ftp://town.example/a", "https://", "javascript:alert(1)", "https://town.example/a b"]
)
def test_what_is_no_address_has_no_key(url: str) -> None:
    with pytest.raises(ValueError):
        url_key(url)


def test_a_redirect_within_a_redirect_ends() -> None:
    url = "https://town.example/a"
    for _ in range(20):
        url = f"https://www.google.com/url?q={url}"
    assert url_key(url)


def test_a_redirect_to_what_is_no_address_is_a_page_of_its_own() -> None:
    for url in (
        "https://www.google.com/url?q=see+the+mayor&sa=D",
        "https://l.facebook.com/l.php?u=mailto%3Aa%40b.example",
    ):
        assert url_key(url).startswith(("google.com/url?", "l.facebook.com/l.php?"))


def test_a_long_key_is_cut_and_still_tells_pages_apart() -> None:
    one, other = (f"https://town.example/?q={'%27' * 600}{end}" for end in "ab")
    assert url_key(one) != url_key(other)
    assert max(map(len, map(url_key, (one, other)))) <= MAX_KEY_LENGTH


def test_what_is_no_address_is_stored_without_a_key() -> None:
    assert [stored_key(each) for each in ("", "no address at all", "ftp://town.example/a")] == ["", "", ""]
    assert stored_key("http://www.town.example/a/") == "town.example/a"
