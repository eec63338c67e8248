"""Every screen is for everybody: axe-core finds nothing grave, fields have borders, filters are near."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from tests.browser import IN_CHROMIUM
from tests.browser.conftest import Desk
from tests.browser.person import Person
from tests.browser.screens import LISTS, SCREENS, SIZES, addresses

pytestmark = IN_CHROMIUM
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BARE_FIELDS = """() => [...document.querySelectorAll('input, textarea, select')].filter(field => {
    if (['hidden', 'checkbox', 'radio', 'submit', 'button', 'file'].includes(field.type)) return false
    if (!field.checkVisibility()) return false
    const style = getComputedStyle(field)
    const clear = colour => colour === 'transparent' || colour.endsWith(', 0)')
    return parseFloat(style.borderTopWidth) < 1 || style.borderTopStyle === 'none' || clear(style.borderTopColor)
}).map(field => field.name || field.id)"""
SMALL = """() => [...document.querySelectorAll(
    'main button, main summary, .foot button, .foot a.btn, .side a')].filter(each => {
    const box = each.getBoundingClientRect()
    return each.checkVisibility() && box.height > 0 && (box.height < 24 || box.width < 24)
}).map(each => each.textContent.trim().slice(0, 40))"""


@pytest.fixture(scope="module")
def opened(desk: Desk) -> dict[str, str]:
    return addresses(desk.numbers())


def grave(page: Any) -> list[str]:
    """What axe-core calls serious or critical, each with the first place where it is."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(f"axe.run({{runOnly: {RULES}}})")
    return [
        f"{each['impact']} {each['id']}: {each['help']}: {each['nodes'][0]['html'][:150]}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("size", ["light", "390"])
def test_nothing_grave_on_any_screen(enter: Callable[..., Person], opened: dict[str, str], size: str) -> None:
    # axe-core is injected, which the policy of our screens would refuse: in this test alone it is passed by.
    # What is dark differs from what is light by its colours alone, so the same page is looked at twice.
    person = enter("cleo", bypass_csp=True, **SIZES[size])
    faults: dict[str, list[str]] = {}
    for name, address in opened.items():
        person.open(address)
        found = grave(person.page)
        found += [f"a field without a border: {each}" for each in person.page.evaluate(BARE_FIELDS)]
        found += [f"too small to press: {each}" for each in person.page.evaluate(SMALL)]
        if person.page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
            found.append("scrolls sideways")
        if size == "light":
            person.page.emulate_media(color_scheme="dark")
            found += [f"dark: {each}" for each in grave(person.page)]
            found += [f"dark, a field without a border: {each}" for each in person.page.evaluate(BARE_FIELDS)]
            person.page.emulate_media(color_scheme="light")
        if found:
            faults[name] = found
    assert set(opened) >= {"today", "claim", "re-check", "document"} or set(opened) == set(SCREENS)
    assert faults == {}


def test_every_filter_is_near(enter: Callable[..., Person], opened: dict[str, str]) -> None:
    """Within 12 Tabs of the skip link, and without a script."""
    person = enter("cleo")
    for name in LISTS:
        person.open(opened[name])
        person.page.keyboard.press("Tab")
        assert person.page.evaluate("document.activeElement.className") == "skip", name
        person.page.keyboard.press("Enter")
        reached = set()
        for _ in range(12):
            person.page.keyboard.press("Tab")
            reached.add(
                person.page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")
            )
        fields = person.page.evaluate(
            "[...document.querySelectorAll('main form[method=get] :is(input, select), main form:not([method]) select')]"
            ".filter(each => each.type !== 'hidden' && each.checkVisibility()).map(each => each.name)"
        )
        assert set(fields) <= reached, (name, set(fields) - reached)


def test_it_reads_from_right_to_left(enter: Callable[..., Person], opened: dict[str, str]) -> None:
    person = enter("cleo")
    for name in ("today", "claim", "re-check"):
        person.open(opened[name])
        person.page.evaluate("document.documentElement.dir = 'rtl'")
        assert not person.page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"), name
        side = person.page.locator("nav.side").bounding_box()
        assert side is not None and side["x"] > 700, f"{name}: the navigation stays on the left"
