"""The pages of a one-time link: it is opened, then a password is set."""

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from claims import accounts
from claims.permissions import Refused
from factcheck.login import links
from factcheck.login.models import LogInLink

# The session has the link's id, not its token, which is stored nowhere.
_IN_SESSION = "log_in_link"
_MOST = 200  # characters of a token that are looked at


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """Take the token from a POST; the page's script sends it there from behind the `#` of the address."""
    if request.method != "POST":
        return render(request, "login/link.html")
    try:
        found = links.find(request.POST.get("token", "").rpartition("#")[2][:_MOST])
    except Refused as refusal:
        return render(request, "login/link.html", {"refused": str(refusal)}, status=403)
    request.session[_IN_SESSION] = found.pk
    return HttpResponseRedirect(reverse("login:password"))


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Set the password of the account whose link was opened in this browser, and log in."""
    opened = LogInLink.objects.select_related("account").filter(pk=request.session.get(_IN_SESSION, 0)).first()
    if opened is None:
        return HttpResponseRedirect(reverse("login:link"))
    if sentence := links.why_not(opened):
        return render(request, "login/link.html", {"refused": sentence}, status=403)
    form: Any = SetPasswordForm(opened.account, request.POST or None)
    if form.is_valid():
        try:
            account = links.use(opened, password=form.cleaned_data["new_password1"])
        except (Refused, ValidationError) as refusal:
            sentence = str(refusal) if isinstance(refusal, Refused) else " ".join(refusal.messages)
            return render(request, "login/link.html", {"refused": sentence}, status=403)
        return _let_in(request, account, opened.purpose)
    other = request.user if request.user.is_authenticated and request.user != opened.account else None
    context = {"form": form, "account": opened.account, "other": other, "counts_as": _counts_as(opened)}
    context["by_mail"] = opened.purpose == LogInLink.Purpose.BY_MAIL
    return render(request, "login/password.html", context)


def _counts_as(opened: LogInLink) -> str:
    """Who counts as one person with the account after this password; empty if nobody does."""
    if opened.maker_id == opened.account_id or accounts.nothing_published():
        return ""
    maker = User.objects.filter(pk=opened.maker_id).first() if opened.maker_id is not None else None
    return maker.get_username() if maker is not None else "everybody"


def _let_in(request: HttpRequest, account: User, purpose: str) -> HttpResponse:
    """Log the account in, in a new session, and open the desk or its set-up. Its second factor is asked for first."""
    request.session.flush()
    first = purpose == LogInLink.Purpose.FIRST_ADMINISTRATOR
    there = reverse("set_up:overview" if first else "admin:index")
    response: HttpResponse = perform_login(request, Login(user=account, redirect_url=there))
    return response
