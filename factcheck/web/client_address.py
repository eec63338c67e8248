"""The address of a request's client, by which limits count: one for a household or office, however many proxies."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Any


def client_address(meta: Mapping[str, Any], trusted_proxies: int) -> str:
    """The client's IP address; an IPv6 address as its /64, since one household or office has that many.

    Behind `trusted_proxies` proxies it is the address that the outermost of them appended to X-Forwarded-For; entries
    further left come from the client itself and are ignored. `meta` is the WSGI environ or Django's `request.META`.
    """
    given = meta.get("REMOTE_ADDR", "")
    if trusted_proxies:
        forwarded = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(forwarded) >= trusted_proxies:
            given = forwarded[-trusted_proxies]
    # Some proxies append the client's port.
    if with_port := re.fullmatch(r"\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+", given):
        given = with_port[1] or with_port[2]
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), 64), strict=False).network_address) + "/64"
    return str(address)
