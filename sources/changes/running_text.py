"""Tell running text from menus, teasers and counters by the length of lines. Pure."""

import re

from sources.quotes.normalization import CONTINUOUS

_DENSE = re.compile(f"[{CONTINUOUS}\uac00-\ud7af]")


def width(line: str) -> float:
    """Return the length in Latin letters: a word has about five, and about two characters in dense scripts."""
    return len(line) + (0 if line.isascii() else 1.5 * len(_DENSE.findall(line)))


def is_running_text(line: str) -> bool:
    """Whether a line is long enough to be prose, not a menu, teaser or counter."""
    return len(line) >= 100 or (len(line) >= 40 and width(line) >= 100)


def count_prose(text: str, most: int) -> int:
    """Count the characters in lines of running text, up to `most`."""
    count = 0
    for line in text.split("\n"):
        if len(line) >= 40 and is_running_text(line):
            count += len(line)
            if count >= most:
                break
    return count
