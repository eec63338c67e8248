"""What the running parts tell about themselves."""

from django.db import models


class Heartbeat(models.Model):
    """When a part was last alive, by the database's clock. Written by factcheck/health.py."""

    part = models.CharField(max_length=40, primary_key=True, db_collation="C")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.part} at {self.at:%Y-%m-%d %H:%M:%S} UTC"
