"""A data folder of each crawl's own: the story signs a checkpoint there, which its database alone continues."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path
