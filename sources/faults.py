"""Fault injection for crash tests: kill the process at a named point of the code."""

import os
import signal

from django.conf import settings


def point(name: str) -> None:
    """Kill this process with SIGKILL if the setting FAULT_POINT names this point."""
    if name == settings.FAULT_POINT:
        os.kill(os.getpid(), signal.SIGKILL)
