"""A migration operation that installs the triggers of many tables in one step.

pgtrigger's AddTrigger makes Django rebuild its model state for each trigger, which dominated the first start.
"""

from collections.abc import Iterator
from itertools import chain

import pgtrigger.compiler
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class AddTriggers(Operation):
    """Install triggers on tables of the app, given as `{"model": [trigger, …]}` with model names in lower case."""

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
            # `params=None` leaves the percent signs of the SQL alone.
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
