"""pgtrigger's registry of triggers with look-ups that do not go through all of them.

pgtrigger compares each trigger that it registers with every other: hundreds of triggers took each process, and so each
command, an eighth of its start.
"""

from typing import Any

from django.db.models import Model
from pgtrigger import Trigger, registry


class TriggerRegistry(registry._Registry):
    """The same registry, which keeps what the original works out anew for each trigger."""

    def __init__(self, *args: Any) -> None:
        self._functions: set[str] = set()
        self._by_table: dict[tuple[str, str], Trigger] = {}
        super().__init__(*args)

    @property
    def pg_function_names(self) -> set[str]:
        return self._functions

    @property
    def by_db_table(self) -> dict[tuple[str, str], Trigger]:
        return self._by_table

    def __setitem__(self, key: str, value: tuple[type[Model], Trigger]) -> None:
        super().__setitem__(key, value)  # type: ignore[no-untyped-call]
        model, trigger = value
        self._functions.add(_function(model, trigger))
        self._by_table[model._meta.db_table, str(trigger.name)] = trigger

    def __delitem__(self, key: str) -> None:
        model, trigger = self[key]
        super().__delitem__(key)  # type: ignore[no-untyped-call]
        self._functions.discard(_function(model, trigger))
        self._by_table.pop((model._meta.db_table, str(trigger.name)), None)


def _function(model: type[Model], trigger: Trigger) -> str:
    """The name of the trigger's function in the database."""
    return trigger.get_pgid(model)  # type: ignore[arg-type]


def install() -> None:
    """Use it in this process, with what is registered already; a second time does nothing."""
    if not isinstance(registry._registry, TriggerRegistry):
        registered = dict(registry._registry)
        registry._registry = TriggerRegistry()
        for key, value in registered.items():
            registry._registry[key] = value
