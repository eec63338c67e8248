"""Measure what reading a page costs, beside the text extraction of another commit.

    python bench/extraction.py DIR --beside REVISION [--every 8] [--turns 5]

DIR holds `html/<name>.html`, of which every eighth is read. Both versions run in processes of their own, turn by turn
on each page; of each page the least CPU time counts, since other programs only add to it. `again` is a page whose
style sheets were read at its last poll, `new` one whose style sheets were never seen: all that is remembered is
forgotten before.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_READ = """
import functools, gc, json, sys, time
from pathlib import Path
from sources.extraction.full_text import extract
gc.disable()
for line in sys.stdin:
    remembers, path = line.rstrip("\\n").split(" ", 1)
    body = Path(path).read_bytes()
    if remembers == "new":
        for name, module in list(sys.modules.items()):
            if name.startswith("sources.extraction."):
                for each in list(vars(module).values()):
                    if isinstance(each, functools._lru_cache_wrapper) and each.cache_info().maxsize:
                        each.cache_clear()
    gc.collect()
    started = time.process_time()
    extract(body, "text/html")
    print(json.dumps(time.process_time() - started), flush=True)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--beside", required=True, metavar="REVISION")
    parser.add_argument("--every", type=int, default=8, help="read every nth page")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--show", action="store_true", help="print every page")
    options = parser.parse_args()
    pages = sorted((options.folder / "html").glob("*.html"))[:: options.every]
    if not pages:
        parser.error(f"{options.folder} has no html/*.html")
    with tempfile.TemporaryDirectory(prefix="factcheck-extraction-") as folder:
        archive = ["git", "-C", str(ROOT), "archive", options.beside, "sources"]
        done = subprocess.run(archive, check=True, capture_output=True)
        subprocess.run(["tar", "x", "-C", folder], input=done.stdout, check=True)
        reported = compare(pages, Reader(Path(folder)), Reader(ROOT), options.turns, show=options.show)
    print(json.dumps({"pages": len(pages), "beside": options.beside} | reported))


class Reader:
    """A process that reads pages with the code in a folder."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _READ], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def seconds(self, page: Path, remembers: str) -> float:
        """CPU seconds of one reading."""
        assert self.process.stdin and self.process.stdout
        print(remembers, page.resolve(), file=self.process.stdin, flush=True)
        return float(json.loads(self.process.stdout.readline()))

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def compare(pages: list[Path], other: Reader, this: Reader, turns: int, *, show: bool) -> dict[str, float]:
    total = {"other": 0.0, "again": 0.0, "new": 0.0}
    for page in pages:
        least = dict.fromkeys(total, float("inf"))
        this.seconds(page, "again")
        for _ in range(turns):
            least["other"] = min(least["other"], other.seconds(page, "again"))
            least["again"] = min(least["again"], this.seconds(page, "again"))
        for _ in range(turns):
            least["other"] = min(least["other"], other.seconds(page, "again"))
            least["new"] = min(least["new"], this.seconds(page, "new"))
        for name, seconds in least.items():
            total[name] += seconds
        if show:
            rounded = {name: round(seconds * 1000, 2) for name, seconds in least.items()}
            print(page.name, page.stat().st_size, json.dumps(rounded), flush=True)
    other.close()
    this.close()
    each = {f"ms_{name}": round(seconds / len(pages) * 1000, 3) for name, seconds in total.items()}
    ratios = {name: round(total[name] / total["other"], 3) for name in ("again", "new")}
    return each | ratios


if __name__ == "__main__":
    main()
