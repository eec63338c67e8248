import pytest

from tests.api_client import reading_key
from tests.claims.api.matching.stub import StubMatcher


@pytest.fixture
def matcher(monkeypatch: pytest.MonkeyPatch) -> StubMatcher:
    return StubMatcher(monkeypatch)


@pytest.fixture
def key(db: None) -> str:
    return reading_key()
