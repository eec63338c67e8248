"""Decide which URLs may be fetched and which IP addresses connected to, and convert URLs to canonical form.

`ipaddress.is_global` is not enough: on Python 3.11 it is true of NAT64, 6to4 and site-local prefixes, which lead into
private networks. The tables list the IANA special-purpose registries (RFC 6890 and its updates), multicast, and
cloud services on public-looking addresses.
"""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

import idna
from yarl import URL

PORTS = frozenset({80, 443, 8080, 8443})
MAX_URL_LENGTH = 2_000

_PRIVATE_IPV4 = [
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's platform, reachable from its machines alone
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # IETF protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
]
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")  # everything assigned to the public Internet
_PRIVATE_IPV6 = [
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # IETF protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries any IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
]

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_LOOKS_NUMERIC = re.compile(r"(?:\d+|0x[0-9a-f]*)")  # WHATWG URL standard, "ends in a number"
_FORM = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<rest>[^#]*)(?:#.*)?", re.I | re.S)
# Already normalised according to RFC 3986, as most URLs are.
_PLAIN = re.compile(r"https?://[a-z0-9](?:[a-z0-9-]*\.)+[a-z]{2,}(?:/[A-Za-z0-9._~/-]*)?")
# Parameters that identify how a reader arrived and never affect the page.
_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|yclid)$")
_FORBIDDEN = re.compile("[\x00-\x20\x7f-\xa0\\\\\u2028\u2029]")


class UrlRefused(ValueError):
    """The URL has a form that is not fetched. The message is a sentence for people."""


class AddressRefused(OSError):
    """The IP address is not publicly routable, so nothing is sent to it. The message is a sentence."""


@dataclass(frozen=True)
class Target:
    """A URL that may be requested. `url` is the form that is sent; `host` is an ASCII name or a bare IP address."""

    scheme: str
    host: str
    port: int
    url: str
    literal: bool

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def target(url: str, allow: tuple[str, int] | None = None) -> Target:
    """Parse a URL strictly for fetching. Raises `UrlRefused`, or `AddressRefused` for a private IP address in it.

    Accepts only http and https, ports 80, 443, 8080 and 8443, and hosts in plain form: anything that resolvers and
    libraries might interpret differently (`127.1`, `0x7f.1`, `%31`, circled digits, user names) is refused. `allow`
    is one private address and port that is accepted nevertheless, for the demo's site.
    """
    if len(url) > MAX_URL_LENGTH:
        raise UrlRefused(f"The URL is longer than {MAX_URL_LENGTH:,} characters.")
    if _FORBIDDEN.search(url):
        raise UrlRefused("The URL has spaces, control characters or a backslash in it.")
    form = _FORM.fullmatch(url)
    if form is None or form["scheme"].lower() not in {"http", "https"}:
        raise UrlRefused("Only http:// and https:// are fetched.")
    scheme = form["scheme"].lower()
    if "@" in form["authority"]:
        raise UrlRefused("The URL carries a user name or password; take it out.")
    authority, port = _port(form["authority"], scheme)
    host, literal = _host(authority)
    if (host, port) != allow:
        if literal:
            check_address(host)
        if port not in PORTS:
            raise UrlRefused(f"Port {port} is not fetched; only 80, 443, 8080 and 8443 are.")
    try:
        rest = quote(form["rest"], safe="!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
    except UnicodeEncodeError as error:
        raise UrlRefused("The URL contains invalid characters.") from error
    if not rest.startswith("/"):
        rest = "/" + rest
    shown = f"[{host}]" if ":" in host else host
    where = shown if port == {"http": 80, "https": 443}[scheme] else f"{shown}:{port}"
    return Target(scheme, host, port, f"{scheme}://{where}{rest}", literal)


_INVALID = re.compile(r"[\x00-\x20\\]")


def canonical(url: str) -> str:
    """Return the form in which a page is stored and polled: RFC 3986 normalised, without fragment and tracking.

    Raises `ValueError` with a sentence unless it is an http or https URL with a host.
    """
    url = url.strip()
    if _PLAIN.fullmatch(url) and "/." not in url and len(url) <= MAX_URL_LENGTH:
        return url
    if _INVALID.search(url):
        raise ValueError("The URL has spaces or control characters in it; copy it from the address bar.")
    try:
        parsed = URL(url)
    except ValueError as error:
        raise ValueError("This is not a URL; copy it from the address bar.") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise ValueError("The URL must start with http:// or https:// and name a host.")
    if parsed.user or parsed.password:
        raise ValueError("The URL carries a user name or password; take it out.")
    kept = [(name, value) for name, value in parsed.query.items() if not _TRACKING.match(name)]
    if len(kept) != len(parsed.query):
        parsed = parsed.with_query(kept)
    text = str(parsed.with_fragment(None))
    if len(text) > 2000:
        raise ValueError("The URL is longer than 2,000 characters.")
    return text


def check_address(address: str) -> None:
    """Raise `AddressRefused` unless the IP address belongs to the public Internet."""
    if not is_public(address):
        raise AddressRefused(f"{address} is not an address of the public Internet, so it is not fetched.")


@lru_cache(maxsize=4_096)  # each connection checks several times
def is_public(address: str) -> bool:
    """Whether packets to this IP address go to the public Internet and nowhere else."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _PRIVATE_IPV4)
    if parsed.scope_id is not None:
        return False
    return parsed in _PUBLIC_IPV6 and not any(parsed in network for network in _PRIVATE_IPV6)


def address_and_port(text: str | tuple[str, int] | None) -> tuple[str, int] | None:
    """Parse `127.0.0.1:8001`. Returns None for an empty text, and a pair unchanged. Raises `ValueError`."""
    if not text:
        return None
    if isinstance(text, tuple):
        return text
    address, _, port = text.rpartition(":")
    if not port.isdecimal() or not address:
        raise ValueError(f"{text!r} is not an address and port; write for example 127.0.0.1:8001.")
    return address, int(port)


def _port(authority: str, scheme: str) -> tuple[str, int]:
    match = re.fullmatch(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]{0,5}))?", authority)
    if match is None or not match["host"].strip("[]"):
        raise UrlRefused("The URL names no host.")
    return match["host"].lower(), int(match["port"] or {"http": 80, "https": 443}[scheme])


def _host(host: str) -> tuple[str, bool]:
    """Return the host in the form that is resolved or connected to, and whether it is an IP address."""
    if host.startswith("["):
        try:
            address = ipaddress.IPv6Address(host[1:-1])
        except ValueError as error:
            raise UrlRefused("The URL has brackets around something that is no IPv6 address.") from error
        if address.scope_id is not None:
            raise UrlRefused("The IPv6 address carries a zone; it is not fetched.")
        return str(address), True
    if _IPV4.fullmatch(host):
        return host, True
    if not host.isascii():
        try:  # IDNA 2008 without mapping, so that no look-alike turns into a digit or a dot
            host = idna.encode(host, strict=True).decode("ascii")
        except idna.IDNAError as error:
            raise UrlRefused("The host is not a valid internationalised name.") from error
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise UrlRefused("The host is not a name or address in its plain form.")
    if _LOOKS_NUMERIC.fullmatch(host.rpartition(".")[2]):
        raise UrlRefused("The host looks like an address but is not one in its plain form.")
    return host, False


def same_site(url: str, other: str) -> bool:
    """Whether the hosts share their last two labels, which suffices to tell a page's own site from third parties."""
    hosts = ((urlsplit(each).hostname or "").split(".")[-2:] for each in (url, other))
    return next(hosts) == next(hosts)
