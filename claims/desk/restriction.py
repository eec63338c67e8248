"""The screen on which a chief restricts a claim to named members, or lifts the restriction."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.desk.shell.screen import render
from claims.models import Restriction
from claims.people import name_of
from claims.permissions import Refused, may_restrict
from claims.roles import GROUPS, Role
from claims.visibility import lift, restrict, visible_claims
from sources.reordered import shown

_WRITERS = [GROUPS[role] for role in (Role.REPORTER, Role.EDITOR, Role.CHIEF)]


class _People(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Colleagues, as they are called."""

    def label_from_instance(self, obj: Any) -> str:
        return name_of(obj)


class RestrictionForm(forms.Form):
    """The people who see the claim, beside the chiefs."""

    members = _People(
        get_user_model()._default_manager.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Members"),
        help_text=gettext_lazy("Chiefs see every claim, as they manage the restrictions."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = get_user_model()._default_manager.filter(Q(groups__name__in=_WRITERS), is_active=True)
        self.fields["members"].queryset = people.distinct().order_by("username")  # type: ignore[attr-defined]


def view(request: HttpRequest, claim: int) -> HttpResponse:
    """Show who sees the claim; on POST restrict it to the chosen members, or lift the restriction."""
    row = get_object_or_404(visible_claims(request.user), pk=claim)
    if not may_restrict(request.user, row):
        raise PermissionDenied
    restriction = Restriction.objects.filter(claim=row).first()
    chosen = {"members": list(restriction.members.all()) if restriction else [request.user]}
    form = RestrictionForm(request.POST or None, initial=chosen)
    back = HttpResponseRedirect(reverse("desk:claim", args=[row.pk]))
    if request.method == "POST" and "lift" in request.POST:
        lift(row, actor=request.user)
        messages.success(request, _("Everybody at the desk sees the claim again."))
        return back
    if request.method == "POST" and form.is_valid():
        try:
            restrict(row, members=form.cleaned_data["members"], actor=request.user)
        except Refused as refusal:
            form.add_error("members", str(refusal))
        else:
            messages.success(request, _("Restricted: only its members and the chiefs see the claim now."))
            return back
    address = reverse("desk:claim", args=[row.pk])
    return render(
        request,
        "desk/restriction.html",
        {"claim_row": row, "form": form, "restriction": restriction},
        title=_("Who may see this claim") if restriction else _("Restrict the claim"),
        item="claims",
        crumbs=[(_("Claims"), reverse("desk:claims")), (shown(row.text), address)],
        status=422 if form.is_bound else 200,
    )
