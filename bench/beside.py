"""Measure this checkout and another one by the same code, in turns.

A benchmark that takes `--beside CHECKOUT` starts itself once more for each side. The code that measures is this
checkout's on both sides; every module of the product comes from the checkout that is measured (`ROOT`), with a database
of its own. The turns go this, other, other, this, so that a machine that grows slower or faster favours neither.

A benchmark imports this module before any of the product: it puts `ROOT` in front of the path.
"""

import argparse
import compileall
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any, Protocol

_HERE = Path(__file__).resolve().parent
_VARIABLE = "BENCH_CHECKOUT"
SIDES = ("this", "beside")
ROOT = Path(os.environ.get(_VARIABLE) or _HERE.parent)
"""The checkout whose code this process measures."""

sys.path[:0] = [str(ROOT), str(_HERE)]


def add_options(parser: argparse.ArgumentParser, *, rounds: int) -> None:
    """Add `--beside` and `--rounds`, and the option by which a benchmark starts itself for one side."""
    parser.add_argument("--beside", type=_checkout, metavar="CHECKOUT", help="compare with the code in this folder")
    parser.add_argument("--rounds", type=int, default=rounds, help="measurements of each side; best an even number")
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)


def _checkout(text: str) -> Path:
    folder = Path(text).resolve()
    if not (folder / "manage.py").exists() or not (folder / "factcheck").is_dir():
        raise argparse.ArgumentTypeError(f"{folder} is no checkout of this project; name the folder with manage.py")
    return folder


def roots(beside: Path) -> dict[str, Path]:
    """The folder of each side, with its modules compiled: the first run shall not pay for that."""
    found = dict(zip(SIDES, (ROOT, beside), strict=True))
    for root in found.values():
        for room in ("sources", "claims", "factcheck"):
            compileall.compile_dir(root / room, quiet=2)
    return found


def turns(number: int) -> Iterator[tuple[str, str]]:
    """The order of the sides in each of so many rounds."""
    for nth in range(number):
        yield SIDES if nth % 2 == 0 else SIDES[::-1]


def commit(root: Path) -> str:
    """The commit of a checkout, with a plus if files differ from it; empty without git."""
    git = ["git", "-C", str(root), "describe", "--always", "--abbrev=10", "--exclude=*", "--dirty=+"]
    try:
        return subprocess.run(git, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""


def run(root: Path, arguments: Sequence[str]) -> Any:
    """Run this benchmark once for one checkout, in a process of its own. Returns what its last line says."""
    ran = subprocess.run(_command(arguments), cwd=root, env=_environment(root), stdout=subprocess.PIPE, text=True)
    if ran.returncode != 0:
        raise SystemExit(f"{root}: the benchmark ended with {ran.returncode}; see its messages above.")
    return json.loads(ran.stdout.splitlines()[-1])


class Side:
    """A process of this benchmark that measures one checkout whenever it is asked. Use it in a `with`."""

    def __init__(self, root: Path, arguments: Sequence[str]) -> None:
        self.root = root
        self._process = subprocess.Popen(
            _command([*arguments, "--answer"]),
            cwd=root,  # Celery puts it in front of the path
            env=_environment(root),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Side":
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        with suppress(OSError):
            self._process.stdin.close()  # it ends when nobody asks any more
        self._process.wait()

    def ask(self, **question: Any) -> Any:
        """Put a question to the process and wait for its answer."""
        self.put(**question)
        return self.take()

    def put(self, **question: Any) -> None:
        """Put a question; `take` has its answer. Several sides can so prepare at the same time."""
        assert self._process.stdin
        with suppress(BrokenPipeError):  # `take` says that it ended
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()

    def take(self) -> Any:
        """Wait for the answer to the question put last."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.root}: the benchmark ended with {self._process.wait()}; see its messages above.")
        return json.loads(line)


class Answering(Protocol):
    """What measures in a process of `Side`."""

    def answer(self, **question: Any) -> Any:
        """Measure what is asked for; the answer is something that JSON can say."""


def answer(measuring: AbstractContextManager[Answering]) -> None:
    """Answer the questions of `Side` until none is left; what is printed meanwhile goes to the standard error."""
    with _own_output() as answers, measuring as bench:
        for question in sys.stdin:
            answers.write(json.dumps(bench.answer(**json.loads(question))) + "\n")
            answers.flush()


@contextmanager
def _own_output() -> Iterator[Any]:
    sys.stdout.flush()
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)
        yield answers


def own_module(name: str) -> ModuleType | None:
    """The module of `bench/` in the checkout that is measured, for what depends on its tables; None if it has none."""
    if name not in sys.modules:
        file = ROOT / "bench" / f"{name}.py"
        spec = spec_from_file_location(name, file) if file.exists() else None
        if spec is None or spec.loader is None:
            return None
        module = module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@contextmanager
def data_folder(purpose: str) -> Iterator[Path]:
    """A temporary data folder for the product, and an environment in which the settings name it."""
    with tempfile.TemporaryDirectory(prefix=f"factcheck-{purpose}-") as folder:
        os.environ |= {"FACTCHECK_DATA": folder, "DJANGO_SETTINGS_MODULE": "factcheck.settings"}
        yield Path(folder)


def compared(this: Sequence[float], beside: Sequence[float], digits: int = 1) -> dict[str, Any]:
    """Medians of both sides, their ratio, and the smallest and largest ratio of a round (`spread`)."""
    medians = [median(side) for side in (this, beside)]
    ratios = [one / other for one, other in zip(this, beside, strict=True) if other]
    return {
        "this": round(medians[0], digits),
        "beside": round(medians[1], digits),
        "ratio": round(medians[0] / medians[1], 3) if medians[1] else None,
        "spread": [round(min(ratios), 3), round(max(ratios), 3)] if ratios else None,
    }


def line(name: str, row: dict[str, Any], unit: str) -> str:
    """A line of the table for people."""
    ratio = "-" if row["ratio"] is None else f"{row['ratio']:.3f}"
    least, most = row["spread"] or (0, 0)
    return f"{name:<44} {row['this']:>10,} {row['beside']:>10,} {unit:<4} {ratio:>6}  ({least:.2f} to {most:.2f})"


HEAD = f"{'':<44} {'this':>10} {'beside':>10} {'':4} {'ratio':>6}  (of a round)"


def _command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, str(Path(sys.argv[0]).resolve()), *arguments]


def _environment(root: Path) -> dict[str, str]:
    """The environment for one side: without settings of this product, so that both have the same."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FACTCHECK_", "DATABASE_"))}
    kept.pop("PYTHONPATH", None)
    return kept | {_VARIABLE: str(root)}
