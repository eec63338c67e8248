"""Signed checkpoints of log and seals, and their arrival outside."""

from django.db import models
from django.db.models.functions import Now

from sources.database.audit import append_only


@append_only
class Checkpoint(models.Model):
    """What was true of log and seals at a time, signed (claims/proof/checkpoints.py); `text` alone leaves the house."""

    at = models.DateTimeField()
    size = models.BigIntegerField(help_text="The last entry of the log that was public.")
    hash = models.CharField(max_length=64, help_text="Hash of that entry.")
    head = models.BigIntegerField(help_text="The last entry of the log.")
    head_hash = models.CharField(max_length=64)
    seal = models.BigIntegerField(help_text="Id of the last seal; 0 for none.")
    seal_key = models.CharField(max_length=16)
    key = models.CharField(max_length=64, help_text="The Ed25519 public key, in hexadecimal.")
    text = models.TextField(help_text="A signed note.")

    class Meta:
        verbose_name = "checkpoint"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} UTC"


@append_only
class CheckpointDelivery(models.Model):
    """That a checkpoint arrived where FACTCHECK_CHECKPOINT_TO named."""

    checkpoint = models.OneToOneField(Checkpoint, on_delete=models.PROTECT, related_name="delivery")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "delivery of a checkpoint"
        verbose_name_plural = "deliveries of checkpoints"

    def __str__(self) -> str:
        return f"{self.checkpoint_id} at {self.at}"
