"""The suite's own rules: which files are marked `sql`, and what the table of CPU by file counts."""

import os
import re
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent
# They run SQL or take a database of their own, and test something else: the embedded server, the demo, other programs.
NOT_ABOUT_SQL = {
    *("claims/api/drafts/test_quotes.py", "factcheck/demo/test_demo.py", "factcheck/embedded/test_postgres.py"),
    *("factcheck/rest/test_contract.py", "factcheck/rest/test_openapi.py", "factcheck/test_tasks.py"),
}
RUNS_SQL = re.compile(r"\.execute\(|\.cursor\(|\blive_database\b")


def test_files_that_run_sql_are_marked_for_the_other_version_of_postgresql() -> None:
    files = {str(path.relative_to(TESTS)): path.read_text() for path in TESTS.rglob("test_*.py")}
    runs_sql = {name for name, text in files.items() if RUNS_SQL.search(text)} - {Path(__file__).name}
    assert len(runs_sql) > 30
    marked = {name for name in runs_sql if "pytest.mark.sql" in files[name]}
    assert runs_sql - marked == NOT_ABOUT_SQL


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
