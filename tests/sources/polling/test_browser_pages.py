"""The poller renders marked pages with a browser."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from sources.extraction import browser
from sources.http import fetcher
from sources.models import Change, Host, Page, Polling, Snapshot
from sources.pages import page_for
from sources.polling import poller
from tests.sources.servers import Site, page, serve

pytestmark = pytest.mark.django_db

SCRIPTED = page("<p>Loading.</p><script>document.body.innerHTML = '<p>412 bridges need repair.</p>'</script>")
needs_browser = pytest.mark.skipif(
    bool(browser.missing_requirement()) and "CI" not in os.environ,
    reason=f"{browser.missing_requirement()} Both are installed where CI runs.",
)


@pytest.fixture
def site(settings: object, tmp_path: Path) -> Iterator[Site]:
    with serve({"/": SCRIPTED}) as running:
        settings.FETCH_ALLOWED_LOOPBACK = running.address  # type: ignore[attr-defined]
        settings.SNAPSHOT_STORE = str(tmp_path)  # type: ignore[attr-defined]
        settings.POLL_HOST_DELAY = 0  # type: ignore[attr-defined]
        fetcher.clear_robots_cache()
        yield running


@pytest.fixture
def scripted(site: Site) -> Page:
    made = page_for(site.url("/"))
    made.render = True
    made.save()
    poller.start_watching(made)
    return made


def poll() -> Polling:
    Polling.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    Host.objects.update(rests_until=None, ready_at=timezone.now())
    assert poller.poll_batch() == 1
    return Polling.objects.get()


@needs_browser
def test_rendered_text_is_read_and_switching_to_rendering_is_no_change(scripted: Page) -> None:
    poll()
    snapshot = Snapshot.objects.get()
    assert snapshot.text.text.strip() == "412 bridges need repair."
    assert snapshot.extractor.endswith(", rendered")
    Page.objects.update(render=False)
    poll()
    assert "Loading." in Snapshot.objects.latest("pk").text.text
    assert not Change.objects.exists()


def test_without_a_browser_nothing_is_requested_and_the_editor_is_informed(
    scripted: Page, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    state = poll()
    assert state.last_outcome == "unsupported" and "nstall" in state.last_detail
    assert site.paths() == []
