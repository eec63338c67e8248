"""A worker's threads share their memory: what one gave back the next may use."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

# Eight threads that allocate at the same time, then the arenas that glibc tells of.
_PROGRAM = """
import ctypes, os, sys, tempfile, threading
sys.path.insert(0, sys.argv[1])
if sys.argv[2] == "worker":
    from celery.signals import worker_init
    import factcheck.celery
    worker_init.send(sender=None)
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
together = threading.Barrier(8)
def work():
    together.wait()
    held = [libc.malloc(20_000) for _ in range(200)]
    together.wait()
    for each in held:
        libc.free(each)
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc.fdopen.restype = ctypes.c_void_p
with tempfile.TemporaryFile() as file:
    stream = libc.fdopen(os.dup(file.fileno()), b"w")
    libc.malloc_info(0, ctypes.c_void_p(stream))
    libc.fclose(ctypes.c_void_p(stream))
    file.seek(0)
    print(file.read().count(b"<heap nr="))
"""


def arenas(of: str) -> int:
    command = [sys.executable, "-c", _PROGRAM, str(ROOT), of]
    return int(subprocess.run(command, capture_output=True, check=True, text=True, timeout=60).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's arenas")
def test_a_worker_keeps_two_arenas() -> None:
    assert arenas("worker") <= 2


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's arenas")
def test_left_alone_each_thread_gets_its_own() -> None:
    """The control."""
    assert arenas("left alone") > 2
