"""Take one-time keys out of the addresses that errors are logged with."""

import logging
import re

_KEY = re.compile(r"(/key/)[^/\s]+")  # of a password's reset, which stands in the path


class WithoutKeys(logging.Filter):
    """A filter of the logger `django.request`, whose records have the path as an argument."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_KEY.sub(r"\1…", each) if isinstance(each, str) else each for each in record.args)
        return True
