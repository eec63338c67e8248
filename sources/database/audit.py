"""Model decorators that add database triggers: `audited` records row history, `append_only` forbids changes.

Triggers also catch bulk writes, raw SQL and COPY. The role of the web and worker processes does not own the tables,
so it cannot disable the triggers (factcheck/embedded/database_roles.py).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db import models
from pghistory import trigger

from sources.database.public_ids import PublicIdField

M = TypeVar("M", bound=type[models.Model])


PROGRAMS = ("demo", "feeds", "import", "ingest", "poller", "reminders", "sweep", "webhooks")
"""The names under which parts of the program itself write; nobody is an author by what they wrote."""


ACTOR_ID = "(NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'actor_id')::bigint"
"""SQL for the id of the user whom `acting` names around the statement; null for none, and in a session of psql."""


def acting(user: Any, *, reason: str, **details: str) -> AbstractContextManager[None]:
    """Name a person, or the stand-in user of a newsroom, as the actor of the audit rows that are written within.

    The rows keep the user's id beside the name, because names can be changed.
    """
    return noted(actor=user.get_username(), actor_id=user.pk, reason=reason, **details)


def acting_as(name: str, *, reason: str = "", **details: str) -> AbstractContextManager[None]:
    """Name an actor that is no user: a part of the program (`PROGRAMS`), or a newsroom."""
    return noted(actor=name, actor_id=None, reason=reason, **details)


@contextmanager
def noted(**details: object) -> Iterator[None]:
    """Write these details into the audit rows within, beside those of the context around it.

    The context around it has its own details back afterwards, which `pghistory.context` alone would not give it.
    """
    with pghistory.context() as context:
        around = dict(context.metadata)
        context.metadata.update(details)
        try:
            yield
        finally:
            context.metadata.clear()
            context.metadata.update(around)


def _no_truncate() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
    )


def _public_id_is_final() -> pgtrigger.Trigger:
    """The log and other people's copies name rows by these ids."""
    return pgtrigger.Trigger(
        name="public_id_is_final",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("public_id"),  # type: ignore[no-untyped-call]
        condition=pgtrigger.Q(old__public_id__df=pgtrigger.F("new__public_id")),
        func="RAISE EXCEPTION 'the public id of a row of % never changes', TG_TABLE_NAME "
        "USING ERRCODE = 'check_violation';",
    )


def _event_fields() -> dict[str, Any]:
    """What event models have beside the fields of the audited model. pghistory's own ids end at 2³¹."""
    return {"append_only": True, "pgh_id": models.BigAutoField(primary_key=True)}


class _BulkEvent(trigger.Event):
    """pghistory's statement-level trigger, without the row it would add to a table of contexts."""

    def get_func(self, model: Any) -> pgtrigger.Func:
        func: str = super().get_func(model).func  # type: ignore[no-untyped-call]
        context = "WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) "
        ours = func.replace(context, "").replace(", _pgh_attached_context", "")
        if "_pgh_attach" in ours:
            raise RuntimeError(
                "This version of django-pghistory generates its triggers differently: see sources/database/audit.py."
            )
        return pgtrigger.Func(ours)  # type: ignore[no-untyped-call]


class _BulkInsertEvent(pghistory.InsertEvent):
    """Write the event rows of an insert once per statement: for a COPY of 2,000 rows a tenth of the per-row cost."""

    def add_event_trigger(self, event_model: Any) -> None:
        pgtrigger.register(
            _BulkEvent(  # type: ignore[no-untyped-call]
                event_model=event_model,
                label=self.label,
                name=self.trigger_name,
                row=self.row,
                operation=self.operation,
                level=pgtrigger.Statement,
            )
        )(event_model.pgh_tracked_model)


def audited(model: M) -> M:
    """Record every insert, update and delete of the model's rows in an event table, `<model>event`.

    The surrounding `acting(user, reason=…)` is copied into each event row.
    """
    return _audited(model, pghistory.InsertEvent())


def audited_in_bulk(model: M) -> M:
    """Like `audited`, with one trigger per INSERT statement; for tables that imports fill."""
    return _audited(model, _BulkInsertEvent())


def audited_with(*indexes: models.Index, in_bulk: bool = False) -> Callable[[M], M]:
    """Like `audited` or `audited_in_bulk`, with indexes of the event table beside that of the row's id."""

    def decorate(model: M) -> M:
        return _audited(model, _BulkInsertEvent() if in_bulk else pghistory.InsertEvent(), indexes)

    return decorate


DERIVED = "url_key"
"""The column that follows from another one of its row, so that the audit does without it."""


def _audited(model: M, inserts: pghistory.InsertEvent, indexes: Sequence[models.Index] = ()) -> M:
    left_out = {DERIVED, *getattr(model, "UNAUDITED", ())}  # secrets, and what a worker notes all day
    pghistory.track(
        inserts,
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=[field.name for field in model._meta.local_fields if field.name in left_out] or None,
        append_only=True,
        attrs=_event_fields(),
        meta={"triggers": [_no_truncate()], "indexes": list(indexes)},
    )(model)
    pgtrigger.register(_no_truncate())(model)
    if any(isinstance(field, PublicIdField) for field in model._meta.local_fields):
        pgtrigger.register(_public_id_is_final())(model)
    return model


def audited_links(through: type[models.Model], *indexes: models.Index) -> None:
    """Like `audited`, for the hidden table of a many-to-many field, whose rows are inserted and deleted only."""
    pghistory.track(
        pghistory.InsertEvent(),
        pghistory.DeleteEvent(),
        obj_field=None,
        append_only=True,
        attrs=_event_fields(),
        meta={"triggers": [_no_truncate()], "indexes": list(indexes)},
    )(through)


def append_only(model: M) -> M:
    """Make the database refuse UPDATE, DELETE and TRUNCATE on the model's table."""
    model.append_only = True  # type: ignore[attr-defined]
    pgtrigger.register(
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        _no_truncate(),
    )(model)
    return model


def never_deleted(model: M) -> M:
    """Leave DELETE on the model's table to its owner: the role of web and worker has no right to it."""
    model.never_deleted = True  # type: ignore[attr-defined]
    pgtrigger.register(_no_truncate())(model)
    return model


def written_by_owner(model: M) -> M:
    """Leave all writing to the owner of the tables: the role of web and worker may only read."""
    model.written_by_owner = True  # type: ignore[attr-defined]
    return model
