"""What is known of a document besides its text, as a form."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from claims.desk.shell.labels import said
from claims.models import Document
from claims.permissions import Refused, User, may_edit, require
from claims.statements import ingest
from claims.visible_text import NO_LANGUAGE, is_language_tag
from sources.database.audit import acting


class _Address(forms.URLField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "assume_scheme": "https"})


class DetailsForm(forms.ModelForm):  # type: ignore[type-arg]
    """Title, publisher, day, kind, language and address."""

    class Meta:
        model = Document
        fields = ["title", "publisher", "published_on", "kind", "language", "url"]
        labels = {
            "title": _("Title"),
            "publisher": _("Publisher"),
            "published_on": _("Published on"),
            "kind": _("Kind"),
            "language": _("Language"),
            "url": _("Address"),
        }
        help_texts = {"language": _("As a tag, for example en, pt-BR, ar."), "url": ""}
        field_classes = {"url": _Address}
        widgets = {
            "title": forms.TextInput(attrs={"dir": "auto"}),
            "publisher": forms.TextInput(attrs={"dir": "auto"}),
            "published_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = said(Document.Kind.choices)  # type: ignore[attr-defined]

    def clean_language(self) -> str:
        language = str(self.cleaned_data["language"])
        if language and not is_language_tag(language):
            raise forms.ValidationError(NO_LANGUAGE)
        return language


def save_details(document: Document, data: QueryDict, *, actor: User) -> None:
    """Save what was typed. Raises `Refused`."""
    require(may_edit(actor), str(_("You may not change documents; ask an administrator for the role of a reporter.")))
    form = DetailsForm(data, instance=document)
    if not form.is_valid():
        raise Refused(" ".join(str(each) for found in form.errors.values() for each in found))
    changed: Any = form.save(commit=False)
    changed.canonical_url = ingest.canonical_address(changed.url)
    with acting(actor, reason="changed the details of a document"):
        # Not how far it is read, which a worker may be writing.
        changed.save(update_fields=[*DetailsForm.Meta.fields, "canonical_url"])
