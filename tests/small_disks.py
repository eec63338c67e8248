"""Small file systems, and a database on one, for tests of what happens when they are full."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connections

from factcheck.embedded import postgres


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB, which a test may enlarge by mounting it anew."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("Run this as root, with mount (util-linux) installed: it fills a small file system.")
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "small", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("No file system can be mounted here.")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def database_on_a_small_disk(
    migrated_template: str, django_db_setup: None, django_db_blocker: object
) -> Iterator[Path]:
    """A database on a file system of 100 MB, which Django uses."""
    if "DATABASE_URL" in os.environ:
        pytest.skip("Run this without DATABASE_URL: it fills the disk of the suite's own server.")
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("Run this as root, with mount (util-linux) installed: it fills a small file system.")
    # Not below tmp_path: the server is another user, who must reach it.
    folder, name = Path(tempfile.mkdtemp()), "small_disk"
    folder.chmod(0o755)
    server = (django_settings.DATA / "postgres").stat()
    who = f"uid={server.st_uid},gid={server.st_gid},mode=700"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size=100m,{who}", name, str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("No file system can be mounted here.")

    def as_superuser(*statements: str) -> None:
        with psycopg.connect(
            postgres.database_url(django_settings.DATA, role="superuser"), autocommit=True
        ) as superuser:
            for statement in statements:
                superuser.execute(statement)

    shared = connections["default"].settings_dict["NAME"]
    try:
        as_superuser(
            f"CREATE TABLESPACE {name} LOCATION '{folder}'",
            f"CREATE DATABASE {name} TEMPLATE {migrated_template} TABLESPACE {name}",
        )
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = name
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            yield folder
    finally:
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = shared
        as_superuser(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"DROP TABLESPACE IF EXISTS {name}")
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def fill(folder: Path, *, free: int) -> Path:
    """Fill the disk but for so many bytes; returns the file whose end makes room again."""
    ballast = folder / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(b"0" * 4_096) == 4_096:
            pass
    os.truncate(ballast, ballast.stat().st_size - free)
    return ballast
