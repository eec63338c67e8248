"""Typed dictionaries for OpenAPI: responses of the change feed, the log, the dumps and Google's claims:search."""

import base64
import hashlib
from typing import Annotated, NotRequired, TypedDict

from claims.publication.description import Meaning, Time
from claims.publication.published_claim import EVENTS, Claim

_AT = "2026-03-01T10:00:00.000000Z"
_CURSOR = "NDEyLjRmMmE5YzAxN2QzZTViNjg"
_CLAIM, _REVIEW, _TEXT = "clm_4v9k2m0t7q8x1z3b", "rev_4v9k2m0t7q8x1z3b", "412 bridges need repair."
_ARTICLE = "https://desk.example/bridges"
_DUMP = "https://desk.example/api/v1/dumps/20260302T000012Z-"
_LINE = "\n".join(
    ("factcheck-log/1", "412", "2026-03-03T10:00:00.000000Z", "corrected", "public", "pub_4v9k2m0t7q8x1z3b", _CLAIM,
     _REVIEW, "2", hashlib.sha256(b"\xc0" * 32 + b"{}").hexdigest())
)  # fmt: skip
_LINE_SHA256 = hashlib.sha256(_LINE.encode()).hexdigest()
_HASH = hashlib.sha256(bytes.fromhex("4f2a9c017d3e5b68" * 4 + _LINE_SHA256)).hexdigest()
_FILES = [
    {
        "name": f"20260302T000012Z-{name}",
        "bytes": size,
        "sha256": sha256 * 16,
        "rows": rows,
        "url": f"{_DUMP}{name}",
    }
    for name, size, sha256, rows in (
        ("claims.ndjson.gz", 204_800, "9b1c", 398),
        ("reviews.csv.gz", 102_400, "5e7d", 401),
        ("log.ndjson.gz", 98_304, "3c6f", 412),
    )
]


class FeedItem(TypedDict, total=False):
    """An event of the log. With `fields`, only the requested ones."""

    sequence: Annotated[int, Meaning(412, "Place in the publication log of all claims.")]
    id: Annotated[str, Meaning("pub_4v9k2m0t7q8x1z3b", "pub_…")]
    event: Annotated[str, Meaning("corrected", choices=EVENTS)]
    claim: Annotated[str, Meaning(_CLAIM, "clm_…")]
    review: Annotated[str | None, Meaning(_REVIEW, "rev_… if it was about one review.")]
    version: Annotated[int, Meaning(2, "Counts the events of the claim, from 1.")]
    at: Annotated[Time, Meaning("2026-03-03T10:00:00.000000Z")]
    redacted: Annotated[bool, Meaning(False, "The body was removed for good; delete your copy.")]
    body: Annotated[
        Claim | None, Meaning({"id": _CLAIM, "text": _TEXT}, "The claim after the event; null if redacted.")
    ]


class FeedPage(TypedDict):
    """Events in order, and the cursor of the next page."""

    results: list[FeedItem]
    cursor: Annotated[str, Meaning(_CURSOR, "Pass it as `after` to continue. Always present, and valid for ever.")]
    next: Annotated[
        str,
        Meaning(
            f"https://desk.example/api/v1/feed/?after={_CURSOR}",
            "Address of the next page: this cursor and the same parameters.",
        ),
    ]
    more: Annotated[bool, Meaning(False, "Whether the next page has events already.")]


class LogRow(TypedDict):
    """A row of the publication log. Without `line` and `salt` if you may not read it."""

    sequence: Annotated[int, Meaning(412, "Place in the log; sequences have no gaps.")]
    line_sha256: Annotated[str, Meaning(_LINE_SHA256, "sha256 of the line, as 64 hexadecimal digits.")]
    line: NotRequired[Annotated[str, Meaning(_LINE, "Ten lines of text, without a line break at the end.")]]
    salt: NotRequired[
        Annotated[
            str | None,
            Meaning(
                "c0" * 32,
                "32 bytes in hexadecimal: sha256(salt + body) is the commitment. Null if the body was removed.",
            ),
        ]
    ]


class LogPage(TypedDict):
    """Rows of the log in order, and the hashes before the first and of the last."""

    results: list[LogRow]
    previous_hash: Annotated[str, Meaning("4f2a9c017d3e5b68" * 4, "Hash of the row before; 64 zeros for none.")]
    hash: Annotated[str, Meaning(_HASH, "Hash of the last row, or `previous_hash` if there is none.")]
    next: Annotated[str | None, Meaning(None, "Address of the next page; null on the last.")]


_CHECKPOINT = "\n".join(
    ("desk.example/factcheck-log", "412", base64.b64encode(bytes.fromhex(_HASH)).decode(),
     "format factcheck-checkpoint/1", "time 2026-03-03T10:12:00.000000Z",
     f"previous {'A' * 43}=", f"sealed {'5f' * 32}", "", f"— desk.example/factcheck-log {'A' * 90}==", "")
)  # fmt: skip


class NewestCheckpoint(TypedDict):
    """The newest signed checkpoint of the publication log."""

    checkpoint: Annotated[str | None, Meaning(_CHECKPOINT, "The checkpoint itself, a signed note: verify this text.")]
    origin: Annotated[str | None, Meaning("desk.example/factcheck-log", "The name of the log.")]
    size: Annotated[int | None, Meaning(412, "Sequence of the last row that everybody may read; 0 for none.")]
    hash: Annotated[str | None, Meaning(_HASH, "The hash of that row.")]
    at: Annotated[Time | None, Meaning("2026-03-03T10:12:00.000000Z")]
    public_key: Annotated[str | None, Meaning("d7" * 32, "Ed25519 public key, as 64 hexadecimal digits.")]
    verifier_key: Annotated[
        str | None,
        Meaning(
            "desk.example/factcheck-log+8fc3c9f2+AdfX19fX19fX19fX19fX19fX19fX19fX19fX19fX19fX",
            "The same key in the form of signed notes.",
        ),
    ]


class GooglePublisher(TypedDict, total=False):
    """Google's Publisher."""

    name: Annotated[str, Meaning("Our desk")]
    site: Annotated[str, Meaning("desk.example", "Host, without www.")]


class GoogleClaimReview(TypedDict):
    """Google's ClaimReview."""

    publisher: GooglePublisher
    url: Annotated[str, Meaning(_ARTICLE)]
    title: NotRequired[Annotated[str, Meaning("Do 412 bridges need repair?")]]
    reviewDate: Annotated[Time, Meaning(_AT)]
    textualRating: NotRequired[Annotated[str, Meaning("Right")]]
    languageCode: Annotated[str, Meaning("en")]


class GoogleClaim(TypedDict):
    """Google's Claim."""

    text: Annotated[str, Meaning(_TEXT)]
    claimant: NotRequired[Annotated[str, Meaning("A. Minister")]]
    claimDate: NotRequired[Annotated[Time, Meaning("2026-02-20T00:00:00Z")]]
    claimReview: list[GoogleClaimReview]


class GoogleSearch(TypedDict, total=False):
    """Google's FactCheckedClaimSearchResponse; empty if nothing was found."""

    claims: list[GoogleClaim]
    nextPageToken: Annotated[str, Meaning("NDEyLjRmMmE5YzAxN2QzZQ")]
    degraded: Annotated[
        bool, Meaning(True, "Ours, not Google's: the matcher does not answer, so that most is missing; ask again.")
    ]


class DumpFile(TypedDict):
    """A file of a dump, gzipped."""

    name: str
    bytes: int
    sha256: str
    rows: Annotated[int, Meaning(text="Claims, reviews, or rows of the log.")]
    url: str


class Dump(TypedDict):
    """A dump of all public data."""

    name: Annotated[str, Meaning("20260302T000012Z", "The time at which it was begun.")]
    sequence: Annotated[int, Meaning(412, "Sequence of the last event that it contains.")]
    hash: Annotated[str, Meaning("4f2a9c017d3e5b68" * 4, "Hash of that event in the chain of the log.")]
    cursor: Annotated[str, Meaning(_CURSOR, "Go on from here: pass it as `after` to the change feed.")]
    at: Annotated[Time | None, Meaning(_AT, "Time of that event.")]
    began_at: Annotated[Time, Meaning("2026-03-02T00:00:12.000000Z")]
    ended_at: Annotated[Time, Meaning("2026-03-02T00:00:13.000000Z")]
    claims: Annotated[int, Meaning(398)]
    reviews: Annotated[int, Meaning(401)]
    files: Annotated[list[DumpFile], Meaning(_FILES)]
    manifest: Annotated[str, Meaning(f"{_DUMP}manifest.json", "Address of the manifest file.")]
    sums: Annotated[str, Meaning(f"{_DUMP}SHA256SUMS", "Address of the SHA256SUMS file.")]


class DumpPage(TypedDict):
    """The dumps, the newest first."""

    results: list[Dump]
    next: Annotated[str | None, Meaning(None, "Address of the next page; null on the last.")]
