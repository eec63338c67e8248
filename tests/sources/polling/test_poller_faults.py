"""A failing page or a full disk does not affect the polls of other pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DataError

from sources.extraction import full_text, sandbox
from sources.http import fetcher
from sources.models import Change, Outcome, Page, Polling, Snapshot
from sources.pages import page_for
from sources.polling import poller, record
from sources.snapshots.folder import FolderStore
from sources.snapshots.store import StorageError
from tests.sources.servers import Site, page, serve

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(settings: object, tmp_path: Path) -> Iterator[Site]:
    with serve({"/a": page("<p>Alpha."), "/b": page("<p>Beta.")}) as running:
        settings.FETCH_ALLOWED_LOOPBACK = running.address  # type: ignore[attr-defined]
        settings.SNAPSHOT_STORE = str(tmp_path)  # type: ignore[attr-defined]
        fetcher.clear_robots_cache()
        yield running


@pytest.fixture
def two_pages(site: Site, monkeypatch: pytest.MonkeyPatch) -> list[Page]:
    """Two watched pages of one host that are leased in one batch."""
    pages = [page_for(site.url(path)) for path in ("/a", "/b")]
    for number, each in enumerate(pages):
        poller.start_watching(each)
        Polling.objects.filter(page=each).update(host=f"host-{number}.example")
    return pages


def outcomes() -> dict[str, str]:
    return {state.page.url[-2:]: state.last_outcome for state in Polling.objects.select_related("page")}


def test_a_page_that_breaks_the_extractor_does_not_affect_the_other(
    two_pages: list[Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sandbox.extract

    def breaks(body: bytes, *given: object) -> full_text.PageText:
        if b"Alpha" in body:
            raise RuntimeError("parser")
        return real(body, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(sandbox, "extract", breaks)
    assert poller.poll_batch() == 2
    assert outcomes() == {"/a": Outcome.ERROR, "/b": Outcome.OK}
    state = Polling.objects.get(page=two_pages[0])
    assert state.leased_until is None and state.failures == 1 and "RuntimeError" in state.last_detail


def test_a_page_that_the_database_refuses_does_not_affect_the_other(
    two_pages: list[Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = record._snapshot

    def refuses(of: Page, *given: object) -> Snapshot:
        if of == two_pages[0]:
            raise DataError("no such character")
        return real(of, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(record, "_snapshot", refuses)
    assert poller.poll_batch() == 2
    assert outcomes() == {"/a": Outcome.ERROR, "/b": Outcome.OK}
    assert [snapshot.page for snapshot in Snapshot.objects.all()] == [two_pages[1]]


def test_a_full_disk_is_not_recorded_as_an_outcome(two_pages: list[Page], monkeypatch: pytest.MonkeyPatch) -> None:
    real = FolderStore.put_many

    def full(self: FolderStore, several: list[bytes], names: list[str]) -> list[str]:
        if any(b"Alpha" in data for data in several):
            raise StorageError("The snapshot store cannot be written (No space left on device).")
        return real(self, several, names)

    monkeypatch.setattr(FolderStore, "put_many", full)
    with pytest.raises(StorageError, match="No space"):
        poller.poll_batch()
    assert outcomes() == {"/a": "", "/b": Outcome.OK}
    assert not Change.objects.exists()
    # Still leased, so it is retried when the lease ends, not at once.
    assert Polling.objects.get(page=two_pages[0]).leased_until is not None


def test_a_page_is_polled_again_once_the_disk_has_space(two_pages: list[Page], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: FolderStore, several: list[bytes], names: list[str]) -> list[str]:
        raise StorageError("The snapshot store cannot be written (No space left on device).")

    with monkeypatch.context() as while_full:
        while_full.setattr(FolderStore, "put_many", full)
        with pytest.raises(StorageError):
            poller.poll_batch()
    Polling.objects.update(leased_until=None)
    assert poller.poll_batch() == 2
    assert outcomes() == {"/a": Outcome.OK, "/b": Outcome.OK}
