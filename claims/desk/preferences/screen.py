"""The screen of one's own settings."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from claims.desk.preferences.forms import PreferencesForm, clock
from claims.desk.preferences.wanted import keep
from claims.desk.shell.screen import render
from claims.models import Preferences
from claims.notifying import planned
from claims.permissions import User


def own(request: HttpRequest) -> HttpResponse:
    """Show and change the settings of whoever is logged in; nobody else's."""
    user: User = request.user
    row = Preferences.objects.filter(pk=user.pk).first() or Preferences(user=user)
    form = PreferencesForm(request.POST or None, instance=row, label_suffix="")
    if request.method == "POST" and form.is_valid():
        row = form.save()
        planned.plan_anew(row)
        keep(request, row)
        with translation.override(row.language or translation.get_language_from_request(request)):
            messages.success(request, _("Your settings are saved."))
        return HttpResponseRedirect(reverse("desk:preferences"))
    context = {
        "form": form,
        "address": user.email,
        "has_mail": bool(settings.EMAIL_HOST),
        "now": f"{clock(row):%H:%M}",
    }
    return render(request, "desk/preferences/own.html", context, title=_("Your settings"), item="")
