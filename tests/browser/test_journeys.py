"""A claim's whole way at the desk, by mouse and by keyboard alone, with the presses that it takes.

The pages stand on a site on loopback, which the tests edit while the desk watches it.
"""

import time
from collections.abc import Callable, Iterator

import pytest

from tests.browser import IN_CHROMIUM
from tests.browser.conftest import CONFIRMED_AFTER, Desk
from tests.browser.filled.pages import BY_SLUG
from tests.browser.filled.words import TICK
from tests.browser.person import Journey, Person
from tests.running_demo import eventually

pytestmark = IN_CHROMIUM
Enter = Callable[..., Person]
SOON = 90  # seconds until the worker has read an edited page twice


def article(number: int, what: str) -> str:
    return (
        f"Harbour report on {what}\n\nThe harbour master, Ann Lee, said on Monday that {number} {what} were counted in"
        " the harbour town last year.\n\nThe weather was fine. Nobody was hurt."
    )


def from_article_to_submission(person: Person, desk: Desk, slug: str, number: int, what: str) -> Journey:
    """Paste an article, make a claim of its statement, rest a review on a quote of a page, and submit it."""
    person.open("/admin/")
    with person.counting("article to public") as journey:
        person.fill("Paste a link or a text", article(number, what))
        person.press("Read it")
        person.until(f"{number} {what} were counted", "worth checking 1")
        person.press_what_says(f"{number} {what}", within="")
        person.press("Make this claim")
    with person.counting(journey), person.counting("claim to submitted") as from_claim:
        person.fill("Address of a page to quote", desk.site.url(slug))
        person.press("Open it")
        person.press_what_says(BY_SLUG[slug].quote)
        person.press("Attach: refutes")
        person.must_see(BY_SLUG[slug].quote)
        person.press("Wrong")
        person.fill("Finding", f"The office counted fewer {what}.")
        person.fill("How we checked", "We read the report of the office.")
        person.fill("True as of", "2026-03-01")
        person.press(TICK)
        person.press("Submit for approval")
    person.must_see("in review")
    assert not person.offered("Approve and publish"), "nobody approves her own words"
    from_claim.at_most(6)
    return journey


def approve_and_publish(person: Person, words: str, *, journey: Journey | None = None) -> None:
    """Find what waits, read exactly what leaves, and publish it."""
    person.open("/admin/")
    with person.counting(journey or "approve and publish"):
        person.press_what_says(words, within="Waiting for you")
        with person.counting("approve and publish, after the preview") as after:
            person.press("Approve and publish")
            assert "Every word that goes out" in person.text
            person.press("Publish now")
    after.at_most(2)
    person.must_see("Public now")


@pytest.mark.parametrize(
    ("author", "approver", "keys", "slug", "number", "what"),
    [
        ("rita", "edda", False, "journey-mouse", 412, "drawbridges"),
        ("edda", "cleo", True, "journey-keys", 214, "footbridges"),
    ],
    ids=["a reporter and an editor by mouse", "an editor and a chief by keyboard"],
)
def test_from_an_article_to_a_public_verdict(
    enter: Enter, desk: Desk, author: str, approver: str, keys: bool, slug: str, number: int, what: str
) -> None:
    writer = enter(author, keys=keys)
    journey = from_article_to_submission(writer, desk, slug, number, what)
    assert desk.found(f"{number} {what}") == [], "nobody outside sees it yet"
    approve_and_publish(enter(approver, keys=keys), f"{number} {what}", journey=journey)
    journey.at_most(12, kinds=4)  # Today, the document, the workbench (attaching is a view of it), the preview
    (claim,) = eventually(lambda: desk.found(f"{number} {what}"), 10)
    assert claim["verification"]["status"] == "checked"
    assert claim["reviews"][0]["rating"]["label"] == "Wrong"
    assert claim["reviews"][0]["evidence"][0]["quote"]["exact"] == BY_SLUG[slug].quote


@pytest.fixture(scope="module")
def broken(desk: Desk) -> Iterator[None]:
    """Every page with a claim that no test edits by itself was edited, and the desk has seen it."""
    slugs = [
        page.slug for page in BY_SLUG.values() if page.claim and page.altered != page.quote and not page.edited_alone
    ]
    for slug in slugs:
        desk.site.edit(slug)
    eventually(lambda: all(desk.status(slug) == "needs_recheck" for slug in slugs), SOON)
    time.sleep(3 * CONFIRMED_AFTER)  # the second look, which changes what the screens of re-checks show
    yield


def open_the_recheck(person: Person, slug: str) -> None:
    person.press_what_says(BY_SLUG[slug].claim)
    person.must_see(BY_SLUG[slug].quote)


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("keys", [False, True], ids=["by mouse", "by keyboard"])
def test_it_still_stands(enter: Enter, desk: Desk, keys: bool) -> None:
    slug = "stands-keys" if keys else "stands"
    edda = enter("edda", keys=keys).open("/admin/rechecks/")
    with edda.counting("still stands") as journey:
        open_the_recheck(edda, slug)
        edda.fill("Why", "Another count of the same lanterns; the claim is of the year before.")
        edda.press("Settle: still stands")
    edda.must_not_see("nothing was sent")
    journey.at_most(2)
    assert desk.status(slug) == "checked"
    assert desk.events(slug)[-1] == "reconfirmed"


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(
    ("slug", "answer", "opens", "label", "event"),
    [
        ("update", "Update", "Open the update", "What changed, for readers", "updated"),
        ("correct", "Correct", "Open the correction", "What we got wrong, for readers", "corrected"),
    ],
)
def test_a_new_version_rests_on_the_new_sentence(
    enter: Enter, desk: Desk, slug: str, answer: str, opens: str, label: str, event: str
) -> None:
    page = BY_SLUG[slug]
    edda = enter("edda").open("/admin/rechecks/")
    with edda.counting(f"{answer.lower()} with the new quote") as journey:
        open_the_recheck(edda, slug)
        edda.press(answer)
        edda.fill(label, "The office has counted again.")
        edda.press(opens)
        edda.must_see(page.altered)
        edda.fill("Finding", "The office has counted again since.")
        edda.press(TICK)
        edda.press("Submit for approval")
    journey.at_most(5)
    assert desk.events(slug)[-1] != event
    approve_and_publish(enter("cleo"), page.claim)
    assert desk.status(slug) == "checked" and desk.events(slug)[-1] == event
    (evidence,) = desk.claim_body(slug)["reviews"][0]["evidence"]
    assert evidence["quote"]["exact"] == page.altered


@pytest.mark.usefixtures("broken")
def test_it_is_withdrawn(enter: Enter, desk: Desk) -> None:
    edda = enter("edda").open("/admin/rechecks/")
    with edda.counting("withdraw, from a re-check") as journey:
        open_the_recheck(edda, "withdraw")
        edda.press("Withdraw")
        edda.fill("Why, for readers", "It was about another town.")
        edda.press("Submit the withdrawal")
    journey.at_most(3)
    assert desk.status("withdraw") == "needs_recheck"
    approve_and_publish(enter("cleo"), BY_SLUG["withdraw"].claim)
    assert desk.status("withdraw") == "withdrawn"


@pytest.mark.usefixtures("broken")
def test_it_is_a_false_alarm(enter: Enter, desk: Desk) -> None:
    edda = enter("edda").open("/admin/rechecks/")
    with edda.counting("dismiss a false alarm") as journey:
        open_the_recheck(edda, "alarm")
        edda.press("False alarm")
        edda.fill("Why it is a false alarm", "A whim of the page’s editor.")
        edda.press("Dismiss as a false alarm")
    journey.at_most(4)
    assert desk.status("alarm") == "checked" and desk.events("alarm")[-1] == "recheck_dismissed"


@pytest.mark.usefixtures("broken")
def test_readers_are_told_and_it_stays_open(enter: Enter, desk: Desk) -> None:
    cleo = enter("cleo").open("/admin/rechecks/")
    with cleo.counting("tell readers we are looking again") as journey:
        open_the_recheck(cleo, "tell")
        cleo.press("Tell readers we are looking again")
        cleo.press("Tell readers")
    journey.at_most(3)
    assert desk.status("tell") == "needs_recheck" and desk.events("tell")[-1] == "recheck_confirmed"


@pytest.mark.usefixtures("broken")
def test_the_source_is_asked_and_it_stays_open(enter: Enter, desk: Desk) -> None:
    edda = enter("edda").open("/admin/rechecks/")
    with edda.counting("ask the source") as journey:
        open_the_recheck(edda, "ask")
        edda.press("Ask the source")
        edda.fill("Sent to", "office@harbour.example")
        edda.press("I have sent the letter")
    journey.at_most(3)
    assert desk.status("ask") == "needs_recheck" and desk.events("ask")[-1] == "source_asked"
    assert "office@harbour.example" not in str(desk.claim_body("ask"))


@pytest.mark.usefixtures("broken")
def test_a_reporter_reads_rechecks_and_answers_none(enter: Enter) -> None:
    rita = enter("rita").open("/admin/rechecks/")
    open_the_recheck(rita, "tell")
    for label in ("Settle: still stands", "Open the update", "Tell readers", "Dismiss as a false alarm"):
        assert not rita.offered(label), label


def test_a_withdrawal_from_the_claim_takes_four(enter: Enter, desk: Desk) -> None:
    edda = enter("edda").open("/admin/claims/?q=harbour+bells")
    with edda.counting("withdraw, from a claim") as journey:
        edda.press_what_says(BY_SLUG["still"].claim)
        edda.press("More")
        edda.press("Withdraw the review …")
        edda.fill("Why, for readers", "It was about another harbour.")
        edda.press("Withdraw the review", within="Why, for readers")
    journey.at_most(4)
    edda.must_see("in review")
