"""The WSGI entry as `up` serves it: in a process that dies with the server process that made it."""

import ctypes
import signal
import sys

from factcheck.embedded.launch import PR_SET_PDEATHSIG
from factcheck.wsgi import application

__all__ = ["application"]

if sys.platform == "linux":
    # granian answers from child processes, which would outlive it when it is killed, and hold the port.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
