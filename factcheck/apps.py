from django.apps import AppConfig
from django.core.checks import Tags, register

from factcheck.celery import app
from factcheck.checks import check_database_rules


class FactcheckConfig(AppConfig):
    name = "factcheck"
    verbose_name = "Operations"

    def ready(self) -> None:
        # `shared_task` and `.delay()` then use this Celery app in every process.
        app.set_default()
        register(check_database_rules, Tags.database)
