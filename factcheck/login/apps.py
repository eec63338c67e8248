from importlib import import_module

from django.apps import AppConfig


class LoginConfig(AppConfig):
    name = "factcheck.login"
    label = "login"
    verbose_name = "Logging in"

    def ready(self) -> None:
        import_module("factcheck.login.hooks.triggers")
        import_module("factcheck.login.hooks.signals")
