"""One edit of each kind, end to end: pages on loopback, the desk in Chromium, the API, and a newsroom's webhook."""

import http.client
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from claims import causes
from claims.causes import OF_STANCE, Cause
from claims.desk.rechecks import words
from sources.extraction.browser import missing_requirement
from tests.browser.desk import Editor
from tests.browser.person import Person
from tests.browser.watched_pages import BY_SLUG, CASES, RAISED, Case, Site, serving
from tests.factcheck.webhook_receiver import Received
from tests.running_demo import eventually
from tests.running_up import ROOT, Up, running

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason=f"{missing_requirement()}"),
]

CONFIRMED_AFTER = 3  # seconds, instead of an hour
LOOKS = 4  # of an edited page, the last of them later than that
PATIENCE = 120
RAISED_DISPLAY = "no editor has confirmed that yet"


@dataclass
class Desk:
    """A running desk with a published claim on each page, as a newsroom with a key and a reader without one ask it."""

    web: str
    site: Site
    claims: dict[str, str]
    key: str
    secret: str
    link: str

    def ask(self, path: str, *, post: object = None, public: bool = False) -> Any:
        status, body = self.answer(path, post=post, public=public)
        assert status == 200, (path, body)
        return body

    def answer(self, path: str, *, post: object = None, public: bool = False) -> tuple[int, Any]:
        headers = {} if public else {"Authorization": f"Bearer {self.key}"}
        with closing(http.client.HTTPConnection(urlsplit(self.web).netloc, timeout=30)) as client:
            body = None if post is None else json.dumps(post)
            method = "GET" if post is None else "POST"
            client.request(method, f"/api/v1/{path}", body, headers | {"Content-Type": "application/json"})
            response = client.getresponse()
            return response.status, json.loads(response.read())

    def claim(self, case: Case, *, public: bool = False) -> Any:
        return self.ask(f"claims/{self.claims[case.slug]}/", public=public)

    def quote(self, case: Case, *, public: bool = False) -> Any:
        (review,) = self.claim(case, public=public)["reviews"]
        (evidence,) = review["evidence"]
        return evidence

    def messages(self, case: Case) -> list[Received]:
        """What came to the newsroom about the claim, in order."""
        return [each for each in self.site.hook.received if each.message["data"]["id"] == self.claims[case.slug]]

    def told(self, case: Case) -> list[str]:
        return [each.message["type"].removeprefix("claim.") for each in self.messages(case)]

    def events(self, *, public: bool = False) -> dict[str, list[str]]:
        """The events of the change feed, by slug."""
        rows = self.ask("feed/?limit=100&fields=sequence,event,claim", public=public)["results"]
        slugs = {claim: slug for slug, claim in self.claims.items()}
        found: dict[str, list[str]] = {slug: [] for slug in self.claims}
        for row in rows:
            found[slugs[row["claim"]]].append(row["event"])
        return found


def environment(site: Site) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "tests.factcheck.loopback_settings",
        "TESTS_PORT": str(site.hook.port),
        "FACTCHECK_CONFIRM_AFTER_SECONDS": str(CONFIRMED_AFTER),
        "FACTCHECK_ANONYMOUS_READ": "1",
    }


def published(up: Up, site: Site, data: Path) -> Desk:
    """Publish a claim on each page, by a program of its own beside the desk."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.publish_watched", site.hook.url("")],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(data.parent),
            "FACTCHECK_DATA": str(data),
            **environment(site),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    return Desk(up.url, site, made["claims"], made["key"], made["secret"], up.url + made["link"])


def has_settled(desk: Desk) -> bool:
    """Whether newsrooms were told of all that broke, and every page was read often enough to confirm what it says."""
    site = desk.site
    told = all(desk.told(case) for case in CASES if case.cause or case.status != 200)
    return told and all(
        site.times_read(case.slug, since=site.edited_at[case.slug]) >= LOOKS for case in CASES if case.status == 200
    )


def test_an_edit_of_each_kind_reaches_the_queue_the_api_and_the_webhook(
    tmp_path: Path, empty_desk: Callable[[Path], Path], chromium: Any
) -> None:
    data = empty_desk(tmp_path / "data")
    with serving() as site, running(data, environment=environment(site)) as up:
        began = datetime.now(UTC)
        desk = published(up, site, data)
        for case in CASES:
            assert desk.claim(case)["verification"]["status"] == "checked"
        eventually(lambda: all(site.times_read(case.slug, since=began) >= 2 for case in CASES), PATIENCE)
        for case in CASES:
            site.edit(case)
        entered = Editor.by_link(chromium, desk.link, "ada")
        ada = Person(entered.page.context, desk.web, "ada")
        eventually(lambda: has_settled(desk), PATIENCE)

        for case in CASES:
            newsrooms_read(desk, case)
            the_webhook_said(desk, case)
        freshness_is_never_younger_than_true(desk, began)
        readers_know_nothing(desk)
        pages_of_rechecks = the_queue_shows_the_gravest_first(ada)
        for case in RAISED:
            ada.open(pages_of_rechecks[case.slug])
            the_recheck_says(ada, desk, case)
        the_home_counts_them(ada)
        quotes_that_stand_are_shown_as_they_are(ada)

        confirm(desk, ada, BY_SLUG["figure"], pages_of_rechecks)
        confirm(desk, ada, BY_SLUG["reattributed"], pages_of_rechecks)
        dismiss(desk, ada, BY_SLUG["wording"], pages_of_rechecks)
        dismiss(desk, ada, BY_SLUG["disowned"], pages_of_rechecks)
        still_stands(desk, ada, BY_SLUG["requalified"], pages_of_rechecks)
        decided = {"figure", "reattributed", "wording", "disowned", "requalified"}

        # The pages are read on and on, and nothing that was said is said again.
        now = datetime.now(UTC)
        readable = [case for case in CASES if case.status == 200]
        eventually(lambda: all(site.times_read(case.slug, since=now) >= 2 for case in readable), PATIENCE)
        for case in CASES:
            assert len(desk.told(case)) == bool(case.cause or case.state == "unverifiable") + (case.slug in decided)
            assert desk.events()[case.slug] == ["published", *desk.told(case)]
        ada.look()


def newsrooms_read(desk: Desk, case: Case) -> None:
    """What the API tells a newsroom of the quote, its page and its changes."""
    claim, quote = desk.claim(case), desk.quote(case)
    (review,) = claim["reviews"]
    raised = bool(case.cause)
    assert claim["verification"]["status"] == ("needs_recheck" if raised else "checked"), case.slug
    assert review["rating"]["label"] == "Right", "no machine changes a verdict"
    assert (RAISED_DISPLAY in review["display"]) == raised
    assert quote["state"] == case.state, case.slug
    assert quote["quote"]["exact"] == case.quote
    page = desk.ask(f"pages/{quote['page']['id']}/")
    (there,) = page["quotes"]
    changes = desk.ask(f"changes/?page={quote['page']['id']}")["results"]
    results = {each["result"] for change in changes for each in change["quotes"]}
    assert (there["state"], there["cause"], there["grade"]) == (case.state, case.cause or None, case.grade or None)
    if not raised:
        assert claim["verification"]["because"] == []
        expected = {"cosmetic": {"altered"}, "moved": {"moved", "intact"}, "wall": {"unverifiable"}, "innocent": set()}
        assert results == expected[case.slug], case.slug
        return
    (because,) = claim["verification"]["because"]
    assert claim["verification"]["seen_by_editor"] is False
    assert (because["cause"], because.get("grade", "")) == (case.cause, case.grade)
    assert (because["before"], because["page"]) == (case.quote, quote["page"]["id"])
    assert because["wording"] == causes.sentence(case.cause, datetime.fromisoformat(because["detected_at"]))
    in_place = because["after"] if case.cause == Cause.ALTERED else because.get("notice")
    assert (in_place or "") == case.because
    assert (because["after"] is None) == (case.cause != Cause.ALTERED)
    if case.cause in OF_STANCE:
        assert "page it rests on has changed" in review["display"] and "no longer found" not in review["display"]


def the_webhook_said(desk: Desk, case: Case) -> None:
    """What came to the newsroom's server is signed, and is the claim as the API has it."""
    expected = ["recheck_raised"] if case.cause else ["watch_lost"] if case.state == "unverifiable" else []
    assert desk.told(case) == expected, case.slug
    for message in desk.messages(case):
        assert message.verifies(desk.secret) and not message.verifies("whsec_" + "A" * 43 + "=")
        assert message.message["complete"] is True
    if expected:
        assert desk.messages(case)[-1].message["data"] == desk.claim(case), case.slug


def freshness_is_never_younger_than_true(desk: Desk, began: datetime) -> None:
    """A quote was last seen before it was last served; one that stands still, after its page was edited."""
    ids = {desk.claims[case.slug]: case for case in CASES}
    rows = desk.ask("claims/status", post={"ids": list(ids)})["results"]
    site = desk.site
    for row in rows:
        case = ids[row["id"]]
        (fresh,) = desk.ask(f"claims/{row['id']}/?include=freshness")["freshness"]
        seen = [datetime.fromisoformat(each["last_seen_at"]) for each in (row, fresh)]
        assert began < min(seen) and max(seen) < site.stood[case.slug], case.slug
        assert (min(seen) > site.edited_at[case.slug]) == case.stands, case.slug
        assert row["verification"] == ("needs_recheck" if case.cause else "checked")
        until = desk.quote(case)["seen_at_least_until"]
        assert datetime.fromisoformat(until) <= min(seen)


def readers_know_nothing(desk: Desk) -> None:
    """Whoever has no key is told nothing that no editor has confirmed, on any route."""
    bodies = [desk.claim(case, public=True) for case in CASES]
    assert {body["verification"]["status"] for body in bodies} == {"checked"}
    assert {desk.quote(case, public=True)["state"] for case in CASES} == {"intact"}
    assert desk.events(public=True) == {case.slug: ["published"] for case in CASES}
    assert desk.ask("claims/?verification=needs_recheck", public=True)["results"] == []
    shown = json.dumps(
        [bodies, *(desk.ask(path, public=True) for path in ("claims/", "evidence/", "reviews/", "feed/"))]
    )
    for case in RAISED:
        assert not case.because or case.because not in shown, case.slug
    assert "re-check" not in shown and "no longer found" not in shown
    for path in ("pages/", "changes/"):
        assert desk.answer(path, public=True)[0] == 401


def the_queue_shows_the_gravest_first(ada: Person) -> dict[str, str]:
    """Read the queue; returns where the re-checks are, by slug."""
    ada.open("/admin/rechecks/")
    rows = ada.page.locator("tbody tr").all()
    assert len(rows) == len(RAISED)
    ranks, addresses = [], {}
    for each in rows:
        row = " ".join(each.inner_text().split())
        (case,) = [each for each in RAISED if each.claim in row]
        addresses[case.slug] = str(each.locator("a", has_text=case.claim).get_attribute("href"))
        assert cause_on_screen(case) in row and words.grade(case.grade) in row, row
        assert case.title in row and "waits for an editor" in row, row
        ranks.append(causes.rank(case.cause, case.grade))
    assert ranks == sorted(ranks) and len(set(ranks)) == len(RAISED) - 1
    return addresses


def cause_on_screen(case: Case) -> str:
    """The cause as its tag says it; of an alteration, what all of its tags say."""
    return "changed" if case.cause == Cause.ALTERED else words.cause(case.cause)


def the_home_counts_them(ada: Person) -> None:
    ada.open("/admin/")
    ada.must_see(f"{len(RAISED)} open, gravest first", f"{len(RAISED)} no longer stand", "1 could not be read")
    ada.must_see(f"{len(CASES) - len(RAISED) - 1} stand where they stood")
    gravest = min(RAISED, key=lambda case: causes.rank(case.cause, case.grade))
    ada.must_see(gravest.claim)


def the_recheck_says(ada: Person, desk: Desk, case: Case) -> None:
    """What stands on the page of the re-check, which is open."""
    ada.must_see(cause_on_screen(case), words.grade(case.grade), case.title, case.claim, case.quote, case.because)
    assert ada.sees("The sentence still stands.") or case.cause not in OF_STANCE, case.slug
    assert not ada.sees("The sentence still stands.") or case.cause in OF_STANCE, case.slug
    assert ada.sees("The quoted words stand elsewhere on the page.") == (case.slug == "pull-quote")
    ada.must_see("last truly seen", "newsrooms know, readers do not")
    ada.must_not_see("at a later look")
    ada.open(f"{ada.path}?answer=tell&show=1")
    ada.must_see(desk.claim(case)["verification"]["because"][0]["wording"])


def quotes_that_stand_are_shown_as_they_are(ada: Person) -> None:
    ada.open("/admin/quotes/")
    rows = [" ".join(row.split()) for row in ada.page.locator("tbody tr").all_inner_texts()]
    said = {
        "moved": ("stands where it stood", ""),
        "cosmetic": ("stands where it stood", "typography differs"),
        "innocent": ("stands where it stood", "stands"),
        "wall": ("could not be read", ""),
    }
    for slug, (state, found) in said.items():
        (row,) = [row for row in rows if BY_SLUG[slug].quote[:40] in row]
        assert state in row and found in row, (slug, row)


def confirm(desk: Desk, ada: Person, case: Case, pages: dict[str, str]) -> None:
    """Readers know from now on, and the rating stays."""
    ada.open(pages[case.slug])
    ada.press("Tell readers we are looking again")
    ada.press("Tell readers")
    ada.must_see("readers know that we are looking again")
    followed(desk, case, "recheck_confirmed")
    for public in (True, False):
        claim = desk.claim(case, public=public)
        (because,) = claim["verification"]["because"]
        assert (claim["verification"]["status"], because["cause"]) == ("needs_recheck", case.cause)
        assert because["wording"] == causes.sentence(case.cause, datetime.fromisoformat(because["detected_at"]))
        assert claim["verification"]["seen_by_editor"] is True
        (review,) = claim["reviews"]
        assert review["rating"]["label"] == "Right"
        assert "Needs a re-check since" in review["display"] and RAISED_DISPLAY not in review["display"]
    assert desk.events(public=True)[case.slug] == ["published", "recheck_confirmed"]


def dismiss(desk: Desk, ada: Person, case: Case, pages: dict[str, str]) -> None:
    """Newsrooms read that the quote is kept, and never a word of the note; for readers nothing was."""
    before = desk.claim(case, public=True)
    ada.open(pages[case.slug])
    ada.press("False alarm")
    ada.fill("Why it is a false alarm", "A whim of the page’s editor.")
    ada.press("Dismiss as a false alarm")
    followed(desk, case, "recheck_dismissed")
    assert desk.claim(case, public=True) == before
    claim, quote = desk.claim(case), desk.quote(case)
    assert (claim["verification"]["status"], quote["state"], quote["cause"]) == ("checked", "kept", case.cause)
    assert ("still has these words" in quote["wording"]) == (case.cause in OF_STANCE)
    assert "whim" not in json.dumps(claim)


def still_stands(desk: Desk, ada: Person, case: Case, pages: dict[str, str]) -> None:
    """Readers are told that the finding stands; the quote is watched on in the same words."""
    ada.open(pages[case.slug])
    ada.press("Still stands")
    ada.fill("Why", "The tender was accepted.")
    ada.press("Settle: still stands")
    followed(desk, case, "reconfirmed")
    for public in (True, False):
        claim, quote = desk.claim(case, public=public), desk.quote(case, public=public)
        assert (claim["verification"]["status"], quote["state"]) == ("checked", "intact")
        assert "checked again on" in claim["reviews"][0]["display"]
        assert "tender" not in json.dumps(claim)


def followed(desk: Desk, case: Case, event: str) -> None:
    """The newsroom was told of the decision, and of nothing else, as the API has it."""
    eventually(lambda: desk.told(case)[1:] == [event], PATIENCE)
    (*_, last) = desk.messages(case)
    assert last.verifies(desk.secret)
    assert last.message["data"] == desk.claim(case)
