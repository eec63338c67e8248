"""What watches the people in these tests would see what goes wrong."""

from collections.abc import Callable

import pytest

from tests.browser import IN_CHROMIUM
from tests.browser.person import Person

pytestmark = IN_CHROMIUM


def test_everybody_comes_in_and_sees_the_desk(enter: Callable[..., Person]) -> None:
    for name in ("rita", "edda", "cleo", "adam"):
        person = enter(name).open("/admin/")
        assert person.path == "/admin/" and person.heading


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("location.href = 'http://elsewhere.example/'", "a request to http://elsewhere.example/"),
        ("fetch('http://elsewhere.example/')", "Content Security Policy"),
        ("alert('here')", "a dialog: here"),
        ("setTimeout(() => { throw new Error('broken') })", "broken"),
    ],
)
def test_what_goes_wrong_on_a_page_is_seen(enter: Callable[..., Person], script: str, found: str) -> None:
    person = enter("edda").open("/admin/claims/claim/")
    person.page.evaluate(f"() => {{ {script} }}")
    person.page.wait_for_timeout(200)
    with pytest.raises(AssertionError, match=found):
        person.look()
