"""The WSGI application for `up`, in a process that dies with the server process that started it."""

import ctypes
import signal
import sys

from factcheck.embedded.launch import PR_SET_PDEATHSIG
from factcheck.wsgi import application

__all__ = ["application"]

if sys.platform == "linux":
    # granian serves from child processes, which would outlive it when it is killed, and keep the port.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
