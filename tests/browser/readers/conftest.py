"""Readers: nobody of them logs in, and none has scripts."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import Desk
from tests.browser.person import Person


@pytest.fixture
def stranger(chromium: Any, desk: Desk) -> Iterator[Person]:
    """Somebody who never logged in, without scripts."""
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    yield Person(context, desk.web, "a stranger")
    assert context.cookies() == []
    context.close()
