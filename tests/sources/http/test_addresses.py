"""URLs and IP addresses that may and may not be fetched, and the canonical form of URLs."""

import re

import pytest

from sources.http import addresses
from sources.http.addresses import AddressRefused, UrlRefused, is_public, target

DEMO = ("127.0.0.1", 8001)

CLOSED = """
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.1.2.3 168.63.129.16 169.254.169.254
    172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255
    198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:8.8.8.8 ::ffff:127.0.0.1 64:ff9b::8.8.8.8 64:ff9b:1::1 100::1
    2001::1 2001:10::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd12::1
    fe80::1 fe80::1%eth0 2606:4700::1%1 fec0::1 ff02::1 4000::1 not-an-address 1.2.3 01.2.3.4 1.2.3.4.5
    """
OPEN = """
    1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.32.0.1 192.0.1.1 198.20.0.1 223.255.255.255
    2606:4700:4700::1111 2a00:1450::1 2001:200::1 2400:cb00::1
"""
LITERALS = """
    http://127.0.0.1/ http://127.0.0.1:8001/ http://10.0.0.1:8080/ http://169.254.169.254/latest/ http://0.0.0.0/
    http://[::]/ http://[::1]/ http://[::ffff:127.0.0.1]/ http://[::ffff:8.8.8.8]/ http://[64:ff9b::7f00:1]/
    http://[fd00::1]/ http://192.168.0.1:443/
    """


@pytest.mark.parametrize(
    "address",
    CLOSED.split(),
)
def test_private_addresses_are_recognised(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    OPEN.split(),
)
def test_public_addresses_are_recognised(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "sent", "host", "port"),
    [
        ("http://example.org", "http://example.org/", "example.org", 80),
        ("HTTPS://Example.ORG:443/a?b=c#d", "https://example.org/a?b=c", "example.org", 443),
        ("http://example.org:8080/%41%2F", "http://example.org:8080/%41%2F", "example.org", 8080),
        ("http://example.org/grün?x=ß", "http://example.org/gr%C3%BCn?x=%C3%9F", "example.org", 80),
        ("http://bücher.example/", "http://xn--bcher-kva.example/", "xn--bcher-kva.example", 80),
        ("https://a_b.example-1.org/", "https://a_b.example-1.org/", "a_b.example-1.org", 443),
        ("http://8.8.8.8/", "http://8.8.8.8/", "8.8.8.8", 80),
        ("http://[2606:4700::1111]:8443/", "http://[2606:4700::1111]:8443/", "2606:4700::1111", 8443),
        ("http://example.org?q", "http://example.org/?q", "example.org", 80),
    ],
)
def test_plain_urls_are_parsed(url: str, sent: str, host: str, port: int) -> None:
    to = target(url)
    assert (to.url, to.host, to.port) == (sent, host, port)


@pytest.mark.parametrize(
    "url",
    [
        *("", "example.org", "//example.org/", "http:", "http:///x", "http://", "http:/example.org", "http://:80/"),
        *("file:///etc/passwd", "ftp://example.org/", "gopher://x/", "dict://x/", "data:text/html,x", "javascript:1"),
        *("http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/"),
        *("http://0/", "http://1.2.3/", "http://1.2.3.4.5/", "http://1.2.3.256/", "http://01.2.3.4/", "http://example.1/"),
        *("http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://１２７.0.0.1/", "http://exam\u00adple.org/"),
        *("http://%31%32%37.0.0.1/", "http://example.org%00.evil.org/", "http://example.org%2e/"),
        *("http://exa mple.org/",),
        *("http://user@example.org/", "http://user:secret@example.org/", "http://127.0.0.1:8888\\@example.org/"),
        *("http://example.org\\.evil.org/", "http://example.org/a\\b", "http://example.org/\r\nHost: x", "http://ex\tample.org/"),
        *("http://example.org/\x00", "http://example.org/ x", " http://example.org/", "http://example.org/\n"),
        *("http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[::1", "http://[v1.x]/", "http://[1.2.3.4]/"),
        *("http://example.org:22/", "http://example.org:0/", "http://example.org:65536/", "http://example.org:8o/"),
        *("http://example.org:80:80/", "http://example.org:-1/", "http://example..org/", "http://.example.org/"),
        *("http://example.org./", "http://-example.org/", "http://exämple..org/", "http://" + "a" * 64 + ".org/"),
        *("http://example.org/" + "a" * 2000, "http://ex'ample.org/", "http://ex<ample.org/", "http://\ud800.org/"),
    ],
)  # fmt: skip
def test_ambiguous_urls_are_refused(url: str) -> None:
    with pytest.raises(UrlRefused, match=r"\.$"):
        target(url)


@pytest.mark.parametrize(
    "url",
    LITERALS.split(),
)
def test_private_addresses_in_urls_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused, match="public Internet"):
        target(url)


def test_only_the_exact_allowed_address_and_port_is_accepted() -> None:
    assert target("http://127.0.0.1:8001/x", allow=DEMO).url == "http://127.0.0.1:8001/x"
    for other in ("http://127.0.0.1:8002/", "http://127.0.0.2:8001/", "http://127.0.0.1/", "http://[::1]:8001/"):
        with pytest.raises((AddressRefused, UrlRefused)):
            target(other, allow=DEMO)
    with pytest.raises(UrlRefused):
        target("http://localhost:8001/", allow=DEMO)


def test_a_url_with_a_password_is_refused_with_that_reason() -> None:
    with pytest.raises(UrlRefused, match="user name or password"):
        target("https://editor:secret@example.org/")


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example",
        "https://a.example/",
        "https://www.a-b.example/2024/05/A_b~c-d.html",
        "https://a.example//x///",
        "http://1a.example/x/../y",
        "https://a.example/./x",
        "https://a.example/x/.well-known",
        "https://A.example/x",
        "https://a.example:443/x",
        "https://a.example/x%20y",
    ],
)
def test_the_shortcut_for_plain_urls_gives_the_same_canonical_form(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = addresses.canonical(url)
    monkeypatch.setattr(addresses, "_PLAIN", re.compile("(?!)"))
    assert addresses.canonical(url) == quick
