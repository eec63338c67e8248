"""“Paste a link or a text”: the one form by which a document comes to the desk, on Today, in the Inbox and here.

{% include "desk/documents/paste.html" %} ──POST desk:read──> the document's screen
                                            └──refused──> the form on a page of its own, with what was typed
"""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from claims.desk.documents.addresses import document_address, statement_address
from claims.desk.shell.labels import said
from claims.desk.shell.screen import render
from claims.models import Document, Statement, Tip
from claims.permissions import Refused, may_edit
from claims.statements import intake
from claims.statements.document_reader import UnreadableDocument
from claims.tips import groups
from claims.visibility import is_visible, visible_claims
from claims.visible_text import NO_LANGUAGE, is_language_tag

_ID = re.compile(r"\b(?:clm|doc|stm)_[0-9a-z]{16}\b")
_ROUTES = {"desk:claim": "claim", "admin:claims_claim_change": "claim", "desk:document": "document",
           "admin:claims_document_change": "document", "desk:statement": "statement"}  # fmt: skip


class PasteForm(forms.Form):
    """What is pasted, and what else is known of it."""

    pasted = forms.CharField(
        required=False,
        strip=False,
        max_length=intake.LARGEST,
        label=lazy("Paste a link or a text"),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "spellcheck": "false"}),
    )
    file = forms.FileField(
        required=False,
        label=lazy("or choose a file"),
        help_text=lazy("Plain text, HTML, Markdown, PDF or Word, 2 MB at most."),
    )
    title = forms.CharField(
        required=False,
        max_length=500,
        label=lazy("Title"),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=lazy("Empty: taken from the text."),
    )
    publisher = forms.CharField(
        required=False, max_length=300, label=lazy("Publisher"), widget=forms.TextInput(attrs={"dir": "auto"})
    )
    date = forms.DateField(
        required=False, label=lazy("Published on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    kind = forms.ChoiceField(
        required=False, label=lazy("Kind"), choices=lambda: said(Document.Kind.choices), initial=Document.Kind.ARTICLE
    )
    language = forms.CharField(
        required=False,
        max_length=35,
        label=lazy("Language"),
        help_text=lazy("As a tag, for example en, pt-BR, ar. Empty: told from the text."),
    )
    url = forms.URLField(
        required=False,
        label=lazy("Address of a pasted text"),
        max_length=2000,
        assume_scheme="https",
        help_text=lazy("Where the text was published. It is recorded, not fetched."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("language") and not is_language_tag(data["language"]):
            self.add_error("language", NO_LANGUAGE)
        pasted, file = str(data.get("pasted") or "").strip(), data.get("file")
        if pasted and file:
            self.add_error("pasted", _("Paste something or choose a file: one of the two."))
        elif not pasted and not file and "pasted" not in self.errors:
            self.add_error("pasted", _("Paste a link or a text, or choose a file."))
        elif file and file.size > intake.LARGEST:
            self.add_error("file", _("The file is larger than 2 MB; cut out the part that matters."))
        return data


def read(request: HttpRequest) -> HttpResponse:
    """Read what was pasted; on GET show the form, filled with a reader's tip if `tip` names one."""
    tip = _tip(request)
    if request.method != "POST":
        again = _again(request)
        return _page(request, PasteForm(initial=_of_tip(tip) or again), tip, anew=bool(again))
    pasted = request.POST.get("pasted", "")
    if not request.FILES and (there := document_of_ours(pasted, request.get_host(), request.user)):
        return HttpResponseRedirect(there)
    form = PasteForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, tip)
    try:
        taken = _take_in(request, form.cleaned_data)
        if tip is not None:
            groups.take(tip, taken.document, actor=request.user)
    except intake.NotFetched as error:
        form.add_error("pasted", str(error))
    except UnreadableDocument as error:
        form.add_error("file" if form.cleaned_data.get("file") else "pasted", str(error))
    except Refused as refusal:
        form.add_error(None, str(refusal))
    except intake.KnownText as known:
        form.add_error(None, _known(known))
    else:
        _report(request, taken, pasted)
        return HttpResponseRedirect(document_address(taken.document))
    return _page(request, form, tip)


def _take_in(request: HttpRequest, data: dict[str, Any]) -> intake.Taken:
    file = data.get("file")
    upload = intake.Upload(file.read(), file.name, file.content_type or "") if file else None
    told = intake.Told(
        title=data["title"],
        publisher=data["publisher"],
        date=data["date"],
        language=data["language"],
        url=data["url"],
        kind=data["kind"] or Document.Kind.ARTICLE,
    )
    return intake.take_in(data["pasted"], actor=request.user, told=told, upload=upload, anew="anew" in request.POST)


def document_of_ours(pasted: str, host: str, user: Any) -> str:
    """The screen of the claim, document or statement of ours that a link or an id names; empty if it is none."""
    text = pasted.strip()
    if not text or len(text) > 2_000 or any(each.isspace() for each in text):
        return ""
    is_id = _ID.fullmatch(text) is not None
    parts = _parts(text)
    if not is_id and parts[0] != host:
        return ""
    if found := _ID.search(text):
        return _of_id(found[0], user)
    try:
        match = resolve(parts[1])
    except Resolver404:
        return ""
    what = _ROUTES.get(match.view_name, "")
    key = str(match.kwargs.get("pk") or match.kwargs.get("object_id") or "")
    return _of_key(what, int(key), user) if what and key.isdecimal() and len(key) < 19 else ""


def _parts(text: str) -> tuple[str, str]:
    """Host and path of an address; empty for anything else."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return "", ""
    return (parts.netloc, parts.path) if parts.scheme in ("http", "https") else ("", "")


def _of_id(name: str, user: Any) -> str:
    if name.startswith("clm_"):
        key = visible_claims(user).filter(public_id=name).values_list("pk", flat=True).first()
        return reverse("desk:claim", args=[key]) if key else ""
    if name.startswith("doc_"):
        key = Document.objects.filter(public_id=name).values_list("pk", flat=True).first()
        return document_address(key) if key else ""
    statement = Statement.objects.filter(public_id=name).first()
    return statement_address(statement) if statement is not None else ""


def _of_key(what: str, key: int, user: Any) -> str:
    if what == "claim":
        return reverse("desk:claim", args=[key]) if visible_claims(user).filter(pk=key).exists() else ""
    if what == "document":
        return document_address(key) if Document.objects.filter(pk=key).exists() else ""
    statement = Statement.objects.filter(pk=key).first()
    return statement_address(statement) if statement is not None else ""


def _page(request: HttpRequest, form: PasteForm, tip: Tip | None, *, anew: bool = False) -> HttpResponse:
    return render(
        request,
        "desk/documents/read.html",
        {"form": form, "tip": tip, "anew": anew or "anew" in request.POST, "may_write": may_edit(request.user)},
        title=_("Paste a link or a text"),
        item="documents",
        crumbs=[(_("Documents"), reverse("desk:documents"))],
    )


def _report(request: HttpRequest, taken: intake.Taken, pasted: str) -> None:
    document = taken.document
    if not taken.is_new:
        if intake.address_in(pasted):
            text = _("This address is known already: this is its document, as it was read then.")
            messages.info(request, format_html("{} {}", text, _read_anew(document)))
        else:
            messages.info(request, _("This text is known already: this is its document, as it was. Nothing was added."))
        return
    if taken.same:
        links = format_html_join(", ", "{}", ((_link(each),) for each in taken.same))
        text = _("The same text stands in another document too; each keeps its own statements:")
        messages.warning(request, format_html("{} {}", text, links))
    if document.reading == Document.Reading.WAITING:
        messages.success(request, _("Saved. The text is long, so its statements are found in the background."))
    elif document.reading == Document.Reading.STOPPED:
        messages.warning(request, _("Saved without statements. %(why)s") % {"why": document.reading_note})
    else:
        number = document.statements.count()
        messages.success(
            request,
            ngettext("Read: %(number)s statement found.", "Read: %(number)s statements found.", number)
            % {"number": number},
        )


def _read_anew(document: Document) -> SafeString:
    return format_html('<a href="{}?again={}">{}</a>', reverse("desk:read"), document.pk, _("Read the page again"))


def _link(document: Document) -> SafeString:
    return format_html('<a href="{}">{}</a>', document_address(document), str(document))


def _known(known: intake.KnownText) -> SafeString:
    """A sentence that links the document that holds the text, and says what to do."""
    names = {"title": _("title"), "publisher": _("publisher"), "date": _("date")}
    differs = ", ".join(str(names[each]) for each in known.differs)
    then = (
        _("Open it and change it there, or give another address here.")
        if known.has_address
        else _("If this text was published elsewhere too, give its address here; else open it and change it there.")
    )
    return format_html(
        "{} {} {}",
        _("Nothing was saved. A document holds this text, and differs in %(names)s:") % {"names": differs},
        _link(known.document),
        then,
    )


def _tip(request: HttpRequest) -> Tip | None:
    if not request.user.has_perm("claims.view_tip"):
        return None
    key = request.POST.get("tip", "") or request.GET.get("tip", "")
    row = Tip.objects.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
    return row if row is not None and is_visible(row, request.user) else None


def _again(request: HttpRequest) -> dict[str, Any]:
    """The address of a document that is to be read again as it is now."""
    key = request.GET.get("again", "")
    row = Document.objects.filter(pk=int(key)).only("url").first() if key.isdecimal() and len(key) < 19 else None
    return {"pasted": row.url} if row is not None else {}


def _of_tip(tip: Tip | None) -> dict[str, Any]:
    if tip is None:
        return {}
    pasted = tip.text or tip.url
    told = {"pasted": pasted, "kind": Document.Kind.TIP, "language": tip.language or ""}
    return {**told, "url": tip.url} if tip.text else told
