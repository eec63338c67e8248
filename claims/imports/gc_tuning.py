"""Context managers that tune Python for large imports: thread switch interval and garbage collection; then restore."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_THRESHOLD = 100_000  # new containers between collections


@contextmanager
def switch_interval(seconds: float) -> Iterator[None]:
    """Switch threads this often; by default a writer waits 5 ms for each exchange with the database."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(seconds)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@contextmanager
def rare_collections() -> Iterator[None]:
    """Collect cyclic garbage rarely. Records form no cycles, and scanning them took a quarter of an import."""
    before = gc.get_threshold()
    gc.set_threshold(_THRESHOLD, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
