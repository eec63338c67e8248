"""Template tags of the desk's screens: `{% load desk_screens %}`."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from claims.desk.evidence.line import drawn
from claims.desk.shell.labels import in_words
from claims.desk.shell.times import said, said_day
from claims.desk.shell.verbs import Offer, offered, seen_of
from claims.people import name_of
from sources.reordered import shown

register = template.Library()
_NUMBER = re.compile(r"(?<![\w-])([0-9]{4}-[0-9]+)(?![\w-])")
_TAGS = {"removed": "del", "added": "ins", "found": "mark"}


@register.simple_tag
def moment(value: datetime | None, never: str = "") -> SafeString | str:
    """A time in the person's zone: “today, 11:16”, “18 Nov, 09:02”, “18 Nov 2025, 09:02”."""
    if value is None:
        return never or _("never")
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        f"{date_format(local, 'DATETIME_FORMAT')} {local.tzname()}",
        said(local),
    )


@register.simple_tag
def day(value: date | datetime | None) -> SafeString | str:
    """A day in the person's zone."""
    if value is None:
        return "–"
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), said_day(local))


@register.simple_tag
def person(user: Any) -> str:
    """How colleagues are called: by their name, else their user name."""
    return name_of(user, _("nobody"))


@register.simple_tag
def diff(pieces: Iterable[Any]) -> SafeString:
    """Pieces of a word difference (sources/admin/difference.py), what went struck out and what came underlined."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<{0}>{1}</{0}>", SafeString(tag), shown(each.text)),)
            if (tag := _TAGS.get(each.kind))
            else (shown(each.text),)
            for each in pieces
        ),
    )


register.filter("in_words", in_words)


@register.filter
def as_written(text: Any) -> str:
    """Other people's text with its invisible reordering characters made visible."""
    return shown(str(text or ""))


@register.filter
def unbroken(text: Any) -> SafeString:
    """A text in which numbers of complaints, such as 2026-14, stay on one line. What is copied of it is as it was."""
    parts = _NUMBER.split(str(text or ""))
    whole = SafeString('<span class="nw">{}</span>')
    return format_html_join(
        "", "{}", ((format_html(whole, part) if place % 2 else part,) for place, part in enumerate(parts))
    )


@register.filter
def language_name(code: str) -> str:
    """“English” for en, “Brazilian Portuguese” for pt-BR; a code that has no name stays as it is."""
    try:
        found = get_language_info(code.lower())
    except KeyError:
        return code
    exact = found["code"].lower() == code.lower()
    return str(found["name_translated"]) if exact else f"{found['name_translated']} ({code})"


@register.simple_tag
def seen(row: Any) -> SafeString:
    """The hidden field that says which state of the row this form was filled from."""
    return format_html('<input type="hidden" name="seen" value="{}">', seen_of(row))


@register.inclusion_tag("desk/evidence/watch_line.html")
def watch_line(quote: Any) -> dict[str, Any]:
    """The watch line of a quote: of a card, of a `WatchLine`, or of one row of evidence, which costs queries."""
    return {"line": drawn(quote)}


@register.inclusion_tag("desk/shell/verb_buttons.html", takes_context=True)
def verb_buttons(context: Any, row: Any, form: str = "", names: str = "", next: str = "") -> dict[str, Any]:
    """The verbs of a row for the foot bar. With `form`, the id of a form, they send its fields along."""
    request = context["request"]
    offers = offered(request.user, row, names=names.split() or None)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "row": row,
        "form": form,
        "next": next or request.get_full_path(),
        "seen": seen_of(row),
        "offers": [offer for offer in offers if not offer.verb.rare],
        "rare": [offer for offer in offers if offer.verb.rare],
    }


@register.simple_tag(takes_context=True)
def offer(context: Any, row: Any, name: str) -> Offer | None:
    """One verb of a row: `{% offer row "settle" as settle %}`; None where it makes no sense."""
    return next(iter(offered(context["request"].user, row, names=[name])), None)
