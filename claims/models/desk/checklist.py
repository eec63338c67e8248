"""What an organisation asks to be done before a version is submitted, and what was ticked."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.review import Organisation, ReviewVersion
from sources.database.audit import audited


@audited
class ChecklistItem(models.Model):
    """One line of an organisation's checklist. The machine sets the tick of those that it can know."""

    class Machine(models.TextChoices):
        TWO_SOURCES = "two_sources", "two sources that do not share an origin"
        QUOTES_STAND = "quotes_stand", "every watched quote stands"
        SPEAKER_ASKED = "speaker_asked", "the speaker was asked"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="checklist_items")
    text = models.CharField(max_length=300)
    machine = models.CharField(
        max_length=20, choices=Machine, blank=True, help_text="What the machine looks at; empty for a tick by hand."
    )
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["organisation", "position", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="checklist_item_text_given")]

    def __str__(self) -> str:
        return self.text


@audited
class ChecklistTick(models.Model):
    """A tick that a person set on a version."""

    version = models.ForeignKey(ReviewVersion, on_delete=models.CASCADE, related_name="ticks")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="ticks")
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ticked_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["version", "item"]
        constraints = [models.UniqueConstraint(fields=["version", "item"], name="checklist_tick_once")]

    def __str__(self) -> str:
        return str(self.item)
