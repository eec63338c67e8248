"""Each way of rewriting the database alone is found, and an honest one has no findings."""

from pathlib import Path
from typing import Any

import pytest

from claims.proof.verify import verify
from sources.models import Snapshot
from sources.snapshots import default_store
from tests.factcheck.fixtures import story

pytestmark = pytest.mark.sql


def keep_bytes() -> None:
    """Store the bytes of the snapshots, of which the factories write the rows alone."""
    pages = [f"<html><body>{each.text.text}</body></html>" for each in Snapshot.objects.exclude(text=None)]
    default_store.store().put_many([page.encode() for page in pages])


@pytest.mark.django_db
def test_an_honest_database_has_no_findings(tmp_path: Path, settings: Any) -> None:
    settings.SNAPSHOT_STORE = str(tmp_path / "snapshots")
    story.tell(tmp_path)
    keep_bytes()
    assert list(map(str, verify(blobs="all"))) == []
