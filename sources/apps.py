"""Django configuration of the app that stores source pages and watches them for changes."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "sources"
    verbose_name = "Sources"
