"""Name the speaker of a statement, add and rename speakers, and join two names of the same speaker."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from claims.models import Attribution, ClaimVersion, Speaker, Statement
from claims.permissions import Refused, User, may_edit, require
from sources.database.audit import acting

_ID = re.compile(r"\bspk_[0-9a-zA-Z]+\b")


def called(text: str) -> QuerySet[Speaker]:
    """The speakers that a person can mean by this: an id, or a name or alias, whatever its case."""
    if found := _ID.search(text):
        return Speaker.objects.filter(public_id=found[0])
    name = " ".join(text.split())
    return Speaker.objects.filter(Q(name__iexact=name) | Q(aliases__contains=[name])).order_by("pk")


def named(text: str, *, actor: User, new: bool = False) -> Speaker | None:
    """The speaker that this names; None for an empty text; a new one if `new`. Raises `Refused` if it is not clear."""
    name = " ".join(text.split())
    if not name:
        return None
    if not new:
        found = list(called(name)[:6])
        if len(found) == 1:
            return found[0]
        if found:
            raise Refused(
                _("Several speakers are called %(name)s: %(list)s. Write the id of the one that is meant.")
                % {"name": name, "list": "; ".join(described(each) for each in found)}
            )
        raise Refused(_("No speaker is called %(name)s. Tick “a new speaker”, or correct the name.") % {"name": name})
    if _ID.search(name):
        raise Refused(_("Write the name of the new speaker, not an id."))
    return save(Speaker(name=name[:300]), actor=actor)


def described(speaker: Speaker) -> str:
    """A speaker so that twins are told apart: name, role, id."""
    return " · ".join(part for part in (speaker.name, speaker.role, speaker.public_id) if part)


def save(speaker: Speaker, *, actor: User) -> Speaker:
    """Save a speaker as an editor has it now. Raises `Refused`."""
    _require(actor)
    reason = "added a speaker" if speaker.pk is None else "changed a speaker"
    with acting(actor, reason=reason), transaction.atomic():
        names = dict.fromkeys(" ".join(each.split())[:300] for each in speaker.aliases)
        speaker.aliases = [name for name in names if name and name != speaker.name]
        try:
            speaker.full_clean()
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
        speaker.save()
    return speaker


def join(speaker: Speaker, into: Speaker, *, actor: User) -> Speaker:
    """Join two speakers that are one: the other gets its statements, names, and what it lacks. Raises `Refused`.

    A speaker whom something published names stays without statements, under its name. What this changes in published
    claims waits among the edits of published claims for a second person, like every change of a speaker.
    """
    _require(actor)
    if speaker.pk == into.pk:
        raise Refused(_("Choose another speaker; this is the same one."))
    with acting(actor, reason="joined two speakers"), transaction.atomic():
        rows = {row.pk: row for row in Speaker.objects.select_for_update().filter(pk__in=[speaker.pk, into.pk])}
        if len(rows) < 2:
            raise Refused(_("One of the two was removed meanwhile; look at the list again."))
        one, other = rows[speaker.pk], rows[into.pk]
        if one.wikidata_id and other.wikidata_id and one.wikidata_id != other.wikidata_id:
            raise Refused(
                _("They are two in Wikidata: %(one)s and %(other)s. Correct the wrong id first.")
                % {"one": one.wikidata_id, "other": other.wikidata_id}
            )
        if Speaker.Kind.UNKNOWN not in (one.kind, other.kind) and one.kind != other.kind:
            raise Refused(_("One is a person and the other an organisation. Correct the wrong kind first."))
        for attribution in Attribution.objects.filter(speaker=one):
            attribution.speaker = other
            attribution.save(update_fields=["speaker"])
        for statement in Statement.objects.filter(speaker=one):
            statement.speaker = other
            statement.save(update_fields=["speaker"])
        wikidata = one.wikidata_id
        if not _is_published(one):
            one.delete()
        elif wikidata and not other.wikidata_id:
            one.wikidata_id = ""
            one.save(update_fields=["wikidata_id"])
        other.kind = one.kind if other.kind == Speaker.Kind.UNKNOWN else other.kind
        other.role = other.role or one.role
        other.wikidata_id = other.wikidata_id or wikidata
        other.aliases = [*dict.fromkeys([*other.aliases, one.name, *one.aliases])]
        return save(other, actor=actor)


def _is_published(speaker: Speaker) -> bool:
    return ClaimVersion.objects.filter(speakers__contains=[speaker.public_id]).exists()


def _require(actor: User) -> None:
    require(
        may_edit(actor),
        _("You may not change speakers; ask an administrator for the role of a reporter or an editor."),
    )
