"""How a table is kept: editorial tables are audited by triggers, logs can only grow.

Both are database triggers, so that bulk writes, raw SQL and COPY are caught too. The role that web and
worker use does not own the tables and cannot switch the triggers off (factcheck/roles.py).
"""

from typing import TypeVar

import pghistory
import pgtrigger
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def _no_truncate() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'table % cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
    )


def audited(model: M) -> M:
    """Write every insert, update and delete of the model's rows to an event table `<model>event`.

    Who and why come from the surrounding `pghistory.context(actor=…, reason=…)`, copied into the row.
    """
    pghistory.track(
        pghistory.InsertEvent(),
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
