"""Template tags of the admin pages: links to rows, verbs and outside pages, and relative times."""

from typing import Any

from django import template
from django.contrib.admin.utils import quote
from django.urls import reverse
from django.utils.safestring import SafeString

from sources.admin import base

register = template.Library()


@register.simple_tag
def verb_url(row: Any, name: str) -> str:
    """Return the URL that a verb of this row is posted to."""
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_verb", args=[quote(row.pk), name])


@register.simple_tag
def desk_link(row: Any, text: object = None) -> SafeString:
    """Return a link to the row's admin page."""
    return base.row_link(row, text)


@register.simple_tag
def outside(url: str, text: str = "") -> SafeString:
    """Return a link to an external page that sends no referrer."""
    return base.outside_link(url, text)


register.filter("ago", base.ago)
