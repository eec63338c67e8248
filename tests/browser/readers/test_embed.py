"""A card in a frame on another site shows the verdict, and after a correction what holds then, without a script."""

from collections.abc import Callable
from html import unescape
from typing import Any

from tests.browser import IN_CHROMIUM
from tests.browser.conftest import Desk
from tests.browser.filled.pages import BY_SLUG
from tests.browser.filled.words import TICK
from tests.browser.person import Person
from tests.browser.test_journeys import approve_and_publish

pytestmark = IN_CHROMIUM
Enter = Callable[..., Person]


def test_an_embed_on_another_site_follows_a_correction(enter: Enter, desk: Desk, chromium: Any) -> None:
    claim = BY_SLUG["embedded"].claim
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 700, "height": 800})
    try:
        page = context.new_page()
        page.goto(f"{desk.web}/claims/{desk.claims['embedded'][1]}")
        frame = page.locator("textarea#embed").input_value()
        block = page.locator("textarea#block").input_value()
        desk.site.now["/host"] = f"<!doctype html><title>Another site</title><h1>News</h1>{frame}{block}"
        page.goto(desk.site.url("host"))
        card = page.frame_locator("iframe")
        card.get_by_text(claim).wait_for()
        assert "The office had counted twice." not in card.locator("body").inner_text()
        shown, room = card.locator("body").evaluate("b => [b.scrollHeight, b.ownerDocument.defaultView.innerHeight]")
        assert shown <= room, "without scripts the frame cannot grow"
        static = page.locator("blockquote").inner_text()
        assert claim in static and "whether it still stands" in static

        edda = enter("edda").open(f"/admin/claims/{desk.claim('embedded')}/")
        edda.press("Correct")
        edda.fill("Finding", "The office had counted twice.")
        edda.choose("What was wrong", "a fact was wrong")
        edda.fill("What changed, for readers", "Two counts were added up.")
        edda.press(TICK)
        edda.press("Submit for approval")
        approve_and_publish(enter("cleo"), claim)

        page.reload()
        card.get_by_text("The office had counted twice.").wait_for()
        assert page.locator("blockquote").inner_text() == static
        assert context.cookies() == []
    finally:
        context.close()
    assert unescape(frame).count("<iframe") == 1
