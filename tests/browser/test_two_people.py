"""Exactly two people run the desk: a review from its start to its withdrawal, clicked through in Chromium."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from factcheck.demo.pages import BULLETIN
from sources.extraction.browser import missing_requirement
from tests.browser.desk import Editor, quoted
from tests.running_demo import Newcomer, Up, eventually

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        shutil.which("chromium") is None,
        reason=f"{missing_requirement()} For these tests: apt-get install chromium; pip install playwright==1.65.2",
    ),
]

CLAIM = "The public units of the internet police are on duty 24/7."
SENTENCE = quoted(BULLETIN)
ALTERED = SENTENCE.replace("Bijie in Guizhou", "Lhasa in Tibet")


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    started = Up(tmp_path_factory.mktemp("browser") / Path("data"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


def published(newcomer: Newcomer) -> dict[str, Any]:
    """The claim as a newsroom reads it; empty if it is not published."""
    return next((claim for claim in newcomer.claims() if claim["text"] == CLAIM), {})


def attach(editor: Editor, newcomer: Newcomer, sentence: str) -> None:
    """Attach a quote of the bulletin to the version whose page is open, and return to it."""
    version = editor.address
    editor.press("Watch this: a quote of a page")
    editor.fill(url=f"{newcomer.site}{BULLETIN.path}", exact=sentence)
    editor.press("Watch this")
    assert sentence in editor.text
    editor.open(version)


def approve_and_publish(approver: Editor, publisher: Editor, version: str, *words: str) -> None:
    """One approves after reading exactly what leaves; the other publishes it, asked once more."""
    approver.open(version)
    approver.press("Approve")
    for each in words:
        assert each in approver.text_after, each
    approver.press("Approve")
    publisher.open(version)
    publisher.press("Publish")
    for each in words:
        assert each in publisher.text_after, each
    publisher.press("Publish")
    assert "Published as log entry" in publisher.text


def test_exactly_two_people_do_the_whole_journey(up: Up, chromium: Any) -> None:
    newcomer = Newcomer(up)
    a, b = (Editor(chromium, up, f"demo-editor-{name}") for name in "ab")

    # A starts a review, writes it, and rests it on a quote of a page.
    a.open("/admin/claims/claim/?q=24%2F7")
    a.follow(CLAIM)
    a.press("Start a review")
    version = a.address
    assert "/claims/reviewversion/" in version
    a.fill(summary="The notice says so.", body="We read the notice.", true_as_of="2026-03-01")
    a.page.select_option("[name=rating]", index=1)
    a.save()
    attach(a, newcomer, SENTENCE)
    a.press("Submit for approval")
    assert "A colleague has to approve it" in a.text
    assert not a.offered("Approve") and published(newcomer) == {}

    # B suggests a wording; A accepts it, which makes it a draft again, and submits it once more.
    b.open(version)
    suggest_and_accept(b, a, version, "The ministry's notice says so.")
    a.open(version)
    if a.offered("Submit for approval"):
        a.press("Submit for approval")

    # B sends it back; A writes more and submits.
    b.open(version)
    b.press("Send back")
    a.open(version)
    a.fill(body="We read the notice and asked the police.")
    a.save()
    a.press("Submit for approval")

    # Who only suggested may approve; and what leaves is what was shown.
    approve_and_publish(b, a, version, "The ministry's notice says so.", "asked the police", SENTENCE)
    out = published(newcomer)
    assert out["verification"]["status"] == "checked"
    assert out["reviews"][0]["summary"] == "The ministry's notice says so."
    assert out["reviews"][0]["evidence"][0]["quote"]["exact"] == SENTENCE

    # The page is edited: the claim needs a re-check, and a correction must not rest on the broken quote.
    newcomer.edit(BULLETIN, list=ALTERED)
    eventually(lambda: published(newcomer)["verification"]["status"] == "needs_recheck", 60)
    b.open("/admin/claims/recheck/")
    b.follow(CLAIM[:40])
    b.press("Correct")
    correction = b.address
    b.page.select_option("[name=correction_kind]", index=2)
    b.fill(public_note="The page now names another place.", summary="The notice said so in March.")
    b.save()
    b.press("Submit for approval")
    assert "no longer" in b.text or "broken" in b.text, "the broken quote has to be replaced or kept with a reason"
    b.press("Remove")
    b.press("Yes, I’m sure" if b.offered("Yes, I’m sure") else "Yes, I'm sure")
    b.open(correction)
    attach(b, newcomer, ALTERED)
    b.press("Submit for approval")
    assert not b.offered("Approve")
    approve_and_publish(a, b, correction, "The notice said so in March.", ALTERED)
    corrected = published(newcomer)
    assert (corrected["event"], corrected["verification"]["status"]) == ("corrected", "checked")
    assert {item["state"] for item in corrected["reviews"][0]["evidence"]} == {"intact"}

    # One suspends at once; resuming takes both.
    review = newcomer.web + f"/admin/claims/review/?q={corrected['reviews'][0]['id']}"
    a.open(review)
    a.page.locator('a[href*="/admin/claims/review/"][href*="/change/"]').first.click()
    review = a.address
    a.press("Suspend…")
    a.fill(reason="The police deny it.")
    a.press("Suspend now")
    assert published(newcomer)["verification"]["status"] == "suspended"
    a.fill(note="They were asked again, and it stands.")
    a.press("Ask to resume")
    assert not a.offered("Resume") and published(newcomer)["verification"]["status"] == "suspended"
    b.open(review)
    b.press("Resume")
    assert published(newcomer)["verification"]["status"] == "checked"

    # A withdrawal takes both as well.
    b.open(review)
    b.press("Withdrawal")
    withdrawal = b.address
    b.fill(public_note="It was about another unit.")
    b.save()
    b.press("Submit for approval")
    approve_and_publish(a, b, withdrawal, "It was about another unit.")
    gone = published(newcomer)
    assert gone["verification"]["status"] == "withdrawn"
    assert gone["reviews"][0]["withdrawn_at"]


def suggest_and_accept(reviewer: Editor, author: Editor, version: str, summary: str) -> None:
    """The reviewer suggests another summary, and an author accepts it."""
    reviewer.press("Suggest a change")
    reviewer.fill(summary=summary)
    reviewer.press("Suggest")
    author.open(version)
    assert summary.split()[1] in author.text and f"suggested by {reviewer.username}" in author.text
    author.press("Accept")
