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
        # Before the models of all apps are imported. To look for garbage meanwhile, where there is none, takes each
        # process a seventh of its start.
        trigger_registry.install()
        self._collects_garbage = gc.isenabled()
        gc.disable()

    def ready(self) -> None:
        if self._collects_garbage:
            gc.freeze()  # classes and functions stay: nor need they be looked through ever after
            gc.enable()
        # `shared_task` and `.delay()` then use this Celery app in every process.
        app.set_default()
        register(check_database_rules, Tags.database)
