"""The import direction: factcheck → claims → sources, and inside an app api, tasks, admin → verbs → models."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("sources", "claims", "factcheck")
MAY_IMPORT = {"sources": {"sources"}, "claims": {"claims", "sources"}, "factcheck": set(APPS)}
# These know formats and text alone, so that they can be read, tested and measured without a database.
PURE = (
    "sources/http/fetcher.py",
    "sources/http/addresses.py",
    "sources/extraction/full_text.py",
    "sources/quotes/locate.py",
    "claims/statements/attribution",
    "claims/imports/formats",
    "claims/statements/figures.py",
    "claims/statements/checkworthiness.py",
    "claims/formats/claimreview.py",
    "claims/formats/google_factcheck.py",
    "claims/formats/atom_and_jsonfeed.py",
)
OUTER = ("api", "tasks", "admin", "management")


def modules() -> list[Path]:
    return sorted(
        path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.relative_to(ROOT).parts
    )


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the direction"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_there_is_something_to_check() -> None:
    assert len(modules()) > 30


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_apps_import_in_one_direction(path: Path) -> None:
    app = path.relative_to(ROOT).parts[0]
    ours = {name for name in imports(path) if name.split(".")[0] in APPS}
    wrong = {name for name in ours if name.split(".")[0] not in MAY_IMPORT[app]}
    assert not wrong, f"{path.relative_to(ROOT)} may not import {wrong}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_verbs_do_not_import_what_is_around_them(path: Path) -> None:
    app, *rest = path.relative_to(ROOT).parts
    if app == "factcheck" or rest[0].removesuffix(".py") in OUTER:
        return
    outer = {
        name
        for name in imports(path)
        if name.split(".")[0] == app and name.split(".")[1:2][0:1] in [[o] for o in OUTER]
    }
    assert not outer, f"{path.relative_to(ROOT)} is inside and may not import {outer}"
    if rest[0] in {"models", "models.py"}:
        inside = {"models", "identifiers", "ledger"}
        verbs = {
            name
            for name in imports(path)
            if name.split(".")[0] in {"claims", "sources"} and name.split(".")[1] not in inside
        }
        assert not verbs, f"{path.relative_to(ROOT)} holds models and may not import {verbs}"


def test_pure_modules_import_no_models() -> None:
    checked = 0
    for path in modules():
        name = str(path.relative_to(ROOT))
        if not name.startswith(PURE):
            continue
        checked += 1
        wrong = {i for i in imports(path) if i.startswith("django") or ".models" in i}
        assert not wrong, f"{name} is pure and may not import {wrong}"
    assert checked >= 5


def test_environment_is_read_in_settings_alone() -> None:
    """Elsewhere they would be settings that nobody documents. What a child process inherits is none."""
    inherited = {"'PATH'", "'DJANGO_SETTINGS_MODULE'"}
    readers = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            name = None
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
                name = ast.unparse(node.slice) if ast.unparse(node.value) == "os.environ" else None
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"os.environ.get", "os.getenv"}:
                name = ast.unparse(node.args[0])
            if name is not None and name not in inherited:
                readers.add(str(path.relative_to(ROOT)))
    assert readers == {"factcheck/settings.py"}
