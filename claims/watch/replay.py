"""Run stored checks of quotes again from the stored bytes alone, and compare the answers.

A check names the passage that was looked for, the two snapshots that were compared, and the version of the rules and of
the extractor. So the same version gives the same answer at any time; another one is not compared.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache

from claims.models import EvidenceCheck
from claims.watch.quote_check import QuoteResult, check_quote, version
from sources.models import Snapshot
from sources.passages import readings
from sources.passages.readings import SnapshotReading

SAME, DIFFERS, OTHER_VERSION, NO_TEXT, NO_PASSAGE = "same", "differs", "other version", "no text", "no passage"


def replay(checks: Iterable[EvidenceCheck]) -> dict[str, Counter[str]]:
    """Run the checks again. Returns, by the version that is stored with them, how many came to what.

    `same` and `differs` compare the answers; `other version` was made by other rules or another extractor, `no text`
    looked at none, `no passage` is from before quotes had passages. Raises `StorageError` if bytes are missing.
    """
    read = lru_cache(maxsize=64)(readings.from_bytes)
    counted: dict[str, Counter[str]] = {}
    for check in checks:
        counted.setdefault(check.version, Counter())[_compare(check, read)] += 1
    return counted


def _compare(check: EvidenceCheck, read: Callable[[Snapshot], SnapshotReading]) -> str:
    if check.snapshot is None or check.reason == EvidenceCheck.Reason.UNREAD:
        return NO_TEXT
    if check.passage is None:
        return NO_PASSAGE
    if check.version != version(read(check.snapshot).extractor):
        return OTHER_VERSION
    again = check_quote(check.passage, check.snapshot, before=check.before, read=read)
    return SAME if _answer(check) == _answer(again) else DIFFERS


def _answer(given: EvidenceCheck | QuoteResult) -> tuple[str, ...]:
    return given.result, given.grade, given.stance, given.cause, given.found, ", ".join(sorted(map(str, given.kinds)))
