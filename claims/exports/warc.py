"""Export the saved pages that a claim's reviews quote as one WARC file (ISO 28500:2017, WARC 1.1).

    warcinfo · per snapshot: response (or resource, for an uploaded copy) · per quote of it: metadata

For editors only, since it holds whole pages of other publishers. Confidential evidence is left out.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import IO, Any

import orjson
from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from claims.models import Claim, Evidence
from sources.models import Snapshot
from sources.snapshots import default_store
from sources.snapshots.store import SnapshotCorrupt
from sources.timestamp import timestamp

# False for the stored bytes, which are decoded; these headers keep their values under a prefix.
_TRANSFER_HEADERS = {"content-encoding", "transfer-encoding", "content-length"}
_ORIGINAL = "X-Archive-Orig-"


class NothingToExport(Exception):
    """The claim's reviews quote no saved page. The message is a sentence."""


def write(claim: Claim, out: IO[bytes]) -> int:
    """Write the claim's saved pages to `out`, one gzip member a record. Returns the number of pages.

    Raises `NothingToExport`, and `StorageError` if the bytes of a page are missing or differ from their SHA-256; the
    caller then has to discard what was written.
    """
    evidence = (
        Evidence.objects.filter(version__review__claim=claim, kind=Evidence.Kind.PAGE_QUOTE)
        .exclude(visibility=Evidence.Visibility.CONFIDENTIAL)
        .select_related("version__review", "snapshot__blob", "snapshot__page")
        .order_by("snapshot_id", "pk")
    )
    quotes: dict[int, list[Evidence]] = {}
    snapshots: dict[int, Snapshot] = {}
    for each in evidence:
        if each.snapshot is not None:
            quotes.setdefault(each.snapshot.pk, []).append(each)
            snapshots[each.snapshot.pk] = each.snapshot
    if not snapshots:
        raise NothingToExport(f"The claim {claim.public_id} rests on no saved page that may be exported.")
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    about = {
        "software": "factcheck",
        "format": "WARC File Format 1.1",
        "description": f"Pages quoted as evidence on claim {claim.public_id}",
        "isPartOf": claim.public_id,
    }
    writer.write_record(writer.create_warcinfo_record(f"{claim.public_id}.warc.gz", about))
    for number, snapshot in snapshots.items():
        record = _page_record(writer, snapshot)
        writer.write_record(record)
        for metadata in _quote_records(writer, claim, snapshot, quotes[number], record):
            writer.write_record(metadata)
    return len(snapshots)


def _page_record(writer: WARCWriter, snapshot: Snapshot) -> ArcWarcRecord:
    data = default_store.store().get(snapshot.blob_id)
    if len(data) != snapshot.blob.size:
        raise SnapshotCorrupt(f"Snapshot {snapshot.public_id} has another size than its row says; run a scrub.")
    warc_headers = {"WARC-Date": timestamp(snapshot.taken_at)}
    address = snapshot.final_url or snapshot.page.url
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
        http_headers=StatusAndHeaders(f"{snapshot.status} ", headers, protocol="HTTP/1.1"),
        warc_headers_dict=warc_headers,
    )


def _quote_records(
    writer: WARCWriter, claim: Claim, snapshot: Snapshot, evidence: Iterable[Evidence], page: ArcWarcRecord
) -> Iterable[ArcWarcRecord]:
    """One metadata record for each quote of the page."""
    for each in evidence:
        metadata: dict[str, Any] = {
            "claim": claim.public_id,
            "review": each.version.review.public_id,
            "version": each.version.number,
            "evidence": each.public_id,
            "stance": each.stance,
            "quote": {"type": "TextQuoteSelector", "exact": each.exact, "prefix": each.prefix, "suffix": each.suffix},
            "snapshot": snapshot.public_id,
            "origin": snapshot.origin,
            "sha256": snapshot.blob_id,
            "text_sha256": snapshot.text_id,
            "extractor": snapshot.extractor,
        }
        body = orjson.dumps(metadata)
        yield writer.create_warc_record(
            page.rec_headers.get_header("WARC-Target-URI"),
            "metadata",
            payload=BytesIO(body),
            length=len(body),
            warc_content_type="application/json",
            warc_headers_dict={
                "WARC-Refers-To": page.rec_headers.get_header("WARC-Record-ID"),
                "WARC-Date": page.rec_headers.get_header("WARC-Date"),
            },
        )
