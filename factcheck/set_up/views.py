"""The pages of the set-up, within the admin site and for administrators alone."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache

from claims.accounts import nothing_published
from claims.permissions import Refused, may_define_scales
from claims.roles import Role
from factcheck.login import links
from factcheck.newsrooms.keys import create_key
from factcheck.newsrooms.models import ApiKey
from factcheck.set_up import colleagues, forms, scales
from factcheck.set_up.steps import our_organisation, steps
from sources.database.audit import acting

_DEFINE = gettext_noop(
    "Only a chief defines the organisation and its scale: tick that role on the page of your account, or ask one."
)


@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """All steps, and which are done."""
    _administrators_only(request)
    return _page(request, "overview.html", "Set up this desk")


@never_cache
def step(request: HttpRequest, key: str) -> HttpResponse:
    """One step: its form; on POST it is done, and the page says what comes next."""
    _administrators_only(request)
    if key not in _VIEWS:
        raise Http404
    return _VIEWS[key](request)


def _account(request: HttpRequest) -> HttpResponse:
    account = _user(request)
    form = forms.AccountForm(request.POST or None, instance=account)
    if form.is_valid():
        form.save()
        return _done(request, "Your account is saved.")
    return _page(request, "form.html", "Your account", form=form, button="Save")


def _organisation(request: HttpRequest) -> HttpResponse:
    may = may_define_scales(request.user)
    form = forms.OrganisationForm(request.POST or None, instance=our_organisation())
    if may and form.is_valid():
        with acting(request.user, reason="set up the organisation"):
            form.instance.is_ours = True
            form.save()
        return _done(request, f"{form.instance.name} is saved.")
    return _page(request, "form.html", "Organisation", form=form, button="Save", refused="" if may else _DEFINE)


def _scale(request: HttpRequest) -> HttpResponse:
    organisation = our_organisation()
    refused = "" if may_define_scales(request.user) else _DEFINE
    if organisation is None:
        refused = refused or "First say which organisation publishes: a scale belongs to one."
    form = forms.ScaleForm(request.POST or None)
    if organisation is not None and not refused and form.is_valid():
        chosen = scales.read()[form.cleaned_data["scale"]]
        try:
            scales.define(chosen, organisation=organisation, actor=request.user)
            return _done(request, f"Reviews are rated by “{chosen.name}”.")
        except Refused as refusal:
            form.add_error("scale", str(refusal))
    present = organisation.scales.prefetch_related("ratings") if organisation is not None else ()
    return _page(
        request, "scale.html", "Rating scale", form=form, offered=scales.read(), present=present, refused=refused
    )


def _colleagues(request: HttpRequest) -> HttpResponse:
    again = "again" in request.POST
    sent_again = None if again else colleagues.invited_already(request.POST, actor=request.user)
    if sent_again is not None and not colleagues.a_moment_ago(sent_again):
        messages.info(
            request,
            f"{sent_again.get_username()} is invited already. If the link was lost, make a new one in the table.",
        )
        return HttpResponseRedirect(request.path)
    form = forms.ColleagueForm(None if again else request.POST or None, initial={"role": Role.EDITOR})
    made: dict[str, Any] = {}
    try:
        if again:
            account = get_object_or_404(User, username=request.POST["again"])
            made = _shown(request, account, colleagues.invite_again(account, actor=request.user))
        elif sent_again is not None:  # a second click, whose answer is the one that is shown
            made = _shown(request, sent_again, colleagues.invite_again(sent_again, actor=request.user))
            made["replaces"] = True
            form = forms.ColleagueForm(initial={"role": Role.EDITOR})
        elif form.is_valid():
            data = form.cleaned_data
            account, token = colleagues.invite(
                username=data["username"], email=data["email"], role=Role(data["role"]), actor=request.user
            )
            made = _shown(request, account, token)
            form = forms.ColleagueForm(initial={"role": Role.EDITOR})
    except Refused as refusal:
        form.add_error(None, str(refusal)) if form.is_bound else messages.error(request, str(refusal))
    return _page(
        request,
        "colleagues.html",
        "Colleagues",
        form=form,
        people=colleagues.colleagues(),
        enough=colleagues.two_can_publish(),
        counts=not nothing_published(),
        **made,
    )


def _shown(request: HttpRequest, account: User, token: str) -> dict[str, Any]:
    """What the response to this one request shows of a link; no message and no session holds it."""
    only_here = request.get_host().rpartition(":")[0] in settings.LOOPBACK
    return {"invited": account, "link": request.build_absolute_uri(links.path(token)), "only_here": only_here}


def _key(request: HttpRequest) -> HttpResponse:
    may = request.user.has_perm("newsrooms.add_apikey")
    form = forms.KeyForm(request.POST or None)
    key = ""
    if may and form.is_valid():
        try:
            with acting(request.user, reason="created an API key"):
                key = create_key(form.cleaned_data["newsroom"], form.cleaned_data["scopes"])
            form = forms.KeyForm()
        except Refused as refusal:
            # The end of the sentence names a command, which is for the terminal.
            sentence, _, command = str(refusal).partition(": manage.py ")
            form.add_error("newsroom", f"{sentence}, on the page of the newsroom." if command else sentence)
    present = ApiKey.objects.filter(revoked_at__isnull=True).select_related("newsroom", "use").order_by("pk")[:20]
    refused = "" if may else "Your account may not make keys; ask an administrator."
    return _page(request, "key.html", "API key", form=form, key=key, present=present, refused=refused)


_VIEWS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "account": _account,
    "organisation": _organisation,
    "scale": _scale,
    "colleagues": _colleagues,
    "key": _key,
}


def _user(request: HttpRequest) -> User:
    """The logged-in user, read anew: without cached permissions."""
    return User.objects.get(pk=request.user.pk or 0)


def _administrators_only(request: HttpRequest) -> None:
    if not request.user.has_perm(links.MANAGES):
        raise PermissionDenied


def _done(request: HttpRequest, sentence: str) -> HttpResponse:
    """Go on to the first step that is not done."""
    messages.success(request, sentence)
    left = [step for step in steps(_user(request)) if not step.done]
    return HttpResponseRedirect(left[0].address if left else reverse("set_up:overview"))


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    every = steps(_user(request))
    frame = {**admin.site.each_context(request), "title": title, "steps": every, "here": request.path}
    frame |= {"done": sum(step.done for step in every)}
    return TemplateResponse(request, f"admin/set_up/{template}", frame | context)
