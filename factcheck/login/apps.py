from django.apps import AppConfig


class LoginConfig(AppConfig):
    name = "factcheck.login"
    label = "login"
    verbose_name = "Logging in"
