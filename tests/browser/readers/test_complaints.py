"""A reader reports an error, an editor answers, and the reader reads the answer; a subject says “this is not me”."""

from collections.abc import Callable

from tests.browser import IN_CHROMIUM
from tests.browser.conftest import Desk
from tests.browser.filled.pages import BY_SLUG
from tests.browser.person import Person

pytestmark = IN_CHROMIUM
Enter = Callable[..., Person]
READING = 4_000  # milliseconds, longer than a program takes


def report(stranger: Person, about: str, words: str) -> str:
    """Fill in the form and send it; the number of the complaint."""
    stranger.press_what_says(about)
    stranger.fill("What is wrong", words)
    stranger.page.wait_for_timeout(READING)
    stranger.press("Send")
    assert stranger.path.startswith("/complaints/")
    return stranger.heading.removeprefix("Complaint ")


def answer(editor: Person, number: str, outcome: str, words: str) -> None:
    editor.open("/admin/record/complaints/")
    editor.press(number)
    editor.press("I answer it")
    editor.press(outcome)
    editor.fill("Words to who complained", words)
    editor.press("Answer")
    editor.must_see("Answered.", words)


def test_a_reader_searches_reads_reports_an_error_and_sees_the_answer(
    enter: Enter, desk: Desk, stranger: Person
) -> None:
    claim = BY_SLUG["still"].claim
    stranger.open("/")
    stranger.fill("Has this been checked?", "how many harbour bells")
    stranger.press("Search")
    stranger.press_what_says(claim)
    stranger.must_see(claim, "What it rests on")
    stranger.press("Report an error")
    number = report(stranger, "A fact is wrong", "It was 45 bells, as I counted myself.")
    private = stranger.address
    stranger.must_see("Received", "Keep this address")
    stranger.must_not_see("as I counted myself")

    stranger.open("/corrections")
    stranger.must_see(number, "day 0 of 7", claim)

    cleo = enter("cleo")
    cleo.open("/admin/")
    cleo.must_see(f"complaint {number} to be answered")
    answer(cleo, number, "not upheld", "The report has 44; we read it once more.")

    stranger.open(private)
    stranger.must_see("Not upheld", "The report has 44; we read it once more.")
    stranger.open("/corrections")
    stranger.must_see(number, "Not upheld")
    stranger.must_not_see("as I counted myself", "The report has 44; we read it once more.", "cleo")


def test_a_subject_says_that_it_is_not_she(enter: Enter, desk: Desk, stranger: Person) -> None:
    stranger.open(f"/claims/{desk.claims['still'][1]}/report?about=not_me")
    stranger.press("The person or organisation")
    number = report(stranger, "This is not me", "I am another Ann Lee, and was never there.")
    private = stranger.address
    cleo = enter("cleo")
    answer(cleo, number, "upheld in part", "We now say whom we mean.")
    cleo.must_see("this is not me", "the person concerned")
    stranger.open(private)
    stranger.must_see("Upheld in part", "We now say whom we mean.")


def test_who_sends_too_quickly_loses_nothing(desk: Desk, stranger: Person) -> None:
    stranger.open(f"/claims/{desk.claims['still'][1]}/report")
    stranger.press("Something else")
    stranger.fill("What is wrong", "The link to the report is wrong.")
    stranger.press("Send")
    stranger.must_see("what you wrote is kept")
    assert stranger.page.get_by_label("What is wrong").input_value() == "The link to the report is wrong."
    stranger.page.wait_for_timeout(READING)
    stranger.press("Send")
    assert stranger.path.startswith("/complaints/")
