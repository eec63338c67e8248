"""Which URLs may be fetched, and which addresses may be connected to.

`ipaddress.is_global` is not enough: on Python 3.11 it is true of NAT64, 6to4 and site-local prefixes, all of
which lead into private networks. The tables are of the IANA special-purpose registries (RFC 6890 and its
updates), multicast included, and of what clouds put on public-looking addresses.
"""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

import idna
from yarl import URL

PORTS = frozenset({80, 443, 8080, 8443})
LONGEST_URL = 2_000

_CLOSED_IPV4 = [
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
_OPEN_IPV6 = ipaddress.IPv6Network("2000::/3")  # all that is assigned to the public Internet
_CLOSED_IPV6 = [
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
# Normalised already, whatever RFC 3986 has to say: most addresses are.
_PLAIN = re.compile(r"https?://[a-z0-9](?:[a-z0-9-]*\.)+[a-z]{2,}(?:/[A-Za-z0-9._~/-]*)?")
# Parameters that name the way a reader came, never what the page says.
_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|yclid)$")
_FORBIDDEN = re.compile("[\x00-\x20\x7f-\xa0\\\\\u2028\u2029]")


class UrlRefused(ValueError):
    """This URL is of a form that is not fetched. The message is a sentence for people."""


class AddressRefused(OSError):
    """This address is not publicly routable, so nothing is sent there. The message is a sentence."""


@dataclass(frozen=True)
class Target:
    """A URL that may be asked for: `url` in the form that is sent, `host` a name in ASCII or a bare address."""

    scheme: str
    host: str
    port: int
    url: str
    literal: bool

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def target(url: str, allow: tuple[str, int] | None = None) -> Target:
    """Read a URL strictly, for fetching. Raises `UrlRefused`, or `AddressRefused` for an address in it.

    Only http and https, ports 80, 443, 8080 and 8443, and hosts in their plain form: whatever resolvers and
    libraries might read differently (`127.1`, `0x7f.1`, `%31`, circled digits, user names) is refused.
    `allow` is one address and port that is let through although it is not public: the demo's site.
    """
    if len(url) > LONGEST_URL:
        raise UrlRefused(f"The URL is longer than {LONGEST_URL:,} characters.")
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
        raise UrlRefused("The URL has characters in it that are none.") from error
    if not rest.startswith("/"):
        rest = "/" + rest
    shown = f"[{host}]" if ":" in host else host
    where = shown if port == {"http": 80, "https": 443}[scheme] else f"{shown}:{port}"
    return Target(scheme, host, port, f"{scheme}://{where}{rest}", literal)


_NO_URL = re.compile(r"[\x00-\x20\\]")


def canonical(url: str) -> str:
    """The form under which a page is polled and looked up: RFC 3986 normalised, no fragment, no tracking.

    Raises `ValueError` with a sentence if it is no http or https URL with a host.
    """
    given = url.strip()
    if _PLAIN.fullmatch(given) and "/." not in given and len(given) <= LONGEST_URL:
        return given
    if _NO_URL.search(given):
        raise ValueError("The URL has spaces or control characters in it; copy it from the address bar.")
    try:
        parsed = URL(given)
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
    """Raise `AddressRefused` unless the address is one of the public Internet."""
    if not is_public(address):
        raise AddressRefused(f"{address} is not an address of the public Internet, so it is not fetched.")


@lru_cache(maxsize=4_096)  # each connection asks several times
def is_public(address: str) -> bool:
    """Whether packets to this address go to the public Internet and nowhere else."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _CLOSED_IPV4)
    if parsed.scope_id is not None:
        return False
    return parsed in _OPEN_IPV6 and not any(parsed in network for network in _CLOSED_IPV6)


def address_and_port(text: str | tuple[str, int] | None) -> tuple[str, int] | None:
    """From `127.0.0.1:8001`; None from an empty text, and what is a pair already as it is. Raises `ValueError`."""
    if not text:
        return None
    if isinstance(text, tuple):
        return text
    address, _, port = text.rpartition(":")
    if not port.isdecimal() or not address:
        raise ValueError(f"{text!r} is not an address and port; say for example 127.0.0.1:8001.")
    return address, int(port)


def _port(authority: str, scheme: str) -> tuple[str, int]:
    match = re.fullmatch(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]{0,5}))?", authority)
    if match is None or not match["host"].strip("[]"):
        raise UrlRefused("The URL names no host.")
    return match["host"].lower(), int(match["port"] or {"http": 80, "https": 443}[scheme])


def _host(given: str) -> tuple[str, bool]:
    """The host as it is resolved or connected to, and whether it is an address."""
    if given.startswith("["):
        try:
            address = ipaddress.IPv6Address(given[1:-1])
        except ValueError as error:
            raise UrlRefused("The URL has brackets around something that is no IPv6 address.") from error
        if address.scope_id is not None:
            raise UrlRefused("The IPv6 address carries a zone; it is not fetched.")
        return str(address), True
    if _IPV4.fullmatch(given):
        return given, True
    if not given.isascii():
        try:  # IDNA 2008 without mapping, so that no look-alike turns into a digit or a dot
            given = idna.encode(given, strict=True).decode("ascii")
        except idna.IDNAError as error:
            raise UrlRefused("The host is not a valid internationalised name.") from error
    if len(given) > 253 or not _NAME.fullmatch(given):
        raise UrlRefused("The host is not a name or address in its plain form.")
    if _LOOKS_NUMERIC.fullmatch(given.rpartition(".")[2]):
        raise UrlRefused("The host looks like an address but is not one in its plain form.")
    return given, False
