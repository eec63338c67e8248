"""An operation for migrations that make many tables at once: all of their triggers in one step.

Django makes a model and its neighbours anew for each AddTrigger, which took longer than all else in a first start.
"""

from collections.abc import Iterator
from itertools import chain

import pgtrigger.compiler
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class AddTriggers(Operation):
    """Install triggers on tables of the app: `{"model": [trigger, …]}`, names of models in lower case."""

    reversible = True

    def __init__(self, triggers: dict[str, list[pgtrigger.compiler.Trigger]]) -> None:
        self.triggers = triggers

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        for name, triggers in self.triggers.items():
            options = state.models[app_label, name].options
            options["triggers"] = [*options.get("triggers", []), *triggers]
        state.reload_models([(app_label, name) for name in self.triggers], delay=True)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for trigger in self._each():
            # Without parameters: the SQL is complete, and its percent signs are its own.
            schema_editor.execute(trigger.install_sql, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for trigger in self._each():
            schema_editor.execute(trigger.uninstall_sql, params=None)

    def describe(self) -> str:
        return f"Create {sum(map(len, self.triggers.values()))} triggers"

    def _each(self) -> Iterator[pgtrigger.compiler.Trigger]:
        return chain.from_iterable(self.triggers.values())
