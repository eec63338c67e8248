"""How a table is kept: editorial tables are audited by triggers, logs can only grow.

Both are database triggers, so that bulk writes, raw SQL and COPY are caught too. The role that web and
worker use does not own the tables and cannot switch the triggers off (factcheck/embedded/database_roles.py).
"""

from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db import models
from pghistory import trigger

M = TypeVar("M", bound=type[models.Model])


def _no_truncate() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
    )


class _BulkEvent(trigger.Event):
    """pghistory's trigger for a whole statement, without the row that it adds to a table of contexts."""

    def get_func(self, model: Any) -> pgtrigger.Func:
        func: str = super().get_func(model).func  # type: ignore[no-untyped-call]
        context = "WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) "
        ours = func.replace(context, "").replace(", _pgh_attached_context", "")
        if "_pgh_attach" in ours:
            raise RuntimeError(
                "This version of django-pghistory writes its triggers in another way: see sources/database/audit.py."
            )
        return pgtrigger.Func(ours)  # type: ignore[no-untyped-call]


class _BulkInsertEvent(pghistory.InsertEvent):
    """Inserts are written to the event table once a statement: COPY of 2,000 rows costs a tenth of 2,000 triggers."""

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
    """Write every insert, update and delete of the model's rows to an event table `<model>event`.

    Who and why come from the surrounding `pghistory.context(actor=…, reason=…)`, copied into the row.
    """
    return _audited(model, pghistory.InsertEvent())


def audited_in_bulk(model: M) -> M:
    """The same for tables that imports fill: a trigger per statement writes the event rows of what was inserted."""
    return _audited(model, _BulkInsertEvent())


def _audited(model: M, inserts: pghistory.InsertEvent) -> M:
    pghistory.track(
        inserts,
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        append_only=True,
        attrs={"append_only": True},
        meta={"triggers": [_no_truncate()]},
    )(model)
    pgtrigger.register(_no_truncate())(model)
    return model


def audited_links(through: type[models.Model]) -> None:
    """The same for the hidden table behind a many-to-many field, whose rows have no history of their own."""
    pghistory.track(
        pghistory.InsertEvent(),
        pghistory.DeleteEvent(),
        obj_field=None,
        append_only=True,
        attrs={"append_only": True},
        meta={"triggers": [_no_truncate()]},
    )(through)


def append_only(model: M) -> M:
    """Refuse UPDATE, DELETE and TRUNCATE on the model's table, whoever asks and however."""
    model.append_only = True  # type: ignore[attr-defined]
    pgtrigger.register(
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        _no_truncate(),
    )(model)
    return model
