"""Exactly two people run the desk: what takes both of them, from a suggestion to a verdict that stands again."""

from collections.abc import Callable

from tests.browser import IN_CHROMIUM
from tests.browser.conftest import Desk
from tests.browser.filled.pages import BY_SLUG
from tests.browser.filled.words import TICK
from tests.browser.person import Person
from tests.browser.test_working_together import draft
from tests.running_demo import eventually

pytestmark = IN_CHROMIUM
Enter = Callable[..., Person]
SOON = 90  # seconds until the worker has read an edited page twice


def publish(person: Person, address: str, *words: str) -> None:
    """Approve after reading exactly what leaves, and send it."""
    person.open(address)
    person.press("Approve and publish")
    person.must_see(*words)
    person.press("Publish now")


def test_a_suggestion_is_accepted_and_who_made_it_may_still_approve(enter: Enter, desk: Desk) -> None:
    edda, cleo = enter("edda"), enter("cleo")
    address = draft(edda, desk, "71 slipways are in use.", submit=True)
    cleo.open(address)
    cleo.press("Suggest a change")
    cleo.fill("Finding", "The office of works counted as many.")
    cleo.press("Suggest")
    assert desk.found("71 slipways") == []
    edda.open(address)
    edda.must_see("suggested by cleo", "of works")
    edda.press("Accept")
    edda.must_see("Submit the version again.")
    edda.press("Submit for approval")
    assert not edda.offered("Approve and publish")
    publish(cleo, address, "The office of works counted as many.")
    (claim,) = eventually(lambda: desk.found("71 slipways"), 10)
    assert claim["reviews"][0]["summary"] == "The office of works counted as many."


def test_one_suspends_at_once_and_the_other_resumes(enter: Enter, desk: Desk) -> None:
    edda, cleo = enter("edda"), enter("cleo")
    address = draft(edda, desk, "72 slipways are in use.", submit=True)
    publish(cleo, address, "72 slipways are in use.")

    def status() -> str:
        return str(desk.found("72 slipways")[0]["verification"]["status"])

    eventually(lambda: desk.found("72 slipways"), 10)
    cleo.open(address)
    cleo.press("More")
    cleo.press("Suspend")
    cleo.fill("Why, for colleagues", "The office denies it.")
    cleo.press("Suspend", within="Why, for colleagues")
    assert status() == "suspended"
    cleo.open(address)
    cleo.press("Ask to resume")
    cleo.fill("Why the verdict may stand again", "They were asked again, and it stands.")
    cleo.press("Ask to resume", within="Why the verdict may stand again")
    assert not cleo.offered("Resume") and status() == "suspended"
    edda.open("/admin/")
    edda.must_see("72 slipways are in use.", "asks to resume it")
    edda.open(address)
    edda.must_see("They were asked again, and it stands.")
    edda.press("Resume")
    assert status() == "checked"


def test_a_correction_does_not_rest_on_a_quote_that_broke(enter: Enter, desk: Desk) -> None:
    desk.site.edit("rests")
    eventually(lambda: desk.status("rests") == "needs_recheck", SOON)
    edda = enter("edda").open(f"/admin/claims/{desk.claim('rests')}/")
    edda.press("Correct")
    edda.fill("Finding", "The office had counted as many.")
    edda.choose("What was wrong", "a fact was wrong")
    edda.fill("What changed, for readers", "The page now names another number.")
    edda.press(TICK)
    edda.must_see(BY_SLUG["rests"].quote)
    edda.press("Submit for approval")
    edda.must_see("It cannot be published as it is.", "no longer stands on")
    cleo = enter("cleo").open(edda.address)
    cleo.press("Approve and publish")
    cleo.must_see("It cannot be published as it is.", "no longer stands on")
    cleo.press("Publish now")
    cleo.must_see("no longer stands on")
    assert desk.events("rests")[-1] == "recheck_raised" and desk.status("rests") == "needs_recheck"
