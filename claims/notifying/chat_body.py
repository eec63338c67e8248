"""The message to a chat room, in the shape that its program takes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from claims.models import ChatWebhook, Notice
from claims.notifying.inert import inert
from claims.notifying.outside import About

_LONGEST = 1_900  # characters of a message: Discord takes 2,000
_SUPPRESS_EMBEDS = 4  # flag of Discord's messages


@dataclass
class Line:
    """Notices of one kind about one thing, and whom of their recipients the room may be named."""

    kind: str
    about: About
    people: list[str] = field(default_factory=list)


def message(shape: str, lines: Iterable[Line]) -> bytes:
    """The body of one request. In English, since a room has no language of its own."""
    with translation.override(settings.LANGUAGE_CODE):
        return _body(shape, [_line(each) for each in lines])


def trial_message(shape: str, url: str) -> bytes:
    """What a room is sent to see whether it hears the desk."""
    with translation.override(settings.LANGUAGE_CODE):
        return _body(shape, [_("This room is told of notices of the desk: %(url)s") % {"url": url}])


def _line(line: Line) -> str:
    parts = [_told_to_all(line.kind)]
    if line.people:
        parts[0] += f" ({', '.join(sorted(inert(name, 60) for name in set(line.people)))})"
    if line.about.id:
        parts.append(f"{line.about.id} “{line.about.words}”" if line.about.words else line.about.id)
    return " · ".join([*parts, line.about.url])


def _told_to_all(kind: str) -> str:
    """The kind, said to a room instead of to the person whom it is for."""
    to_all = {
        Notice.Kind.MENTION: _("somebody was mentioned"),
        Notice.Kind.QUESTION: _("a colleague asks"),
        Notice.Kind.ASSIGNED: _("a claim was assigned"),
    }
    return to_all.get(Notice.Kind(kind)) or str(Notice.Kind(kind).label)


def _body(shape: str, lines: list[str]) -> bytes:
    kept, length = [], 0
    for line in lines:
        length += len(line) + 1
        if length > _LONGEST:
            kept.append("…")
            break
        kept.append(line)
    body: dict[str, Any]
    if shape == ChatWebhook.Shape.TEAMS:
        body = _card(kept)
    elif shape == ChatWebhook.Shape.DISCORD:
        body = {"content": "\n".join(kept), "allowed_mentions": {"parse": []}, "flags": _SUPPRESS_EMBEDS}
    else:
        text = "\n".join(kept)
        body = {"text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")}
    return orjson.dumps(body)


def _card(lines: list[str]) -> dict[str, Any]:
    """An Adaptive Card, as the “workflow” webhooks of Teams take it."""
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": line, "wrap": True} for line in lines],
    }
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [content]}
