"""One verb for several rows: a transaction and a line for each, and a page that says what happened to every one.

The verb is the same that the row's own button calls, and is asked for each row anew. A row holds its locks as long as
its own button would, and one that fails leaves the others alone. What became of a row is noted in its transaction:
a form that comes twice, as by a double click, runs once, and one that was broken off resumes with the rows that are
left.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, InternalError, OperationalError, transaction
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
from sources.database.locks import Lock, held

logger = logging.getLogger(__name__)
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
    with held(Lock.BULK_ACTION, int(request.user.pk or 0) % 2**31, wait=True):  # the second click waits for the first
        memory = _Memory(request, posted)
        left = [key for key in keys if key not in memory.lines]
        rows = {row.pk: row for row in visible(model._default_manager.filter(pk__in=left), request.user)}
        for key in sorted(left):  # in one order: two people who run it on the same rows meet once
            _run(request, chosen, rows.get(key), key, memory)
    return _page(request, chosen, [memory.lines[key] for key in keys])


class _Memory:
    """What became of the rows of this form, kept in the session of the person."""

    def __init__(self, request: HttpRequest, posted: str) -> None:
        session: Any = request.session
        session._session_cache = session.load()  # as the first click left it
        self._session = session
        kept = self._session.get(_MEMORY) or {}
        known = kept.get("lines", {}) if kept.get("posted") == posted else {}
        self._posted = posted
        self.lines = {int(key): Line(**line) for key, line in known.items()}

    def note(self, key: int, line: Line) -> None:
        """Keep the line of a row; in the transaction of the row, so that it is there if and only if the row is done."""
        lines = {str(each): asdict(said) for each, said in (self.lines | {key: line}).items()}
        self._session[_MEMORY] = {"posted": self._posted, "lines": lines}
        self._session.save()
        self.lines[key] = line


def _run(request: HttpRequest, verb: Verb, row: Any, key: int, memory: _Memory) -> None:
    """Run the verb on a row, and note its line."""
    try:
        with transaction.atomic():
            line = _line(request, verb, row, key)
            memory.note(key, line)
            if not line.is_done:
                _said(request)
    except Exception:
        # A bug, or a refusal that the database makes at the commit: the others go on.
        logger.exception("The verb %s of a list failed.", verb.name)
        name = _("Row %(number)s") % {"number": key} if row is None else str(row)[:160]
        memory.note(
            key, Line(name, "" if row is None else address_of(row), False, _("It failed; nothing was changed."))
        )


def _line(request: HttpRequest, verb: Verb, row: Any, key: int) -> Line:
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
        return Line(name, url, False, sentence(refusal))
    except (IntegrityError, InternalError, DataError) as error:
        return Line(name, url, False, database_sentence(error))
    except OperationalError:  # a deadlock, or a lock that somebody held for too long
        logger.exception("The verb %s of a list failed.", verb.name)
        return Line(name, url, False, _("Not saved: the database was busy. Try again in a minute."))
    except PermissionDenied:
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
