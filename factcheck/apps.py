from django.apps import AppConfig

from factcheck.celery import app


class FactcheckConfig(AppConfig):
    name = "factcheck"
    verbose_name = "Operations"

    def ready(self) -> None:
        # `shared_task` and `.delay()` then use this Celery app in every process.
        app.set_default()
