"""Who else has a claim open: what the page says of it, and the address that the script asks."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from claims.people import name_of
from claims.teamwork import presence
from claims.teamwork.presence import Other

NAMED = 3  # people who are named; of more, the number is said


def sentence(others: Sequence[Other]) -> str:
    """Who reads and who edits the page, as sentences; empty if nobody else does."""
    editing = [name_of(each.user) for each in others if each.is_editing]
    reading = [name_of(each.user) for each in others if not each.is_editing]
    told = []
    if editing:
        words = {"who": _listed(editing)}
        told.append(ngettext("%(who)s is editing this page.", "%(who)s are editing this page.", len(editing)) % words)
    if reading:
        words = {"who": _listed(reading)}
        told.append(ngettext("%(who)s is reading this page.", "%(who)s are reading this page.", len(reading)) % words)
    return " ".join(told)


@require_POST
def sign(request: HttpRequest, claim: int) -> HttpResponse:
    """Note that the person has the claim open, and answer who else has."""
    if request.POST.get("leaves"):
        presence.leave(request.user, claim)
        return HttpResponse(status=204)
    others = presence.sign(request.user, claim, is_editing=request.POST.get("editing") == "1")
    if others is None:
        raise Http404
    return JsonResponse({"here": sentence(others)})


def _listed(names: Sequence[str]) -> str:
    if len(names) > NAMED:
        more = len(names) - NAMED
        words = {"names": ", ".join(names[:NAMED]), "count": more}
        return ngettext("%(names)s and %(count)s other", "%(names)s and %(count)s others", more) % words
    if len(names) > 1:
        return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
    return names[0]
