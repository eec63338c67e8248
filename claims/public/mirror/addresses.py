"""Which addresses of readers' pages become files, and under which names.

    /                        index.html
    /claims/clm_…            claims/clm_….html
    /topics/roads?before=4   topics/roads~before~3D4.html
    /feed.atom               feed.atom

Search, forms and what is made for one person stay with the site itself.
"""

import posixpath
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from django.urls import Resolver404, resolve

from claims.public.page import ROUTES

PAGES = frozenset(
    {
        *("claim", "changes", "proof", "home", "topics", "topic", "corrections", "embed"),
        *("speakers", "speaker", "organisations", "organisation"),
        *("method", "policy", "about", "method_version", "policy_version", "about_version"),
    }
)
FILES = frozenset(
    {
        *("proof_file", "proof_script", "proof_register_script"),
        *("feed", "feed_json", "topic_feed", "corrections_feed"),
    }
)
STARTS = (
    *("/", "/topics", "/speakers", "/organisations", "/corrections", "/method", "/policy", "/about"),
    *("/feed.atom", "/feed.json", "/corrections.atom"),
    *("/proof/verify_history.py", "/proof/verify_register.py"),
)
OF_A_CLAIM = ("/claims/{}", "/embed/{}", "/claims/{}/proof", "/claims/{}/proof.json")
_PAGING = frozenset({"before", "after", "listed"})
_PLAIN = re.compile(r"[^A-Za-z0-9._-]")


class Target(NamedTuple):
    """An address of ours as a link names it, without its fragment, and the file for it."""

    address: str
    file: str


@lru_cache(maxsize=4_096)  # every page leads to the same few
def target(address: str) -> Target | None:
    """The file of an address like /topics/roads?before=4; None for one that stays with the site."""
    parts = urlsplit(address)
    try:
        name = resolve(unquote(parts.path), ROUTES).url_name
    except Resolver404:
        return None
    if name not in PAGES | FILES:
        return None
    query = parse_qsl(parts.query, keep_blank_values=True)
    if any(key not in _PAGING for key, _ in query):
        return None
    path = "/".join(_safe(unquote(part)) for part in parts.path.strip("/").split("/")) or "index"
    suffix = "".join(f"~{_safe(key)}~3D{_safe(value)}" for key, value in query)
    end = ".html" if name in PAGES else ""
    return Target(f"{parts.path}{'?' if parts.query else ''}{parts.query}", f"{path}{suffix}{end}")


def relative(file: str, *, of: str) -> str:
    """How the page `of` names another file."""
    return posixpath.relpath(file, posixpath.dirname(of) or ".")


def _safe(part: str) -> str:
    """The part as the name of a file anywhere; no two parts become the same."""
    escaped = _PLAIN.sub(lambda match: "".join(f"~{byte:02X}" for byte in match[0].encode()), part)
    return escaped.replace(".", "~2E") if set(escaped) <= {"."} else escaped
