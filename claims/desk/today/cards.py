"""Cards of Today that other parts of the product bring: set-up, proof, backups, log-ins, webhooks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Card:
    """A template with its context. What is `urgent` stands above the day's work, the rest below it."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    urgent: bool = False


Maker = Callable[[HttpRequest], list[Card]]
_MAKERS: list[Maker] = []


def cards_of(maker: Maker) -> Maker:
    """Register a function that makes the cards which one person may see."""
    _MAKERS.append(maker)
    return maker


def cards(request: HttpRequest) -> list[Card]:
    """All cards for the person of this request."""
    return [card for maker in _MAKERS for card in maker(request)]
