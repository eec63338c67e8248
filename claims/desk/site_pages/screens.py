"""Pages of the site: what readers read, what waits for a second person, and a form to write the next version."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.desk.shell.screen import render
from claims.desk.shell.verbs import offered, seen_of
from claims.models import PageProposal
from claims.permissions import Refused
from claims.public.markup import rendered
from claims.public.site_pages.pages import TITLES
from claims.site_pages import proposals
from sources.admin.difference import difference


class PageForm(forms.Form):
    """The next version of a page."""

    text = forms.CharField(
        label=gettext_lazy("Text (Markdown)"), widget=forms.Textarea(attrs={"rows": 18, "dir": "auto"})
    )
    note = forms.CharField(
        label=gettext_lazy("Why, for colleagues"), required=False, max_length=1000, widget=forms.TextInput
    )


def site_pages(request: HttpRequest) -> HttpResponse:
    """The pages, and which of them wait for a second person."""
    pages = [
        {"name": name, "label": label, "text": proposals.published_text(name), "waiting": proposals.waiting(name)}
        for name, label in TITLES.items()
    ]
    return render(
        request,
        "desk/site_pages/list.html",
        {"pages": pages},
        title=_("Pages of the site"),
        item="settings",
        crumbs=[(_("Settings"), reverse("desk:settings"))],
    )


def site_page(request: HttpRequest, page: str) -> HttpResponse:
    """One page; on POST a version is submitted, or shown as readers would see it."""
    if page not in TITLES:
        raise Http404
    if request.method == "POST" and not proposals.may_submit_pages(request.user):
        raise PermissionDenied
    text, waiting = proposals.published_text(page), proposals.waiting(page)
    form = PageForm(request.POST or None, initial={"text": text}, label_suffix="")
    preview = None
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            preview = rendered(form.cleaned_data["text"], top=3)
        else:
            try:
                proposals.submit(page, **form.cleaned_data, actor=request.user)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Submitted. A colleague has to approve it before readers see it."))
                return HttpResponseRedirect(reverse("desk:site_page", args=[page]))
    context: dict[str, Any] = {
        "name": page,
        "now": rendered(text, top=3) if text else "",
        "waiting": waiting,
        "offers": offered(request.user, waiting) if waiting else [],
        "seen": seen_of(waiting) if waiting else "",
        "pieces": difference(text, waiting.text) if waiting else [],
        "as_read": rendered(waiting.text, top=3) if waiting else "",
        "writing": form,
        "preview": preview,
        "may_write": proposals.may_submit_pages(request.user) and (waiting is None or form.is_bound),
        "decided": PageProposal.objects.filter(page=page)
        .exclude(state="submitted")
        .select_related("submitted_by", "decided_by")[:20],
    }
    crumbs = [(_("Settings"), reverse("desk:settings")), (_("Pages of the site"), reverse("desk:site_pages"))]
    return render(
        request, "desk/site_pages/page.html", context, title=str(TITLES[page]), item="settings", crumbs=crumbs
    )
