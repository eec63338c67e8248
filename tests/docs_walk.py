"""Run the commands of a page of the docs as they stand there, in their order, as a reader with a shell does."""

import re
import subprocess
import sys
from pathlib import Path

from tests.running_demo import ROOT, Newcomer, environment

_BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.M | re.S)
# What starts an installation or makes the environment of its commands: `up` runs already.
_STARTS = ("python3 -m venv", "manage.py up")


class DocsWalk:
    """Walks through pages, against what `up` started; files that a page writes come into a folder of their own."""

    def __init__(self, newcomer: Newcomer, folder: Path) -> None:
        self._newcomer = newcomer
        self._folder = folder / "walk"
        self._folder.mkdir()
        (self._folder / "manage.py").symlink_to(ROOT / "manage.py")

    def walk(self, page: str) -> str:
        """What the page's blocks print, run in one shell; fails with the block that failed."""
        text = (ROOT / page).read_text()
        if page == "README.md":  # there the reader puts in both by hand, before any variable
            text = text.replace("fc_…", self._newcomer.key).replace("http://127.0.0.1:8000", self._newcomer.web)
        script = []
        for number, (language, block) in enumerate(_BLOCK.findall(text), start=1):
            if block.startswith("#!") or any(each in block for each in _STARTS):
                continue
            script.append(f"echo '--- block {number} of {page}' >&2")
            script.append(block if language == "sh" else f"python - <<'END OF BLOCK'\n{block}END OF BLOCK")
        assert script
        ran = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(script)],
            cwd=self._folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert ran.returncode == 0, ran.stdout[-2_000:] + ran.stderr[-2_000:]
        return ran.stdout

    def _environment(self) -> dict[str, str]:
        given = environment()
        own = {"DESK": self._newcomer.web, "KEY": self._newcomer.key, "FACTCHECK_DATA": str(self._newcomer.up.data)}
        return given | own | {"PATH": f"{Path(sys.executable).parent}:{given['PATH']}"}
