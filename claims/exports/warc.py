"""Export the saved pages that a claim's reviews quote as one WARC file (ISO 28500:2017, WARC 1.1).

    warcinfo · per snapshot: response (or resource, for an uploaded copy) · per quote of it: metadata

A page is in the file as it was quoted, as it was when an editor accepted other words of it, and as it was when the
watch found the quote broken, with the reading in which the quote stood before; and it says where a later extractor read
the quote otherwise. `role` in the metadata says which is which, and so does the warcinfo record for all of them. For
editors only, since it holds whole pages of other publishers. Confidential evidence is left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from typing import IO, Any

import orjson
from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from claims.models import Anchoring, Claim, Evidence, EvidenceCheck
from sources.models import Snapshot
from sources.snapshots import default_store
from sources.snapshots.store import SnapshotCorrupt
from sources.timestamp import timestamp

# False for the stored bytes, which are decoded; these headers keep their values under a prefix.
_TRANSFER_HEADERS = {"content-encoding", "transfer-encoding", "content-length"}
_ORIGINAL = "X-Archive-Orig-"


class NothingToExport(Exception):
    """The claim's reviews quote no saved page. The message is a sentence."""


@dataclass(frozen=True)
class _Use:
    """What a snapshot is to a quote. `more` holds further facts for its metadata record."""

    role: str
    """`quoted`, `accepted`, `reread`, `broken`, or `before`: the last reading of a quote that then broke."""
    evidence: Evidence
    more: dict[str, Any] = field(default_factory=dict)


def write(claim: Claim, out: IO[bytes]) -> int:
    """Write the claim's saved pages to `out`, one gzip member a record. Returns the number of snapshots.

    Raises `NothingToExport`, and `StorageError` if the bytes of a page are missing or differ from their SHA-256; the
    caller then has to discard what was written.
    """
    uses: dict[int, list[_Use]] = {}
    snapshots: dict[int, Snapshot] = {}
    for snapshot, use in _uses(claim):
        snapshots[snapshot.pk] = snapshot
        known = uses.setdefault(snapshot.pk, [])
        if use not in known:  # a quote breaks at each poll of a page that goes on to change
            known.append(use)
    if not snapshots:
        raise NothingToExport(f"The claim {claim.public_id} rests on no saved page that may be exported.")
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    about = {
        "software": "factcheck",
        "format": "WARC File Format 1.1",
        "description": f"Pages quoted as evidence on claim {claim.public_id}",
        "isPartOf": claim.public_id,
    }
    for number, (key, snapshot) in enumerate(sorted(snapshots.items()), start=1):
        roles = ", ".join(dict.fromkeys(use.role for use in uses[key]))
        about[f"snapshot-{number}"] = (
            f"{snapshot.public_id} {timestamp(snapshot.taken_at)} {roles} {_address(snapshot)}"
        )
    info = writer.create_warcinfo_record(f"{claim.public_id}.warc.gz", about)
    info.rec_headers.replace_header("WARC-Date", _seconds(datetime.now(UTC)))
    writer.write_record(info)
    for key, snapshot in sorted(snapshots.items()):
        record = _page_record(writer, snapshot)
        writer.write_record(record)
        for metadata in _quote_records(writer, claim, snapshot, uses[key], record):
            writer.write_record(metadata)
    return len(snapshots)


def _uses(claim: Claim) -> Iterator[tuple[Snapshot, _Use]]:
    """Yield each snapshot with what it is to a quote; several times, if it is several things or to several quotes."""
    related = ("snapshot__blob", "snapshot__page")
    evidence = (
        Evidence.objects.filter(version__review__claim=claim, kind=Evidence.Kind.PAGE_QUOTE)
        .exclude(visibility=Evidence.Visibility.CONFIDENTIAL)
        .select_related("version__review", *related)
        .order_by("pk")
    )
    for each in evidence:
        if each.snapshot is not None:
            yield each.snapshot, _Use("quoted", each)
    quotes = {each.pk: each for each in evidence}
    for anchoring in Anchoring.objects.filter(evidence__in=quotes).select_related(*related).order_by("pk"):
        quote = quotes[anchoring.evidence_id]
        if anchoring.reason == Anchoring.Reason.STILL_STANDS:
            yield anchoring.snapshot, _Use("accepted", quote, {"accepted": anchoring.exact, "why": anchoring.why})
        elif anchoring.reason == Anchoring.Reason.RE_READ:
            yield anchoring.snapshot, _Use("reread", quote, {"reads": anchoring.exact})
    checks = EvidenceCheck.objects.broken().filter(evidence__in=quotes, snapshot__isnull=False)
    for check in checks.select_related(*related, "before__blob", "before__page").order_by("pk"):
        quote = quotes[check.evidence_id]
        if check.before is not None:
            yield check.before, _Use("before", quote)
        found = {"result": check.result, "cause": check.why, "grade": check.grade, "found": check.found}
        if check.snapshot is not None:
            yield check.snapshot, _Use("broken", quote, found | {"checked_at": timestamp(check.checked_at)})


def _address(snapshot: Snapshot) -> str:
    return snapshot.final_url or snapshot.page.url


def _date(snapshot: Snapshot) -> str:
    """The time at which the capture began, in whole seconds: not all tools read fractions. The metadata has them."""
    return _seconds(snapshot.requested_at or snapshot.taken_at)


def _seconds(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _page_record(writer: WARCWriter, snapshot: Snapshot) -> ArcWarcRecord:
    data = default_store.store().get(snapshot.blob_id)
    if len(data) != snapshot.blob.size:
        raise SnapshotCorrupt(f"Snapshot {snapshot.public_id} has another size than its row says; run a scrub.")
    warc_headers = {"WARC-Date": _date(snapshot)}
    address = _address(snapshot)
    if snapshot.origin == Snapshot.Origin.UPLOADED or snapshot.status is None:
        return writer.create_warc_record(
            address,
            "resource",
            payload=BytesIO(data),
            length=len(data),
            warc_content_type=snapshot.blob.media_type or "application/octet-stream",
            warc_headers_dict=warc_headers,
        )
    headers = [
        (f"{_ORIGINAL}{name}" if name.lower() in _TRANSFER_HEADERS else name, value) for name, value in snapshot.headers
    ]
    headers.append(("Content-Length", str(len(data))))
    return writer.create_warc_record(
        address,
        "response",
        payload=BytesIO(data),
        length=len(data),
        http_headers=StatusAndHeaders(_status_line(snapshot.status), headers, protocol="HTTP/1.1"),
        warc_headers_dict=warc_headers,
    )


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"


def _quote_records(
    writer: WARCWriter, claim: Claim, snapshot: Snapshot, uses: Iterable[_Use], page: ArcWarcRecord
) -> Iterable[ArcWarcRecord]:
    """One metadata record for each quote and role.

    Its target is no address of the page, so that no tool takes it for a capture of the page.
    """
    for use in uses:
        quote = use.evidence
        metadata: dict[str, Any] = {
            "claim": claim.public_id,
            "review": quote.version.review.public_id,
            "version": quote.version.number,
            "evidence": quote.public_id,
            "stance": quote.stance,
            "quote": {
                "type": "TextQuoteSelector",
                "exact": quote.exact,
                "prefix": quote.prefix,
                "suffix": quote.suffix,
            },
            "role": use.role,
            **use.more,
            "snapshot": snapshot.public_id,
            "url": _address(snapshot),
            "taken_at": timestamp(snapshot.taken_at),
            "origin": snapshot.origin,
            "sha256": snapshot.blob_id,
            "text_sha256": snapshot.text_id,
            "extractor": snapshot.extractor,
        }
        body = orjson.dumps(metadata)
        yield writer.create_warc_record(
            f"urn:factcheck:{snapshot.public_id}:{quote.public_id}:{use.role}",
            "metadata",
            payload=BytesIO(body),
            length=len(body),
            warc_content_type="application/json",
            warc_headers_dict={
                "WARC-Refers-To": page.rec_headers.get_header("WARC-Record-ID"),
                "WARC-Date": page.rec_headers.get_header("WARC-Date"),
            },
        )
