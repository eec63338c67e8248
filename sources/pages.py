"""Find or create the database row of a page by its URL."""

from django.db import transaction
from yarl import URL

from sources.http.addresses import canonical
from sources.http.url_key import stored_key
from sources.models import Host, Page, Polling, Source


def host_of(url: str) -> str:
    """Return the host of a canonical URL, in lower case, without the port."""
    return URL(url).host or ""


def page_for(url: str, *, source: Source | None = None, is_demo: bool = False) -> Page:
    """Return the page of a URL. A missing page is created with its polling state (not due) and its host's source.

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
            url=address,
            defaults={"source": source, "given_url": url.strip(), "url_key": stored_key(address), "is_demo": is_demo},
        )
        if created:
            Host.objects.bulk_create([Host(name=host)], ignore_conflicts=True)
            Polling.objects.create(page=page, host=host)
    return page


@transaction.atomic
def delete_unread_page(page: Page) -> None:
    """Delete a page that has no snapshot, and its source if that was created for this page alone."""
    if page.snapshots.exists():
        return
    Polling.objects.filter(page=page).delete()
    page.delete()
    if page.source.name == host_of(page.url) and not page.source.pages.exists():
        page.source.delete()
