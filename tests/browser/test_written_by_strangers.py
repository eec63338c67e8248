"""Texts that want to be more than texts: no script of theirs runs, no request leaves, nothing asks, nothing moves.

Comes last by its name, after `test_working_together`: from here on every screen may hold such rows.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.browser import IN_CHROMIUM
from tests.browser.conftest import WINDOW, Desk
from tests.browser.filled.hostile import EVERY, PAYLOADS
from tests.browser.person import Person
from tests.browser.screens import addresses

pytestmark = IN_CHROMIUM


@pytest.fixture(scope="module")
def numbers(desk: Desk) -> dict[str, Any]:
    return desk.fill("hostile")


def test_no_screen_runs_or_asks_what_a_text_says(
    enter: Callable[..., Person], desk: Desk, numbers: dict[str, Any]
) -> None:
    person = enter("cleo", hostile=True)
    opened = addresses(numbers) | {
        "waiting": f"/admin/claims/{numbers['waiting']}/",
        "speaker": f"/admin/speakers/{numbers['speaker']}/",
        "found": "/admin/claims/?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "notices": "/admin/notices/",
    }
    for name, address in opened.items():
        person.open(address)
        person.page.wait_for_timeout(150)  # what is loaded later would be asked for by now
        person.look()
        assert person.page.title() != "ran", name
        assert person.page.locator("main iframe[src^=http], main base, main meta").count() == 0, name
        assert person.path == address.partition("?")[0], name
    person.open(f"/admin/claims/{numbers['claim']}/")
    person.must_see("<script>document.title='ran'")  # it is there to be read


def test_no_readers_page_runs_or_asks_what_a_text_says(chromium: Any, desk: Desk, numbers: dict[str, Any]) -> None:
    """As somebody whose browser runs scripts, and obeys no policy: what is not in the page cannot run."""
    context = chromium.new_context(bypass_csp=True, viewport=WINDOW)
    reader = Person(context, desk.web, "a reader", hostile=True)
    typed = {f"typed {number}": f"/search?{urlencode({'q': each})}" for number, each in enumerate(PAYLOADS)}
    opened = {**numbers["readers"], **typed, "typed": f"/ask?{urlencode({'q': EVERY})}"}
    opened["found"] = f"/search?{urlencode({'q': '412 bridges'})}"
    for name, address in opened.items():
        reader.open(address)
        nothing_happened(reader, name)
        assert reader.path == address.partition("?")[0], name
    reader.open(numbers["readers"]["claim"]).must_see("<script>document.title='ran'", "{{ 7*7 }}")
    reader.open(numbers["readers"]["changes"]).must_see("<script>document.title='ran'")
    reader.open(numbers["readers"]["complaint"]).must_see("<script>document.title='ran'")
    # What is typed into a form comes back as it was typed, with what is wrong, and with what is found.
    reader.open("/ask").fill("What have you read or heard?", EVERY)
    reader.press("See what is published")
    nothing_happened(reader, "asked")
    assert reader.page.get_by_label("What have you read or heard?").input_value() == EVERY
    reader.open(numbers["readers"]["report"]).fill("What is wrong, and how do you know?", EVERY)
    reader.page.get_by_role("button", name="Send").click()
    nothing_happened(reader, "not sent")
    assert reader.page.get_by_label("What is wrong, and how do you know?").input_value() == EVERY
    assert context.cookies() == []
    context.close()


def nothing_happened(reader: Person, name: str) -> None:
    reader.page.wait_for_timeout(50)  # what a page asks for would be asked for by now
    reader.look()
    assert not reader.page.title().startswith("ran"), name
    strange = "img, iframe, object, embed, base, style, svg image, meta[http-equiv], [onload], [onerror], [onclick]"
    assert reader.page.locator(strange).count() == 0, name
    assert reader.page.locator("a[href^='javascript:'], a[href^='data:'], form[action^='http']").count() == 0, name


def test_without_eval_the_rare_tables_lose_their_menus(enter: Callable[..., Person]) -> None:
    """Why the policy of the theme's pages keeps 'unsafe-eval', and ours does not: Alpine compiles its attributes."""
    person = enter("adam")
    ours = person.page.goto(f"{person.web}/admin/").headers["content-security-policy"]
    assert "unsafe-eval" not in ours and "unsafe-inline" not in ours
    rare = person.page.goto(f"{person.web}/admin/auth/user/").headers["content-security-policy"]
    assert "'unsafe-eval'" in rare

    def strict(route: object) -> None:
        response = route.fetch()  # type: ignore[attr-defined]
        headers = response.headers
        policy = headers["content-security-policy"].replace("'unsafe-eval'", "")
        route.fulfill(response=response, headers={**headers, "content-security-policy": policy})  # type: ignore[attr-defined]

    person.page.route("**/admin/auth/user/", strict)
    person.page.goto(f"{person.web}/admin/auth/user/")
    person.page.wait_for_timeout(300)
    assert any("unsafe-eval" in each or "Content Security Policy" in each for each in person.errors), person.errors
