"""Several people on one claim: a conflict, comments and mentions, assignment, suggestions, sending back, a timer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.browser import IN_CHROMIUM
from tests.browser.conftest import Desk
from tests.browser.filled.pages import BY_SLUG
from tests.browser.filled.words import TICK
from tests.browser.person import Person
from tests.running_demo import eventually

pytestmark = IN_CHROMIUM
Enter = Callable[..., Person]


def draft(person: Person, desk: Desk, text: str, *, submit: bool = False) -> str:
    """Write a claim and a complete draft of its review; returns the address of its workbench."""
    page = BY_SLUG["second"]
    person.open("/admin/claims/new/")
    person.fill("What is claimed", text)
    person.press("Make the claim")
    address = person.path
    person.fill("Address of a page to quote", desk.site.url(page.slug))
    person.press("Open it")
    person.press_what_says(page.quote)
    person.press("Attach: supports")
    person.press("Right")
    person.fill("Finding", "The office counted as many.")
    person.fill("How we checked", "We read the report.")
    person.fill("True as of", "2026-03-01")
    person.press(TICK)
    person.press("Submit for approval" if submit else "Save", within="Nothing goes out")
    return address


def without_what_went(person: Person) -> list[str]:
    """The paragraphs and cells of the page without the words that a comparison strikes out."""
    script = "() => { const all = document.querySelector('main').cloneNode(true);"
    script += " all.querySelectorAll('del').forEach(gone => gone.remove());"
    script += " return [...all.querySelectorAll('p, td, dd, blockquote, div')].map(each => each.textContent) }"
    return [" ".join(str(text).split()) for text in person.page.evaluate(script)]


def test_nobody_overwrites_what_a_colleague_saved(enter: Enter, desk: Desk) -> None:
    edda, emil = enter("edda"), enter("emil")
    address = draft(edda, desk, "77 slipways are in use.")
    for person in (edda, emil):
        person.open(address)
    edda.fill("Finding", "Edda counted them.")
    edda.press("Save", within="Nothing goes out")
    emil.fill("Finding", "Emil counted them.")
    emil.press("Save", within="Nothing goes out")
    emil.must_see("Saved by Edda", "Nothing of yours is saved yet")
    assert {"Edda counted them.", "Emil counted them."} <= set(without_what_went(emil))
    emil.press("Mine")
    emil.press("Save what I chose")
    edda.open(address)
    assert edda.page.get_by_label("Finding").first.input_value() == "Emil counted them."


def test_words_that_were_not_sent_stand_there_again(enter: Enter, desk: Desk) -> None:
    edda = enter("edda")
    address = draft(edda, desk, "76 slipways are in use.")
    edda.open(address)
    edda.fill("Say something to colleagues", "Half a comment")
    edda.press("Save")
    comment = edda.page.get_by_label("Say something to colleagues")
    assert comment.input_value() == "Half a comment"
    edda.must_see("It stands here again and is not sent yet.")
    edda.press("Comment")
    assert edda.page.get_by_label("Say something to colleagues").input_value() == ""
    edda.must_not_see("It stands here again and is not sent yet.")
    edda.open("/admin/")
    edda.fill("Paste a link or a text", "Half a text")
    edda.reload()
    assert edda.page.locator("#pasted").input_value() == "Half a text"
    edda.page.locator("#pasted").fill("")


def test_a_comment_reaches_whom_it_names_and_work_has_somebody(enter: Enter, desk: Desk) -> None:
    edda, emil = enter("edda"), enter("emil")
    address = draft(edda, desk, "78 slipways are in use.")
    edda.open(address)
    edda.fill("Say something to colleagues", "@emil please read the report once more.")
    edda.press("Comment")
    edda.must_see("please read the report once more")
    edda.choose("Assigned to", "Emil")
    edda.press("Save who and when")
    emil.open("/admin/")
    emil.must_see("78 slipways are in use.")
    emil.open(address)
    emil.must_see("please read the report once more")
    emil.press("Settle", within="please read the report once more")
    emil.must_see("1 settled comment")
    assert "please read" not in str(desk.ask("claims/"))


def test_exactly_two_people_suggest_send_back_and_publish(enter: Enter, desk: Desk) -> None:
    edda, cleo = enter("edda"), enter("cleo")
    address = draft(edda, desk, "79 slipways are in use.", submit=True)
    cleo.open(address)
    cleo.press("Send back")
    cleo.fill("What has to change", "Say which harbour.")
    cleo.press("Send back", within="What has to change")
    edda.open(address)
    edda.must_see("Say which harbour.")
    edda.fill("Finding", "The office counted as many in the harbour town.")
    edda.press("Submit for approval")
    cleo.open(address)
    cleo.press("Approve and publish")
    cleo.must_see("in the harbour town")
    cleo.press("Publish now")
    eventually(lambda: desk.found("79 slipways"), 10)
    # One suspends at once; resuming takes the other too.
    cleo.press("More")
    cleo.press("Suspend")
    cleo.fill("Why, for colleagues", "The office denies it.")
    cleo.press("Suspend", within="Why, for colleagues")
    assert desk.found("79 slipways")[0]["verification"]["status"] == "suspended"


def test_a_timer_publishes_at_its_second_and_never_before(enter: Enter, desk: Desk) -> None:
    edda, cleo = enter("edda"), enter("cleo")
    address = draft(edda, desk, "80 slipways are in use.", submit=True)
    cleo.open(address)
    cleo.press("More")
    cleo.press("Approve only")
    cleo.press("Approve")
    at = datetime.now(UTC) + timedelta(seconds=20)
    cleo.open(address)
    cleo.press("More")
    cleo.press("Publish at a time")
    cleo.fill("Publish at", f"{at:%Y-%m-%dT%H:%M:%S}")
    cleo.press("Publish at a time", within="your time zone")
    cleo.must_see("A timer is set")
    while datetime.now(UTC) < at - timedelta(seconds=1):
        assert desk.found("80 slipways") == []
        cleo.page.wait_for_timeout(1_000)
    eventually(lambda: desk.found("80 slipways"), 15)


@pytest.mark.parametrize("name", ["rita", "adam", "gail"])
def test_who_may_not_approve_is_offered_no_approval(enter: Enter, desk: Desk, name: str) -> None:
    person = enter(name)
    person.open("/admin/")
    if name == "gail":
        assert person.path == "/admin/guest/"
        return
    person.page.goto(f"{person.web}/admin/claims/{desk.claim('still')}/")
    for label in ("Approve and publish", "Publish …"):
        assert not person.offered(label)
