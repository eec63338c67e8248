"""From the link that `up` prints to a published review on an empty desk, with second factor, in Chromium."""

import json
import re
import shutil
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from sources.extraction.browser import missing_requirement
from tests.browser.desk import Editor
from tests.browser.person import Person
from tests.running_up import running

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason=f"{missing_requirement()}"),
]


def claims(web: str, key: str) -> list[Any]:
    client = HTTPConnection(urlsplit(web).netloc, timeout=10)
    client.request("GET", "/api/v1/claims/", headers={"Authorization": f"Bearer {key}"})
    return list(json.loads(client.getresponse().read())["results"])


def test_a_stranger_sets_up_an_empty_desk_and_publishes(
    tmp_path: Path, empty_desk: Callable[[Path], Path], chromium: Any
) -> None:
    with running(empty_desk(tmp_path / "data"), environment={"FACTCHECK_SECOND_FACTOR": "1"}) as up:
        link = re.search(r"^administrator: (\S+)", "\n".join(up.lines), re.M)
        assert link

        # The administrator is led from step to step.
        ada = Editor.by_link(chromium, link[1], "ada")
        assert link[1].partition("#")[2] not in ada.page.content() + ada.address
        assert ada.address.endswith("/admin/set-up/"), "not the desk, after the recovery codes"
        ada.open("/admin/")
        assert "Set up: 1 of 5 done" in ada.text
        ada.press("Set up: 1 of 5 done")
        ada.press("1 Your account")
        ada.fill(username="ada", first_name="Ada")
        ada.press("Save")
        ada.fill(name="The Check", site="check.example")
        ada.press("Save")
        ada.page.check("[value=five]")
        ada.press("Use this scale")
        assert "Alone you can publish nothing" in ada.text
        ada.fill(username="ben")
        ada.press("Invite")
        ben = Editor.by_link(chromium, ada.page.inner_text(".desk-once"), "ben")
        ada.press("✓ API key")
        ada.press("Make a key")
        key = ada.page.inner_text(".desk-once")
        ada.open("/admin/")
        assert "Set up:" not in ada.text

        # The colleague writes, the administrator approves as a chief, and it is published.
        writer, chief = (Person(each.page.context, up.url, each.username) for each in (ben, ada))
        writer.open("/admin/claims/new/")
        writer.fill("What is claimed", "412 bridges need repair.")
        writer.press("Make the claim")
        address = writer.path
        writer.press("True")
        writer.fill("Finding", "The ministry says so.")
        writer.fill("How we checked", "We asked.")
        writer.fill("True as of", "2026-03-01")
        writer.press("Save as a draft")
        writer.press("Interview")
        writer.fill("Who", "The ministry")
        writer.fill("How", "Telephone")
        writer.fill("When", "2026-03-01T12:00")
        writer.fill("What it shows", "The number is 412.")
        writer.press("Attach it")
        writer.must_see("The number is 412.")
        writer.press("Submit for approval")
        chief.open(address)
        chief.press("Approve and publish")
        chief.must_see("The ministry says so.")
        assert claims(up.url, key) == []
        chief.press("Publish now")
        chief.must_see("Public now")
        (published,) = claims(up.url, key)
        assert published["reviews"][0]["rating"]["label"] == "True"
        chief.context.clear_cookies()
        chief.open("/")
        chief.must_see("The Check")
