"""The suite's own rules: which tests are marked `sql`, and what the table of CPU by file counts."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent
# They run SQL or take a database of their own, and test something else: the embedded server, the demo, other programs.
NOT_ABOUT_SQL = {
    *("claims/desk/crawl/test_crawl.py", "claims/desk/rechecks/test_screens.py"),
    *("claims/desk/crawl/test_pseudo_locale.py", "claims/desk/shell/test_every_verb.py"),
    "claims/desk/teamwork/test_bulk_broken_off.py",
    *("claims/api/drafts/test_quotes.py", "factcheck/demo/test_demo.py", "factcheck/embedded/test_postgres.py"),
    *("factcheck/rest/test_contract.py", "factcheck/rest/test_openapi.py", "factcheck/test_tasks.py"),
}
RUNS_SQL = re.compile(r"\.execute\(|\.cursor\(|\blive_database\b")
MARK = "pytest.mark.sql"
# They are marked as a whole and run SQL of ours through other rooms: bulk writes, leases and locks of polls and sweeps,
# stored bodies, look-ups of imports.
ABOUT_SQL_OF_OTHERS = {
    *("claims/api/published/test_stored_bodies.py", "claims/imports/test_record_identity.py"),
    *("claims/publication/test_claim_versions.py", "claims/watch/test_sweep_affected.py"),
    *("claims/watch/test_sweep_unaffected.py", "sources/polling/test_poller.py", "sources/polling/test_record.py"),
}
# SQL of the product's own, which Django does not write: what another version may read otherwise.
OWN_SQL = re.compile(r"\.cursor\(|\.raw\(|\bRawSQL\(")


def is_marked(module: ast.Module, function: ast.FunctionDef) -> bool:
    """Whether the test is repeated on the other version, by a mark of its own or of its file."""
    of_file = [ast.unparse(each.value) for each in module.body if isinstance(each, ast.Assign)]
    return any(MARK in each for each in [*of_file, *map(ast.unparse, function.decorator_list)])


def names_in(function: ast.FunctionDef) -> set[str]:
    used = {each.id for each in ast.walk(function) if isinstance(each, ast.Name)}
    return {function.name, *used, *(each.arg for each in function.args.args)}


def running_sql(functions: list[ast.FunctionDef]) -> set[str]:
    """Those that run SQL or take a database of their own, and those of the file that use such."""
    found = {each.name for each in functions if RUNS_SQL.search(ast.unparse(each))}
    while more := {each.name for each in functions if found & names_in(each)} - found:
        found |= more
    return found


def test_tests_that_run_sql_are_marked_for_the_other_version_of_postgresql() -> None:
    unmarked, count = set(), 0
    for path in TESTS.rglob("test_*.py"):
        module = ast.parse(path.read_text())
        functions = [each for each in ast.walk(module) if isinstance(each, ast.FunctionDef)]
        found = running_sql(functions)
        tests = [each for each in functions if each.name in found and each.name.startswith("test_")]
        count += len(tests)
        if not all(is_marked(module, each) for each in tests):
            unmarked.add(str(path.relative_to(TESTS)))
    assert count > 100
    assert unmarked - {Path(__file__).name} == NOT_ABOUT_SQL


def test_files_that_test_sql_of_our_own_are_marked_for_the_other_version_of_postgresql() -> None:
    root = TESTS.parent
    ours = [path for room in ("claims", "factcheck", "sources") for path in (root / room).rglob("*.py")]
    mirrored = {
        path: TESTS / path.relative_to(root).with_name(f"test_{path.name}")
        for path in ours
        if "migrations" not in path.parts and OWN_SQL.search(path.read_text())
    }
    tested = {path: test for path, test in mirrored.items() if test.exists()}
    assert len(tested) > 10
    assert not [test for test in tested.values() if MARK not in test.read_text()]


def test_files_are_marked_as_a_whole_only_if_sql_is_what_they_test() -> None:
    """What Django writes, and behaviour that passes through SQL which other tests run there, need no second version."""
    wrong = set()
    for path in TESTS.rglob("test_*.py"):
        module = ast.parse(path.read_text())
        if not any(MARK in ast.unparse(each) for each in module.body if is_pytestmark(each)):
            continue
        functions = [each for each in ast.walk(module) if isinstance(each, ast.FunctionDef)]
        tested = TESTS.parent / path.relative_to(TESTS).with_name(path.name.removeprefix("test_"))
        if not running_sql(functions) and not (tested.exists() and OWN_SQL.search(tested.read_text())):
            wrong.add(str(path.relative_to(TESTS)))
    assert wrong == ABOUT_SQL_OF_OTHERS


def is_pytestmark(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "pytestmark"


def test_cpu_of_processes_is_counted_with_the_file_that_started_them(tmp_path: Path) -> None:
    """Also of one that still runs when its file ends, and the total is what the system says of the whole run."""
    (tmp_path / "test_burns.py").write_text(
        "import subprocess, sys\n"
        "BURN = 'import time\\nwhile time.process_time() < 0.5: pass\\n'\n"
        "def test_it():\n"
        "    subprocess.run([sys.executable, '-c', BURN])\n"
        "    global lives\n"
        "    lives = subprocess.Popen([sys.executable, '-c', BURN + 'print(flush=True)\\ntime.sleep(60)'],"
        " stdout=subprocess.PIPE)\n"
        "    lives.stdout.readline()\n"
    )
    (tmp_path / "test_idles.py").write_text(
        "import test_burns\ndef test_it():\n    test_burns.lives.kill()\n    test_burns.lives.wait()\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "--rootdir", str(tmp_path), "-p", "tests.cpu_by_file"]
    before = os.times()
    ran = subprocess.run(
        [*command, "-p", "no:cacheprovider", "test_burns.py", "test_idles.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(TESTS.parent)},
        capture_output=True,
        text=True,
    )
    after = os.times()
    assert ran.returncode == 0, ran.stdout + ran.stderr
    cpu = {name: float(seconds) for seconds, name in re.findall(r"^ +([\d.]+)  (\S+)", ran.stdout, re.M)}
    assert 1 <= cpu["test_burns.py"] < 2
    assert cpu["test_idles.py"] < 0.2
    used = after.children_user + after.children_system - before.children_user - before.children_system
    assert abs(cpu["in"] - used) < 0.3  # the row "in all"
