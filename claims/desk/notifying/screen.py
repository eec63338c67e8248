"""The screens of notices: one's own, unread first, and the chats that are told of notices."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from claims import notices
from claims.desk.shell.addresses import number
from claims.desk.shell.screen import render
from claims.desk.shell.verbs import offered, seen_of
from claims.models import ChatWebhook, Notice
from claims.notifying import chats
from claims.permissions import Refused

A_PAGE = 50


def own_notices(request: HttpRequest) -> HttpResponse:
    """The notices of whoever is logged in, unread first, newest first."""
    rows = notices.of(request.user).order_by(F("read_at").desc(nulls_first=True), "-pk")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    newest = rows.order_by("-pk").values_list("pk", flat=True).first()
    context = {"page": page, "newest": newest, "unread": notices.unread(request.user).count()}
    return render(request, "desk/notifying/notices.html", context, title=_("Your notices"), item="")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read what the person was shown: up to the newest notice of the page that she saw."""
    newest = request.POST.get("until", "")
    until = number(newest) or 0
    read = notices.mark_all_read(request.user, until=until)
    if read:
        said = ngettext("%(count)d notice is marked as read.", "%(count)d notices are marked as read.", read)
        messages.success(request, said % {"count": read})
    return HttpResponseRedirect(reverse("desk:notices"))


class ChatForm(forms.Form):
    """A room to add."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=100, widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
    )
    shape = forms.ChoiceField(label=gettext_lazy("Program"), choices=ChatWebhook.Shape)
    url = forms.CharField(
        label=gettext_lazy("Address of its incoming webhook"),
        max_length=2000,
        widget=forms.TextInput(attrs={"type": "url", "autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of notices; none ticked: all"),
        required=False,
        choices=Notice.Kind,
        widget=forms.CheckboxSelectMultiple,
    )


def chat_settings(request: HttpRequest) -> HttpResponse:
    """The rooms that are told of notices; on POST, one more."""
    if not chats.may_manage_chats(request.user):
        raise PermissionDenied
    form = ChatForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            room = chats.add(**form.cleaned_data, actor=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("“%(name)s” is told of notices from now on.") % {"name": room.name})
            return HttpResponseRedirect(reverse("desk:chats"))
    labels = dict(Notice.Kind.choices)
    rooms = [
        {
            "row": room,
            "kinds": [labels[kind] for kind in room.kinds if kind in labels],
            "offers": offered(request.user, room),
            "seen": seen_of(room),
        }
        for room in ChatWebhook.objects.select_related("created_by")
    ]
    context: dict[str, Any] = {"adding": form, "rooms": rooms}
    crumbs = [(_("Settings"), reverse("desk:settings"))]
    return render(request, "desk/notifying/chats.html", context, title=_("Chats"), item="settings", crumbs=crumbs)
