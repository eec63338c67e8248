"""Frozen copies of the code that migrations 0004, 0006 and 0008 fill columns with, as it was when they were written.

Migrations import this instead of live code, which may change under them. Do not change anything here.
"""

import hashlib
import re
from urllib.parse import urlsplit

from yarl import URL

_NO_URL = re.compile(r"[\x00-\x20\\]")
_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|yclid)$")


def canonical(url):
    """The canonical form of an address. Raises `ValueError` if it is none of the web."""
    given = url.strip()
    if _NO_URL.search(given):
        raise ValueError(given)
    parsed = URL(given)
    if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.user or parsed.password:
        raise ValueError(given)
    kept = [(name, value) for name, value in parsed.query.items() if not _TRACKING.match(name)]
    if len(kept) != len(parsed.query):
        parsed = parsed.with_query(kept)
    text = str(parsed.with_fragment(None))
    if len(text) > 2000:
        raise ValueError(given)
    return text


def sites(body):
    """Values of `ClaimVersion.sites`."""
    return sorted({site for review in _standing(body) if (site := _site(review))})


def newest_on(body):
    """Value of `ClaimVersion.newest_on`."""
    dates = [statement["document"]["published_on"] for statement in body["statements"]]
    dates += [review["first_published_at"][:10] for review in _standing(body)]
    return max((date for date in dates if date), default=None)


def parts(body):
    """Values of the column `parts`."""
    found = set()
    for statement in body["statements"]:
        document = statement["document"]
        found |= {"statement", statement["id"], document["id"], _address_key("doc", document["url"])}
    for review in body["reviews"]:
        found.add(review["id"])
        if article := review["article"]:
            found |= {article["id"], _address_key("art", article["url"])}
        for item in review["evidence"]:
            found |= {"evidence", item["id"]}
            if "page" in item:
                found |= {item["snapshot"]["id"], _address_key("pag", item["page"]["url"])}
    return sorted(name for name in found if name)


def steps(body):
    """Values of the column `steps`."""
    ratings = [review["rating"] for review in body["reviews"] if review["rating"]]
    return sorted({f"{rating['scale']['id']}:{rating['value']}" for rating in ratings if rating.get("scale")})


def _standing(body):
    if body["merged_into"]:
        return []
    return [review for review in body["reviews"] if not review["withdrawn_at"]]


def _site(review):
    article = review["article"] or {}
    return _plain_site(review["organisation"]["site"] or "") or _plain_site(article.get("url") or "")


def _plain_site(text):
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def _address_key(kind, url):
    try:
        address = canonical(url or "")
    except ValueError:
        return None
    return f"{kind}:{hashlib.sha256(address.encode()).hexdigest()[:20]}"
