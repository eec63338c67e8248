"""Finished answers that a process keeps, and why none of them is ever stale.

What a view with `of_log = True` answers follows from the publication log alone, for the audience that asks and the
address that was asked. Each row of the log holds a hash of itself and of all rows before it. So an answer is kept
together with the hash that was the log's last before the answer was made, and is given again only if, in the very
request, the database still names that hash. Whoever asks after a publication was committed gets a new answer, in
every process; a log that was set back to a backup and went on otherwise has another hash.

A request is first let in, whatever is kept: its key is looked up and its limit is taken from by the same class that
REST framework would call. On a hit that, and the hash, are all it costs.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from rest_framework.request import Request

from claims.api.answers import answer, log_head
