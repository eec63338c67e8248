from django.apps import AppConfig


class ThinningConfig(AppConfig):
    name = "factcheck.thinning"
    label = "thinning"
    verbose_name = "Thinning"
