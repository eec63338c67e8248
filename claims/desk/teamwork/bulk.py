"""One verb for several rows: a savepoint and a line for each, and a page that says what happened to every one.

The verb is the same that the row's own button calls, and is asked for each row anew. A form that comes twice, as by a
double click, runs once: what is shown again is what happened the first time.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InternalError, transaction
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from claims.desk.shell import screen
from claims.desk.shell.verbs import Act, Verb, claim_of, find, offered, return_path
from claims.models import Claim
from claims.permissions import Refused
from claims.visibility import visible
from sources.admin.base import database_sentence, sentence
from sources.database.audit import noted
from sources.database.locks import Lock, lock_until_commit

MOST = 200
ROW = "row"
_MEMORY = "bulk"


@dataclass(frozen=True)
class Line:
    """What became of one row."""

    name: str
    url: str
    is_done: bool
    said: str


@require_POST
def run(request: HttpRequest, table: str, verb: str) -> HttpResponseBase:
    """Run the verb on each ticked row, and show a line for each."""
    model, chosen = find(table, verb)
    if model is None or chosen is None or chosen.outside:
        raise Http404
    keys = _keys(request)
    if not keys or len(keys) > MOST:
        told = _("Tick at least one row.") if not keys else _("Tick %(most)s rows at most.") % {"most": MOST}
        messages.error(request, told)
        return HttpResponseRedirect(return_path(request))
    posted = _posted(request, table, verb)
    with transaction.atomic():
        lock_until_commit(Lock.BULK_ACTION, int(request.user.pk or 0) % 2**31)  # the second click waits for the first
        lines = _remembered(request, posted)
        if lines is None:
            rows = {row.pk: row for row in visible(model._default_manager.filter(pk__in=keys), request.user)}
            # In the order of their keys, so that two people who run it on the same rows do not wait for each other.
            done = {key: _run(request, chosen, rows.get(key), key) for key in sorted(keys)}
            lines = [done[key] for key in keys]
            request.session[_MEMORY] = {"posted": posted, "lines": [asdict(line) for line in lines]}
            request.session.save()
    return _page(request, chosen, lines)


def _run(request: HttpRequest, verb: Verb, row: Any, key: int) -> Line:
    if row is None:
        return Line(_("Row %(number)s") % {"number": key}, "", False, _("It is not there any more."))
    name, url = str(row)[:160], address_of(row)
    offer = next(iter(offered(request.user, row, names=[verb.name])), None)
    if offer is None:
        return Line(name, url, False, _("This makes no sense here as things are."))
    if not offer.allowed:
        return Line(name, url, False, offer.refusal)
    try:
        with noted(reason=f"“{verb.name}” at the desk"), transaction.atomic():
            answer = verb.run(Act(request, row, request.POST, ""))
            if isinstance(answer, HttpResponseBase) and not 300 <= answer.status_code < 400:
                raise Refused(_("It asks for more than a list can; open it."))
    except (Refused, ValidationError) as refusal:
        _said(request)
        return Line(name, url, False, sentence(refusal))
    except (IntegrityError, InternalError) as error:
        _said(request)
        return Line(name, url, False, database_sentence(error))
    except PermissionDenied:
        _said(request)
        return Line(name, url, False, _("Your role does not include this."))
    said = " ".join([*_said(request), *([answer] if isinstance(answer, str) else [])])
    return Line(name, url, True, said or _("Done."))


def address_of(row: Any) -> str:
    """The workbench of the claim to which the row belongs; empty if it belongs to none."""
    claim = row if isinstance(row, Claim) else claim_of(row)
    return "" if claim is None else reverse("desk:claim", args=[claim.pk])


def _said(request: HttpRequest) -> list[str]:
    """What the verb told since the last call, taken from the messages of the page."""
    every = [str(each) for each in messages.get_messages(request)]
    heard = getattr(request, "_bulk_heard", 0)
    request._bulk_heard = len(every)  # type: ignore[attr-defined]
    return every[heard:]


def _keys(request: HttpRequest) -> list[int]:
    posted = [key for key in request.POST.getlist(ROW) if key.isascii() and key.isdecimal() and len(key) < 19]
    return list(dict.fromkeys(int(key) for key in posted))


def _posted(request: HttpRequest, table: str, verb: str) -> str:
    """A hash of the form; its token differs each time that the list is shown."""
    fields = sorted((name, tuple(values)) for name, values in request.POST.lists())
    return hashlib.sha256(repr((table, verb, fields)).encode()).hexdigest()


def _remembered(request: HttpRequest, posted: str) -> list[Line] | None:
    session: Any = request.session
    session._session_cache = session.load()  # as the first click left it
    memory = request.session.get(_MEMORY) or {}
    return [Line(**each) for each in memory["lines"]] if memory.get("posted") == posted else None


def _page(request: HttpRequest, verb: Verb, lines: Sequence[Line]) -> HttpResponseBase:
    done = sum(line.is_done for line in lines)
    left = len(lines) - done
    summary = ngettext("Done for %(count)s row.", "Done for %(count)s rows.", done) % {"count": done}
    if left:
        told = ngettext("Not for %(count)s: see why beside it.", "Not for %(count)s: see why beside each.", left)
        summary = f"{summary} {told % {'count': left}}"
    back = return_path(request)
    context = {"lines": lines, "summary": summary, "back": back, "verb": verb, "messages": []}  # they are in the lines
    return screen.render(request, "desk/teamwork/bulk.html", context, title=str(verb.label), item="")
