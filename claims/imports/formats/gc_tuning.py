"""How Python runs while a large import does. Both settings are the process's; each is put back."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NEW = 100_000  # containers made since the last look


@contextmanager
def turns(seconds: float) -> Iterator[None]:
    """Let threads take turns so often: else one that writes waits 5 ms for each word it has with the database."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(seconds)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for cycles of garbage seldom. Records make none, and to look at all of them took a quarter of an import."""
    before = gc.get_threshold()
    gc.set_threshold(_NEW, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
