"""Answer addresses with parameters that mean nothing, such as those that people mistype and scanners try."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters, ModelAdmin
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import DataError, transaction
from django.http import HttpRequest

_LARGEST_KEY = 2**63 - 1


class OddParameters(ModelAdmin):  # type: ignore[type-arg]
    """A list whose filter cannot be is shown whole, as Django does it; a form starts without rows that cannot be."""

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        try:
            with transaction.atomic():  # a query that PostgreSQL refuses must not end the request's transaction
                return super().get_changelist_instance(request)
        except (ValueError, OverflowError, DataError) as error:
            if not request.GET:
                raise
            raise IncorrectLookupParameters from error  # a year that no date has

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """No regular expressions of others: they may be none, or occupy the database."""
        return not lookup.endswith(("regex", "iregex")) and super().lookup_allowed(lookup, value, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        return {name: value for name, value in initial.items() if self._can_be(name, value)}

    def _can_be(self, name: str, value: Any) -> bool:
        try:
            field: Any = self.opts.get_field(name)
        except FieldDoesNotExist:
            return True
        if not field.is_relation:
            return True
        key = field.related_model._meta.pk
        try:
            keys = [key.to_python(each) for each in (value if isinstance(value, list) else [value])]
        except (ValidationError, ValueError, TypeError):
            return False
        return all(not isinstance(each, int) or 0 <= each <= _LARGEST_KEY for each in keys)
