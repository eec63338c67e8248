"""The small daily roll-up that the desk's charts read."""

from django.db import models


class DailyCount(models.Model):
    """How many of a kind there were on a day (UTC). Written by a task, and made anew from the logs at any time."""

    day = models.DateField()
    kind = models.CharField(max_length=30)
    count = models.PositiveIntegerField()

    class Meta:
        ordering = ["day", "kind"]
        constraints = [models.UniqueConstraint(fields=["day", "kind"], name="daily_count_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}: {self.count}"
