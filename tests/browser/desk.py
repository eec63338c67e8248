"""The desk in Chromium: somebody who comes in by a one-time link and is led through the set-up."""

import re
from typing import Any

from tests.factcheck.login.browser import code

TIMEOUT = 20_000  # milliseconds for a page to answer
PASSWORD = "a-long-pass-phrase"


class Editor:
    """A person at the desk. Every page she sees is checked for raw markup and for errors in the browser's console."""

    @classmethod
    def by_link(cls, browser: Any, link: str, username: str) -> "Editor":
        """Somebody who opens a one-time link, sets her password, and her second factor if one is wanted."""
        editor = cls.__new__(cls)
        editor._start(browser, link.partition("/link/")[0], username)
        editor.page.goto(link)
        editor.page.wait_for_url("**/link/password/")
        for number in "12":
            editor.page.fill(f"[name=new_password{number}]", PASSWORD)
        editor.press("Set the password and log in")
        if "/factor/app/" in editor.address:
            secret = str(editor.page.text_content("details code"))
            editor.fill(code=code(secret))
            editor.press("Set it up")
            editor.press("I have kept them")
        return editor

    def _start(self, browser: Any, web: str, username: str) -> None:
        self.web = web
        self.page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        self.page.set_default_timeout(TIMEOUT)
        self.username = username
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, path: str) -> None:
        """Go to a page of the desk: a path, or the address that another editor sees."""
        self.page.goto(path if path.startswith("http") else f"{self.web}{path}")
        self._look()

    def press(self, label: str) -> None:
        """Click the button or link with exactly this label."""
        self._named(label).click()
        self.page.wait_for_load_state()
        self._look()

    def _named(self, label: str) -> Any:
        exact = re.compile(rf"^\s*{re.escape(label)}\s*$")
        texts = self.page.locator("button:visible, a:visible").filter(has_text=exact)
        return texts.or_(self.page.locator(f'input[type=submit][value="{label}"]:visible')).first

    def fill(self, **texts: str) -> None:
        for name, text in texts.items():
            self.page.fill(f"[name={name}]", text)

    @property
    def text(self) -> str:
        """What she reads on the page."""
        return " ".join(str(self.page.inner_text("body")).split())

    @property
    def address(self) -> str:
        return str(self.page.url)

    def _look(self) -> None:
        shown = str(self.page.inner_text("body"))
        assert self.errors == [], self.errors
        assert not re.search(r"</?(span|div|p|a|b|li|td)\b|&(lt|gt|amp|quot);|\{\{|\{%", shown), (
            f"raw markup: {self.address}"
        )
        assert "Server Error" not in shown, self.address
