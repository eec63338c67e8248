"""What is installed is what the locks name, each by hash, with a reason and a licence that lets everybody use it."""

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
RUN, TESTS = ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"
PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|PSF-2\.0|Python Software Foundation|ISC|Zlib|CNRI-Python|0BSD|Unlicense|Dual License"
)
# Licences with conditions on changes to the package itself, which the product leaves as it is.
ALLOWED = {
    "psycopg": "LGPL-3.0-only: imported, not changed",
    "psycopg-binary": "LGPL-3.0-only: imported, not changed",
    "psycopg-pool": "LGPL-3.0-only: imported, not changed",
    "certifi": "MPL-2.0: a list of certificates",
    "orjson": "MPL-2.0 for its one file of parsing, else Apache or MIT",
    "tqdm": "MPL-2.0 and MIT; trafilatura's",
    "tld": "MPL-1.1 at choice; trafilatura's",
    "qrcode": "BSD-3-Clause, beside a second classifier for the name “QR Code”, which is a trademark",
    "hypothesis": "MPL-2.0; tests alone",
    "pathspec": "MPL-2.0; mypy's, tests alone",
    "axe-playwright-python": "MIT, and axe-core in it MPL-2.0; tests alone",
}

OPTIONAL = {"playwright": "who has pages rendered installs it beside the product (docs/settings.md)"}
"""Packages that the product imports where they are installed, and does without."""


def entries(lock: Path) -> dict[str, str]:
    """The entries of a lock, by the package's name."""
    found = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9#]|\Z)", lock.read_text(), re.MULTILINE | re.DOTALL)
    return {canonicalize_name(Requirement(requirement(entry)).name): entry for entry in found}


def requirement(entry: str) -> str:
    return entry.splitlines()[0].removesuffix("\\").strip()


def locked() -> dict[str, Requirement]:
    """What both locks install on this machine."""
    found = {name: Requirement(requirement(entry)) for lock in (TESTS, RUN) for name, entry in entries(lock).items()}
    return {name: one for name, one in found.items() if one.marker is None or one.marker.evaluate()}


def licence(name: str) -> str:
    described = metadata.metadata(name)
    classifiers = [each for each in described.get_all("Classifier", []) if each.startswith("License ::")]
    return described.get("License-Expression") or " ".join([described.get("License", "")[:200], *classifiers])


@pytest.mark.parametrize("lock", [RUN, TESTS], ids=["run", "tests"])
def test_every_package_is_pinned_with_its_hashes(lock: Path) -> None:
    assert len(entries(lock)) > 50
    for name, entry in entries(lock).items():
        assert [each.operator for each in Requirement(requirement(entry)).specifier] == ["=="], name
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), name
    assert "--only-binary :all:" in lock.read_text().splitlines()
    assert "://" not in re.sub(r"^#.*$", "", lock.read_text(), flags=re.MULTILINE)


def test_what_is_installed_is_what_is_locked() -> None:
    installed = {canonicalize_name(each.name): each.version for each in metadata.distributions()}
    differing = {
        name: (str(one.specifier), installed.get(name))
        for name, one in locked().items()
        if not one.specifier.contains(installed.get(name, "0"), prereleases=True)
    }
    assert not differing, (
        "install requirements.txt and tests/requirements.txt; after a change of pyproject.toml run .ci/lock"
    )


def test_the_locks_are_of_the_dependencies_in_pyproject_each_with_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)
    for lock, direct in (
        (RUN, project["project"]["dependencies"]),
        (TESTS, project["dependency-groups"]["tests"]),
    ):
        for wanted in map(Requirement, direct):
            entry = entries(lock).get(canonicalize_name(wanted.name), "")
            assert entry, f"run .ci/lock: {wanted} is not in {lock.name}"
            assert Requirement(requirement(entry)).specifier == wanted.specifier, f"run .ci/lock: {wanted}"
            without_marker = re.escape(str(wanted).split(";")[0])
            reason = re.search(rf'"{without_marker}(?:;[^"]+)?",  # (.+)', text)
            assert reason, f"say beside {wanted} why it is there"
            assert f"# {reason[1]}\n{requirement(entry)}" in lock.read_text(), f"run .ci/lock: reason of {wanted}"


def test_every_package_that_the_product_imports_is_locked() -> None:
    imported = {
        name.partition(".")[0]
        for app in ("claims", "factcheck", "sources")
        for path in (ROOT / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in imports(node)
    }
    assert {"django", "tantivy"} | OPTIONAL.keys() <= imported
    packages, locks = metadata.packages_distributions(), entries(RUN).keys()
    foreign = imported - sys.stdlib_module_names - {"claims", "factcheck", "sources"}
    missing = {name for name in foreign if not {canonicalize_name(each) for each in packages.get(name, ())} & locks}
    assert missing == OPTIONAL.keys(), "add what is missing to pyproject.toml, with its reason, and run .ci/lock"


def imports(node: ast.AST) -> list[str]:
    """The modules that a statement imports, by their full names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []


def test_the_licences_let_everybody_use_the_product() -> None:
    of = {name: licence(name) for name in locked()}
    refused = {
        name: text
        for name, text in of.items()
        if name not in ALLOWED and (not PERMISSIVE.search(text) or re.search(r"GPL|AGPL|SSPL|Proprietary", text))
    }
    assert not refused
    assert set(ALLOWED) <= set(of), "no longer installed"
