"""A data folder of each test's own, for keys, checkpoints and stored pages."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    settings.SNAPSHOT_STORE = str(settings.DATA / "snapshots")
    return Path(settings.DATA)
