"""The rooms of the house: what may import what, how full a folder may be, and where the environment is read."""

import ast
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("sources", "claims", "factcheck")
MOST_MODULES = 16  # of a folder, `__init__` not counted
# The rooms and single modules of a package, from the inside out: each may import those before it, never those after.
ORDER = {
    "sources": (
        *("outcome", "timestamp", "atomic_file", "reordered"),
        *("database", "models", "faults", "http", "extraction", "quotes", "changes"),
        *(
            "snapshots",
            "pages",
            "passages",
            "polling",
            "feeds",
            "archives",
            "api",
            "site_address",
            "tick_guard",
            "scheduled_command",
            "tasks",
            "admin",
            "management",
        ),
        "apps",
    ),
    "claims": (
        *(
            "sql",
            "json_object",
            "causes",
            "claim_length",
            "people",
            "visible_text",
            "rating_scales",
            "models",
            "formats",
            "roles",
            "accounts",
            "authorship",
            "permissions",
            "visibility",
        ),
        *("notices", "mapped_verdicts", "publication", "daily_counts", "notifying"),
        *(
            "watch",
            "teamwork",
            "reviews",
            "requests",
            "embargo",
            "statements",
            "matching",
            "tips",
            "complaints",
            "site_pages",
            "newsroom_drafts",
            "exports",
            "proof",
            "public",
            "dossier",
            "imports",
            "check_import",
            "api",
            "tasks",
            "desk",
        ),
        *("admin", "management", "apps"),
    ),
    "claims.api": (
        *(
            "concurrency",
            "response",
            "openapi",
            "request",
            "published",
            "matching",
            "tips",
            "streams",
            "drafts",
            "google",
            "urls",
        ),
    ),
    "factcheck": (
        *("celery", "consumer", "wsgi", "web", "embedded", "checks", "apps", "models", "settings", "audit"),
        *("backup", "thinning", "health", "beat", "audit_middleware", "rest", "error_pages", "newsrooms"),
        *("response_cache", "readers", "login", "set_up"),
        *("demo", "first_start", "admin_navigation", "admin", "management", "urls"),
        "formats",
    ),
    "factcheck.backup": (
        *("models", "places", "keys", "manifest", "postgresql", "source", "blobs", "retention", "create", "verify"),
        *("restore", "state", "before_upgrade", "tasks", "admin", "apps"),
    ),
    "factcheck.thinning": ("models", "expendable", "thin", "tasks", "admin", "apps"),
    "factcheck.newsrooms": (
        *("models", "keys", "last_use", "client_hash", "feed_tokens", "client_identity", "authentication"),
        *("rate_limits", "rate_limit_middleware"),
        *("idempotency", "webhooks", "admin", "urls", "tasks", "apps"),
    ),
}
# These know formats and text alone, so that they can be read, tested and measured without a database.
PURE = (
    "sources/http/addresses.py",
    "sources/http/fetcher.py",
    "sources/extraction/full_text.py",
    "sources/quotes",
    "claims/formats",
    "claims/rating_scales",
    "claims/matching/differences",
    "claims/matching/engine.py",
    "claims/matching/leg.py",
    "claims/matching/normalization.py",
    "claims/matching/ranking",
    "claims/matching/types.py",
    "claims/matching/vectors",
    "claims/matching/words",
    "claims/imports/formats",
    "claims/statements/attribution",
    "claims/statements/speakers",
    "claims/statements/checkworthiness.py",
    "claims/statements/figures",
    "claims/tips/fingerprint.py",
)
DATABASE = ("django", "sources.models", "claims.models", "sources.database")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def modules() -> dict[str, Path]:
    """Every module of ours but migrations, by its dotted name."""
    paths = (path for app in APPS for path in (ROOT / app).rglob("*.py"))
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted(paths)
        if "migrations" not in path.relative_to(ROOT).parts
    }


def imported(node: ast.AST) -> list[str]:
    """The dotted names an import statement names; nothing for another node."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "relative imports hide the direction"
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def is_ours(name: str) -> bool:
    return name.split(".")[0] in APPS


@cache
def statements(path: Path) -> list[tuple[ast.stmt, str]]:
    """Every import of a file, with the function that holds it; those for type hints alone left out."""
    found: list[tuple[ast.stmt, str]] = []

    def walk(body: list[ast.stmt], function: str) -> None:
        for node in body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                found.append((node, function))
            elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                walk(node.orelse, function)
            else:
                inner = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else function
                for part in ("body", "orelse", "finalbody"):
                    walk(getattr(node, part, []), inner)
                for part in ("handlers", "cases"):
                    for branch in getattr(node, part, []):
                        walk(branch.body, inner)

    walk(tree(path).body, "")
    return found


@cache
def imports(name: str) -> frozenset[str]:
    """Modules of ours that a module imports, when it is loaded or when it runs."""
    found = set()
    for node, _ in statements(modules()[name]):
        for target in imported(node):
            # `from package.module import name`: the longest part that is a module
            while target and target not in modules():
                target = target.rpartition(".")[0]
            found |= {target} - {"", name}
    return frozenset(found)


def room(name: str, package: str) -> str:
    return name.removeprefix(f"{package}.").split(".")[0]


def against_the_order(package: str, importers: dict[str, frozenset[str]]) -> list[str]:
    """Imports among the modules of a package that run from an inner room to an outer one."""
    rank = {each: place for place, each in enumerate(ORDER[package])}
    inside = {name: targets for name, targets in importers.items() if name.startswith(f"{package}.")}
    return [
        f"{name} imports {target}"
        for name, targets in inside.items()
        for target in sorted(targets)
        if target.startswith(f"{package}.") and rank[room(name, package)] < rank[room(target, package)]
    ]


def circle(importers: dict[str, frozenset[str]]) -> list[str]:
    """One circle of modules, or an empty list."""
    done: set[str] = set()

    def search(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for target in sorted(importers.get(name, frozenset())):
            if rest := search(target, [*path, name]):
                return rest
        done.add(name)
        return []

    return next((found for name in sorted(importers) if (found := search(name, []))), [])


def everything() -> dict[str, frozenset[str]]:
    return {name: imports(name) for name in modules()}


def test_there_is_something_to_check() -> None:
    assert len(modules()) > 250
    assert "claims.publication.overlay" in imports("claims.publication.append")


def test_apps_import_in_one_direction() -> None:
    rank = {app: place for place, app in enumerate(APPS)}
    wrong = [
        f"{name} imports {target}"
        for name, targets in everything().items()
        for target in targets
        if rank[name.split(".")[0]] < rank[target.split(".")[0]]
    ]
    assert not wrong


@pytest.mark.parametrize("package", ORDER)
def test_rooms_import_in_their_order(package: str) -> None:
    inside = {room(name, package) for name in modules() if name.startswith(f"{package}.")}
    assert inside <= set(ORDER[package]), "give each new room its place in ORDER"
    assert not against_the_order(package, everything())


def test_an_import_against_the_order_is_found() -> None:
    turned = {**everything(), "claims.models.claim": frozenset({"claims.reviews.publish"})}
    assert against_the_order("claims", turned) == ["claims.models.claim imports claims.reviews.publish"]


def test_what_newsrooms_are_answered_knows_nothing_of_drafts() -> None:
    """Neither directly nor by way of another module: the client of the matcher's drafts is for the desk."""
    importers, drafts = everything(), "claims.matching.draft_client"
    seen: set[str] = set()
    waiting = [name for name in importers if name.startswith("claims.api.")]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += importers.get(name, ())
    assert "claims.publication.log_reader" in seen
    assert drafts in importers
    assert drafts not in seen


# What readers' pages may read: the logs and their index (`FacetCount` counts public versions), days of the watch, ids
# of the matcher and what `matching.current` makes of them (bodies of public versions). Nothing of the desk's own rows
# can come onto a page that reads none. Tips and complaints are written through their rooms.
READ_BY_READERS = (
    *("claims.models.ClaimVersion", "claims.models.publication.Audience", "claims.models.verification.Verification"),
    *("claims.models.publication.ClaimVersionQuerySet", "claims.models.FacetCount"),
    *(
        "claims.public",
        "claims.formats",
        "claims.publication",
        "claims.causes",
        "claims.json_object",
        "claims.visible_text",
    ),
    *(
        "claims.watch.public_watch",
        "claims.matching.client",
        "claims.matching.types",
        "claims.matching.current",
        "claims.matching.language",
        "claims.matching.words.posts",
        "claims.tips",
        "claims.complaints",
    ),
    *("claims.proof.note", "claims.proof.stored"),  # signed checkpoints, which anybody gets by REST
    *("sources.database.prepared_reads", "sources.quotes.word_diff", "sources.timestamp", "sources.reordered"),
)
OF_ONE_TIP = ("claims.public.answers", "claims.public.tip_page")  # the private page of who sent it


def test_readers_pages_read_nothing_of_the_desk() -> None:
    checked = 0
    for name, path in modules().items():
        if name.startswith("claims.public.") and name not in OF_ONE_TIP:
            checked += 1
            targets = {target for node, _ in statements(path) for target in imported(node) if is_ours(target)}
            wrong = {target for target in targets if not target.startswith(READ_BY_READERS)}
            assert not wrong, f"{name} may not import {wrong}"
    assert checked >= 10


def test_no_circle_of_files() -> None:
    assert circle(everything()) == []


def test_a_circle_is_found() -> None:
    closed = {**everything(), "sources.snapshots.store": frozenset({"sources.snapshots.folder"})}
    assert set(circle(closed)) == {"sources.snapshots.store", "sources.snapshots.folder"}


def test_no_function_imports_our_own_code() -> None:
    assert not [
        f"{name}.{function}"
        for name, path in modules().items()
        for node, function in statements(path)
        if function and any(map(is_ours, imported(node)))
    ]


def test_no_folder_is_too_full() -> None:
    counted: Counter[Path] = Counter()
    for app in (*APPS, "tests"):
        for path in (ROOT / app).rglob("*.py"):
            if path.name != "__init__.py" and "migrations" not in path.relative_to(ROOT).parts:
                counted[path.parent.relative_to(ROOT)] += 1
    assert {str(folder): count for folder, count in counted.items() if count > MOST_MODULES} == {}


def test_names_of_modules_say_something() -> None:
    empty = {"utils", "util", "core", "helpers", "helper", "services", "service", "manager", "misc", "common"}
    assert not [name for name in modules() if empty & set(name.split("."))]


def test_pure_modules_import_no_models() -> None:
    checked = 0
    for name, path in modules().items():
        if not str(path.relative_to(ROOT)).startswith(PURE):
            continue
        checked += 1
        targets = {target for node, _ in statements(path) for target in imported(node)}
        wrong = {target for target in targets if target.startswith(DATABASE)}
        assert not wrong, f"{name} is pure and may not import {wrong}"
    assert checked >= 30


def test_environment_is_read_in_settings_alone() -> None:
    """Elsewhere they would be settings that nobody documents. What a child process inherits is none."""
    inherited = {"'PATH'", "'DJANGO_SETTINGS_MODULE'"}
    readers: dict[str, set[str]] = defaultdict(set)
    for path in modules().values():
        for node in ast.walk(tree(path)):
            name = None
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
                name = ast.unparse(node.slice) if ast.unparse(node.value) == "os.environ" else None
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"os.environ.get", "os.getenv"}:
                name = ast.unparse(node.args[0])
            if name is not None and name not in inherited:
                readers[str(path.relative_to(ROOT))].add(name)
    assert set(readers) == {"factcheck/settings.py"}


def test_actors_of_audit_rows_are_named_in_one_place() -> None:
    """`noted` gives the surrounding context its details back, and `acting` keeps the user's id beside the name."""
    naming = {
        str(path.relative_to(ROOT))
        for path in modules().values()
        if "pghistory.context(" in path.read_text() and path.name != "audit.py"
    }
    assert naming == set()
