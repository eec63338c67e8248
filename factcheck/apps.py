import gc
from typing import Any

from django.apps import AppConfig
from django.core.checks import Tags, register

from factcheck.celery import app
from factcheck.checks import check_database_rules
from sources.database import trigger_registry


class FactcheckConfig(AppConfig):
    name = "factcheck"
    verbose_name = "Operations"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # Before the models of all apps are imported. That leaves no garbage, and looking for some takes a seventh of
        # the start of each process.
        trigger_registry.install()
        self._collects_garbage = gc.isenabled()
        gc.disable()

    def ready(self) -> None:
        if self._collects_garbage:
            gc.freeze()  # what was imported stays, so later collections skip it
            gc.enable()
        # `shared_task` and `.delay()` then use this Celery app in every process.
        app.set_default()
        register(check_database_rules, Tags.database)
