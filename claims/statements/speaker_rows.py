"""Find the speaker row of an assertion, or create it; an editor decides wherever more than one row can be meant.

A row of the same name or alias is taken only if nothing contradicts: neither its kind, nor its role, nor a second row
of that name. Namesakes stay two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Q

from claims.models import Speaker
from claims.statements.extracted import Assertion, Sureness
from claims.statements.speakers.vocabulary import LANGUAGES, vocabulary
from claims.visible_text import unreadable

_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Filed:
    """The speaker row of an assertion. Without one, `unsure` says what an editor has to decide, if anything."""

    row: Speaker | None
    unsure: str = ""


class SpeakerRows:
    """The speaker rows of one document, each looked up once."""

    def __init__(self, *, is_demo: bool = False) -> None:
        self.is_demo = is_demo
        self._known: dict[tuple[str, str], Filed] = {}
        self._roles: dict[str, set[str]] = {}

    def of(self, said: Assertion | None) -> Filed:
        """The row of whoever said it; none unless it is sure who that is and the text gives a name of its own."""
        if said is None or said.sureness is not Sureness.SURE or not said.proper or not said.speaker_resolved:
            return Filed(None)
        name = re.sub(r"^the\s+", "", said.speaker_resolved, flags=re.IGNORECASE).strip()[:_LONGEST_NAME]
        if unreadable(name) or not any(c.isalpha() for c in name):
            return Filed(None)
        roles = self._roles.setdefault(name, set())
        roles |= said.role
        key = (name, said.speaker_kind)
        if key not in self._known:
            self._known[key] = self._find(name, said.speaker_kind, roles)
        return self._known[key]

    def _find(self, name: str, kind: str, roles: set[str]) -> Filed:
        spellings = [name, f"the {name}", f"The {name}"]
        rows = list(
            Speaker.objects.filter(Q(name__in=spellings) | Q(aliases__overlap=spellings)).order_by("pk")[:2],
        )
        if not rows:
            return Filed(Speaker.objects.create(name=name, kind=kind, is_demo=self.is_demo))
        if len(rows) > 1:
            return Filed(None, f"Several speakers are called {name}; choose one.")
        row = rows[0]
        if Speaker.Kind.UNKNOWN not in (kind, row.kind) and row.kind != kind:
            return Filed(None, f"The speaker called {name} is filed as {row.get_kind_display()}; choose one.")
        if contradict(row.role, roles):
            return Filed(None, f"The speaker called {name} is filed as “{row.role}”; choose one.")
        return Filed(row)


def contradict(role: str, roles: set[str] | frozenset[str]) -> bool:
    """Whether a role on file and those of a text are of two persons: a singer is no harbourmaster."""
    filed = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", role.lower())
    told = (vocabulary(code).contradict(roles, filed) for code in LANGUAGES)
    return next((found for found in told if found is not None), False)
