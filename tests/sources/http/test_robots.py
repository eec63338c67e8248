import pytest

from sources.http import robots
from sources.http.robots import RobotsCache, Rules, product_token, read


def test_the_byte_order_mark_does_not_hide_the_first_line() -> None:
    assert not read(b"\xef\xbb\xbfUser-agent: *\nDisallow: /").allow("http://example.org/", "factcheck/1.0")


def test_we_are_called_by_the_first_word_of_our_user_agent() -> None:
    assert product_token("factcheck/1.0 (+https://example.org; other)") == "factcheck"


def test_rules_are_kept_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr(robots.time, "monotonic", lambda: now[0])
    cache = RobotsCache()
    cache.keep("http://a.example:80", Rules())
    cache.keep("http://b.example:80", Rules(failure="It cannot be read."))
    now[0] += 301
    assert cache.known("http://a.example:80") is not None
    assert cache.known("http://b.example:80") is None
    now[0] += 3_600
    assert cache.known("http://a.example:80") is None


def test_what_is_remembered_is_bounded_in_hosts_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "_MOST_ORIGINS", 3)
    monkeypatch.setattr(robots, "_MOST_BYTES", 1_000)
    cache = RobotsCache()
    for name in "abcd":
        cache.keep(name, Rules(size=1))
    assert [name for name in "abcd" if cache.known(name)] == ["b", "c", "d"]
    for _ in range(5):
        cache.keep("d", Rules(size=600))
    assert [name for name in "bcd" if cache.known(name)] == ["b", "c", "d"]
    cache.keep("e", Rules(size=600))
    assert [name for name in "bcde" if cache.known(name)] == ["e"]


def test_a_file_made_to_be_slow_to_match_is_not() -> None:
    rules = read(b"User-agent: *\nDisallow: /" + b"*a" * 500 + b"*b$\n")
    started = robots.time.perf_counter()
    assert rules.allow("http://example.org/" + "a" * 1_900, "factcheck/1.0")
    assert robots.time.perf_counter() - started < 1
