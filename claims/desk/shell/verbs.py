"""The buttons of the desk: what is offered on a row, and the one endpoint to which all of them post.

    button ──POST /admin/do/<table>/<pk>/<verb>/──> Verb.run ──> the one function of claims/ that holds the rule

A verb says what it does to the outside. Which verbs a person is offered follows from claims/permissions.py alone, so
that screen and rule cannot differ; the function asks again.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, InternalError, OperationalError, transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims.desk.shell import typed
from claims.desk.shell.addresses import local_path
from claims.models import ReviewVersion
from claims.permissions import Refused, allowed, facts
from claims.visibility import visible
from sources.admin.base import database_sentence, fingerprint, sentence
from sources.database.audit import noted

logger = logging.getLogger(__name__)
FRAME = ("csrfmiddlewaretoken", "seen", "next", "shown")
"""Fields of every form that are no words of the person who posts."""


class LookFirst(Refused):
    """Nothing was done, because the person has not been shown what it does. `address` shows it, with what was typed."""

    def __init__(self, sentence: str, address: str) -> None:
        super().__init__(sentence)
        self.address = address


@dataclass(frozen=True)
class Act:
    """A pressed button: who, on which row, with which fields."""

    request: HttpRequest
    row: Any
    data: QueryDict
    seen: str

    @property
    def user(self) -> Any:
        return self.request.user

    def text(self, name: str) -> str:
        """A posted text without white space around it; empty if it was not posted."""
        return self.data.get(name, "").strip()


_CHANGED = gettext_lazy(
    "A colleague changed this meanwhile, or the page did not say what it showed: nothing is saved. What you typed is"
    " kept; compare it with how it is now, and press again."
)
Run = Callable[[Act], "HttpResponseBase | str | None"]


def _always(row: Any) -> bool:
    return True


@dataclass(frozen=True)
class Verb:
    """A button. Labels are lazy translations.

    `rule` is a name in `claims.permissions.RULES`; `may` replaces it where a rule looks at more than that. `when` says
    whether the verb makes sense on the row at all: what does not is not shown, what is not allowed is shown with why.
    Without either nothing runs, since some functions ask nobody.
    A verb that `compares` writes over what somebody else may have changed: it runs only with the hash of the row as it
    was shown, else what was typed is kept and nothing is saved. One that `merges` answers others' changes itself.
    `effect` is the line under the name. `asks` is the template of a panel with the verb's own fields, opened first.
    """

    name: str
    label: Any
    run: Run
    rule: str = ""
    may: Callable[[Any, Any], bool] | None = None
    when: Callable[[Any], bool] = _always
    why_not: Callable[[Any, Any], Any] | None = None
    effect: Any = ""  # a text, or a function of the row
    tone: str = "plain"  # go, plain or danger
    asks: str = ""
    outside: bool = False  # waits for other servers, so no transaction is open around it
    compares: bool = False
    merges: bool = False
    rare: bool = False  # stands under “More”
    key: str = ""  # shortcut on the screen
    context: Callable[[Any, Any], dict[str, Any]] | None = None  # of the panel, from user and row

    def is_allowed(self, user: Any, row: Any) -> bool:
        if self.may is not None:
            return self.may(user, row)
        if not self.rule:
            return True
        version = row if isinstance(row, ReviewVersion) else None
        return allowed(self.rule, facts(user, version, claim=None if version else claim_of(row)))

    def refusal(self, user: Any, row: Any) -> str:
        """Why this person may not; for one who may not."""
        return str((self.why_not and self.why_not(user, row)) or _("Your role does not include this."))


@dataclass(frozen=True)
class Offer:
    """A verb as a screen shows it to one person."""

    verb: Verb
    url: str
    allowed: bool
    refusal: str
    effect: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass
class Table:
    """A kind of row that has verbs. `seen` gives the hash of what was shown of it."""

    name: str
    model: type[Model]
    verbs: dict[str, Verb]
    seen: Callable[[Any], str]


_TABLES: dict[str, Table] = {}


def register(name: str, model: type[Model], verbs: Iterable[Verb], *, seen: Callable[[Any], str] = fingerprint) -> None:
    """Add verbs to the rows of a model, under the name that stands in addresses. Can be called by several areas."""
    table = _TABLES.setdefault(name, Table(name, model, {}, seen))
    if seen is not fingerprint:
        table.seen = seen
    for verb in verbs:
        if verb.name in table.verbs:
            raise ValueError(f"{name}/{verb.name} is registered twice")
        table.verbs[verb.name] = verb


def claim_of(row: Any) -> Any:
    """The claim to which a row belongs, or None."""
    for names in (("claim",), ("review", "claim"), ("version", "review", "claim"), ("recheck", "review", "claim")):
        value = row
        for name in names:
            value = getattr(value, name, None)
            if value is None:
                break
        else:
            return value
    return row if row._meta.label == "claims.Claim" else None


def table_of(row: Model) -> Table | None:
    return next((table for table in _TABLES.values() if isinstance(row, table.model)), None)


def find(table: str, verb: str) -> tuple[type[Model] | None, Verb | None]:
    """The model and the verb by their names in addresses; None for what is not registered."""
    known = _TABLES.get(table)
    return (None, None) if known is None else (known.model, known.verbs.get(verb))


def seen_of(row: Model) -> str:
    """The hash of what a screen shows of the row now; posted back with every verb."""
    table = table_of(row)
    return table.seen(row) if table is not None else fingerprint(row)


def offered(user: Any, row: Model, *, names: Iterable[str] | None = None) -> list[Offer]:
    """The verbs that make sense on the row, in the order in which they were registered, or that of `names`."""
    table = table_of(row)
    if table is None:
        return []
    wanted = table.verbs.values() if names is None else [table.verbs[name] for name in names if name in table.verbs]
    return [_offer(table, verb, user, row) for verb in wanted if verb.when(row)]


def _offer(table: Table, verb: Verb, user: Any, row: Any) -> Offer:
    may = verb.is_allowed(user, row)
    return Offer(
        verb=verb,
        url=reverse("desk:do", args=[table.name, row.pk, verb.name]),
        allowed=may,
        refusal="" if may else verb.refusal(user, row),
        effect=str(verb.effect(row) if callable(verb.effect) else verb.effect),
        context=verb.context(user, row) if may and verb.context else {},
    )


@require_POST
def do(request: HttpRequest, table: str, pk: int, verb: str) -> HttpResponseBase:
    """Run a verb. What was typed is kept whatever happens; a refusal becomes a message where the form stood."""
    kind = _TABLES.get(table)
    if kind is None or verb not in kind.verbs:
        raise Http404
    row = visible(kind.model._default_manager.all(), request.user).filter(pk=pk).first()
    back = return_path(request)
    if row is None:
        messages.error(request, _("This is not there any more. What you typed is kept."))
        typed.keep(request.user, f"{table}:{pk}", request.POST, leave_out=FRAME)
        return HttpResponseRedirect(back)
    chosen = kind.verbs[verb]
    place = f"{table}:{pk}"
    if not chosen.is_allowed(request.user, row):
        return _refused(request, place, _why_not(chosen, request.user, row), back)
    act = Act(request, row, request.POST, request.POST.get("seen", ""))
    try:
        with noted(reason=f"“{chosen.name}” at the desk"), nullcontext() if chosen.outside else transaction.atomic():
            if chosen.compares and not chosen.merges and act.seen != kind.seen(row):
                raise Refused(str(_CHANGED))
            answer = chosen.run(act)
    except LookFirst as wait:
        return _refused(request, place, str(wait), wait.address)
    except (Refused, ValidationError) as refusal:
        return _refused(request, place, sentence(refusal), back)
    except (IntegrityError, InternalError, DataError) as error:
        return _refused(request, place, database_sentence(error), back)
    except OperationalError:  # a deadlock, or a lock that somebody held for too long
        logger.exception("The verb %s of %s failed.", chosen.name, table)
        return _refused(request, place, _("Not saved: the database was busy. Try again in a minute."), back)
    except PermissionDenied:
        return _refused(request, place, _("Your role does not include this."), back)
    if not (
        isinstance(answer, HttpResponseBase) and answer.status_code >= HTTPStatus.BAD_REQUEST
    ):  # a page that asks once more has saved nothing
        typed.forget(request.user, place, sitting=request.POST.get(typed.SITTING, ""))
    if isinstance(answer, HttpResponseBase):
        return answer
    if answer:
        messages.success(request, answer)
    return HttpResponseRedirect(back)


def _why_not(verb: Verb, user: Any, row: Any) -> str:
    """Why a person may not: because of what the row has become, if it was offered to her before."""
    if verb.may is not None and not verb.when(row):
        return _("This has changed since you opened the page, so nothing was done. Look at it as it is now.")
    return verb.refusal(user, row)


def _refused(request: HttpRequest, place: str, why: str, back: str) -> HttpResponse:
    typed.keep(request.user, place, request.POST, leave_out=FRAME)
    messages.error(request, why)
    return HttpResponseRedirect(back)


def return_path(request: HttpRequest) -> str:
    """Where the form stood: its `next`, if that is a path of this site, else the page that sent it, else Today."""
    return local_path(request.POST.get("next", "")) or reverse("admin:index")
