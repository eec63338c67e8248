"""Which mode a machine gets: by its memory, and by what its control groups allow."""

from pathlib import Path

import pytest

from claims.matching.server.memory import memory_limit, mode_of


def test_the_setting_wins() -> None:
    assert mode_of("words", memory=64 * 10**9) == ("words", "FACTCHECK_MATCHER=words")
    assert mode_of("full", memory=1).name == "full"


def test_without_a_setting_memory_decides() -> None:
    assert mode_of("", memory=4_294_967_296) == ("full", "4.3 GB of memory")
    assert mode_of("", memory=2_000_000_000) == ("words", "2.0 GB of memory, and the models need 4 GB")


def groups(tmp_path: Path, own: str, **files: str) -> tuple[Path, Path]:
    top = tmp_path / "cgroup"
    for name, content in files.items():
        path = top / name.replace("__", "/").replace("_max", ".max").replace("_limit", ".limit_in_bytes")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content + "\n")
    (tmp_path / "own").write_text(own)
    return top, tmp_path / "own"


@pytest.mark.parametrize(
    ("own", "files", "limit"),
    [
        # cgroup v2: the lowest of all groups around the process
        ("0::/system/matcher\n", {"system__memory_max": "3000", "system__matcher__memory_max": "5000"}, 3000),
        ("0::/system/matcher\n", {"system__memory_max": "max", "system__matcher__memory_max": "5000"}, 5000),
        ("0::/\n", {"memory_max": "7000"}, 7000),
        # cgroup v1, and both at once
        ("5:cpu:/\n9:memory:/docker/ab\n", {"memory__docker__ab__memory_limit": "4000"}, 4000),
        ("9:memory:/not/here\n0::/\n", {"memory__memory_limit": "6000", "memory_max": "8000"}, 6000),
    ],
)
def test_the_lowest_limit_counts(tmp_path: Path, own: str, files: dict[str, str], limit: int) -> None:
    assert memory_limit(*groups(tmp_path, own, **files)) == limit


def test_without_limits_the_machine_counts(tmp_path: Path) -> None:
    machine = memory_limit(tmp_path / "nothing", tmp_path / "nothing")
    assert machine > 10**8
    top, own = groups(tmp_path, "garbage\n0::/\n", memory_max="9223372036854771712")
    own.write_text("0::/\n")
    assert memory_limit(top, own) == machine
