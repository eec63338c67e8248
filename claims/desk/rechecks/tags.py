"""Template tags of re-checks: `{% load desk_rechecks %}`."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from claims.desk.rechecks.comparison import Comparison

register = template.Library()


@register.filter
def of(offers: Mapping[str, Any], name: str) -> Any:
    """The offer of a verb; empty if it makes no sense now."""
    return offers.get(name, "")


@register.filter
def as_page(page: Any) -> str:
    """How a page is called: by its title, else its address."""
    return page.title or page.url if page is not None else ""


@register.simple_tag
def saved_pages(row: Comparison) -> list[tuple[str, str]]:
    """Links to the saved pages of a comparison, before and after, and to both beside each other."""
    then = row.check.before or row.check.evidence.snapshot
    now = row.check.snapshot
    found = [
        (_("Saved page, before"), _address("desk:saved_page", then)),
        (_("Saved page, after"), _address("desk:saved_page", now)),
    ]
    if then is not None and now is not None and then.pk != now.pk:
        found.append((_("Whole page, before and after"), _compared(then, now)))
    return [(label, address) for label, address in found if address]


def _address(route: str, *snapshots: Any) -> str:
    if any(each is None for each in snapshots):
        return ""
    try:
        return reverse(route, args=[each.pk for each in snapshots])
    except NoReverseMatch:
        return ""


def _compared(then: Any, now: Any) -> str:
    try:
        address = reverse("desk:compare_pages", args=[now.page_id])
    except NoReverseMatch:
        return ""
    return f"{address}?before={then.pk}&after={now.pk}"
