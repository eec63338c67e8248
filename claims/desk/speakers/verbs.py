"""The buttons of a speaker."""

from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from claims.desk.shell.verbs import Act, Verb, register, seen_of
from claims.models import Speaker
from claims.permissions import Refused
from claims.statements.by_hand import speaker_edits

MOST_ALIASES = 100


def save(act: Act) -> str:
    """Save name, role, kind, Wikidata id and other names."""
    speaker = Speaker.objects.select_for_update().filter(pk=act.row.pk).first()
    if speaker is None:
        raise Refused(_("This speaker was joined with another or removed meanwhile."))
    if act.seen != seen_of(speaker):
        raise Refused(_("A colleague changed this speaker meanwhile. What you typed is kept; compare and save again."))
    if act.text("kind") not in Speaker.Kind.values:
        raise Refused(_("Choose whether the speaker is a person or an organisation."))
    speaker.name = " ".join(act.text("name").split())
    speaker.role = act.text("role")
    speaker.kind = act.text("kind")
    speaker.wikidata_id = act.text("wikidata_id").upper()
    speaker.aliases = act.data.get("aliases", "").splitlines()[:MOST_ALIASES]
    speaker_edits.save(speaker, actor=act.user)
    return _("Saved. What published claims show of it changes once two people have agreed.")


def join(act: Act) -> HttpResponseBase:
    """Join this speaker into another, whose page opens."""
    named = act.text("into")
    into = speaker_edits.named(named, actor=act.user)
    if into is None:
        raise Refused(_("Choose the speaker who is the same."))
    speaker_edits.join(act.row, into, actor=act.user)
    return HttpResponseRedirect(reverse("desk:speaker", args=[into.pk]))


register(
    "speaker",
    Speaker,
    (
        Verb("save", lazy("Save"), save, "write", tone="go", compares=True, merges=True),
        Verb("join", lazy("Join"), join, "write", compares=True),
    ),
)
