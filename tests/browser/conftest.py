"""One running desk for all tests of the screens, filled once; each test has a browser context of its own."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser import CHROMIUM
from tests.browser.filled.site import DeskSite, serving
from tests.browser.filled.words import PASSWORD
from tests.browser.person import AtTheKeyboard, Journey, Person
from tests.running_up import ROOT, running

CONFIRMED_AFTER = 3  # seconds, instead of an hour
WINDOW = {"width": 1440, "height": 900}
_LEDGER = pytest.StashKey[list[Journey]]()


@dataclass
class Desk:
    """A running desk, its site on loopback, and what was filled in: see tests/browser/filled/fill.py."""

    web: str
    site: DeskSite
    claims: dict[str, list[Any]]
    key: str
    rows: dict[str, int]
    readers: dict[str, str]
    """Addresses of readers' pages by what they show: see tests/browser/filled/readers.py."""
    fill: Callable[[str], dict[str, Any]]
    """Runs tests/browser/filled/fill.py beside the desk with this argument."""

    def claim(self, slug: str) -> int:
        """The number of the published claim that rests on the page."""
        return int(self.claims[slug][0])

    def ask(self, path: str) -> Any:
        """What a newsroom with a key is answered."""
        with closing(http.client.HTTPConnection(urlsplit(self.web).netloc, timeout=30)) as client:
            client.request("GET", f"/api/v1/{path}", headers={"Authorization": f"Bearer {self.key}"})
            response = client.getresponse()
            body = response.read()
            assert response.status == 200, (path, body)
            return json.loads(body)

    def claim_body(self, slug: str) -> Any:
        return self.ask(f"claims/{self.claims[slug][1]}/")

    def status(self, slug: str) -> str:
        return str(self.claim_body(slug)["verification"]["status"])

    def events(self, slug: str) -> list[str]:
        """What newsrooms were told of the claim, in order."""
        rows = self.ask("feed/?limit=100&fields=sequence,event,claim")["results"]
        return [row["event"] for row in rows if row["claim"] == self.claims[slug][1]]

    def numbers(self) -> dict[str, int]:
        """Numbers of rows to open screens for."""
        return {"claim": self.claim("still"), **self.rows}

    def found(self, words: str) -> list[Any]:
        """The published claims that say this."""
        return [each for each in self.ask("claims/")["results"] if words in each["text"]]


@pytest.fixture(scope="session")
def empty_desk(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Make a data folder with a migrated, empty database, which takes ten core-seconds once and then none."""
    template = tmp_path_factory.mktemp("empty-desk") / "template"
    own = {"PATH": os.environ["PATH"], "HOME": str(template.parent)}
    subprocess.run([sys.executable, "bench/database_template.py", str(template)], cwd=ROOT, env=own, check=True)

    def made(data: Path) -> Path:
        data.mkdir(mode=0o700)
        subprocess.run(["cp", "-a", *map(str, template.iterdir()), str(data)], check=True)
        return data

    return made


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory, empty_desk: Callable[[Path], Path]) -> Iterator[Desk]:
    data = empty_desk(tmp_path_factory.mktemp("desk") / "data")
    with serving() as site:
        environment = {
            "DJANGO_SETTINGS_MODULE": "tests.factcheck.loopback_settings",
            "TESTS_PORT": str(site.port),
            "FACTCHECK_CONFIRM_AFTER_SECONDS": str(CONFIRMED_AFTER),
        }
        with running(data, environment=environment) as up:
            fill = partial(filled, data, environment)
            yield Desk(up.url, site, fill=fill, **fill(site.url("")))


def filled(data: Path, environment: dict[str, str], what: str) -> dict[str, Any]:
    """Fill the desk by a program of its own beside it."""
    own = {
        "PATH": os.environ["PATH"],
        "HOME": str(data.parent),
        "FACTCHECK_DATA": str(data),
        "FACTCHECK_MATCHER": "off",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.filled.fill", what],
        cwd=ROOT,
        env={**own, "FACTCHECK_MATCHER": "off", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    """The cookies of those who have logged in already, by name."""
    return {}


Enter = Callable[..., Any]


@pytest.fixture
def enter(desk: Desk, chromium: Any, sessions: dict[str, Any], request: pytest.FixtureRequest) -> Iterator[Enter]:
    """Let somebody come in by her name, in a context of her own; `keys=True` takes her mouse away."""
    ledger = request.config.stash.setdefault(_LEDGER, [])
    contexts = []

    def entered(name: str, *, keys: bool = False, hostile: bool = False, **options: Any) -> Person:
        if name not in sessions:
            sessions[name] = logged_in(chromium, desk.web, name)
        context = chromium.new_context(**{"viewport": WINDOW, "storage_state": sessions[name]} | options)
        contexts.append(context)
        person = (AtTheKeyboard if keys else Person)(context, desk.web, name, hostile=hostile)
        person.ledger = ledger
        return person

    yield entered
    for context in contexts:
        context.close()


def logged_in(chromium: Any, web: str, name: str) -> Any:
    """The state of a browser in which this person has logged in by the form."""
    context = chromium.new_context(viewport=WINDOW)
    person = Person(context, web, name, hostile=True)  # whatever is on her first page by now
    person.open("/admin/")
    person.page.fill("[name=login]", name)
    person.page.fill("[name=password]", PASSWORD)
    person.press("Log in")
    assert person.path.startswith("/admin/"), person.text
    state = context.storage_state()
    context.close()
    return state


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Write down what each journey took."""
    ledger = config.stash.get(_LEDGER, [])
    if ledger:
        terminalreporter.section("presses of each journey")
    for journey in ledger:
        terminalreporter.line(f"{len(journey.presses):3}  {journey.name}: {', '.join(journey.presses)}")
