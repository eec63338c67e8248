"""Drill: back up a desk, restore it into another folder and another PostgreSQL, start it, and damage backups.

    python bench/backup.py [--claims 2000] [--blobs 2000]

A desk is filled by `manage.py import_reviews` on the embedded stack in a temporary folder, with its audit, and with
saved pages of 5 to 60 KB. It is backed up twice, restored into a new folder and, where it is installed, into an empty
PostgreSQL 15 (`.ci/postgresql15`); each time it is verified by `restore` itself and started by `up`. Beside the times
stand those of the tools that nobody beats: `pg_dump` and `cp -r` of the same bytes. Then each damage of a backup, and
each half-broken target, must be refused with a sentence, and a restore that was killed must be repeatable.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

import database_template  # noqa: E402

MANAGE = [sys.executable, str(ROOT / "manage.py")]
PASSPHRASE = "words for the drill"
Damage = tuple[str, Callable[[Path], object], str]
POSTGRESQL_15 = Path("/usr/lib/postgresql/15/bin/postgres")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=2_000)
    parser.add_argument("--blobs", type=int, default=2_000)
    parser.add_argument("--damages", type=int, default=len(DAMAGES), help="how many kinds of damage to try")
    parser.add_argument("--restore", nargs=2, type=Path, metavar=("SRC", "DATA"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.restore:
        print(json.dumps(restore_and_start(*given.restore)))
        return
    with tempfile.TemporaryDirectory(prefix="factcheck-drill-") as folder:
        result = drill(Path(folder), given.claims, given.blobs, DAMAGES[: given.damages])
    for name, value in result.items():
        print(f"{name:>30}  {value}")
    print(json.dumps(result))
    if result["damages_unseen"]:
        raise SystemExit(1)


def environment(**more: str) -> dict[str, str]:
    inherited = {
        name: os.environ[name] for name in ("PATH", "HOME", "DATABASE_URL", "DATABASE_OWNER_URL") if name in os.environ
    }
    return {**inherited, "FACTCHECK_BACKUP_PASSPHRASE": PASSPHRASE, **more}


def manage(*arguments: object, check: bool = True, **more: str) -> subprocess.CompletedProcess[str]:
    command = [*MANAGE, *map(str, arguments)]
    result = subprocess.run(command, env=environment(**more), capture_output=True, text=True, check=False)
    if check and result.returncode:
        raise SystemExit(f"{' '.join(command)}\n{result.stdout}{result.stderr}")
    return result


def seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return round(time.monotonic() - began, 1)


def drill(folder: Path, claims: int, count: int, tried: list[Damage]) -> dict[str, Any]:
    desk, backup = folder / "desk", folder / "backup"
    result: dict[str, Any] = {"claims": claims, "blobs": count}
    with running(desk) as cluster_url:
        fill(desk, folder, claims, count)
        dump = [*pg_dump(), "--format=custom", "--schema=public", f"--file={folder / 'dump'}", cluster_url]
        result["pg_dump_s"] = seconds(lambda: subprocess.run(dump, check=True))
        result["cp_s"] = seconds(lambda: subprocess.run(["cp", "-r", desk / "snapshots", folder / "copy"], check=True))
        shutil.rmtree(folder / "copy")
        (folder / "dump").unlink()
        result["backup_s"] = seconds(lambda: manage("backup", backup, "--data", desk))
        result["second_backup_s"] = seconds(lambda: manage("backup", backup, "--data", desk))
    result["backup_mb"] = round(sum(path.stat().st_size for path in backup.rglob("*") if path.is_file()) / 1e6, 1)
    result["backup_to_tools"] = round(result["backup_s"] / max(0.1, result["pg_dump_s"] + result["cp_s"]), 2)
    result |= restored(backup, folder / "restored")
    if POSTGRESQL_15.exists():
        into_15 = restored(backup, folder / "restored-15", [str(ROOT / ".ci" / "postgresql15")])
        result |= {f"{name.removesuffix('_s')}_15_s": value for name, value in into_15.items()}
    unseen = [*damages(backup, folder / "target", tried), *half_broken(backup, folder / "half")]
    result["damages"] = len(tried) + 5
    result["damages_unseen"] = unseen
    return result


class running:
    """The embedded server of a data folder; the block is given its URL as owner."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __enter__(self) -> str:
        os.environ |= {"FACTCHECK_DATA": str(self.data), "DJANGO_SETTINGS_MODULE": "factcheck.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        from factcheck.embedded.data_format import mark_folder
        from factcheck.embedded.postgres import Cluster, database_url
        from factcheck.management.commands import up

        up.make_data_folder(self.data)
        up.ensure_secret_key(self.data)
        database_template.copy_to(self.data)
        mark_folder(self.data)
        self.cluster = Cluster(self.data)
        self.cluster.create()
        self.cluster.start()
        self.cluster.prepare_database()
        call_command("migrate", verbosity=0, interactive=False)
        return database_url(self.data, role="owner")

    def __exit__(self, *_: object) -> None:
        from django.db import connections

        connections.close_all()
        self.cluster.stop()


def pg_dump() -> list[str]:
    from factcheck.embedded.postgres import binaries

    return [str(binaries() / "pg_dump")]


def fill(desk: Path, folder: Path, claims: int, count: int) -> None:
    """Import reviews, as another publisher's feed, and store saved pages."""
    import importing

    from sources.models import Blob
    from sources.snapshots.folder import FolderStore

    importing.write_feed(folder / "feed.json", claims, 1)
    manage("import_reviews", folder / "feed.json", "--data", desk)
    draw, store = random.Random(1), FolderStore(desk / "snapshots")
    words = [f"word{number}" for number in range(5_000)]
    for first in range(0, count, 500):
        pages = [
            (f"<p>page {number}</p>" + " ".join(draw.choices(words, k=draw.randrange(700, 8_000)))).encode()
            for number in range(first, min(first + 500, count))
        ]
        names = store.put_many(pages)
        Blob.objects.bulk_create(
            Blob(sha256=name, size=len(page), media_type="text/html") for name, page in zip(names, pages, strict=True)
        )


def restored(backup: Path, data: Path, runner: list[str] | None = None) -> dict[str, Any]:
    """Restore and start in a process of its own, perhaps with the environment of another server."""
    command = [*(runner or []), sys.executable, str(Path(__file__)), "--restore", str(backup), str(data)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def restore_and_start(backup: Path, data: Path) -> dict[str, Any]:
    found = {"restore_s": seconds(lambda: manage("restore", backup, "--data", data))}
    began = time.monotonic()
    up = subprocess.Popen(
        [*MANAGE, "up", "--data", str(data), "--port", "0", "--no-demo"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for line in up.stdout or ():
            if line.startswith("ready "):
                found["start_s"] = round(time.monotonic() - began, 1)
                return found
        raise SystemExit(f"up ended: {up.communicate()[1]}")
    finally:
        up.send_signal(signal.SIGTERM)
        up.wait(60)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


DAMAGES: list[Damage] = [
    ("database.dump.gz", flip, "its sha256 is not that of the manifest"),
    ("database.dump.gz", cut, "cut off or replaced"),
    ("database.dump.gz", Path.unlink, "is missing"),
    ("blobs.gz", flip, "its sha256 is not that of the manifest"),
    ("keys.json", Path.unlink, "is missing"),
    ("manifest.json", flip, "is damaged"),
    ("manifest.json", Path.unlink, "is unfinished"),
    ("a saved page", flip, "do not have the hash of its name"),
    ("a saved page", cut, "bytes instead of"),
    ("a saved page", Path.unlink, "is missing"),
]


def damages(backup: Path, target: Path, tried: list[Damage]) -> list[str]:
    """Each damage of the newest set; returns those that were not refused with their sentence."""
    unseen = []
    newest = max((backup / "sets").iterdir())
    for name, damage, sentence in tried:
        file = min((backup / "blobs").rglob("*.gz")) if name == "a saved page" else newest / name
        whole = file.read_bytes()
        damage(file)
        arguments = ["restore", backup, "--set", newest.name, "--data", target]
        if not refuses(arguments, sentence) or target.exists():
            unseen.append(f"{name}, {damage.__name__}")
        file.write_bytes(whole)
    return unseen


def half_broken(backup: Path, target: Path) -> list[str]:
    """Targets that are not empty, keys that are missing, and a restore that was killed."""
    unseen = []
    restore = ["restore", backup, "--data", target]
    if not refuses(restore, "encrypted: set FACTCHECK_BACKUP_PASSPHRASE", FACTCHECK_BACKUP_PASSPHRASE=""):
        unseen.append("a missing passphrase")
    if not refuses(restore, "is not the one with which the keys", FACTCHECK_BACKUP_PASSPHRASE="wrong"):
        unseen.append("a wrong passphrase")
    killed = manage(*restore, check=False, FACTCHECK_FAULT_POINT="database restored")
    if killed.returncode != -signal.SIGKILL:
        unseen.append("a kill")
    if not refuses(["up", "--data", target, "--port", "0"], "did not finish"):
        unseen.append("a start on a half-broken target")
    manage(*restore)
    if not refuses(restore, "is not empty"):
        unseen.append("a target that is in use")
    return unseen


def refuses(arguments: list[object], sentence: str, **more: str) -> bool:
    result = manage(*arguments, check=False, **more)
    return result.returncode == 1 and sentence in result.stderr


if __name__ == "__main__":
    main()
