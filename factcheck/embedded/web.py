"""The WSGI application for `up`, in a process that dies with the server process that started it."""

import resource
import sys

from django.conf import settings

from factcheck.web.body_gate import BodyGate
from factcheck.wsgi import application as django_application
from sources.extraction.process_tree import die_with_parent

__all__ = ["application"]

application = BodyGate(
    django_application, trusted_proxies=settings.TRUSTED_PROXIES, max_rest_bytes=settings.MAX_BODY_BYTES
)

# Each connection is an open file, and many systems give a process 1,024 until it asks for what it may have.
_, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (_hard if sys.platform == "linux" else min(_hard, 10_240), _hard))

# granian serves from child processes, which would outlive it when it is killed, and keep the port.
die_with_parent()
