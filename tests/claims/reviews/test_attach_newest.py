"""An editor quotes a page as it is now, although polls that found nothing watched changed kept no text of it."""

from collections.abc import Iterator

import pytest
from django.db.models.functions import Now

from claims.models import Evidence, ReviewVersion
from claims.permissions import Refused
from claims.reviews import publish
from claims.reviews.evidence import attach_quote
from sources.http import fetcher
from sources.models import Host, Page, Polling
from sources.pages import page_for
from sources.polling import poller
from tests import factories
from tests.sources.polling.test_poller import Site

pytestmark = pytest.mark.django_db

QUOTE = "The ministry counted 412 bridges in need of repair."
SAYS = f"<p>{QUOTE}</p><p>The yearly report was welcomed by the council on Monday.</p><p>{{}}</p>"
OLD, NEW = "A second report is expected in autumn.", "Another paper will follow early next year."


@pytest.fixture
def site(settings: object, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    made = Site()
    settings.FETCH_ALLOWED_LOOPBACK = made.address  # type: ignore[attr-defined]
    settings.SNAPSHOT_STORE = str(tmp_path)  # type: ignore[attr-defined]
    settings.POLL_HOST_DELAY = 0  # type: ignore[attr-defined]
    monkeypatch.setattr(poller, "_UNCONDITIONAL", 10**9)
    fetcher.clear_robots_cache()
    yield made
    made.server.shutdown()


@pytest.fixture
def page(site: Site) -> Page:
    """A page with a published quote, whose other words a quiet poll has found changed."""
    site.says(SAYS.format(OLD))
    made = page_for(site.url())
    poller.fetch_once(made, actor=factories.editor())
    approved = factories.approved(factories.draft(of=made, exact=QUOTE))
    publish.publish(approved, actor=approved.approver)
    site.says(SAYS.format(NEW))
    Polling.objects.update(due_at=Now())
    Host.objects.update(ready_at=Now(), rests_until=None)
    assert poller.poll_batch(1) == 1
    state = Polling.objects.get(page=made)
    assert (state.quiet_polls, made.snapshots.count()) == (1, 1)
    return made


@pytest.fixture
def version() -> ReviewVersion:
    return factories.draft(of=factories.page())


def attach(version: ReviewVersion, page: Page, exact: str) -> Evidence:
    return attach_quote(version, url_or_page=page, exact=exact, stance="context", actor=version.author)


def test_the_page_is_read_again_if_its_newest_bytes_were_not_kept(
    page: Page, version: ReviewVersion, site: Site
) -> None:
    evidence = attach(version, page, NEW)
    assert evidence.snapshot == page.snapshots.latest("pk") and page.snapshots.count() == 2
    with pytest.raises(Refused, match="do not stand"):
        attach(version, page, OLD)
    asked = site.times_asked()
    attach(version, page, QUOTE)
    assert site.times_asked() == asked, "what was read last is kept now"


def test_a_page_that_cannot_be_read_is_quoted_as_it_was_kept_and_the_editor_is_told(
    page: Page, version: ReviewVersion, site: Site
) -> None:
    site.says("No.", status=503)
    assert attach(version, page, OLD).snapshot == page.snapshots.get()
    with pytest.raises(Refused, match=r"do not stand.* could not be read just now; .* of 20\d\d-"):
        attach(version, page, NEW)
