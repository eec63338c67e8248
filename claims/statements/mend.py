"""Mend what was read of who said what. What an editor mended, no program changes (a trigger holds it)."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.models import Appearance, Attribution, Statement
from claims.permissions import Refused, User, may_edit, require
from sources.database.audit import acting

_MAY_NOT = gettext_noop("You may not mend attributions; ask an administrator for the role of a reporter or an editor.")


def mend(attribution: Attribution, *, actor: User) -> Attribution:
    """Save an attribution as the editor has it now, new or changed. Raises `Refused`.

    Where the document no longer says that it was said, the attribution loses its speaker, and claims lose theirs.
    """
    require(may_edit(actor), _MAY_NOT)
    with acting(actor, reason="mended an attribution"), transaction.atomic():
        statement = Statement.objects.select_for_update().get(pk=attribution.statement_id)
        if any(not statement.start <= start < end <= statement.end for start, end in attribution.content):
            raise Refused(_("What was said has to stand within the statement."))
        if attribution.polarity != Attribution.Polarity.ASSERTED:
            attribution.speaker = None
            Appearance.objects.filter(attribution=attribution.pk or 0).update(attribution=None)
        attribution.mended_by, attribution.mended_at = actor, timezone.now()
        attribution.save()
        speak_by_the_first(statement)
    return attribution


def remove(attribution: Attribution, *, actor: User) -> None:
    """Remove an attribution that is none. Raises `Refused` while a claim hangs on it."""
    require(may_edit(actor), _MAY_NOT)
    with acting(actor, reason="removed an attribution"), transaction.atomic():
        statement = Statement.objects.select_for_update().get(pk=attribution.statement_id)
        if attribution.appearances.exists():
            raise Refused(_("A claim hangs on this attribution. Link its statement without a speaker first."))
        attribution.delete()
        speak_by_the_first(statement)


def spans_of(pieces: Sequence[str], statement: Statement) -> list[list[int]]:
    """Where these words stand in the statement, in their order. Raises `Refused` for words that do not."""
    spans, after = [], 0
    for piece in pieces:
        at = statement.text.find(piece, after)
        if at < 0:
            raise Refused(
                _("“%(piece)s” does not stand in the statement, or not after the words before it.") % {"piece": piece}
            )
        after = at + len(piece)
        spans.append([statement.start + at, statement.start + after])
    return spans


def speak_by_the_first(statement: Statement, *, save: bool = True) -> None:
    """Give the statement the speaker, cue and content of its first asserted attribution; nobody's without one."""
    first = statement.attributions.filter(polarity=Attribution.Polarity.ASSERTED).first()
    values: dict[str, Any] = {
        "speaker": first and first.speaker,
        "speaker_as_written": first.speaker_as_written if first else "",
        "cue": first.cue if first else "",
        "content": first.content if first and first.content else [[statement.start, statement.end]],
        "quoted": first is not None and first.quoted,
    }
    if any(getattr(statement, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(statement, name, value)
        if save:
            statement.save(update_fields=[*values])
