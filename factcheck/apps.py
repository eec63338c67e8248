from django.apps import AppConfig


class FactcheckConfig(AppConfig):
    name = "factcheck"
    verbose_name = "Operation"

    def ready(self) -> None:
        # So that `shared_task` and `.delay()` mean our Celery app in every process.
        from factcheck.celery import app

        app.set_default()
