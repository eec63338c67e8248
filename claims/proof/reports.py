"""Keep what audits found, and what an administrator accepted of it, so that nobody without the key can say otherwise.

The role *app* may add rows to reports: one without a MAC by the key of the seals counts for nothing.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import orjson
from django.utils import timezone

from claims.models import AuditReport, Checkpoint
from claims.proof import checkpoints, keys, stored
from claims.proof.finding import Finding
from sources.timestamp import timestamp

_ACCEPTED = "Accepted: "
_AHEAD = timedelta(minutes=5)


def store(started_at: datetime, number: int, sentences: list[str]) -> AuditReport:
    """Store what an audit found."""
    report = AuditReport(started_at=started_at, finished_at=timezone.now(), findings=number, sentences=sentences)
    if (path := keys.folder() / keys.SEAL_KEY).exists():
        report.mac = _mac(report, keys.read(path))
    report.save(force_insert=True)
    return report


def newest() -> AuditReport | None:
    """The last report by the key of this installation, of any key if the data folder has none; none of the future."""
    known = keys.all_seal_keys().values()
    earliest = datetime(2000, 1, 1, tzinfo=timezone.now().tzinfo)
    rows = AuditReport.objects.filter(finished_at__range=(earliest, timezone.now() + _AHEAD))
    for report in rows.order_by("-finished_at", "-pk").iterator(chunk_size=10):
        said = report.sentences if isinstance(report.sentences, list) else []
        if any(str(each).startswith(_ACCEPTED) for each in said[:1]):
            continue  # what was accepted, and no audit
        if not known or any(_is_by(report, key) for key in known):
            return report
    return None


def _is_by(report: AuditReport, key: bytes) -> bool:
    try:
        return hmac.compare_digest(report.mac.encode(errors="replace"), _mac(report, key).encode())
    except (TypeError, ValueError):
        return False  # nothing that we would store


def _mac(report: AuditReport, key: bytes) -> str:
    times = timestamp(report.started_at), timestamp(report.finished_at)
    content = orjson.dumps(["factcheck-report/1", *times, report.findings, report.sentences])
    return hmac.digest(key, content, "sha256").hex()


def accept(reason: str, findings: Iterable[Finding]) -> Checkpoint | None:
    """Accept these findings, and go on from the history as it is now. None if another process writes a checkpoint.

    The next checkpoint tells everybody that history was accepted, and binds why: by a hash, for reasons may be private.
    Raises `KeyProblem`.
    """
    sentences = [f"{_ACCEPTED}{reason}", secrets.token_hex(16), *map(identity, findings)]
    checkpoint = checkpoints.write(accepted=_digest(sentences))
    if checkpoint is not None:
        store(timezone.now(), 0, sentences)
    return checkpoint


def accepted() -> set[str]:
    """The identities of all findings that were accepted, by what a checkpoint of ours binds."""
    bound = {each.extensions["accepted"] for _, each in stored.openings() if "accepted" in each.extensions}
    if not bound:
        return set()
    reports = AuditReport.objects.filter(sentences__0__startswith=_ACCEPTED).values_list("sentences", flat=True)
    return {each for sentences in reports if _digest(sentences) in bound for each in sentences[2:]}


def openings() -> Iterator[str]:
    """Where history was accepted anew or restored, a sentence each, as checkpoints tell everybody."""
    for row, each in stored.openings():
        if "accepted" in each.extensions:
            yield f"An administrator accepted history as it was at {row.at:%Y-%m-%d %H:%M} UTC."
        else:
            sequence, _, at = each.extensions["restored"].partition(" ")
            yield f"The log was restored from a backup to row {sequence} at {at}."


def identity(finding: Finding) -> str:
    """What names a finding: after a further change it is another one."""
    return hashlib.sha256("\n".join(finding).encode(errors="replace")).hexdigest()


def _digest(sentences: list[str]) -> str:
    return hashlib.sha256(orjson.dumps(sentences)).hexdigest()
