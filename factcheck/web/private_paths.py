"""Keep the address of a tip's private page out of logs: whoever has it opens the page."""

import logging
import re

_TOKEN = re.compile(r"(?<![^\s\"'(=])(/t/)[^\s\"')?]+")


class PrivatePathFilter(logging.Filter):
    """Cut the token out of a message and of what is put into it. Passes every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg = _cut(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_cut(each) if isinstance(each, str) else each for each in record.args)
        return True


def _cut(text: str) -> str:
    return _TOKEN.sub(r"\1…", text) if "/t/" in text else text
