"""Webhook payloads: `{"type": "claim.corrected", "timestamp": …, "complete": true, "data": the claim's JSON}`.

`data` is byte for byte the body in the log. For a body that is too large or was redacted meanwhile, `data` has only
what is needed to request the claim, and `complete` is false.
"""

import hashlib
from datetime import datetime
from typing import Any

import orjson

from claims.models import DraftEvent, Publication
from factcheck.newsrooms.models import WebhookDelivery
from sources.timestamp import timestamp

TEST = "webhook.test"
# Crockford's base 32, as in all public ids (sources/database/public_ids.py).
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def message_id(endpoint_id: str, publication_id: str) -> str:
    """Derive the `webhook-id` from the public ids of endpoint and publication: the same on each attempt and replay."""
    number = int.from_bytes(hashlib.sha256(f"{endpoint_id} {publication_id}".encode()).digest()[:10], "big")
    return "msg_" + "".join(_ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))


def event_type(event: str) -> str:
    """The `type` of an event of the log: corrected → claim.corrected."""
    return f"claim.{event}"


def type_of(delivery: WebhookDelivery) -> str:
    """The `type` of the message: of its publication, of an event of a draft (draft.sent_back), or of a test."""
    if delivery.draft_event is not None:
        return f"draft.{delivery.draft_event.kind}"
    return TEST if delivery.publication is None else event_type(delivery.publication.event)


def of_publication(publication: Publication, body: bytes | None, *, max_bytes: int) -> bytes:
    """The payload of a publication, whose `data` has at most `max_bytes`; `body` is None if it was redacted."""
    whole = body is not None and len(body) <= max_bytes
    data = body if body is not None and whole else orjson.dumps(_pointer(publication))
    head = {"type": event_type(publication.event), "timestamp": timestamp(publication.at), "complete": whole}
    return orjson.dumps(head)[:-1] + b',"data":' + data + b"}"


def of_draft(event: DraftEvent) -> bytes:
    """The payload of an event of a draft: ids, where to look, and the words that an editor wrote for the newsroom."""
    data: dict[str, Any] = {
        "review": event.review,
        "claim": event.claim,
        "url": f"/api/v1/desk/reviews/{event.review}/",
    }
    if event.kind == DraftEvent.Kind.SENT_BACK:
        data["reason"] = event.reason or None
    else:
        data["published_url"] = f"/api/v1/reviews/{event.review}/"
    return orjson.dumps(
        {"type": f"draft.{event.kind}", "timestamp": timestamp(event.at), "complete": True, "data": data}
    )


def of_test(endpoint_id: str, at: datetime) -> bytes:
    """The payload of a test message."""
    sentence = "A test of this webhook, asked for at the desk or by API. Nothing was published."
    data: dict[str, Any] = {"endpoint": endpoint_id, "message": sentence}
    return orjson.dumps({"type": TEST, "timestamp": timestamp(at), "complete": True, "data": data})


def _pointer(publication: Publication) -> dict[str, Any]:
    claim = publication.claim.public_id
    return {
        "id": claim,
        "url": f"/api/v1/claims/{claim}/",
        "event": publication.event,
        "version": publication.version,
        "sequence": publication.sequence,
        "changed_at": timestamp(publication.at),
    }
