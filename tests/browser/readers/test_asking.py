"""A reader asks whether something has been checked: it has, or it has not and she leaves her question with the desk."""

from collections.abc import Callable

from tests.browser import IN_CHROMIUM
from tests.browser.conftest import Desk
from tests.browser.filled.pages import BY_SLUG
from tests.browser.person import Person

pytestmark = IN_CHROMIUM
Enter = Callable[..., Person]
READING = 3_200  # milliseconds, longer than a program takes


def test_a_reader_asks_and_is_told_that_it_has_been_checked(desk: Desk, stranger: Person) -> None:
    claim = BY_SLUG["still"].claim
    stranger.open("/")
    stranger.press("Ask us to check something")
    stranger.fill("What have you read or heard?", claim)
    stranger.press("See what is published")
    stranger.must_see("This has been checked", claim, "Right", "Not what you meant?")
    stranger.press(claim)
    assert stranger.path == f"/claims/{desk.claims['still'][1]}"


def test_a_reader_whose_question_nobody_checked_leaves_it_and_reads_the_answer_later(
    enter: Enter, desk: Desk, stranger: Person
) -> None:
    question = "Did somebody melt down the bronze mermaids?"
    stranger.open("/ask")
    stranger.fill("What have you read or heard?", question)
    stranger.press("See what is published")
    stranger.must_see("says nothing about whether it is true")
    stranger.must_not_see("This has been checked")
    stranger.page.wait_for_timeout(READING)
    stranger.press("Send it to the desk")
    private = stranger.page.get_by_label("Your private link").input_value()
    stranger.open(private)
    stranger.must_see("Received")

    claim = BY_SLUG["still"].claim
    cleo = enter("cleo").open("/admin/inbox/")
    cleo.press_what_says(question)
    cleo.press("Answer with a claim …")
    cleo.fill("Find the claim by its words or its id", "harbour bells")
    cleo.press("Search", within="Find the claim")
    cleo.press("It answers …", within=claim)
    cleo.press("Answer with this claim")
    cleo.must_see("everybody who asked reads it by the private link")

    stranger.open(private)
    stranger.must_see("Published", claim, "Right")
    stranger.must_not_see(question, "cleo")
