"""Readers' pages in every state, for everybody: axe-core, dark, 390 pixels, from right to left, and on paper."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser import IN_CHROMIUM
from tests.browser.conftest import WINDOW, Desk
from tests.browser.person import watch
from tests.browser.test_accessible import AXE, BARE_FIELDS, RULES

pytestmark = IN_CHROMIUM
SAME = {
    name: f"/{name}"
    for name in (
        "topics",
        "speakers",
        "organisations",
        "corrections",
        "method",
        "policy",
        "about",
        "report",
        "ask",
        "search",
    )
} | {"home": "/"}
NARROW = {"width": 390, "height": 844}
SIDEWAYS = "document.documentElement.scrollWidth > innerWidth + 1"
SMALL = """() => [...document.querySelectorAll('button, summary, .btn, nav a, footer a')].filter(each => {
    const box = each.getBoundingClientRect()
    return each.checkVisibility() && box.height > 0 && (box.height < 24 || box.width < 24)
}).map(each => each.textContent.trim().slice(0, 40))"""
READING = 3_200  # milliseconds, longer than a program takes


@pytest.fixture
def reader(chromium: Any, desk: Desk) -> Iterator[Any]:
    """A page of somebody who never logged in; axe-core is injected, which the policy of our pages would refuse."""
    context = chromium.new_context(bypass_csp=True, viewport=WINDOW)
    page, errors = context.new_page(), list[str]()
    watch(context, page, desk.web, errors)
    yield page
    assert errors == [] and context.cookies() == []
    context.close()


def faults(page: Any) -> list[str]:
    """What is wrong with the page as it is shown now, in light, dark, narrow, and mirrored."""
    found = _violations(page, RULES) + page.evaluate(BARE_FIELDS) + page.evaluate(SMALL)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {each}" for each in _violations(page, ["color-contrast"])]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)
    found += ["sideways"] if page.evaluate(SIDEWAYS) else []
    found += [f"narrow: {each}" for each in page.evaluate(SMALL)]
    page.evaluate("document.documentElement.dir = 'rtl'")
    found += ["sideways, mirrored"] if page.evaluate(SIDEWAYS) else []
    page.evaluate("document.documentElement.dir = 'ltr'")
    page.set_viewport_size(WINDOW)
    return found


def _violations(page: Any, only: list[str]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    violations = page.evaluate(f"axe.run({{runOnly: {only}}})")["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:150]}" for each in violations]


def test_axe_finds_nothing_on_any_page_in_any_state(desk: Desk, reader: Any) -> None:
    found = {}
    for name, address in (SAME | desk.readers).items():
        answer = reader.goto(f"{desk.web}{address}")
        assert answer.status == (404 if name == "nothing here" else 200), name
        found[name] = faults(reader)
    assert {name: each for name, each in found.items() if each} == {}
    assert len([name for name in found if name.startswith(("complaint, ", "card, ", "tip, "))]) >= 16


def test_axe_finds_nothing_in_what_forms_answer(desk: Desk, reader: Any) -> None:
    found = {}
    reader.goto(f"{desk.web}{desk.readers['report form']}")
    reader.get_by_role("button", name="Send").click()
    found["report with errors"] = faults(reader)
    reader.get_by_label("A source is misread").check()
    reader.get_by_label("What is wrong, and how do you know?").fill("The table counts something else.")
    reader.wait_for_timeout(READING)
    reader.get_by_role("button", name="Send").click()
    reader.wait_for_url("**/complaints/**")
    found["report sent"] = faults(reader)
    for said in ("A third of all tunnels were built before 1960.", "Zeppelins over Paris"):
        reader.goto(f"{desk.web}/ask")
        reader.get_by_label("What have you read or heard?").fill(said)
        reader.get_by_role("button", name="See what is published").click()
        found[said] = faults(reader)
    reader.wait_for_timeout(READING)
    reader.get_by_role("button", name="Send it to the desk").click()
    reader.get_by_label("Your private link").wait_for()
    found["question sent"] = faults(reader)
    assert {name: each for name, each in found.items() if each} == {}


def test_on_paper_it_is_black_on_white_with_its_address_and_the_step_of_the_scale(desk: Desk, reader: Any) -> None:
    reader.emulate_media(media="print", color_scheme="dark")
    address = f"{desk.web}{desk.readers['claim, corrected']}"
    reader.goto(address)
    text = reader.inner_text("body")
    assert address in text and "of our public record" in text
    assert "Report an error" not in text and "Link that never changes" not in text and "Latest" not in text
    style = "el => [getComputedStyle(el).color, getComputedStyle(el).printColorAdjust]"
    colour, _ = reader.locator(".verdict .org").evaluate(style)
    assert max(map(int, colour[4:-1].split(","))) < 128, "pale on paper"
    assert reader.locator(".scale .on").evaluate(style)[1] == "exact"
    reader.goto(f"{desk.web}/corrections")
    assert reader.locator(".scroll").evaluate("el => getComputedStyle(el).overflowX") == "visible"
