import gc
from collections.abc import Iterator

import pgtrigger
import pytest
from pgtrigger import registry

from sources.database import trigger_registry
from sources.models import Page

TRIGGER = pgtrigger.Protect(name="of_a_test", operation=pgtrigger.Delete)


@pytest.fixture
def registered() -> Iterator[trigger_registry.TriggerRegistry]:
    TRIGGER.register(Page)
    assert isinstance(registry._registry, trigger_registry.TriggerRegistry)
    yield registry._registry
    TRIGGER.unregister(Page)
    assert f"{Page._meta.label}:of_a_test" not in registry._registry
    same_as_worked_out_anew(registry._registry)


def same_as_worked_out_anew(ours: trigger_registry.TriggerRegistry) -> None:
    assert len(ours) > 200
    assert ours.pg_function_names == registry._Registry.pg_function_names.fget(ours)
    assert ours.by_db_table == registry._Registry.by_db_table.fget(ours)


def test_what_it_keeps_is_what_pgtrigger_works_out_anew(registered: trigger_registry.TriggerRegistry) -> None:
    assert TRIGGER.get_pgid(Page) in registered.pg_function_names
    same_as_worked_out_anew(registered)
    trigger_registry.install()
    assert registry._registry is registered


def test_another_trigger_of_that_name_is_refused(registered: trigger_registry.TriggerRegistry) -> None:
    TRIGGER.register(Page)  # the same one again is none
    with pytest.raises(KeyError, match="already used"):
        pgtrigger.Protect(name="of_a_test", operation=pgtrigger.Update).register(Page)
    same_as_worked_out_anew(registered)


def test_a_process_looks_for_garbage_once_it_has_started() -> None:
    assert gc.isenabled()
    assert gc.get_freeze_count() > 100_000
