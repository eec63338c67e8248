"""Base classes of all admin pages: action buttons ("verbs"), edit conflicts, links, and history from the audit tables.

    DeskAdmin            an editorial table
      └── LogAdmin       a read-only log, even for superusers

A verb calls one function outside the admin. If that function refuses, the next page shows its sentence.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InternalError, models, transaction
from django.db.models.expressions import DatabaseDefault
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminTextInputWidget

from sources.admin.history import audit_rows
from sources.admin.odd_parameters import OddParameters
from sources.database.audit import noted
from sources.reordered import shown

SEEN = "_seen"  # the hidden field that says which state of the row the form was filled from


@dataclass(frozen=True)
class Verb:
    """A button on a row's page. `run` gets the request and the row, and gives a sentence or a response."""

    name: str
    label: str
    run: Callable[[HttpRequest, Any], "HttpResponse | str"]
    style: str = "plain"  # plain, primary or danger
    note: str = ""  # label of a required text
    proposed: str = ""  # initial content of that text
    help: str = ""


def outside_link(url: str, text: str = "") -> SafeString:
    """Return a link to an external page that sends no referrer. Only http and https URLs become links."""
    if not url.startswith(("http://", "https://")):
        return format_html("{}", text or url)
    return format_html(
        '<a class="desk-outside" href="{}" rel="noreferrer noopener" referrerpolicy="no-referrer"'
        ' target="_blank">{}</a>',
        url,
        text or url,
    )


def row_link(row: models.Model | None, text: object = None) -> SafeString:
    """A link to the row's own page at the desk."""
    if row is None:
        return SafeString("–")
    meta = row._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[quote(row.pk)])
    return format_html('<a class="desk-link" href="{}">{}</a>', address, shown(str(row if text is None else text)))


def ago(moment: datetime | str | None) -> str:
    """How long ago, in words: “just now”, “5 minutes ago”, “never”. A template passes "" for a row that is missing."""
    if not isinstance(moment, datetime):
        return "never"
    return "just now" if timezone.now() - moment < timedelta(minutes=1) else f"{timesince(moment)} ago"


def ago_label(moment: datetime) -> SafeString:
    """The same, with the moment itself on hovering."""
    return format_html('<span title="{} UTC">{}</span>', f"{moment:%Y-%m-%d %H:%M:%S}", ago(moment))


def badge(text: object, tone: str = "") -> SafeString:
    """A small label; tones: good, warn, bad, demo, or none."""
    return format_html('<span class="desk-badge {}">{}</span>', tone, text)


def fingerprint(row: models.Model, links: Mapping[str, Sequence[int]] | None = None) -> str:
    """Return a hash of the row's values and many-to-many links, which differs if somebody saved in between.

    `links` are the keys of linked rows, where the database no longer knows those of that time.
    """
    values: list[object] = [getattr(row, field.attname) for field in row._meta.concrete_fields]
    for link in row._meta.many_to_many:
        if link.remote_field.through._meta.auto_created:  # type: ignore[union-attr]
            known = (links or {}).get(link.name)
            values.append(sorted(getattr(row, link.name).values_list("pk", flat=True) if known is None else known))
    return hashlib.sha256(repr(values).encode()).hexdigest()


def _blank_defaults(form: Any) -> None:
    """Let a new row show nothing where the database will fill in a value. The form cannot be saved afterwards."""
    for field in form.instance._meta.concrete_fields:
        if isinstance(getattr(form.instance, field.attname), DatabaseDefault):
            setattr(form.instance, field.attname, None)


class _InlineFormSet(PaginationInlineFormSet):
    @property
    def empty_form(self) -> Any:
        form = super().empty_form
        _blank_defaults(form)
        return form


class DeskInline(TabularInline):
    """Rows of another table, edited on the page of the row they belong to."""

    extra = 0
    formset = _InlineFormSet


class DeskAdmin(OddParameters, ModelAdmin):
    """Base of all: see the module. Subclasses name `verbs` by `get_verbs` and `refusals` of their app."""

    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    list_filter_sheet = True
    compressed_fields = True
    warn_unsaved_form = True
    change_form_template = "admin/desk/change_form.html"
    object_history_template = "admin/desk/history.html"
    # Django's types of these have no room for a list that is both.
    fields: ClassVar[Any] = None
    readonly_fields: ClassVar[Any] = ()
    refusals: tuple[type[Exception], ...] = (ValidationError,)
    # The forms that the desk offers at all, to those who have the right; the verbs do the rest.
    offers: tuple[str, ...] = ("add", "change", "delete")
    # Related rows whose history is shown too: (model, name of the field that refers to this row).
    history_of: tuple[tuple[type[models.Model], str], ...] = ()

    # A plain box: the theme's own for URLs shows a live link, which would tell the site of the desk.
    formfield_overrides = {models.URLField: {"widget": UnfoldAdminTextInputWidget}}
    # Rows of the box of a text field; the theme's ten are for articles.
    text_rows: dict[str, int] = {}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in self.text_rows:
            field.widget.attrs["rows"] = self.text_rows[db_field.name]
        return field

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return "add" in self.offers and super().has_add_permission(request, *args)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return "change" in self.offers and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return "delete" in self.offers and super().has_delete_permission(request, obj)

    @admin.display(description="")
    def demo(self, row: Any) -> SafeString | str:
        """For tables with `is_demo`."""
        return badge("demo", "demo") if row.is_demo else ""

    def get_ordering(self, request: HttpRequest) -> Any:
        # Explicit, because an annotated count drops the model's own ordering; with a key last, because choices that
        # are the same in all else would move from page to page.
        ordering = tuple(self.ordering or self.model._meta.ordering)
        return ordering if {"pk", "-pk"} & set(ordering) else (*ordering, "-pk")

    # verbs

    def get_verbs(self, request: HttpRequest, row: Any) -> list[Verb]:
        """The buttons this person is offered on this row. Posting one that is not offered is refused too."""
        return []

    def get_urls(self) -> list[URLPattern]:
        meta = self.model._meta
        own = path(
            "<path:object_id>/do/<slug:name>/",
            self.admin_site.admin_view(self.verb_view),
            name=f"{meta.app_label}_{meta.model_name}_verb",
        )
        return [own, *super().get_urls()]

    def verb_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Run a verb on POST. Each verb checks its own permission again; this check refuses users without any."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        back = HttpResponseRedirect(self.address_of(row))
        verb = next((each for each in self.all_verbs(request, row) if each.name == name), None)
        if verb is None:
            messages.error(request, "That cannot be done here any more; this is how it stands now.")
            return back
        try:
            # A function that names its own reason, as most do, overrides this one.
            with noted(reason=f"“{verb.label or verb.name}” on {self._its_page}"):
                answer = verb.run(request, row)
        except self.refusals as refusal:
            messages.error(request, sentence(refusal))
            return back
        except (IntegrityError, InternalError) as error:
            messages.error(request, database_sentence(error))
            return back
        if not isinstance(answer, str):
            return answer
        messages.success(request, answer)
        return back

    def all_verbs(self, request: HttpRequest, row: Any) -> list[Verb]:
        """The verbs that may be posted: by default the offered ones."""
        return self.get_verbs(request, row)

    @property
    def _its_page(self) -> str:
        """The page of a row in the words of a reason: “the page of a claim”."""
        name = str(self.opts.verbose_name)
        return f"the page of {'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"

    def address_of(self, row: Any) -> str:
        meta = self.model._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[quote(row.pk)])

    # the page of one row

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the page of a row shows beside its form."""
        return {}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        context = dict(extra_context or {})
        reason = f"{'added' if object_id is None else 'edited'} on {self._its_page}"
        try:
            with noted(reason=reason), transaction.atomic():
                if object_id is not None:
                    conflict = self._prepare(request, object_id, context)
                    if conflict is not None:
                        return conflict
                return super().changeform_view(request, object_id, form_url, context)
        except (IntegrityError, InternalError) as error:
            messages.error(request, database_sentence(error))
            return HttpResponseRedirect(request.path)
        except self.refusals as refusal:
            messages.error(request, sentence(refusal))
            return HttpResponseRedirect(request.path)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        _blank_defaults(context["adminform"].form)
        context["adminform"].form.read_by = request  # for sources.admin.readonly
        # One button: saving leads to the row's own page, where the next step is.
        context.update(show_save_and_continue=False, show_save_and_add_another=False)
        for inline in context["inline_admin_formsets"]:
            for form in inline.formset.forms:
                _blank_defaults(form)
                form.read_by = request
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return self._to_its_page(request, obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return self._to_its_page(request, obj) or super().response_post_save_change(request, obj)

    def _to_its_page(self, request: HttpRequest, row: Any) -> HttpResponseRedirect | None:
        if not self.has_view_or_change_permission(request, row):
            return None
        filters: dict[str, Any] = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return HttpResponseRedirect(add_preserved_filters(filters, self.address_of(row)))

    def _prepare(self, request: HttpRequest, object_id: str, context: dict[str, Any]) -> HttpResponse | None:
        posting = request.method == "POST"
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_view_or_change_permission(request, row):
            return None  # Django's own view answers these
        if posting and self.has_change_permission(request, row):
            # Held until this save is through, so that of two at once the second sees the first.
            self.model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
            row.refresh_from_db()
            if request.POST.get(SEEN) != fingerprint(row):
                return self.conflict_page(request, row)
        context.update(
            seen_field=SEEN,
            seen=fingerprint(row),
            verbs=self.get_verbs(request, row),
            is_demo=getattr(row, "is_demo", False),
            show_history=hasattr(row, "pgh_event_model"),
        )
        context.update(self.page_context(request, row))
        return None

    def conflict_page(self, request: HttpRequest, row: Any) -> HttpResponse:
        """Show both versions and let the user choose, if somebody saved since this form was opened."""
        form_class = self.get_form(request, row, change=True)
        mine = form_class(request.POST, request.FILES, instance=row)
        theirs = form_class(instance=self.model._default_manager.get(pk=row.pk))
        mine.is_valid()
        fields = []
        for name in mine.fields:
            yours, saved = _shown(mine, name, posted=True), _shown(theirs, name, posted=False)
            if yours != saved:
                fields.append({"label": mine[name].label, "yours": yours, "saved": saved})
        kept = [
            (key, value)
            for key, values in request.POST.lists()
            if key not in {SEEN, "csrfmiddlewaretoken"}
            for value in values
        ]
        last = next(iter(audit_rows([row])), None)
        context = {
            **self.admin_site.each_context(request),
            "title": "Somebody else saved this in the meantime",
            "opts": self.opts,
            "original": row,
            "fields": fields,
            "kept": kept,
            "seen_field": SEEN,
            "seen": fingerprint(self.model._default_manager.get(pk=row.pk)),
            "last": last,
            "address": self.address_of(row),
        }
        return TemplateResponse(request, "admin/desk/conflict.html", context, status=409)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            with noted(reason=f"deleted on {self._its_page}"), transaction.atomic():
                return super().delete_view(request, object_id, extra_context)
        except (IntegrityError, InternalError) as error:
            messages.error(request, database_sentence(error))
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    # history

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The audit rows that the database's triggers wrote, newest first: also of bulk and raw SQL."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        related: list[models.Model] = []
        for model, field in self.history_of:
            related.extend(model._default_manager.filter(**{field: row})[:200])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change history: %s") % row,
            "object": row,
            "opts": self.opts,
            "rows": audit_rows([row, *related], limit=300),
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, context)

    def desk_page(
        self, request: HttpRequest, template: str, title: str, row: Any = None, status: int = 200, **context: Any
    ) -> TemplateResponse:
        """A page of one's own within the admin's frame."""
        whole = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "original": row,
            "media": self.media,
            **context,
        }
        return TemplateResponse(request, template, whole, status=status)

    def page_shown_once(
        self, request: HttpRequest, template: str, title: str, row: Any, **context: Any
    ) -> HttpResponse:
        """A page with a secret, in the response itself: no redirect, no message kept in a cookie or the database."""
        response = self.desk_page(request, template, title, row=row, address=self.address_of(row), **context)
        response["Cache-Control"] = "no-store"
        return response


class LogAdmin(DeskAdmin):
    """A table that only grows. The database refuses the rest; the desk does not even offer it."""

    offers = ()


def sentence(refusal: Exception) -> str:
    """Return the message of a refused verb; of a ValidationError, its messages without field names."""
    if isinstance(refusal, ValidationError):
        return " ".join(refusal.messages)
    return str(refusal)


def database_sentence(error: Exception) -> str:
    """Translate a database error into a sentence for the user."""
    diagnosis = getattr(error.__cause__, "diag", None)
    primary = getattr(diagnosis, "message_primary", None) or ""
    # Our triggers speak in sentences; PostgreSQL's own constraint messages do not.
    if primary.endswith(".") and not primary.startswith("pgtrigger"):
        return f"Not saved. {primary}"
    constraint = getattr(diagnosis, "constraint_name", None)
    if constraint:
        return f"Not saved: the rule “{constraint}” forbids it. Reload the page to see how it stands now."
    return "Not saved: it was locked or changed in the meantime. Reload the page to see how it stands now."


def _shown(form: Any, name: str, *, posted: bool) -> str:
    """Return a field's value for display: the label of a choice, not its key."""
    field = form.fields[name]
    value: Any = form.cleaned_data.get(name, form.data.get(name)) if posted else form.initial.get(name)
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(sorted(str(each) for each in value or []))
    if isinstance(field, forms.ModelChoiceField):
        if not isinstance(value, models.Model):
            value = field.queryset.filter(pk=value).first() if value and field.queryset is not None else None
        return "" if value is None else str(value)
    if isinstance(field, forms.ChoiceField):
        return str(dict(_flat(field.choices)).get(value, value or ""))
    return "" if value is None else str(value)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for key, label in choices:
        flat.extend(label if isinstance(label, list | tuple) else [(key, label)])
    return flat
