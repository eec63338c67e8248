"""Texts that want to be more than texts: no script of theirs runs, no request leaves, nothing asks, nothing moves.

Comes last by its name, after `test_working_together`: from here on every screen may hold such rows.
"""

from collections.abc import Callable

import pytest

from tests.browser import IN_CHROMIUM
from tests.browser.conftest import Desk
from tests.browser.person import Person
from tests.browser.screens import addresses

pytestmark = IN_CHROMIUM


@pytest.fixture(scope="module")
def numbers(desk: Desk) -> dict[str, int]:
    return desk.fill("hostile")


def test_no_screen_runs_or_asks_what_a_text_says(
    enter: Callable[..., Person], desk: Desk, numbers: dict[str, int]
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
