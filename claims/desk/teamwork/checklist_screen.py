"""The screen on which chiefs define what their organisation asks for before a version is submitted."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.desk.shell import screen
from claims.models import ChecklistItem, Organisation
from claims.permissions import may_define_scales
from claims.teamwork import checklists
from claims.teamwork.checklist_templates import templates


def view(request: HttpRequest) -> HttpResponse:
    """Show the checklist of each organisation of this desk; its buttons are verbs."""
    organisations = [
        {"row": each, "lines": list(checklists.items_of(each))}
        for each in Organisation.objects.filter(is_ours=True).order_by("name")
    ]
    context = {
        "organisations": organisations,
        "templates": templates().values(),
        "machines": _machines(),
        "may_define": may_define_scales(request.user),
    }
    crumbs = [(_("Settings"), reverse("desk:settings"))]
    title = _("Checklist")
    return screen.render(
        request, "desk/teamwork/checklist_screen.html", context, title=title, item="settings", crumbs=crumbs
    )


def _machines() -> list[tuple[str, str]]:
    kinds = ChecklistItem.Machine
    return [
        (kinds.TWO_SOURCES, _("the machine: two sources that do not share an origin")),
        (kinds.QUOTES_STAND, _("the machine: every watched quote stands")),
        (kinds.SPEAKER_ASKED, _("the machine: the speaker was asked")),
    ]
