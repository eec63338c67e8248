"""The docs keep up with the code: settings, routes, events and commands are all described."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from factcheck.settings import ALIASES, _number, _text
from tests.claims.test_roles import buttons

ROOT = Path(__file__).resolve().parent.parent


def read(name: str) -> str:
    return (ROOT / name).read_text()


def test_every_environment_variable_is_documented() -> None:
    names = set(re.findall(r'_(?:text|flag|number|list|seconds|domain)\(\s*"([A-Z_]+)"', read("factcheck/settings.py")))
    assert len(names) > 10
    table, _, earlier = read("docs/settings.md").partition("## Earlier names")
    documented = set(re.findall(r"^\| `([A-Z_]+)`", table, re.M))
    assert names - documented == set(), "docs/settings.md leaves these out"
    assert documented - names == set(), "docs/settings.md describes settings that do not exist"
    assert dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|$", earlier, re.M)) == {old: new for new, old in ALIASES.items()}
    assert set(ALIASES) <= names, "an alias of a setting that does not exist"


@pytest.mark.parametrize(("name", "alias"), ALIASES.items())
def test_every_renamed_environment_variable_still_works(name: str, alias: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(alias, " 7 ")
    assert (_text(name, "1"), _number(name, 1)) == ("7", 7)
    monkeypatch.setenv(name, "8")
    assert _text(name, "1") == "8", "the new name counts where both are set"


def test_environment_variables_are_read_in_one_place() -> None:
    assert read("factcheck/settings.py").count("os.environ") == 1


def test_every_package_is_pinned_once() -> None:
    lines = (read("requirements.txt") + read("tests/requirements.txt")).lower().splitlines()
    pinned = [match[1].replace("_", "-") for line in lines if (match := re.match(r"([\w.-]+)(\[.*\])?==", line))]
    assert len(pinned) > 30
    assert [name for name, times in Counter(pinned).items() if times > 1] == []


def routes(resolver: URLResolver, prefix: str = "") -> set[str]:
    found = set()
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found |= routes(pattern, route)
        elif isinstance(pattern, URLPattern):
            found.add("/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route))
    return found


def test_every_api_route_is_documented() -> None:
    api = {route for route in routes(get_resolver()) if route.startswith(("/api/", "/healthz"))}
    assert len(api) >= 7
    text = read("docs/api.md")
    assert {route for route in api if route not in text} == set()


def test_every_publication_event_is_documented() -> None:
    from claims.models import Publication

    text = read("docs/architecture.md")
    assert {event for event in Publication.Event.values if f"`{event}`" not in text} == set()


def test_links_and_pictures_lead_somewhere() -> None:
    broken = []
    for page in documents():
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if not target.startswith("http") and not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []


def documents() -> list[Path]:
    return [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


def test_files_that_the_docs_name_exist() -> None:
    """A moved module has to be found by whoever reads of it. The changelog speaks of other times."""
    named = {
        (page.name, name)
        for page in documents()
        if page.name != "CHANGELOG.md"
        for name in re.findall(r"`((?:factcheck|claims|sources|tests|bench|docs|\.ci)/[\w./-]+)`", page.read_text())
    }
    assert len(named) > 100
    to_come: set[tuple[str, str]] = set()
    missing = {(page, name) for page, name in named if not (ROOT / name).exists()}
    of_buttons = {("roles.md", name) for name in buttons()}  # named by their modules, as sources/poll
    assert missing - of_buttons <= to_come


def test_contributing_answers_the_usual_changes() -> None:
    rows = [line.split("|") for line in read("CONTRIBUTING.md").splitlines() if line.startswith("| **")]
    assert len(rows) == 22
    assert all(re.search(r"`[\w/]+\.py`", first) for _, _, first, *_ in rows)


def test_each_decision_has_a_status_a_date_and_alternatives() -> None:
    records = sorted(ROOT.glob("docs/decisions/0*.md"))
    index = read("docs/decisions/README.md")
    for record in records:
        text = record.read_text()
        assert re.search(r"^Status: (accepted|replaced)\b.* · Date: \d{4}-\d\d-\d\d$", text, re.M), record.name
        assert "\n## Alternatives considered\n" in text, record.name
        assert f"({record.name})" in index, f"docs/decisions/README.md leaves out {record.name}"


def test_the_readme_holds_both_commands() -> None:
    text = read("README.md")
    assert ".venv/bin/python manage.py up\n" in text
    assert re.search(r"^python3 -m venv \.venv .*\.venv/bin/pytest$", text, re.M)


def test_the_project_speaks_of_itself_alone() -> None:
    words = re.compile(r"/work/|/root/|\bTODO\b|\bFIXME\b|NotImplementedError")
    hits = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for folder in ("factcheck", "claims", "sources", "bench", "docs", ".ci")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in {".py", ".md", ".html", "", ".css", ".txt"}
        for match in words.finditer(path.read_text(errors="replace"))
    ]
    assert hits == []
