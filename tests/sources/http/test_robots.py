"""robots.txt: parsing, the product token, and the limits of the cache."""

import pytest

from sources.http import robots
from sources.http.robots import RobotsCache, Rules, parse, product_token


def test_a_byte_order_mark_is_ignored() -> None:
    assert not parse(b"\xef\xbb\xbfUser-agent: *\nDisallow: /").allow("http://example.org/", "factcheck/1.0")


def test_the_product_token_is_the_first_word_of_the_user_agent() -> None:
    assert product_token("factcheck/1.0 (+https://example.org; other)") == "factcheck"


@pytest.mark.parametrize(
    ("agent", "ours"),
    [
        ("FactCheck/1.0", True),
        ("factcheck/2.0 (+https://example.org)", True),
        ("FactCheck 1.0", True),
        ("FactCheck v2", True),
        ("FactCheck (all versions)", True),
        ("FactCheck # our friends", True),
        ("FactChecker/1.0", False),
        ("Other/1.0", False),
        ("MyFactCheck/1.0", False),
    ],
)
def test_a_group_that_names_a_version_is_ours(agent: str, ours: bool) -> None:
    rules = parse(f"User-agent: *\nDisallow:\n\nUser-Agent: {agent}\nDisallow: /private\nCrawl-delay: 7\n".encode())
    assert rules.allow("http://example.org/private", "factcheck/1.0") is not ours
    assert rules.allow("http://example.org/", "factcheck/1.0")
    assert rules.delay("factcheck/1.0") == (7 if ours else None)


def test_rules_are_cached_for_a_limited_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr(robots.time, "monotonic", lambda: now[0])
    cache = RobotsCache()
    cache.put("http://a.example:80", Rules())
    cache.put("http://b.example:80", Rules(failure="It cannot be read."))
    now[0] += 301
    assert cache.get("http://a.example:80") is not None
    assert cache.get("http://b.example:80") is None
    now[0] += 3_600
    assert cache.get("http://a.example:80") is None


def test_the_cache_is_limited_in_origins_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "_MAX_ORIGINS", 3)
    monkeypatch.setattr(robots, "_MAX_CACHED_BYTES", 1_000)
    cache = RobotsCache()
    for name in "abcd":
        cache.put(name, Rules(size=1))
    assert [name for name in "abcd" if cache.get(name)] == ["b", "c", "d"]
    for _ in range(5):
        cache.put("d", Rules(size=600))
    assert [name for name in "bcd" if cache.get(name)] == ["b", "c", "d"]
    cache.put("e", Rules(size=600))
    assert [name for name in "bcde" if cache.get(name)] == ["e"]


def test_a_hostile_file_is_matched_quickly() -> None:
    rules = parse(b"User-agent: *\nDisallow: /" + b"*a" * 500 + b"*b$\n")
    started = robots.time.perf_counter()
    assert rules.allow("http://example.org/" + "a" * 1_900, "factcheck/1.0")
    assert robots.time.perf_counter() - started < 1
