"""Which page a URL names: its canonical form, and the row that stands for it."""

import re

from django.db import transaction
from yarl import URL

from sources.models import Page, Polling, Source

# Parameters that name the way a reader came, never what the page says.
_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|yclid)$")


def canonical(url: str) -> str:
    """The form under which a page is polled and looked up: RFC 3986 normalised, no fragment, no tracking.

    Raises `ValueError` with a sentence if it is no http or https URL with a host.
    """
    given = url.strip()
    if any(ord(character) < 33 for character in given) or "\\" in given:
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


def host_of(url: str) -> str:
    """The host of a canonical URL, without port, in lower case."""
    return URL(url).host or ""


def page_for(url: str, *, source: Source | None = None, is_demo: bool = False) -> Page:
    """The page of this URL, made with its polling state (not due) and, by host, its source if need be.

    Raises `ValueError` as `canonical` does.
    """
    address = canonical(url)
    existing = Page.objects.filter(url=address).select_related("source").first()
    if existing is not None:
        return existing
    host = host_of(address)
    with transaction.atomic():
        if source is None:
            source = Source.objects.filter(pages__polling__host=host).order_by("pk").first()
        if source is None:
            homepage = str(URL(address).origin()) + "/"
            source, _ = Source.objects.get_or_create(name=host, homepage=homepage, defaults={"is_demo": is_demo})
        page, created = Page.objects.get_or_create(
            url=address, defaults={"source": source, "given_url": url.strip(), "is_demo": is_demo}
        )
        if created:
            Polling.objects.create(page=page, host=host)
    return page


@transaction.atomic
def forget(page: Page) -> None:
    """Take back a page that was never read, and its source if nothing else is known of it."""
    if page.snapshots.exists():
        return
    Polling.objects.filter(page=page).delete()
    page.delete()
    if page.source.name == host_of(page.url) and not page.source.pages.exists():
        page.source.delete()
