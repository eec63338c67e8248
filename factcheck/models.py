"""The heartbeats of the running parts."""

from django.db import models


class Heartbeat(models.Model):
    """The last sign of life of a part, by the database's clock; factcheck/health.py writes it."""

    part = models.CharField(max_length=40, primary_key=True, db_collation="C")
    at = models.DateTimeField("last sign of life")

    class Meta:
        verbose_name = verbose_name_plural = "service status"

    def __str__(self) -> str:
        return f"{self.part} at {self.at:%Y-%m-%d %H:%M:%S} UTC"
