"""What a database needs before its first use by people: a newsroom with a key, and the demo."""

from dataclasses import dataclass, field

from factcheck.newsrooms.models import Newsroom
from factcheck.supervisor import Part


@dataclass
class Preparation:
    """Lines that `up` prints before `ready`, and what it starts beside web, worker and beat."""

    lines: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)


def prepare(*, demo: bool) -> Preparation:
    """Called by `up` at every start, after migrations and before the parts start; as the role *app*."""
    preparation = Preparation()
    if not Newsroom.objects.exists():
        from factcheck.newsrooms.keys import create_key

        preparation.lines.append(f"api key: {create_key('First newsroom', ['read', 'write', 'tips'])}")
    return preparation
