"""The one page of a guest approver, the screen that invites her, and the gate that keeps her from all others."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.desk.shell.screen import render
from claims.desk.what_leaves import what_leaves
from claims.models import GuestApproval, ReviewVersion
from claims.permissions import Refused, User, may_approve, may_invite, may_send_back, rights
from claims.reviews import guests, workflow
from claims.visibility import visible
from sources.reordered import shown

# What an account without a role may open, beside the guest's own pages: to log in and out, and the password.
_OPEN = {"admin:login", "admin:logout", "admin:password_change", "admin:password_change_done", "admin:jsi18n"}


class GuestMiddleware:
    """Keep people without any role from every page of the desk but the guest's own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.namespace not in ("admin", "desk") or not has_no_role(request.user):
            return None
        if match.view_name in _OPEN or match.view_name in ("desk:guest", "desk:guest_version"):
            return None
        if match.view_name in ("admin:index", "desk:today"):
            return HttpResponseRedirect(reverse("desk:guest"))
        raise PermissionDenied


def has_no_role(user: User) -> bool:
    """Whether this person may log in at the desk and was given no right at all."""
    return bool(user.is_authenticated and user.is_staff and not user.is_superuser and not rights(user))


def home(request: HttpRequest) -> HttpResponse:
    """List the versions that this guest was invited to approve; show the only one at once."""
    invitations = list(_invitations(request.user))
    if len(invitations) == 1:
        return HttpResponseRedirect(reverse("desk:guest_version", args=[invitations[0].version_id]))
    return _page(request, "home", _("Reviews that wait for you"), invitations=invitations)


def version(request: HttpRequest, version: int) -> HttpResponse:
    """Show one version as it will leave; on POST approve it or send it back."""
    row = get_object_or_404(_invitations(request.user), version=version).version
    here = HttpResponseRedirect(request.path)
    if request.method == "POST":
        try:
            messages.success(request, _decide(request, row))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return here
    reads = row.state in (ReviewVersion.State.IN_REVIEW, ReviewVersion.State.APPROVED)
    return _page(
        request,
        "version",
        _("A review that waits for you"),
        version=row,
        page=what_leaves(row) if reads else None,
        may_approve=may_approve(request.user, row),
        may_send_back=may_send_back(request.user, row),
    )


def _decide(request: HttpRequest, row: ReviewVersion) -> str:
    """Run the verb that was posted; returns the sentence that says what happened. Raises `Refused`."""
    if request.POST.get("verb") == "approve":
        workflow.approve(row, actor=request.user, shown=request.POST.get("shown", ""))
        return _("Approved, exactly as you read it. An editor publishes it.")
    if request.POST.get("verb") == "send-back":
        workflow.send_back(row, actor=request.user)
        return _("Sent back to its author.")
    raise Refused(_("Choose to approve the review or to send it back."))


def _invitations(user: User) -> QuerySet[GuestApproval]:
    invited = GuestApproval.objects.active().filter(user=user.pk)
    return invited.select_related("version__review__claim", "version__review__organisation", "version__rating")


class _Person(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A person by name, told apart from namesakes by the user name."""

    def label_from_instance(self, obj: Any) -> str:
        name = obj.get_full_name()
        return f"{name} ({obj.get_username()})" if name else str(obj.get_username())


class InvitationForm(forms.Form):
    """Choose the guest."""

    guest = _Person(
        get_user_model()._default_manager.none(),
        label=gettext_lazy("Guest"),
        help_text=gettext_lazy("Accounts without a role; an administrator makes one for a new guest."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = get_user_model()._default_manager.filter(is_active=True, is_superuser=False)
        self.fields["guest"].queryset = people.filter(  # type: ignore[attr-defined]
            groups__isnull=True, user_permissions__isnull=True
        ).order_by("username")


def invite(request: HttpRequest, version: int) -> HttpResponse:
    """Show the guests of a version; on POST invite one, or take an invitation back."""
    versions = visible(ReviewVersion.objects.select_related("review__claim", "review__organisation"), request.user)
    row = get_object_or_404(versions, pk=version)
    if not may_invite(request.user, row.review.claim):
        raise PermissionDenied
    form = InvitationForm(request.POST if "guest" in request.POST else None)
    try:
        if "revoke" in request.POST:
            invitation = get_object_or_404(row.guests, user__username=request.POST["revoke"])
            guests.revoke(invitation, actor=request.user)
            messages.success(request, _("The invitation is taken back."))
            return HttpResponseRedirect(request.path)
        if form.is_bound and form.is_valid():
            guests.invite(row, guest=form.cleaned_data["guest"], actor=request.user)
            messages.success(request, _("Invited. The guest finds the review after logging in."))
            return HttpResponseRedirect(request.path)
    except Refused as refusal:
        form.add_error("guest", str(refusal)) if form.is_bound else messages.error(request, str(refusal))
    invited = row.guests.active().select_related("user", "invited_by")
    back = f"{reverse('desk:claim', args=[row.review.claim_id])}?version={row.pk}"
    return render(
        request,
        "desk/guests/invite.html",
        {"version": row, "form": form, "invited": invited, "back": back},
        title=_("Guest approvers"),
        item="claims",
        crumbs=[(_("Claims"), reverse("desk:claims")), (shown(row.review.claim.text), back)],
    )


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    """A screen of the guest's own: without navigation, as she may open nothing of it."""
    return render(request, f"desk/guests/{template}.html", {"navigation": [], **context}, title=title, item="")
