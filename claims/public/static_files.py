"""The bytes of a static file, for what goes out as files: a mirror, a dossier."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage


def static_file(name: str) -> bytes:
    """The file with this name below /static/, also where it was collected alone. Raises OSError if there is none."""
    found = finders.find(name)
    if isinstance(found, str):
        return Path(found).read_bytes()
    with staticfiles_storage.open(name) as file:
        content: bytes = file.read()
    return content
