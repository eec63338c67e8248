"""Pictures of the desk's screens from the demo, in light, dark and at 390 px, three of them from right to left too.

    python -m tests.browser.screenshots FOLDER

Starts `manage.py up` with its demo in a data folder of its own, waits until the demo's page has changed, and ends it.
"""

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.browser import CHROMIUM
from tests.browser.person import Person
from tests.browser.screens import SIZES, WIDE, addresses
from tests.running_demo import Newcomer, Up, eventually

MIRRORED = ("today", "claim", "re-check")
EDITOR = "demo-editor-a"


def numbers(person: Person) -> dict[str, int]:
    """The first row of each kind, as the lists link to them."""
    found = {}
    for name, folder in (
        ("claim", "claims"),
        ("document", "documents"),
        ("recheck", "rechecks"),
        ("complaint", "record/complaints"),
    ):
        person.open(f"/admin/{folder}/")
        links = person.page.locator(f"main a[href^='/admin/{folder}/']").all()
        keys = [match[1] for link in links if (match := re.search(r"/(\d+)/$", str(link.get_attribute("href"))))]
        if keys:
            found[name] = int(keys[0])
    return found


def picture(person: Person, path: Path) -> None:
    # As high as the page, so that what sticks to the window's foot stands at the foot of the picture.
    size = person.page.viewport_size
    for _again in range(2):  # what an answer sends comes when it is in sight, and makes the page higher
        height = person.page.evaluate("document.documentElement.scrollHeight")
        person.page.set_viewport_size({"width": size["width"], "height": max(size["height"], min(height, 6_000))})
        person.page.wait_for_load_state("networkidle")
    person.page.screenshot(path=path)
    person.page.set_viewport_size(size)
    print(path)


def take(chromium: Any, up: Up, folder: Path) -> None:
    web = up.said(r"^ready (http://\S+)")
    context = chromium.new_context(**WIDE)
    person = Person(context, web, EDITOR).open("/admin/")
    person.page.fill("[name=login]", EDITOR)
    person.page.fill("[name=password]", up.said(rf"user {EDITOR} password (\S+)"))
    person.press("Log in")
    opened, state = addresses(numbers(person)), context.storage_state()
    for size, options in SIZES.items():
        person = Person(chromium.new_context(storage_state=state, **options), web, EDITOR)
        for name, address in opened.items():
            person.open(address)
            picture(person, folder / f"{name.replace(' ', '-')}-{size}.png")
    person = Person(chromium.new_context(storage_state=state, **WIDE), web, EDITOR)
    for name in MIRRORED:
        person.open(opened[name])
        person.page.evaluate("document.documentElement.dir = 'rtl'")
        picture(person, folder / f"{name}-rtl.png")


def main() -> None:
    from playwright.sync_api import sync_playwright

    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        up = Up(Path(data) / "data")
        try:
            newcomer = Newcomer(up)
            eventually(newcomer.flagged, 120)
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            take(chromium, up, folder)
            chromium.close()
        finally:
            up.stop()


if __name__ == "__main__":
    main()
