from django.apps import AppConfig

from factcheck.celery import app


class FactcheckConfig(AppConfig):
    name = "factcheck"
    verbose_name = "Operation"

    def ready(self) -> None:
        # So that `shared_task` and `.delay()` mean our Celery app in every process.
        app.set_default()
