"""People at the desk, in Chromium."""

import shutil

import pytest

from sources.extraction.browser import missing_requirement

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NEEDED = "For the tests of the desk in a browser: apt-get install chromium"
IN_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None or bool(missing_requirement()), reason=f"{missing_requirement()} {NEEDED}"),
]
"""`pytestmark` of each module here."""
