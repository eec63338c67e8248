"""The labels that tell an editor how the two snapshots of a change differ."""

import pytest

from sources.admin.pages import kind_labels
from sources.extraction.full_text import extract
from sources.models import Change, Outcome, Page
from sources.pages import page_for
from sources.polling import record
from sources.polling.observation import Observation
from sources.polling.record import Result
from sources.snapshots.default_store import store
from tests import factories

pytestmark = pytest.mark.django_db

HTML = (
    "<html><head><title>{}</title></head><body><nav>{}</nav><article><h1>Bridges</h1><p>The ministry counted {} bridges"
    " in need of repair, more than in any year since the count began.</p><p>The next report is due in spring, when the"
    " engineers have been to the northern valleys as well.</p>{}</article></body></html>"
)


def seen(page: Page, title: str, menu: str, figure: int, end: str, address: str = "") -> bool:
    """Record what the poller would after reading this page."""
    body = HTML.format(title, menu, figure, end).encode()
    observation = Observation(
        Outcome.OK,
        status=200,
        final_url=address or page.url,
        sha256=store().put(body),
        size=len(body),
        media_type="text/html",
        page_text=extract(body, "text/html"),
    )
    return bool(record.record([Result(page.pk, observation)]))


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (("Bridges", "Start, 14 online", 412, ""), ["only around the article: menus, teasers, counters"]),
        (("Bridges", "Home", 389, ""), ["figures changed in a sentence"]),
        (
            ("Fewer bridges", "Home", 389, "<p>Correction: the figure was wrong.</p>"),
            ["correction notice added", "figures changed in a sentence", "headline changed"],
        ),
        (("Bridges", "Start", 412, "", "https://archive.example/old"), ["moved to another address"]),
        (("Bridges", "Home", 412, "<p>Much more is to be said of it now.</p>"), []),
    ],
)
def test_a_change_is_labelled_with_its_kinds(now: tuple, words: list[str], settings: object, tmp_path: object) -> None:
    settings.SNAPSHOT_STORE = str(tmp_path)  # type: ignore[attr-defined]
    page = page_for("https://ministry.example/bridges")
    seen(page, "Bridges", "Home", 412, "")
    seen(page, *now)
    assert kind_labels(Change.objects.get()) == words


def test_missing_bytes_only_cost_the_boilerplate_label(settings: object, tmp_path: object) -> None:
    settings.SNAPSHOT_STORE = str(tmp_path)  # type: ignore[attr-defined]
    page = factories.page()
    assert kind_labels(factories.change(page, factories.PAGE_TEXT + "\nSomething else.")) == []
    assert kind_labels(factories.change(page, factories.PAGE_TEXT.replace("412", "389"))) == [
        "figures changed in a sentence"
    ]
    assert kind_labels(factories.change(page, None, kind="gone")) == []
