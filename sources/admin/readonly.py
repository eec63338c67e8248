"""Fields that a page of the admin shows and does not offer: links lead to what this person may open, and tell nobody.

The theme's own link to every related row, also to those that answer 403, and to other sites with a referrer.
"""

from typing import Any

from django.contrib.admin.utils import lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.http import HttpRequest
from unfold import forms
from unfold.fields import UnfoldAdminReadonlyField

from sources.admin.base import outside_link


class ReadonlyField(UnfoldAdminReadonlyField):
    """See the module."""

    def get_admin_url(self, remote_field: Any, remote_obj: Any) -> Any:
        request = getattr(self.form, "read_by", None)
        if request is None or not self._opens(request, remote_field.model, remote_obj):
            return str(remote_obj)
        return super().get_admin_url(remote_field, remote_obj)

    def _opens(self, request: HttpRequest, model: type[models.Model], row: models.Model) -> bool:
        pages = self.model_admin.admin_site._registry.get(model)
        return (
            pages is not None
            and pages.has_view_or_change_permission(request, row)
            and pages.get_queryset(request).filter(pk=row.pk).exists()
        )

    def _get_contents(self) -> Any:
        try:
            field, _, value = lookup_field(self.field["field"], self.form.instance, self.model_admin)
        except (AttributeError, ValueError, ObjectDoesNotExist):
            return super()._get_contents()
        if isinstance(field, models.URLField) and value:
            return outside_link(value)
        return super()._get_contents()


forms.UnfoldAdminReadonlyField = ReadonlyField  # where the theme's forms look it up
