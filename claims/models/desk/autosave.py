"""What somebody typed and has not saved, so that a closed window loses nothing."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Autosave(models.Model):
    """The unsaved form of one person. Private, and not audited, so that a pause makes no author."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=60, help_text="The form, for example version:12 or claim:7.")
    seen = models.CharField(max_length=64, help_text="Hash of the row that the form was filled from.")
    values = models.JSONField()
    ended = models.CharField(
        max_length=40,
        blank=True,
        help_text="The sitting in which it was saved or thrown away, so that what was under way then is not kept.",
    )
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["user", "place"]
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="autosave_one_a_form")]

    def __str__(self) -> str:
        return self.place
