"""The WSGI application for `up`, in a process that dies with the server process that started it."""

import ctypes
import multiprocessing
import os
import signal
import sys

from factcheck.embedded.launch import PR_SET_PDEATHSIG

if sys.platform == "linux":
    # granian serves from child processes, which would outlive it when it is killed, and keep the port.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    _server = multiprocessing.parent_process()
    if _server is not None and os.getppid() != _server.pid:
        os._exit(1)  # it was killed before

from factcheck.wsgi import application

__all__ = ["application"]
