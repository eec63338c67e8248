"""Describe in the OpenAPI document what webhooks send: one entry for each event, with its payload and its headers."""

from typing import Any

from claims.api.openapi.serializers import serializer_of
from claims.models import Publication
from claims.publication.description import example
from claims.publication.published_claim import EVENTS, Claim
from factcheck.newsrooms.webhooks import payloads

_SCHEMAS = "#/components/schemas/"
_AT = "2026-03-04T12:00:00.000000Z"
_HEADERS = (
    ("webhook-id", "Id of the message: the same on each try and on each replay.", "msg_0k3m5t7z9b1d4f6h"),
    ("webhook-timestamp", "When it was sent, in seconds since 1970: refuse what is old.", "1772625600"),
    ("webhook-signature", "Signatures by each current secret, separated by blanks.", "v1,K5oZfzN95Z9UVu1EsfQmf…"),
)
_MEANINGS = {
    "published": "A claim was published, or another review of it.",
    "updated": "A review was updated: it was right on its date, and facts have moved on.",
    "clarified": "A review was clarified.",
    "corrected": "A review was corrected.",
    "recheck_raised": "A machine found that a quote no longer stands as it did; no editor has looked yet.",
    "recheck_open": "A re-check that was raised before is still open: an editor has seen it, or other news came.",
    "recheck_confirmed": "An editor confirmed that a quote no longer stands as it did.",
    "recheck_dismissed": "Editors found a re-check to be a false alarm.",
    "reconfirmed": "Editors let the verdict stand though a page that it rests on changed.",
    "source_asked": "A source was asked about a re-check that is open.",
    "source_answered": "The source answered, or its page was seen corrected.",
    "source_silent": "The source did not answer.",
    "watch_lost": "A page that a review rests on cannot be read any more.",
    "watch_resumed": "That page can be read again.",
    "suspended": "A review was put under review: do not show its rating.",
    "resumed": "The verdict stands again.",
    "merged": "Two claims were merged.",
    "unmerged": "A merge was undone.",
    "withdrawn": "A review was withdrawn.",
    "redacted": "The claim's text was taken out of the log: delete your copy.",
}
_POINTER: dict[str, Any] = {
    "type": "object",
    "description": "What is needed to ask for a claim that is too large for a message, or was redacted meanwhile.",
    "required": ["id", "url", "event", "version", "sequence", "changed_at"],
    "properties": {
        "id": {"type": "string", "description": "clm_…"},
        "url": {"type": "string", "description": "Path of the claim."},
        "event": {"type": "string", "enum": list(EVENTS)},
        "version": {"type": "integer"},
        "sequence": {"type": "integer", "description": "Place in the publication log of all claims."},
        "changed_at": {"type": "string", "format": "date-time"},
    },
}


_TEXT = {"type": "string"}
_OF_DRAFTS: tuple[tuple[str, str, dict[str, Any], dict[str, str]], ...] = (
    (
        "sent_back",
        "A draft that was sent with the webhook's key was sent back by an editor.",
        {"reason": {"type": ["string", "null"], "description": "The words that the editor wrote for you."}},
        {"reason": "Say in the summary which year the report is of."},
    ),
    (
        "published",
        "A draft that was sent with the webhook's key was published.",
        {"published_url": {**_TEXT, "description": "Path of the published review."}},
        {"published_url": "/api/v1/reviews/rev_4v9k2m0t7q8x1z3b/"},
    ),
)


def document_webhooks(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add `webhooks`; a hook of drf-spectacular."""
    result["components"]["schemas"]["ClaimPointer"] = _POINTER
    claim = serializer_of(Claim).__name__.removesuffix("Serializer")
    told: dict[str, Any] = {
        "anyOf": [{"$ref": f"{_SCHEMAS}{claim}"}, {"$ref": f"{_SCHEMAS}ClaimPointer"}],
        "description": "The claim after the event, as in the log; if `complete` is false, a pointer to it.",
    }
    webhooks = {}
    for event in Publication.Event.values:
        body = {**example(Claim), "event": event}
        webhooks[payloads.event_type(event)] = _webhook(payloads.event_type(event), _MEANINGS[event], told, body)
    draft = {
        "review": "rev_4v9k2m0t7q8x1z3b",
        "claim": "clm_4v9k2m0t7q8x1z3b",
        "url": "/api/v1/desk/reviews/rev_4v9k2m0t7q8x1z3b/",
    }
    for kind, meaning, more, sample in _OF_DRAFTS:
        body = {**draft, **sample}
        webhooks[f"draft.{kind}"] = _webhook(f"draft.{kind}", meaning, _draft_data(more), body)
    test = {
        "type": "object",
        "required": ["endpoint", "message"],
        "properties": {"endpoint": {"type": "string", "description": "whk_…"}, "message": {"type": "string"}},
    }
    message = {"endpoint": "whk_0k3m5t7z9b1d4f6h", "message": "A test of this webhook. Nothing was published."}
    webhooks[payloads.TEST] = _webhook(payloads.TEST, "You asked for a test.", test, message)
    result["webhooks"] = webhooks
    return result


def _draft_data(more: dict[str, Any]) -> dict[str, Any]:
    """What an event of a draft tells: ids, the path of the draft, and one thing of its kind."""
    properties: dict[str, Any] = {
        "review": {**_TEXT, "description": "rev_…"},
        "claim": {**_TEXT, "description": "clm_…"},
        "url": {**_TEXT, "description": "Path of your draft, which you read with the key that sent it."},
        **more,
    }
    return {"type": "object", "required": list(properties), "properties": properties}


def _webhook(name: str, meaning: str, data: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    payload = {
        "type": "object",
        "required": ["type", "timestamp", "complete", "data"],
        "properties": {
            "type": {"type": "string", "const": name},
            "timestamp": {"type": "string", "format": "date-time", "description": "When it was published."},
            "complete": {"type": "boolean", "description": "Whether `data` is whole."},
            "data": data,
        },
    }
    shown = {"type": name, "timestamp": _AT, "complete": True, "data": told}
    return {
        "post": {
            "operationId": f"webhook_{name.replace('.', '_')}",
            "summary": meaning.rstrip("."),
            "description": f"{meaning} Sent to your webhooks; docs/webhooks.md says how to verify and answer it.",
            "tags": ["webhooks"],
            "parameters": [
                {"name": header, "in": "header", "required": True, "description": text, "example": sample}
                | {"schema": {"type": "string"}}
                for header, text, sample in _HEADERS
            ],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": payload, "examples": {"one": {"value": shown}}}},
            },
            "responses": {
                "2XX": {"description": "Received. The body of the response is not needed."},
                "410": {"description": "Not wanted any more: the webhook is switched off."},
            },
            "security": [],
        }
    }
