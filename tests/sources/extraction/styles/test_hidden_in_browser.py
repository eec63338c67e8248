"""The tables of hidden and visible sentences say what Chromium draws: other digits in the sentence, other pixels."""

import shutil
from typing import Any

import pytest

from sources.extraction.browser import missing_requirement
from tests.sources.extraction.styles.hidden_pages import HIDDEN, SEEN

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(missing_requirement()), reason=missing_requirement()),
]
# Drawn, but struck out, or too small or too faint to be read.
_DRAWN = (
    *("line-through", "font-size:1px", "font-size:.01em", "font-size:.05rem", "opacity:.01", "opacity:1%"),
    *("color:#fffffe", "color:#fefefe", "color:#010203"),
)


def draws(tab: Any, page: tuple[str, str]) -> bool:
    pictures = []
    for digits in ("38", "83"):
        head, body = (part.replace("38", digits) for part in page)
        tab.set_content(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>")
        pictures.append(tab.screenshot(animations="disabled"))
    return bool(pictures[0] != pictures[1])


def test_chromium_draws_what_the_tables_say() -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 400}).new_page()
        try:
            drawn = [page for page in HIDDEN if not any(each in "".join(page) for each in _DRAWN) and draws(tab, page)]
            not_drawn = [page for page in SEEN if not draws(tab, page)]
        finally:
            browser.close()
    assert (drawn, not_drawn) == ([], [])
