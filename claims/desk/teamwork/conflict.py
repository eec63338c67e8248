"""The page for a form that was filled while somebody else saved: nothing is overwritten, and nothing is lost.

    form ──post──> verb ──the row is not what was shown──> page(…) ──choices──> resolve ──> the same verb again

Each field in which the saved text differs from what was typed shows how it was, what was saved, and what was typed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, ManyToManyField, Model
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims.desk.shell import screen, typed, verbs
from claims.desk.shell.addresses import number
from claims.desk.shell.verbs import FRAME, seen_of, table_of
from claims.desk.teamwork.merge_words import merge
from claims.desk.teamwork.panel import local
from claims.people import name_of
from sources.admin.base import fingerprint
from sources.admin.difference import Piece, difference

THEIRS, MINE, MERGED = "theirs", "mine", "merged"
OPENED = "opened:"
"""Before the name of a field of links: its keys as the form was filled, and an empty one to say that they are known."""
_LOOKED_BACK = 50  # saved states of the row among which the one that was opened is looked for
Values = tuple[str, ...]


@dataclass(frozen=True)
class Saved:
    """Who saved last, and when."""

    who: str
    at: datetime | None


@dataclass(frozen=True)
class Column:
    """One text of three, in words for people, and what differs in it from the text as it was opened."""

    text: str
    pieces: Sequence[Piece] = ()


@dataclass(frozen=True)
class Conflict:
    """A field in which what was saved and what was typed differ."""

    name: str
    label: str
    opened: Column | None
    theirs: Column
    mine: Column
    theirs_values: Values
    mine_values: Values
    merged: str | None
    """A text that can be edited; None for a field that is chosen, not written."""
    choice: str
    """What is proposed; empty if somebody has to choose."""
    is_long: bool


def page(
    request: HttpRequest,
    row: Model,
    fields: Mapping[str, Any],
    posted: QueryDict,
    base: Mapping[str, Any] | None = None,
    *,
    verb: str = "",
) -> HttpResponseBase:
    """Answer with both texts of each field and let the person choose; posting leads to the same verb again.

    `fields` are the names of the form's fields with their labels. `base` is what the form was filled from, if that is
    known; else it is looked for in the history. `verb` is that of the button, by default the one of the address.
    """
    saved = type(row)._default_manager.get(pk=row.pk)
    links = _opened_links(saved, fields, posted)
    opened = base if base is not None else _opened(saved, fields, posted.get("seen", ""), links)
    if links:
        opened = {**(opened or {}), **links}
    conflicts = [each for name, label in fields.items() if (each := _conflict(saved, name, label, posted, opened))]
    differing = {each.name for each in conflicts}
    table = table_of(saved)
    name = verb or (request.resolver_match.kwargs.get("verb", "") if request.resolver_match else "")
    context = {
        "conflicts": conflicts,
        "saved": _last_saved(saved),
        "knows_opened": opened is not None,
        "kept": [
            (key, value)
            for key, values in posted.lists()
            if key not in {*differing, "seen", "csrfmiddlewaretoken"} and not key.startswith(OPENED)
            for value in values
        ]
        + [(f"{OPENED}{link}", key) for link in links for key in ("", *(_values(saved, link) or ()))],
        "seen": seen_of(saved),
        "address": reverse("desk:resolve", args=[table.name if table else "", saved.pk, name]),
        "back": posted.get("next", ""),
    }
    typed.keep(request.user, f"{table.name if table else ''}:{saved.pk}", posted, leave_out=FRAME)
    return screen.render(
        request,
        "desk/teamwork/conflict.html",
        context,
        title=_("Somebody saved this while you were writing"),
        item="claims",
        status=409,
    )


@require_POST
def resolve(request: HttpRequest, table: str, pk: int, verb: str) -> HttpResponseBase:
    """Put together what was chosen, and press the button again."""
    data = QueryDict(mutable=True)
    undecided = False
    for key, values in request.POST.lists():
        kind, _colon, name = key.partition(":")
        if kind == "choice":
            chosen = values[-1]
            source = f"{chosen}:{name}" if chosen in (THEIRS, MINE, MERGED) else f"{MINE}:{name}"
            data.setlist(name, [each for each in request.POST.getlist(source) if each])
        elif kind == "asked":
            undecided |= f"choice:{name}" not in request.POST
        elif kind not in (THEIRS, MINE, MERGED) or not name:
            data.setlist(key, values)
    if undecided:
        for key, values in request.POST.lists():
            if key.startswith(f"{MINE}:") and key.removeprefix(f"{MINE}:") not in data:
                data.setlist(key.removeprefix(f"{MINE}:"), values)
        typed.keep(request.user, f"{table}:{pk}", data, leave_out=FRAME)
        messages.error(request, _("Choose which text stays, for each field. Nothing is saved yet; yours is kept."))
        return HttpResponseRedirect(verbs.return_path(request))
    data._mutable = False
    request.POST = data  # type: ignore[assignment]
    return verbs.do(request, table, pk, verb)


def _conflict(
    saved: Model, name: str, label: Any, posted: QueryDict, opened: Mapping[str, Any] | None
) -> Conflict | None:
    theirs = _values(saved, name)
    if theirs is None or not {name, f"{OPENED}{name}"} & set(posted):
        return None
    mine = tuple(_one_notation(each) for each in posted.getlist(name) if each)
    if _same(theirs, mine):
        return None
    was = None if opened is None or name not in opened else _as_values(opened[name])
    if was is not None and _same(was, theirs):
        return None  # only this person changed it
    written = _is_text(saved, name)
    old, new, own = (" ".join(each) if each else "" for each in (was or (), theirs, mine))
    merged: str | None = None
    choice = ""
    if was is not None and _same(was, mine):
        choice = THEIRS
    if written:
        found = merge(old, new, own) if was is not None else None
        merged = own if found is None else found
        choice = choice or (MERGED if found is not None else "")
    shown_old = None if was is None else _shown(saved, name, was)
    return Conflict(
        name=name,
        label=str(label or name),
        opened=None if shown_old is None else Column(shown_old),
        theirs=_column(shown_old, _shown(saved, name, theirs)),
        mine=_column(shown_old if was is not None else _shown(saved, name, theirs), _shown(saved, name, mine)),
        theirs_values=theirs,
        mine_values=mine,
        merged=merged,
        choice=choice,
        is_long=len(own) > 80 or "\n" in own,
    )


def _column(before: str | None, text: str) -> Column:
    return Column(text, () if before is None else difference(before, text))


def _same(one: Iterable[str], other: Iterable[str]) -> bool:
    return sorted(each.strip() for each in one) == sorted(each.strip() for each in other)


def _field(row: Model, name: str) -> Any:
    try:
        field = row._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return None if field.auto_created and not field.concrete else field


def _is_text(row: Model, name: str) -> bool:
    field = _field(row, name)
    return field.get_internal_type() in ("TextField", "CharField") and not field.choices


def _values(row: Model, name: str) -> Values | None:
    """What a form would post of the field as it is saved; None for a field that the row does not have."""
    field = _field(row, name)
    if field is None:
        return None
    if isinstance(field, ManyToManyField):
        return tuple(str(key) for key in getattr(row, name).order_by("pk").values_list("pk", flat=True))
    return _as_values(getattr(row, field.attname))


def _as_values(value: Any) -> Values:
    if value is None or value == "":
        return ()
    if isinstance(value, (list, tuple)):
        return tuple(each for part in value for each in _as_values(part))
    if isinstance(value, Model):
        return (str(value.pk),)
    if isinstance(value, datetime):
        return (local(value),)
    if isinstance(value, date):
        return (value.isoformat(),)
    return (_one_notation(str(value)),)


def _one_notation(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _shown(row: Model, name: str, values: Values) -> str:
    """The values in words for people: the names of rows and of choices."""
    field = _field(row, name)
    if isinstance(field, (ForeignKey, ManyToManyField)):
        keys = [key for each in values if (key := number(each)) is not None]
        named = field.related_model._default_manager.in_bulk(keys)
        return ", ".join(str(named[key]) for key in keys if key in named)
    labels = {str(key): str(label) for key, label in field.flatchoices} if field.choices else {}
    return "\n".join(labels.get(each, each.replace("T", " ") if not _is_text(row, name) else each) for each in values)


def _history(row: Model) -> Any:
    events = getattr(row, "pgh_event_model", None)
    return None if events is None else events.objects.filter(pgh_obj_id=row.pk).order_by("-pgh_id")


def _opened_links(saved: Model, fields: Mapping[str, Any], posted: QueryDict) -> dict[str, Values]:
    """The keys of linked rows as the form was filled: it posts them, since the history of the row has none of them."""
    return {
        name: tuple(each for each in posted.getlist(f"{OPENED}{name}") if each)
        for name in fields
        if f"{OPENED}{name}" in posted and isinstance(_field(saved, name), ManyToManyField)
    }


def _opened(saved: Model, fields: Mapping[str, Any], seen: str, links: Mapping[str, Values]) -> dict[str, Any] | None:
    """The fields as the form was filled, by the hash that it posted; None if the history does not know."""
    events = _history(saved)
    if events is None or not seen:
        return None
    keys = {name: [int(each) for each in values if each.isdecimal()] for name, values in links.items()}
    for event in events[:_LOOKED_BACK]:
        was = type(saved)()
        try:
            for column in saved._meta.concrete_fields:
                setattr(was, column.attname, getattr(event, column.attname, getattr(saved, column.attname)))
            was.pk = saved.pk
            if seen in (seen_of(was), fingerprint(was, keys)):
                # Of linked rows the history of this row knows nothing.
                own = [name for name in fields if not isinstance(_field(saved, name), ManyToManyField)]
                return {name: value for name in own if (value := _values(was, name)) is not None}
        except (AttributeError, ValueError):
            return None
    return None


def _last_saved(row: Model) -> Saved:
    events = _history(row)
    lasts = [] if events is None else [*_last_links(row), events.first()]
    last: Any = max((each for each in lasts if each is not None), key=lambda each: each.pgh_created_at, default=None)
    if last is None:
        return Saved(_("Somebody"), None)
    context = last.pgh_context or {}
    key: Any = context.get("actor_id")
    person = get_user_model()._default_manager.filter(pk=key).first()
    who = name_of(person) if person is not None else str(context.get("actor") or _("Somebody"))
    return Saved(who, last.pgh_created_at)


def _last_links(row: Model) -> list[Any]:
    """The last change of each kind of link of the row."""
    found = []
    for link in row._meta.many_to_many:
        through: Any = link.remote_field.through
        if (events := getattr(through, "pgh_event_model", None)) is not None:
            found.append(events.objects.filter(**{link.m2m_field_name(): row.pk}).order_by("-pgh_id").first())
    return found
